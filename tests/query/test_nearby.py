"""Ties within a budget: small rows keep all of theirs, the largest lose what is light."""

from collections.abc import Callable

import numpy as np
import pytest
from world import World

from graphrag_engine.query.nearby import nearby
from graphrag_engine.stores.base import Store

NAMES = {"Ada": "person", "Bob": "person"}
DOCUMENTS = {f"{n:02}.md": "Ada. Ada." if n < 3 else "Ada." for n in range(20)} | {"x.md": "Bob."}


@pytest.fixture
def store(stored: Callable[[World], Store]) -> Store:
    return stored(World(documents=DOCUMENTS, names=NAMES))


@pytest.mark.parametrize(("budget", "ties"), [(21, 21), (20, 17), (9, 9), (8, 5), (1, 2)])
def test_the_rows_together_keep_to_the_budget_and_each_has_one_tie(store: Store, budget: int, ties: int) -> None:
    edges = nearby(store, "mentions", np.arange(2), budget)

    assert len(edges.far) == ties
    assert set(edges.near.tolist()) == {0, 1}


def test_what_is_left_out_is_lightest(store: Store) -> None:
    assert nearby(store, "mentions", np.arange(2), 5).weight.sum() == 3 * 2 + 1 + 1


def test_no_row_has_no_tie(store: Store) -> None:
    assert len(nearby(store, "mentions", np.arange(0), 5).far) == 0
