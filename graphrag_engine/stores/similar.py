"""Which vectors are alike: the nearest of each by cosine, as ties from one name to names that look or mean the same."""

from collections.abc import Iterator
from hashlib import shake_128
from itertools import repeat

import numpy as np

from graphrag_engine.llm.base import normalised
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
_SKETCH, _SLACK = 128, 0.1
"""Numbers of a sketch, and how much less alike than the vectors two sketches may be: three times their usual error."""


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
    if len(matrix) <= COMPARED:
        yield from _compared(matrix)
        return
    index = ann.trained(matrix)
    for at in range(0, len(matrix), _BLOCK):
        for row, others in enumerate(ann.proposed(index, matrix[at : at + _BLOCK], MOST + 1), at):
            yield row, others, matrix[others] @ matrix[row]


def _compared(matrix: ann.Matrix) -> Iterator[tuple[int, Rows, Array]]:
    """The same by comparing sketches each with each, then the vectors whose sketches are alike."""
    sketches = _sketches(matrix)
    for at in range(0, len(matrix), _BLOCK):
        found = sketches[at : at + _BLOCK] @ sketches.T
        np.fill_diagonal(found[:, at:], -1.0)
        rows = at + np.flatnonzero(found.max(axis=1) >= LEAST - _SLACK)
        others = np.flatnonzero(found.max(axis=0) >= LEAST - _SLACK)
        yield from zip(rows.tolist(), repeat(others), matrix[rows] @ matrix[others].T, strict=False)


def _sketches(matrix: ann.Matrix) -> ann.Matrix:
    """The vectors in fewer numbers, with nearly the same cosines (Johnson and Lindenstrauss 1984; signs: Achlioptas
    2003)."""
    if matrix.shape[1] <= _SKETCH:
        return matrix
    drawn = np.frombuffer(shake_128(b"signs").digest(matrix.shape[1] * _SKETCH // 8), np.uint8)
    signs = 2.0 * np.unpackbits(drawn).reshape(-1, _SKETCH) - 1
    return normalised(matrix @ signs.astype(np.float32))
