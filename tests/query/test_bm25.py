"""BM25 as published, over what a store proposes."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from world import World

from graphrag_engine.query import bm25
from graphrag_engine.query.bm25 import search
from graphrag_engine.stores.base import Store


def texts(store: Store, rows: np.ndarray) -> list[str]:
    return [row["text"] for row in store.rows("text_units", rows, ("text",))]


def test_scores_are_those_of_the_formula(stored: Callable[[World], Store]) -> None:
    store = stored(World(documents={"x1.md": "tern tern sank", "x2.md": "gull flew", "x3.md": "tern flew"}))
    hits = search(store, "text_units", ["tern"])
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    norm = 1 - 0.75 + 0.75 * 4 / (10 / 3)

    assert hits.scores[0] == pytest.approx(rarity * 2 * 2.2 / (2 + 1.2 * norm))
    assert texts(store, hits.rows) == ["tern tern sank", "tern flew"]


def test_equal_scores_are_ordered_by_row(stored: Callable[[World], Store]) -> None:
    hits = search(stored(World(documents={f"x{n}.md": "tern" for n in range(9)})), "text_units", ["tern"])

    assert hits.rows.tolist() == list(range(9))


def test_coverage_counts_words_that_the_corpus_lacks(stored: Callable[[World], Store]) -> None:
    store = stored(World(documents={"a.md": "tern", "b.md": "gull"}))

    assert search(store, "text_units", ["tern"]).coverage[0] == 1
    assert search(store, "text_units", ["tern", "penicillin"]).coverage[0] < 0.5


def test_only_allowed_rows_are_found(stored: Callable[[World], Store]) -> None:
    store = stored(World(documents={f"x{n}.md": "tern" for n in range(4)}))

    assert search(store, "text_units", ["tern"], np.array([1, 3])).rows.tolist() == [1, 3]


def test_no_term_finds_nothing(stored: Callable[[World], Store]) -> None:
    assert len(search(stored(World(documents={"a.md": "tern"})), "text_units", []).rows) == 0


def many(*texts: str) -> World:
    return World(documents={f"x{n:02}.md": text for n, text in enumerate(texts)})


def test_a_common_word_adds_to_the_rows_of_a_rare_one_and_chooses_none(
    stored: Callable[[World], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bm25, "_ENOUGH", 1)
    store = stored(many("gull tern", "gull", *["tern"] * 8, *["crane"] * 90))

    hits = search(store, "text_units", ["tern", "gull"])

    assert texts(store, hits.rows) == ["gull tern", "gull"]


def test_rows_score_the_same_whichever_words_choose(
    stored: Callable[[World], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = stored(many("gull tern tern", "gull wind", *["tern wind"] * 8, *["crane"] * 90))
    whole = search(store, "text_units", ["wind", "tern", "gull"]).top(2)
    monkeypatch.setattr(bm25, "_ENOUGH", 1)

    part = search(store, "text_units", ["wind", "tern", "gull"])

    assert part.rows[:2].tolist() == whole.rows.tolist()
    assert part.scores[:2].tolist() == pytest.approx(whole.scores.tolist())
    assert part.coverage[:2].tolist() == pytest.approx(whole.coverage.tolist())


def test_words_choose_until_no_other_row_can_hold_half_of_the_question(
    stored: Callable[[World], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bm25, "_ENOUGH", 1)
    store = stored(many("gull", "tern wind rain", *["tern"] * 2, *["wind"] * 2, *["rain"] * 2))

    assert search(store, "text_units", ["gull", "tern", "wind", "rain"]).coverage.max() > 0.5


def test_long_postings_of_common_words_are_not_read(
    stored: Callable[[World], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bm25, "_ENOUGH", 1)
    store = stored(many("gull tern", *["tern"] * 60, *["crane"] * 40))
    read: list[int] = []
    inner = store.search
    monkeypatch.setattr(store, "search", lambda *asked: read.append(len((found := inner(*asked)).row)) or found)

    search(store, "text_units", ["tern", "gull"])

    assert read == [1, 1]
