"""What people correct, through resolve, merge and refine: small tables in, entities and ties out."""

from typing import Any

import pytest
from graph_tables import made, tables, well_formed

from graphrag_engine.hashing import digest
from graphrag_engine.overrides import Name, NewEntity, NewRelationship, Overrides
from graphrag_engine.stages import merge, refine, resolve

Row = dict[str, Any]
MERCURY = [("a", "Mercury", "place")] * 4 + [("b", "Mercury", "person")] * 4


def names(*texts: str) -> tuple[Name, ...]:
    return tuple(map(name, texts))


def name(text: str) -> Name:
    bare, _, kind = text.rstrip(")").partition(" (")
    return Name(bare, kind or None)


def corrected(mentions: list[tuple[str, str, str]], ties: list[Row] = [], claims: list[Row] = [], **said: Any) -> Any:  # noqa: B006 - never changed
    """The tables of an index whose documents have one text unit each, of the same id."""
    overrides = Overrides(**said)
    units = sorted({unit for unit, _, _ in mentions})
    found = tables(
        text_units=[{"id": unit, "document_id": unit} for unit in units],
        entity_mentions=[{"text_unit_id": unit, "name": each, "type": kind} for unit, each, kind in mentions],
        relationship_mentions=ties,
        claim_mentions=claims,
    )
    found = {**found, **resolve.STAGE.run(found, overrides)}
    found = {**found, **merge.STAGE.run(found, overrides)}
    assert all(well_formed(table, found[table]) for table in merge.STAGE.writes)
    return {**found, "notes": merge.STAGE.notes(found, overrides)}


def told(found: Any) -> list[tuple[str, str, tuple[str, ...], int]]:
    rows = found["entities"].to_pylist()
    return sorted((row["name"], row["type"], tuple(row["aliases"]), row["frequency"]) for row in rows)


def ruled(found: Any) -> set[tuple[str, str, str]]:
    rows = found["resolutions"].to_pylist()
    return {(row["left"], row["right"], row["verdict"]) for row in rows if row["cause"] == "override"}


def tie(unit: str, source: str, target: str) -> Row:
    return {"text_unit_id": unit, "source": source, "target": target, "type": "met"}


def claim(unit: str, subject: str, target: str | None) -> Row:
    return {"text_unit_id": unit, "subject": subject, "object": target, "type": "met"}


def tied(found: Any) -> list[tuple[str, str, str, float]]:
    of = dict(zip(found["entities"]["id"].to_pylist(), found["entities"]["name"].to_pylist(), strict=True))
    rows = found["relationships"].to_pylist()
    return sorted((of[row["source_id"]], row["type"], of[row["target_id"]], row["weight"]) for row in rows)


def test_names_of_one_thing_are_one_entity_with_the_first_name_whatever_their_types():
    mentions = [("a", "WHO", "organisation")] * 4 + [("b", "World Health Org", "person")] * 5 + [("c", "who", "name")]

    found = corrected(mentions, same=(names("WHO", "World Health Org"),))

    assert told(found) == [("WHO", "person", ("World Health Org", "who"), 10)]
    assert ruled(found) == {("World Health Org", "WHO", "same")}


def test_values_and_concepts_can_be_one_as_well():
    mentions = [
        ("a", "3 May 1911", "date"),
        ("b", "May 3rd", "date"),
        ("a", "deck load", "concept"),
        ("b", "cargo", "concept"),
    ]

    found = corrected(mentions, same=(names("3 May 1911", "May 3rd"), names("deck load", "cargo")))

    assert told(found) == [("3 May 1911", "date", ("May 3rd",), 2), ("deck load", "concept", ("cargo",), 2)]


def test_a_name_to_show_need_not_be_mentioned_but_is_told():
    found = corrected([("a", "Hale", "person"), ("b", "E. H.", "person")], same=(names("Elias Hale", "Hale", "E. H."),))

    assert told(found) == [("Elias Hale", "person", ("E. H.", "Hale"), 2)]
    assert found["notes"] == ["overrides.yaml, line 0: no entity is called 'Elias Hale'; it was passed over."]


