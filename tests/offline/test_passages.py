import pytest

from graphrag_engine.offline.passages import Passage

TYPES = {"vale": "person", "pike": "person", "grace": "name", "bank": "organisation", "1902": "date"}
NAMES = {
    "vale": ["Captain Vale", "Vale"],
    "pike": ["Jonas Pike"],
    "grace": ["Northern Grace"],
    "bank": ["County Bank"],
    "1902": ["1902"],
}


def passage(text: str) -> Passage:
    return Passage(text, list(NAMES), NAMES.__getitem__)


def held(found: Passage) -> list[list[str]]:
    return [found.held(at) for at in range(len(found))]


def readable(text: str, at: int = 1, topic: str | None = None) -> str:
    return passage(text).readable(at, lambda entity: NAMES[entity][0], TYPES.__getitem__, lambda: topic)


def test_each_sentence_knows_whom_it_names():
    found = passage("Captain Vale met Jonas Pike. The Northern Grace sank in 1902. Nobody came.")

    assert held(found) == [["vale", "pike"], ["grace", "1902"], []]
    assert {entity: list(found.where(entity)) for entity in NAMES} == {
        "vale": [0],
        "pike": [0],
        "grace": [1],
        "bank": [],
        "1902": [1],
    }
    assert not found.where("somebody else")


@pytest.mark.parametrize("text", ["Valerie came.", "The prevale came.", "It was 19021 then."])
def test_a_name_inside_a_word_is_no_name(text: str):
    assert held(passage(text)) == [[]]


def test_a_name_broken_over_lines_is_found():
    assert "pike" in passage("The secretary was Jonas\nPike of the north side.").held(0)


def test_a_place_in_the_text_leads_to_its_sentence():
    found = passage("One came. Two went.")

    assert [found.number(at) for at in (0, 4, 10, 18)] == [0, 0, 1, 1]
    assert [found.text[start:end] for start, end in map(found.span, range(len(found)))] == [
        found.said(0),
        found.said(1),
    ]


def test_a_leading_pronoun_becomes_the_one_person_of_the_sentence_before():
    assert readable("Captain Vale left in 1902. He died at sea.") == "[Captain Vale] died at sea."
    assert readable("Captain Vale left in 1902. His ship was sold.") == "[Captain Vale's] ship was sold."


def test_a_thing_is_not_a_he_and_a_person_not_an_it():
    assert readable("Captain Vale sold the Northern Grace. It was broken up.") == "[Northern Grace] was broken up."
    assert readable("The Northern Grace sank in 1902. He was drowned.") == "He was drowned."


def test_with_two_candidates_the_pronoun_stays():
    assert readable("Captain Vale met Jonas Pike. He was angry.") == "He was angry."


def test_the_topic_stands_in_where_the_sentence_before_names_nobody():
    assert readable("It rained. He went home.", topic="vale") == "[Captain Vale] went home."
    assert readable("He went home early.", at=0, topic="vale") == "[Captain Vale] went home early."
    assert readable("It rained. He went home.", topic="bank") == "He went home."


@pytest.mark.parametrize(
    "rest", ["was planned that an arm would follow.", "was late.", "is said that he left.", "rained."]
)
def test_an_it_that_stands_for_nothing_stays(rest: str):
    assert readable(f"The County Bank closed. It {rest}", topic="bank") == f"It {rest}"


def test_other_sentences_are_left_as_they_are():
    assert readable("Captain Vale left. The crew stayed.") == "The crew stayed."


def test_a_long_text_of_one_name_is_read_in_linear_time():
    found = passage("Vale " * 50_000)

    assert list(found.where("vale")) == [0]


def test_sentences_that_name_some_are_found_with_all_of_these_that_they_name():
    found = passage("Captain Vale met Jonas Pike. The Northern Grace sank in 1902. Vale wept. Nobody came.")

    assert found.naming(["pike", "1902", "vale", "nobody known"]) == {0: ["pike", "vale"], 1: ["1902"], 2: ["vale"]}
    assert found.naming(["bank"]) == {}
