"""Lexical scores: Okapi BM25 (Robertson and Zaragoza 2009) over the postings that a store proposes.

As in MaxScore (Turtle and Flood 1995), rare terms choose the rows and frequent ones only add to the scores of
these: no long list of postings is read for a word that hardly tells one row from another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graphrag_engine.offline.ragged import distinct
from graphrag_engine.stores.base import Numbers, Postings, Rows, Searched, Store

_K1 = 1.2
_B = 0.75
_ENOUGH = 4000
"""Rows that hold a rare term of the question: then frequent ones choose no more."""
_TELLING = 0.5
"""Share of the weight of all terms that those which choose must have; a row without them does not hold the question."""


@dataclass(frozen=True)
class Hits:
    """Rows that hold a term of the question, best first, ties by row."""

    rows: Rows
    scores: Numbers
    coverage: Numbers
    """Share of the question's terms that the row holds, by weight; terms the corpus lacks count as rarest."""
    weights: Mapping[str, float]
    """The weight of each term of the question."""

    def top(self, k: int) -> "Hits":
        """The best *k*."""
        return Hits(self.rows[:k], self.scores[:k], self.coverage[:k], self.weights)


def search(store: Store, table: Searched, terms: Sequence[str], allowed: Rows | None = None) -> Hits:
    """The rows that hold one of *terms*, of which in a large table the rare ones choose.

    Where *allowed* is given (ascending), only rows of it, and all terms choose.
    """
    n_rows, frequency = store.count(table), store.frequencies(table, terms)
    weights, telling = rarity(frequency, n_rows), np.log1p(n_rows / np.maximum(frequency, 0.5))
    rare, common = _parted(frequency, telling) if allowed is None else (np.arange(len(terms)), np.arange(0))
    chosen = store.search(table, [terms[number] for number in rare], allowed)
    rows = distinct(chosen.row)
    added = store.search(table, [terms[number] for number in common], rows)
    term = np.concatenate([rare[chosen.term], common[added.term]])
    place = np.searchsorted(rows, np.concatenate([chosen.row, added.row]))
    heard = weights[term] * np.concatenate([_saturated(chosen), _saturated(added)])
    scores = np.bincount(place, heard, len(rows)).astype(np.float64)
    coverage = np.bincount(place, telling[term], len(rows)) / max(telling.sum(), 1e-9)
    order = np.argsort(-scores, kind="stable")
    return Hits(rows[order], scores[order], coverage[order], dict(zip(terms, weights.tolist(), strict=True)))


def rarity(frequency: Rows, n_rows: int) -> Numbers:
    """The weight of terms that stand in so many of so many rows: inverse document frequency, never negative."""
    return np.asarray(np.log1p((n_rows - frequency + 0.5) / (frequency + 0.5)), np.float64)


def _parted(frequency: Rows, telling: Numbers) -> tuple[Rows, Rows]:
    """The terms that choose rows, and those that are only counted there: both by position, ascending.

    The rarest choose until they stand in enough rows and tell more than the others together.
    """
    order = np.argsort(frequency, kind="stable")
    before, told = (np.cumsum(each[order]) - each[order] for each in (frequency, telling))
    choose = (before < _ENOUGH) | (told < _TELLING * telling.sum())
    return np.sort(order[choose]), np.sort(order[~choose])


def _saturated(postings: Postings) -> Numbers:
    norm = 1 - _B + _B * postings.length / max(postings.mean_length, 1e-9)
    return postings.count * (_K1 + 1) / (postings.count + _K1 * norm)
