"""Lexical scores: Okapi BM25 (Robertson and Zaragoza 2009) over the postings that a store proposes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graphrag_engine.stores.base import Numbers, Postings, Rows, Searched, Store

_K1 = 1.2
_B = 0.75


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
    """The rows of a table that hold one of *terms*; where *allowed* is given (ascending), only those of it."""
    postings = store.search(table, terms)
    weights = rarity(postings.frequency, postings.n_rows)
    rows, place = np.unique(postings.row, return_inverse=True)
    scores = np.bincount(place, weights[postings.term] * _saturated(postings), len(rows)).astype(np.float64)
    telling = np.log1p(postings.n_rows / np.maximum(postings.frequency, 0.5))
    coverage = np.bincount(place, telling[postings.term], len(rows)) / max(telling.sum(), 1e-9)
    order = np.lexsort((rows, -scores))
    if allowed is not None:
        order = order[np.isin(rows[order], allowed, assume_unique=True)]
    return Hits(rows[order], scores[order], coverage[order], dict(zip(terms, weights.tolist(), strict=True)))


def rarity(frequency: Rows, n_rows: int) -> Numbers:
    """The weight of terms that stand in so many of so many rows: inverse document frequency, never negative."""
    return np.asarray(np.log1p((n_rows - frequency + 0.5) / (frequency + 0.5)), np.float64)


def _saturated(postings: Postings) -> Numbers:
    norm = 1 - _B + _B * postings.length / max(postings.mean_length, 1e-9)
    return postings.count * (_K1 + 1) / (postings.count + _K1 * norm)
