"""Which names of a question are found, how, and which are told to be missing."""

from collections.abc import Callable

import pytest
from world import World

from graphrag_engine.query.link import Links, link
from graphrag_engine.query.question import read
from graphrag_engine.stores.base import Store

KOREAN = "\ud55c\uad6d\ud56d\ub9cc\uacf5\uc0ac"
WORLD = World(
    documents={
        "a.md": "The Velm Harbour Company owned the Tern. Velm paid. The tide gate closed.",
        "b.md": "Captain Ada Cross met the Duke of Orme. Orme lies inland.",
        "c.md": "Ruth Dane met Tom Dane, Jim Dane and Will Dane. Bob Pell met Peg Pell.",
        "d.md": KOREAN,
    },
    names={
        KOREAN: "organisation",
        "Velm": "place",
        "Velm Harbour Company|VHC": "organisation",
        "Tern": "work",
        "tide gate": "concept",
        "Ada Cross|Captain Ada Cross": "person",
        "Duke of Orme": "person",
        "Orme": "place",
        **dict.fromkeys(("Ruth Dane", "Tom Dane", "Jim Dane", "Will Dane", "Bob Pell", "Peg Pell"), "person"),
    },
)


@pytest.fixture
def linked(stored: Callable[[World], Store]) -> Callable[[str], Links]:
    store = stored(WORLD)
    return lambda text: link(store, read(text))


def names(links: Links) -> list[tuple[str, str]]:
    return [(each.said, each.how) for each in links.found]


def test_the_longest_name_wins(linked: Callable[[str], Links]) -> None:
    assert names(linked("Who ran the Velm Harbour Company?")) == [("the Velm Harbour Company", "exact")]


def test_several_names_are_found_in_the_order_of_the_question(linked: Callable[[str], Links]) -> None:
    assert names(linked("Did Orme pay Velm?")) == [("Orme", "exact"), ("Velm", "exact")]


@pytest.mark.parametrize("text", ["What was Velm's fate?", "What was Velm\u2019s fate?", "what of velm", "VELM!"])
def test_possessive_case_and_marks_do_not_hide_a_name(linked: Callable[[str], Links], text: str) -> None:
    assert len(linked(text).found) == 1


def test_an_alias_is_told_apart_from_a_name(linked: Callable[[str], Links]) -> None:
    assert names(linked("What did the VHC own?")) == [("the VHC", "alias")]


def test_a_lower_case_phrase_is_a_name_where_the_index_has_it(linked: Callable[[str], Links]) -> None:
    assert names(linked("Why did the tide gate close?")) == [("the tide gate", "exact")]


def test_a_lower_case_word_is_no_name_where_capitals_tell_names(linked: Callable[[str], Links]) -> None:
    assert names(linked("Did the tern of Velm fly?")) == [("Velm", "exact")]


def test_a_part_of_a_name_links_to_the_few_that_have_it(linked: Callable[[str], Links]) -> None:
    assert names(linked("What did Cross say?")) == [("Cross", "token")]
    assert names(linked("What did Miss Cross say?")) == [("Miss Cross", "token")]
    assert len(linked("What did Pell say?").found) == 2


def test_a_part_of_too_many_names_is_missing(linked: Callable[[str], Links]) -> None:
    assert linked("What did Dane say?").missing == ("Dane",)


def test_a_longer_name_is_not_cut_to_a_part_that_is_known(linked: Callable[[str], Links]) -> None:
    links = linked("What did Ada Lovelace write?")

    assert links.found == ()
    assert links.missing == ("Ada Lovelace",)


def test_a_title_alone_is_no_missing_name(linked: Callable[[str], Links]) -> None:
    assert linked("Which Captain left?").missing == ()


def test_capitals_keep_a_missing_name_together(linked: Callable[[str], Links]) -> None:
    assert linked("Who filmed Cool It Caro?").missing == ("Cool It Caro",)


def test_the_word_that_opens_a_question_is_no_missing_name(linked: Callable[[str], Links]) -> None:
    assert linked("Where is it?").missing == ()


def test_a_name_is_found_in_a_run_of_korean_with_its_particle(linked: Callable[[str], Links]) -> None:
    assert names(linked(f"{KOREAN}\ub294 \uc5b8\uc81c")) == [(KOREAN, "exact")]


def test_many_words_are_linked_in_reasonable_work(linked: Callable[[str], Links]) -> None:
    assert len(linked("Velm " * 2000).found) == 1
