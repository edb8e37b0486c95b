import pytest
from stages.offline_tables import corpus, extracted

from graphrag_engine.stages import survey


def decided(texts):
    lexicon = survey.STAGE.run(corpus(texts), None)["lexicon"]
    return {(row["kind"], row["text"]): row["decision"] for row in lexicon.to_pylist()}


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
