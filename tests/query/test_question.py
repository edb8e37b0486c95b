"""What is read of a question."""

import pytest

from graphrag_engine.errors import EmptyQuestion
from graphrag_engine.query.question import read


@pytest.mark.parametrize("text", ["", "   ", "???", "\n\t", "-- !"])
def test_a_question_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(EmptyQuestion):
        read(text)


def test_function_words_are_no_terms() -> None:
    assert read("Who was the captain of the Tern?").terms == ("captain", "tern")


def test_a_question_of_function_words_alone_keeps_them() -> None:
    assert read("Who was it?").terms == ("who", "be", "it")


def test_each_term_counts_once() -> None:
    assert read("Tern, Tern and Tern").terms == ("tern",)


@pytest.mark.parametrize("word", ["wreck ", "x", "a1 "])
def test_a_very_long_question_is_cut_and_says_so(word: str) -> None:
    question = read((word * 100_000)[:100_000])

    assert len(question.text) <= 10_000
    assert "100000 characters" in question.cut


def test_a_question_of_many_terms_is_cut_and_says_so() -> None:
    question = read(" ".join(f"w{number}" for number in range(1000)))

    assert len(question.terms) == 256
    assert question.cut == "256 of 1000 terms"


def test_every_character_of_a_script_without_spaces_is_a_word() -> None:
    question = read("\ud56d\uad6c Tern")

    assert [question.word(number) for number in range(3)] == ["\ud56d", "\uad6c", "Tern"]
