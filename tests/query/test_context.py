"""The context: within its budget, best first, nothing twice, what was cut counted."""

import pytest

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.query import context
from graphrag_engine.query.context import Section, fit
from graphrag_engine.settings import QuerySettings
from graphrag_engine.stores.reader import MappedStore

ITEMS = [f"item {number} is here" for number in range(50)]


@pytest.mark.parametrize("budget", [60, 200, 1000])
def test_the_context_stays_within_its_budget(budget: int) -> None:
    sections = [Section("First", 0.5, ITEMS), Section("Second", 0.5, [item.upper() for item in ITEMS])]

    assert estimate_tokens(fit(sections, budget)) <= budget


def test_the_best_items_are_kept_and_the_rest_is_counted() -> None:
    text = fit([Section("First", 1.0, ITEMS)], 100)
    kept = text.count("is here")

    assert ITEMS[0] in text
    assert 0 < kept < 50
    assert f"({50 - kept} more under First did not fit)" in text


def test_nothing_stands_in_the_context_twice() -> None:
    text = fit([Section("First", 0.5, ["same", "same"]), Section("Second", 0.5, ["same", "other"])], 500)

    assert text.count("same") == 1


def test_what_a_section_leaves_over_the_next_may_use() -> None:
    sections = [Section("First", 0.5, ["short"]), Section("Second", 0.5, ITEMS)]

    assert fit(sections, 300).count("is here") > fit(sections[1:], 300).count("is here")


def test_an_item_longer_than_the_budget_ends_its_section() -> None:
    text = fit([Section("First", 1.0, ["word " * 1000, "short"])], 100)

    assert "short" not in text
    assert "(2 more under First did not fit)" in text


@pytest.mark.parametrize("mode", ["local", "global", "vector"])
def test_the_context_of_a_question_holds_what_was_found(harbour_store: MappedStore, mode: str) -> None:
    made = context(harbour_store, "Who commanded the Tern?", mode=mode, settings=QuerySettings())

    assert "# Passages\n[1] " in made.text
    assert ("# Reports" in made.text) == (mode != "vector")
    assert (made.mode, made.grounded) == (mode, True)
    document = made.to_dict()
    assert [step["step"] for step in document.pop("trace")][:2] == ["link", "search"]
    assert document == {"text": made.text, "mode": mode, "grounded": True, "tokens": estimate_tokens(made.text)}


def test_the_context_is_empty_where_the_sources_do_not_say(harbour_store: MappedStore) -> None:
    made = context(harbour_store, "Who discovered penicillin in a shed?", settings=QuerySettings())

    assert (made.text, made.grounded, made.tokens) == ("", False, 0)


def test_the_settings_bound_the_context(harbour_store: MappedStore) -> None:
    made = context(harbour_store, "Who commanded the Tern?", settings=QuerySettings(context_tokens=200))

    assert 0 < made.tokens <= 200