def test_a_name_that_people_take_for_another_stands_for_nobody_else_in_any_document():
    mentions = [("a", "Elias Hale", "person"), ("b", "Ben Hale", "person"), ("b", "Captain Hale", "person")]

    found = corrected(mentions, same=(names("Elias Hale", "Captain Hale"),))

    assert told(corrected(mentions)) == [("Ben Hale", "person", ("Captain Hale",), 2), ("Elias Hale", "person", (), 1)]
    assert told(found) == [("Ben Hale", "person", (), 1), ("Elias Hale", "person", ("Captain Hale",), 2)]


@pytest.mark.parametrize("apart", [("Hale", "Elias Hale"), ("Hale", "Captain Elias Hale")])
def test_names_said_to_be_different_stay_so_against_an_alias_and_through_another_name(apart):
    mentions = [("a", each, "person") for each in ("Elias Hale", "Captain Elias Hale", "Hale")]

    assert len(told(corrected(mentions))) == 1
    assert [row[0] for row in told(corrected(mentions, different=(names(*apart),)))] == ["Elias Hale", "Hale"]


def test_what_differs_in_a_compass_word_may_be_one_if_people_say_so():
    found = corrected(
        [("a", "North Quay", "place"), ("a", "South Quay", "place")], same=(names("South Quay", "North Quay"),)
    )

    assert told(found) == [("South Quay", "place", ("North Quay",), 2)]
    assert found["resolutions"]["verdict"].to_pylist() == ["same"]


def test_a_type_in_brackets_joins_one_namesake_and_leaves_the_other():
    mentions = [*MERCURY, ("c", "Hermes", "person")]

    found = corrected(mentions, same=(names("Mercury (person)", "Hermes"),))

    assert told(found) == [("Mercury", "person", ("Hermes",), 5), ("Mercury", "place", (), 4)]
    assert {digest("entity", "hermes", "person"), digest("entity", "mercury", "place")} == set(
        found["entities"]["id"].to_pylist()
    )


def test_namesakes_can_be_joined_and_be_parted_against_the_evidence():
    weak = [("a", "Riga", "place")] * 9 + [("b", "Riga", "organisation")]

    assert told(corrected(MERCURY, same=(names("Mercury (place)", "Mercury (person)"),))) == [
        ("Mercury", "place", (), 8)
    ]
    assert told(corrected(weak)) == [("Riga", "place", (), 10)]
    assert told(corrected(weak, different=(names("Riga (place)", "Riga (organisation)"),))) == [
        ("Riga", "organisation", (), 1),
        ("Riga", "place", (), 9),
    ]


def test_another_name_is_shown_and_the_old_one_kept_as_an_alias():
    before = corrected([("a", "Wend Yard", "place"), ("a", "WEND YARD", "place")])
    found = corrected(
        [("a", "Wend Yard", "place"), ("a", "WEND YARD", "place")], rename=((name("wend yard"), "Wendmouth"),)
    )

    assert told(found) == [("Wendmouth", "place", ("WEND YARD", "Wend Yard"), 2)]
    assert found["entities"]["id"].equals(before["entities"]["id"])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Mercury", [("place", 8)]),
        ("Mercury (person)", [("place", 4), ("place", 4)]),
        ("Mercury (work)", [("person", 4), ("place", 4)]),
    ],
)
def test_another_type_goes_to_all_that_bears_the_name_or_to_those_of_the_type_in_brackets(said, expected):
    found = corrected(MERCURY, retype=((name(said), "place"),))

    assert [(kind, count) for _, kind, _, count in told(found)] == expected
    assert len(found["notes"]) == (said == "Mercury (work)")


