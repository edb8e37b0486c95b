"""Mode `path`: which chains of ties are found, how they are ranked, and what bounds the search."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from conftest import YARD
from world import World

from graphrag_engine.query import along, answer, paths
from graphrag_engine.query.answer import Answer
from graphrag_engine.query.ask import find
from graphrag_engine.query.found import Found, Scope
from graphrag_engine.settings import QuerySettings
from graphrag_engine.stores.base import Store

SINKING = "Who founded the yard that built the ship which sank off Gull Point?"


def ask(store: Store, text: str, mode: str = "path", **wanted: str) -> Answer:
    return answer(store, text, mode=mode, filter=wanted, settings=QuerySettings(), index_version=1)


def look(store: Store, text: str, mode: str = "path") -> Found:
    return find(store, text, mode, Scope(), 5)


def tied(*ties: tuple[str, str, str]) -> World:
    """A world that states these ties in one sentence each."""
    names = dict.fromkeys([name for source, _, target in ties for name in (source, target)], "person")
    documents = {f"{n}.md": f"{source} {kind} {target}." for n, (source, kind, target) in enumerate(ties)}
    return World(documents=documents, names=names, ties=ties)


def drawn(given: Answer) -> list[str]:
    return [path.text for path in given.paths]


def test_ties_lead_from_a_name_to_what_is_asked_for(stored: Callable[[World], Store]) -> None:
    (found,) = drawn(ask(stored(YARD), SINKING))

    assert found == (
        "Gull Point \u2190sank off\u2013 Tern \u2013launched as\u2192 Swan \u2013built by\u2192 Pell and Sons "
        "\u2013founded by\u2192 Tom Pell"
    )


def test_a_word_of_the_question_leads_on_once(stored: Callable[[World], Store]) -> None:
    store = stored(replace(YARD, ties=(*YARD.ties, ("Tom Pell", "founded", "Reed Brothers"))))

    assert [len(path) for path in look(store, "Who founded Pell and Sons?").paths] == [1]


def test_no_tie_leads_on_without_a_word_of_the_question(stored: Callable[[World], Store]) -> None:
    assert look(stored(YARD), "Who painted Gull Point?", "local").chain == ()


def test_who_does_a_thing_is_a_word_for_doing_it(stored: Callable[[World], Store]) -> None:
    assert drawn(ask(stored(YARD), "The founder of Pell and Sons?"))[0].endswith("founded by\u2192 Tom Pell")


def test_named_things_are_joined_by_their_shortest_path(harbour_store: Store) -> None:
    (path,) = look(harbour_store, "How is Ada Cross tied to Ruth Dane?").paths

    assert len(path) == 3
    assert all(first.far == second.near for first, second in pairwise(path))


def test_paths_end_after_four_hops(stored: Callable[[World], Store]) -> None:
    people = [f"Person {letter}" for letter in "ABCDEF"]
    store = stored(tied(*((left, "met", right) for left, right in pairwise(people))))

    assert len(look(store, "Did Person A know Person E?").paths[0]) == 4
    assert look(store, "Did Person A know Person F?").paths == ()


def test_of_two_ties_between_the_same_things_the_one_asked_for_is_walked(stored: Callable[[World], Store]) -> None:
    ties = [("Ada Cross", kind, "Ruth Dane") for kind in ("hired", "paid", "taught")]

    for kind in ("hired", "paid", "taught"):
        assert drawn(ask(stored(tied(*ties)), f"Is it Ada Cross who {kind} Ruth Dane?")) == [
            f"Ada Cross \u2013{kind}\u2192 Ruth Dane"
        ]


def test_a_path_that_the_question_speaks_of_comes_before_a_shorter_one(stored: Callable[[World], Store]) -> None:
    ties = (("Ada Cross", "met", "Ruth Dane"), ("Ada Cross", "taught", "Tom Pell"), ("Tom Pell", "taught", "Ruth Dane"))
    store = stored(tied(*ties))

    assert [len(path) for path in look(store, "Ada Cross and Ruth Dane?").paths] == [1, 2]
    assert [len(path) for path in look(store, "Who was taught by Ada Cross and taught Ruth Dane?").paths] == [2, 1]


def test_the_best_relation_types_are_followed_and_no_others(stored: Callable[[World], Store]) -> None:
    kinds = ("hired", "helped", "hailed", "praised")
    store = stored(tied(*(("Ada Cross", f"{kind} and taught", f"Who was {kind}") for kind in kinds)))
    given = ask(store, "Whom did Ada Cross hire, help, hail, praise and teach?")

    assert len({path.steps[-1].type for path in given.paths}) == 3


def test_every_step_is_cited_with_its_sentence(stored: Callable[[World], Store]) -> None:
    given = ask(stored(YARD), SINKING)
    quotes = {each.n: each.quote for each in given.citations}

    for step in given.paths[0].steps:
        assert all(name in quotes[step.citations[0]] for name in (step.source, step.target))


def test_a_path_with_a_step_that_no_sentence_states_is_not_told(stored: Callable[[World], Store]) -> None:
    world = tied(("Ada Cross", "met", "Tom Pell"), ("Tom Pell", "met", "Ruth Dane"))
    store = stored(replace(world, documents={"a.md": "Ada Cross met Tom Pell.", "b.md": "Ruth Dane slept."}))

    assert look(store, "Ada Cross and Ruth Dane?").paths == ()


@pytest.mark.parametrize("question", ["Ruth Dane in 1903?", "Who painted the Tern?", "Did rates fall?"])
def test_where_no_path_leads_nothing_is_found_and_why_is_said(harbour_store: Store, question: str) -> None:
    given = ask(harbour_store, question)

    assert not given.grounded
    assert given.paths == given.citations == ()
    assert given.text.startswith("Nothing found")


def test_a_filter_hides_the_ties_that_other_documents_state(harbour_store: Store) -> None:
    question = "How is Ada Cross tied to the Tern and to Gull Point?"

    assert len(ask(harbour_store, question).paths) == 3
    assert drawn(ask(harbour_store, question, source="people")) == []
    assert ask(harbour_store, question, source="ships").paths


def test_a_hub_can_be_an_end_of_a_path_but_no_step_of_it(
    stored: Callable[[World], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "_CROWD", 3)
    ties = [("Velm", "saw", f"Person {letter}") for letter in "ABCD"]
    store = stored(tied(*ties))

    assert len(look(store, "Velm and Person A?").paths) == 1
    assert len(look(store, "Person A and Velm?").paths) == 1
    assert look(store, "Person A and Person B?").paths == ()


def test_a_bounded_number_of_ties_of_one_thing_is_looked_at(
    stored: Callable[[World], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(along, "_TIES", 2)
    store = stored(tied(*(("Velm", f"saw and heard {n}", f"Person {letter}") for n, letter in enumerate("ABCD"))))

    assert len(look(store, "Whom did Velm see and hear?").paths) == 2


def test_the_search_between_two_names_ends_after_so_many_steps(
    stored: Callable[[World], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "_MOST_STEPS", 1)

    assert look(stored(tied(("Ada Cross", "met", "Ruth Dane"))), "Ada Cross and Ruth Dane?").paths == ()


@pytest.mark.parametrize(
    ("question", "mode", "why"),
    [
        ("How is Ada Cross tied to Ruth Dane?", "path", "2 names are known and ties join them"),
        ("Who commanded the ship that sank off Gull Point?", "path", "a chain of ties leads on"),
        ("Who commanded the Tern?", "local", "one name is known and no chain"),
        ("What of Ruth Dane in 1903?", "local", "2 names are known and no chain"),
    ],
)
def test_auto_takes_paths_where_they_lead_further_and_says_why(
    harbour_store: Store, question: str, mode: str, why: str
) -> None:
    chosen = next(step for step in look(harbour_store, question, "auto").trace if step["step"] == "mode")

    assert chosen["mode"] == mode
    assert why in chosen["why"]


def test_paths_leave_the_order_of_the_text_units_as_it_is(harbour_store: Store) -> None:
    question = "How is Ada Cross tied to Ruth Dane?"

    assert np.array_equal(look(harbour_store, question).units.rows, look(harbour_store, question, "local").units.rows)
