"""Which sentences are chosen, and which type of thing is asked for."""

import pytest

from graphrag_engine.offline.evidence import (
    DISPUTE,
    REASON,
    adjoin,
    asked_for,
    best_sentences,
    cue,
    is_filler,
    supporting,
)

TEXT = "# The Tern\n\nShe was built at Velm. The Tern sank off Gull Point in 1903. The crew was saved by Ruth Dane."


def chosen(text: str, weights: dict[str, float], most: int = 2) -> list[str]:
    return [text[start:end] for start, end in best_sentences(text, weights, most)]


def test_the_sentence_with_the_weightiest_terms_is_chosen() -> None:
    assert chosen(TEXT, {"sink": 2.0, "velm": 1.0}, 1) == ["The Tern sank off Gull Point in 1903."]


def test_a_second_sentence_must_bring_something_new() -> None:
    assert chosen(TEXT, {"sink": 2.0, "ruth": 2.0}) == [
        "The Tern sank off Gull Point in 1903.",
        "The crew was saved by Ruth Dane.",
    ]
    assert chosen(TEXT, {"sink": 2.0}) == ["The Tern sank off Gull Point in 1903."]


def test_sentences_come_in_the_order_of_the_text() -> None:
    assert chosen(TEXT, {"velm": 1.0, "ruth": 2.0})[0] == "She was built at Velm."


def test_a_heading_is_not_chosen_before_a_sentence_with_the_same_word() -> None:
    assert chosen(TEXT, {"tern": 1.0}, 1) == ["The Tern sank off Gull Point in 1903."]


def test_without_a_matching_term_the_first_whole_sentence_is_chosen() -> None:
    assert chosen(TEXT, {}) == ["She was built at Velm."]


def test_a_text_without_words_has_no_sentence() -> None:
    assert best_sentences("...", {"tern": 1.0}, 2) == []
    assert supporting("...", "tern") == (0, 3)


def test_a_sentence_that_asks_gives_its_worth_to_the_next() -> None:
    talk = "Did the Tern sink off the Point? The boiler burst at noon. The gale blew hard all day."

    assert chosen(talk, {"tern": 1.0, "sink": 1.0}, 1) == ["The boiler burst at noon."]


def test_an_opening_pronoun_stands_for_the_topic() -> None:
    text = "The bank was founded in 1861 by others. It was founded in 1874 by Tom Pell."
    weights = {"found": 1.0, "tern": 1.0}

    assert chosen(text, weights, 1) == ["The bank was founded in 1861 by others."]
    start, end = best_sentences(text, weights, 1, topic={"tern"})[0]
    assert text[start:end].startswith("It was founded")


def test_a_sentence_with_a_reason_answers_why() -> None:
    text = "The Tern sank off Gull Point that night. The crew lost her because a plate had cracked."
    start, end = best_sentences(text, {"sink": 1.0, "tern": 0.5}, 1, marked=REASON)[0]

    assert "because" in text[start:end]


@pytest.mark.parametrize(
    ("question", "sentence", "mark"),
    [
        ("Why did she sink?", "She sank owing to fog.", 1.0),
        ("Why did she sink?", "She sank at noon.", 0.0),
        ("What do the sources disagree about?", "Her owners never accepted it.", 1.0),
        ("What do the sources disagree about?", "He blamed the pilot.", 0.5),
        ("When was it founded?", "It was founded in 1874.", 1.0),
        ("When was it founded?", "It was founded by two men.", 0.0),
        ("How many drowned?", "Six men drowned.", 1.0),
    ],
)
def test_a_question_tells_what_marks_its_answer(question: str, sentence: str, mark: float) -> None:
    marked = cue(question)

    assert marked is not None
    assert marked.of(sentence) == mark


def test_most_questions_have_no_mark() -> None:
    assert cue("Who commanded the Tern?") is None
    assert cue("Which conflict ruined the owners?") is DISPUTE


@pytest.mark.parametrize(
    ("text", "filler"),
    [
        ("## The Last Voyage", True),
        ("| Launched | 4 May 1889 |", True),
        ("Dear Anna,", True),
        ("See also the Harbour Act.", True),
        ("The Old Harbour Master", True),
        ("The Tern sank off Gull Point.", False),
        ("freight rates fell across the coast", False),
        ("See also how the pilots, who had been told of it in good time, refused to board her at all.", False),
    ],
)
def test_headings_rows_salutations_and_links_are_filler(text: str, filler: bool) -> None:
    start = len(text) - len(text.lstrip("#| "))

    assert is_filler(text, (start, len(text))) == filler


def test_sentences_adjoin_where_no_word_is_between_them() -> None:
    assert adjoin("One. Two. Three.", (0, 4), (5, 9))
    assert not adjoin("One. Two. Three.", (0, 4), (10, 16))


def test_the_supporting_sentence_shares_most_terms() -> None:
    start, end = supporting(TEXT, "Ruth Dane saved crew")

    assert TEXT[start:end] == "The crew was saved by Ruth Dane."


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Who commanded the Tern?", ("person", "organisation")),
        ("When did she sink?", ("date",)),
        ("In which year did she sink?", ("date",)),
        ("Where is Gull Point?", ("place",)),
        ("Which port did she leave?", ("place",)),
        ("How many men drowned?", ("quantity", "money")),
        ("On the night of the storm, who lit the lamp?", ("person", "organisation")),
        ("What firm owned her?", ("organisation",)),
        ("Why did she sink?", ()),
        ("Tell me of the man who sank", ()),
    ],
)
def test_the_type_asked_for_is_read_from_the_words_of_the_question(question: str, kinds: tuple[str, ...]) -> None:
    assert asked_for(question) == kinds
