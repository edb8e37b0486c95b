import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stages.offline_tables import corpus, extracted

from graphrag_engine.hashing import digest
from graphrag_engine.schema import TABLES
from graphrag_engine.stages import survey


def decided(texts):
    lexicon = survey.STAGE.run(corpus(texts), None)["lexicon"]
    return {(row["kind"], row["text"]): row["decision"] for row in lexicon.to_pylist()}


def surveyed(texts, last=None):
    """What survey reads and makes of texts, beside the version *last*, where ids of text units stand for texts."""
    tables = corpus(texts)
    units = tables["text_units"]
    ids = [digest(row["id"], row["text"]) for row in units.to_pylist()]
    tables["text_units"] = units.set_column(0, units.schema.field("id"), pa.array(ids, pa.string()))
    tables |= {f"last.{name}": last[name] for name in survey.STAGE.last if last}
    made = survey.STAGE.run(tables, None)
    order = {name: [(column, "ascending") for column in TABLES[name].order] for name in made}
    return tables | {name: table.sort_by(order[name]) for name, table in made.items()}


def test_a_word_is_a_name_where_it_is_capitalised_inside_sentences_more_often_than_not():
    found = decided({"a": "We saw Hart. Then the old Hart came, and local people saw Hart. Local news is slow."})

    assert found["word", "Hart"] == "name"
    assert found["word", "Local"] == "common"


def test_a_pair_counts_from_its_second_time():
    found = decided({"a": "They met Elias Vale and Peg Arkle.", "b": "Later Elias Vale went home."})

    assert found["pair", "Elias Vale"] == "seen"
    assert ("pair", "Peg Arkle") not in found


def test_a_document_whose_capitals_say_nothing_is_marked():
    chat = "so did you see the boat last night it was huge lol " * 12
    prose = "The harbour of Salt Ness lies north of Port Cray. It is deep. " * 9

    found = decided({"chat": chat, "prose": prose})

    assert [text for kind, text in found if kind == "document"] == ["chat"]


def test_the_lexicon_is_sorted_and_empty_for_an_empty_corpus():
    lexicon = extracted(corpus({"a": "Elias Vale met Peg Arkle in Salt Ness."}))["lexicon"]

    assert lexicon.equals(lexicon.sort_by([(name, "ascending") for name in lexicon.column_names]))
    assert survey.STAGE.run(corpus({}), None)["lexicon"].num_rows == 0


@pytest.mark.parametrize("copies", [2, 7])
def test_decisions_do_not_change_when_everything_is_said_more_often(copies):
    texts = {"a": "They met Elias Vale near the quay. Elias Vale left.", "b": "We know Elias Vale well."}
    more = {f"{name}{copy}": text for copy in range(copies) for name, text in texts.items()}

    assert decided(texts).items() <= decided(more).items()


def test_documents_that_give_no_names_are_told():
    chat = "so did you see the boat last night it was huge lol " * 12
    prose = "The harbour of Salt Ness lies north of Port Cray. It is deep. " * 9

    def notes(texts):
        return survey.STAGE.notes(survey.STAGE.run(corpus(texts), None), None)

    assert notes({"prose": prose}) == []
    assert notes({"chat": chat, "prose": prose})[0].startswith("1 document has hardly a capital letter")
    assert notes({"chat": chat, "capitals": prose.upper()})[0].startswith("2 documents have")


WORDS = "Vale Elias the of and Bank local Local rights rights. civil . , Hart's (Hart) É é ǆ İ".split()
UNITS = st.builds(
    lambda words, times: " ".join(words * times), st.lists(st.sampled_from(WORDS)), st.sampled_from([1, 50])
)
CORPORA = st.dictionaries(st.sampled_from("abcd"), st.lists(UNITS, max_size=3))


@given(st.lists(CORPORA, min_size=2, max_size=4))
def test_an_update_equals_counting_everything(versions):
    last = None
    for texts in versions:
        last, fresh = surveyed(texts, last), surveyed(texts)
        assert {name: last[name] for name in survey.STAGE.writes} == {name: fresh[name] for name in survey.STAGE.writes}


def test_an_update_counts_the_documents_that_are_new_gone_or_other_than_before_and_no_more(monkeypatch):
    last = surveyed({"same": ["They met Elias Vale."], "edited": ["It was late.", "It is."], "gone": ["So it went."]})
    counted = []
    count = survey.count

    def counting(texts):
        texts = dict(texts)
        counted.append(sorted(texts))
        return count(texts.items())

    monkeypatch.setattr(survey, "count", counting)

    surveyed({"same": ["They met Elias Vale."], "edited": ["It was late.", "It was."], "new": ["So it came."]}, last)

    assert counted == [["edited", "gone"], ["edited", "new"]]
