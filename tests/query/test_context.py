"""The context: within its budget, best first, nothing twice, what was cut counted."""

import re
from collections.abc import Callable, Sequence

import pytest

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.query import context
from graphrag_engine.query.citations import Citations
from graphrag_engine.query.context import Line, Page, Section
from graphrag_engine.settings import QuerySettings
from graphrag_engine.stores.reader import MappedStore

Fit = Callable[[Sequence[Section], int], str]
ITEMS = [Line(f"item {number} is here") for number in range(50)]


@pytest.fixture
def fit(harbour_store: MappedStore) -> Fit:
    return lambda sections, budget: Page(Citations(harbour_store)).write(sections, budget).text


@pytest.mark.parametrize("budget", [60, 200, 1000])
def test_the_context_stays_within_its_budget(fit: Fit, budget: int) -> None:
    sections = [Section("First", 0.5, ITEMS), Section("Second", 0.5, [Line(item.text.upper()) for item in ITEMS])]

    assert estimate_tokens(fit(sections, budget)) <= budget


def test_the_best_items_are_kept_and_the_rest_is_counted(fit: Fit) -> None:
    text = fit([Section("First", 1.0, ITEMS)], 100)
    kept = text.count("is here")

    assert ITEMS[0].text in text
    assert 0 < kept < 50
    assert f"({50 - kept} more under First did not fit)" in text


def test_nothing_stands_in_the_context_twice(fit: Fit) -> None:
    text = fit(
        [Section("First", 0.5, [Line("same"), Line("same")]), Section("Second", 0.5, [Line("same"), Line("other")])],
        500,
    )

    assert text.count("same") == 1


def test_what_a_section_leaves_over_the_next_may_use(fit: Fit) -> None:
    sections = [Section("First", 0.5, [Line("short")]), Section("Second", 0.5, ITEMS)]

    assert fit(sections, 300).count("is here") > fit(sections[1:], 300).count("is here")


def test_a_first_line_longer_than_the_budget_is_cut_and_ends_its_section(fit: Fit) -> None:
    text = fit([Section("First", 1.0, [Line("word " * 1000), Line("short")])], 100)

    assert estimate_tokens(text) <= 100
    assert text.count("word") > 20
    assert "short" not in text
    assert "(1 more under First did not fit)" in text


def test_a_line_rests_on_the_number_of_a_passage_that_is_shown_or_on_a_quote(harbour_store: MappedStore) -> None:
    page = Page(Citations(harbour_store))
    shown = page.cited.unit(0).text

    page.write(
        [
            Section("Passages", 0.5, [Line(shown, ((0, 0, len(shown)),), passage=True)]),
            Section(
                "Facts", 0.5, [Line("one", ((0, 3, 9),)), Line("other", ((1, 0, 5),)), Line("again", ((1, 1, 4),))]
            ),
        ],
        500,
    )

    quote = page.cited.unit(1).text[:5]
    assert page.text.startswith(f"# Passages\n[1] {shown}\n")
    assert page.text.endswith(f"# Facts\none [1]\nother [2] \u201c{quote}\u201d\nagain [2]")
    assert page.slices == {1: (0, 0, len(shown)), 2: (1, 0, 5)}


@pytest.mark.parametrize("mode", ["local", "global", "vector"])
def test_the_context_of_a_question_holds_what_was_found(harbour_store: MappedStore, mode: str) -> None:
    made = context(harbour_store, "Who commanded the Tern?", mode=mode, settings=QuerySettings())

    assert re.search(r"^# Passages\n\[\d+\] ", made.text, re.MULTILINE)
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