def test_what_is_dropped_takes_its_ties_and_claims_with_it():
    mentions = [("a", each, "name") for each in ("Ann", "Ben", "Page")]
    ties = [tie("a", "Ann", "Ben"), tie("a", "Ann", "Page"), tie("a", "Page", "Ben")]
    claims = [
        claim("a", "Ann", "Ben"),
        claim("a", "Ann", "Page"),
        claim("a", "Page", None),
        claim("a", "Ann", "Nowhere"),
    ]

    found = corrected(mentions, ties, claims, drop=names("Page"))

    assert [row[0] for row in told(found)] == ["Ann", "Ben"]
    assert tied(found) == [("Ann", "met", "Ben", 4.0)]
    assert sorted(row["object"] for row in found["claims"].to_pylist()) == ["Ben", "Nowhere"]
    assert [row["degree"] for row in found["entities"].to_pylist()] == [1, 1]


def trust(*aliases: str, called: str = "Harbour Trust") -> NewEntity:
    return NewEntity(Name(called, "organisation"), "organisation", "It ran the harbour.", names(*aliases))


def test_an_added_entity_is_there_without_mentions_and_with_its_own_description():
    found = corrected([("a", "Riga", "place")], entities=(trust("HT"),))
    row = next(row for row in found["entities"].to_pylist() if row["name"] == "Harbour Trust")

    assert told(found) == [("Harbour Trust", "organisation", ("HT",), 0), ("Riga", "place", (), 1)]
    assert (row["text_unit_ids"], row["note"], row["rank"], found["notes"]) == ([], "It ran the harbour.", 0.0, [])
    assert made(refine.STAGE, found, None)["descriptions"].to_pylist() == [
        {"id": row["id"], "kind": "entity", "text": "It ran the harbour.", "n_sources": 0, "text_unit_ids": []}
    ]


@pytest.mark.parametrize(
    "mention", [("a", "Harbour Trust", "organisation"), ("a", "harbour trust", "name"), ("a", "HT", "place")]
)
def test_an_entity_that_is_there_already_is_described_and_no_second_one_added(mention):
    found = corrected([mention], entities=(trust("HT"),))

    assert [row[:2] for row in told(found)] == [("Harbour Trust", "organisation")]
    assert found["entities"]["text_unit_ids"].to_pylist() == [["a"]]


def test_an_added_namesake_of_another_type_stands_beside_the_one_that_was_found():
    found = corrected([("a", "Harbour Trust", "work")], entities=(trust(),))

    assert [row[:2] for row in told(found)] == [("Harbour Trust", "organisation"), ("Harbour Trust", "work")]


def test_added_ties_are_ties_like_others_and_strengthen_those_that_are_there():
    mentions = [("a", "Ann", "person"), ("a", "Ben", "person")]
    added = (
        NewRelationship(name("Ann"), "met", name("Ben"), weight=2.0),
        NewRelationship(name("Harbour Trust"), "paid", name("ann"), "It paid her."),
        NewRelationship(name("Nobody"), "paid", name("Ann")),
    )

    found = corrected(mentions, [tie("a", "Ann", "Ben")], entities=(trust(),), relationships=added)
    notes = {row["type"]: (row["note"], row["text_unit_ids"]) for row in found["relationships"].to_pylist()}

    assert tied(found) == [("Ann", "met", "Ben", 6.0), ("Harbour Trust", "paid", "Ann", 4.0)]
    assert notes == {"met": (None, ["a"]), "paid": ("It paid her.", [])}
    assert sorted(found["entities"]["degree"].to_pylist()) == [1, 1, 2]
    assert found["notes"] == ["overrides.yaml, line 0: no entity is called 'Nobody'; it was passed over."]


def test_corrections_that_match_nothing_are_told_and_change_nothing():
    said = Overrides(
        same=(names("Ann", "Nobody One"),),
        different=(names("Ann", "Nobody Two"),),
        rename=((name("Nobody Three"), "X"),),
        retype=((name("Ann (place)"), "work"),),
        drop=names("Nobody Four"),
    )

    found = corrected([("a", "Ann", "person")], **vars(said))

    assert told(found) == [("Ann", "person", (), 1)]
    assert [note.split("'")[1] for note in found["notes"]] == [
        *("Nobody One", "Nobody Three", "Ann (place)", "Nobody Two", "Nobody Four")
    ]
