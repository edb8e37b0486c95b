"""Which sentences are chosen, and which type of thing is asked for."""

import pytest

from graphrag_engine.offline.evidence import asked_for, best_sentences, supporting

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
