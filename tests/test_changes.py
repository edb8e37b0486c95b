import pyarrow as pa
import pytest

from graphrag_engine.changes import Changes
from graphrag_engine.schema import TABLES, empty


def changes(before: dict[str, pa.Table], now: dict[str, pa.Table], **remade: tuple[str, list[str]]) -> Changes:
    return Changes(
        lambda name, columns: before[name].select(columns),
        now.__getitem__,
        lambda name: before[name].equals(now[name]),
        remade,
    )


def entities(*rows: tuple[str, str, int, list[str]]) -> pa.Table:
    blank = {"type": "person", "aliases": [], "degree": 0, "rank": 0.0}
    found = [blank | {"id": id_, "name": name, "frequency": n, "text_unit_ids": units} for id_, name, n, units in rows]
    return pa.Table.from_pylist(found, TABLES["entities"].schema)


def rows(name: str, *values: tuple[object, ...]) -> pa.Table:
    schema = TABLES[name].schema
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in values], schema)


BEFORE = entities(("a", "Ann", 1, ["u"]), ("b", "Bo", 1, ["u", "v"]), ("c", "Cy", 1, []), ("d", "Di", 2, ["u"]))
NOW = entities(("a", "Ann", 1, ["u"]), ("b", "Bo", 1, ["u", "w"]), ("d", "Di", 3, ["u"]), ("e", "Ed", 1, ["v"]))


@pytest.mark.parametrize(
    ("columns", "found"), [((), "bcde"), (("name",), "ce"), (("frequency",), "cde"), (("text_unit_ids",), "bce")]
)
def test_rows_with_ids_are_new_gone_or_other_in_the_columns_asked_for(columns, found):
    assert set(changes({"entities": BEFORE}, {"entities": NOW}).rows("entities", *columns)) == set(found)


def test_a_table_that_is_the_same_has_no_other_rows():
    assert not changes({"entities": BEFORE}, {"entities": BEFORE}).rows("entities")


def test_decisions_are_told_by_the_text_they_are_about_and_resolutions_by_their_document():
    lexicon = [("pair", "Ann Lee", "seen"), ("word", "Local", "name"), ("word", "Vale", "name")]
    before, now = rows("lexicon", *lexicon), rows("lexicon", *lexicon[:1], ("word", "Local", "common"), lexicon[2])

    assert changes({"lexicon": before}, {"lexicon": now}).rows("lexicon") == {"Local"}

    blank = dict.fromkeys(TABLES["resolutions"].schema.names)
    row = blank | {"left": "E. Vale", "right": "Elias Vale", "verdict": "same", "cause": "initials", "confidence": 0.9}
    now = pa.Table.from_pylist([row | {"document_id": "d"}, row], TABLES["resolutions"].schema)
    assert changes({"resolutions": empty("resolutions")}, {"resolutions": now}).rows("resolutions") == {"d", ""}


def test_rows_of_a_stage_that_makes_them_one_by_one_are_those_it_made_again():
    unit = {
        name: 0 if name in ("position", "start", "end", "n_tokens") else "" for name in TABLES["text_units"].columns
    }
    kept, other = unit | {"id": "v", "document_id": "e"}, unit | {"id": "x", "document_id": "d"}
    before = pa.Table.from_pylist([unit | {"id": "u", "document_id": "d"}, other, kept])
    now = pa.Table.from_pylist([unit | {"id": "w", "document_id": "d"}, other | {"position": 1}, kept])
    both = changes({"text_units": before}, {"text_units": now}, text_units=("document_id", ["d"]))

    assert both.rows("text_units") == both.rows("text_units", "position") == {"u", "w", "x"}
    assert both.rows("text_units", "heading") == {"u", "w"}
