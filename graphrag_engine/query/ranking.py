"""Rows with their scores, best first, ties by row: the one form in which evidence is passed on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from graphrag_engine.stores.base import Numbers, Rows
from graphrag_engine.stores.sparse import ascending


@dataclass(frozen=True)
class Ranking:
    """Rows of one table with their scores, best first."""

    rows: Rows
    scores: Numbers

    def top(self, k: int) -> "Ranking":
        """The best *k*."""
        return Ranking(self.rows[:k], self.scores[:k])

    def of(self, rows: Rows) -> Numbers:
        """The scores of these rows; 0 for rows that are not here."""
        if not len(self.rows):
            return np.zeros(len(rows))
        known, scores = self._by_row
        place = np.minimum(np.searchsorted(known, rows), len(known) - 1)
        return np.where(known[place] == rows, scores[place], 0.0)

    def pairs(self) -> list[tuple[int, float]]:
        """(row, score), best first."""
        return list(zip(self.rows.tolist(), self.scores.tolist(), strict=True))

    def first(self, most: int, fits: Callable[[int], bool]) -> "Ranking":
        """The best that fit; the rest is not looked at."""
        kept = list(islice((place for place, row in enumerate(self.rows.tolist()) if fits(row)), most))
        return Ranking(self.rows[kept], self.scores[kept])

    @cached_property
    def _by_row(self) -> tuple[Rows, Numbers]:
        order = ascending(self.rows)
        return self.rows[order], self.scores[order]


NOTHING = Ranking(np.empty(0, np.int64), np.empty(0))


def ranked(rows: Rows, scores: Numbers) -> Ranking:
    """Rows in the order of their scores."""
    order = np.lexsort((rows, -scores))
    return Ranking(rows[order], scores[order])


def summed(rows: Rows, scores: Numbers) -> Ranking:
    """Each row once, with the sum of its scores."""
    once, place = np.unique(rows, return_inverse=True)
    return ranked(once, np.bincount(place, scores, len(once)).astype(np.float64))
