"""Ties around many rows, within a budget: what stands in the middle of everything is seen by its heaviest ties."""

import numpy as np

from graphrag_engine.stores.base import Edges, Rows, Store, Tie

_LARGEST = 1 << 14


def nearby(store: Store, tie: Tie, rows: Rows, budget: int) -> Edges:
    """The ties of *rows*, about *budget* at most: where there are more, the heaviest few of each row.

    What a question costs does not grow with the index, and a row of few ties keeps them all.
    """
    return store.neighbours(tie, rows, _fan_out(store.degrees(tie, rows), budget))


def reached(store: Store, tie: Tie, rows: Rows, budget: int) -> Rows:
    """The far ends alone of the same ties."""
    return store.ends(tie, rows, _fan_out(store.degrees(tie, rows), budget))


def _fan_out(degrees: Rows, budget: int) -> int:
    """The largest power of two that keeps within the budget if no row has more ties; at least 1."""
    most = min(_LARGEST, 1 << int(degrees.max(initial=1)).bit_length())
    while most > 1 and np.minimum(degrees, most).sum() > budget:
        most //= 2
    return most
