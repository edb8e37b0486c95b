"""Which vectors are alike: the nearest of each by cosine, as ties from one name to names that look or mean the same."""

from collections.abc import Iterator

import numpy as np

from graphrag_engine.stores import ann
from graphrag_engine.stores.base import Numbers, Rows
from graphrag_engine.stores.sparse import Array, highest

LEAST = 0.8
"""The cosine from which on two names are alike."""
MOST = 8
"""Names that one is tied to."""
COMPARED = 50_000
"""Vectors that are compared each with each; of more an index proposes, or nothing where there is no library for it."""
_BLOCK = 256
"""Vectors compared with all others at once."""
_DIGITS = 3
"""Decimals of a cosine: fewer than machines differ in."""


def similar(matrix: ann.Matrix) -> tuple[Array, Array, Array]:
    """Ties as (near, far, cosine), side by side, by rows of *matrix*; of one row the nearest first, ties by row."""
    near, far, cosines = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for row, others, scores in _scored(matrix):
        likely = np.flatnonzero(scores >= LEAST - 10.0**-_DIGITS)
        likely = likely[others[likely] != row]
        rounded: Numbers = np.round(scores[likely].astype(np.float64), _DIGITS)
        best = highest(rounded, MOST)
        best = best[rounded[best] >= LEAST]
        near.append(np.full(len(best), row))
        far.append(others[likely[best]])
        cosines.append(rounded[best])
    return np.concatenate(near), np.concatenate(far), np.concatenate(cosines)


def _scored(matrix: ann.Matrix) -> Iterator[tuple[int, Rows, Array]]:
    """Each row with those that may be like it, ascending, and their products with it."""
    if len(matrix) > COMPARED and not ann.installed():
        return
    index = ann.trained(matrix) if len(matrix) > COMPARED else None
    every = np.arange(len(matrix))
    for at in range(0, len(matrix), _BLOCK):
        block = matrix[at : at + _BLOCK]
        if index:
            for row, others in enumerate(ann.proposed(index, block, MOST + 1), at):
                yield row, others, matrix[others] @ matrix[row]
        else:
            for row, scores in enumerate(block @ matrix.T, at):
                yield row, every, scores
