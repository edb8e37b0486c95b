"""Which vectors are alike: the nearest of each by cosine, as ties from one name to names that look or mean the same."""

from collections.abc import Iterator, Sequence
from hashlib import shake_128

import numpy as np

from graphrag_engine.llm.base import normalised
from graphrag_engine.stores import ann
from graphrag_engine.stores.base import Numbers, Rows
from graphrag_engine.stores.sparse import Array

Pairs = tuple[Rows, Rows, Numbers]
"""Near and far ends, and their cosines, side by side."""

LEAST = 0.8
"""The cosine from which on two names are alike."""
MOST = 8
"""Names that one is tied to."""
COMPARED = 50_000
"""Vectors that are compared each with each; of more an index proposes, or nothing where there is no library for it."""
_BLOCK = 128
"""Vectors compared with all others at once."""
_FEW = 16
"""Pairs for each row of a block up to which they are compared one by one."""
_WAITING = 1 << 20
"""Pairs that wait until the nearest of each row are picked out."""
_DIGITS = 3
"""Decimals of a cosine: fewer than machines differ in."""
_SKETCH, _SLACK = 128, 0.1
"""Numbers of a sketch, and how much less alike than the vectors two sketches may be: three times their usual error."""


def similar(matrix: ann.Matrix) -> Pairs:
    """Ties as (near, far, cosine), side by side, by rows of *matrix*; of one row the nearest first, ties by row."""
    found, waiting = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))], 0
    for near, far, products in _likely(matrix):
        cosine: Numbers = products.astype(np.float64).round(_DIGITS)
        alike = np.flatnonzero(cosine >= LEAST)
        found.append((near[alike], far[alike], cosine[alike]))
        waiting += len(alike)
        if waiting > _WAITING:
            found, waiting = [_nearest(found)], 0
    return _nearest(found)


def _nearest(found: Sequence[Pairs]) -> Pairs:
    """The few nearest of each row."""
    near, far, cosine = (np.concatenate(side) for side in zip(*found, strict=True))
    order = np.lexsort((far, -cosine, near))
    row = near[order]
    best = order[np.arange(len(row)) - np.searchsorted(row, row) < MOST]
    return near[best], far[best], cosine[best]


def _likely(matrix: ann.Matrix) -> Iterator[tuple[Rows, Rows, Array]]:
    """Pairs of two rows that may be alike, either way round, and their products."""
    if len(matrix) <= COMPARED:
        for rows, others, products in _compared(matrix):
            yield rows, others, products
            yield others, rows, products
    elif ann.installed():
        index = ann.trained(matrix)
        for at in range(0, len(matrix), _BLOCK):
            for row, others in enumerate(ann.proposed(index, matrix[at : at + _BLOCK], MOST + 1), at):
                others = others[others != row]
                yield np.full(len(others), row), others, matrix[others] @ matrix[row]


def _compared(matrix: ann.Matrix) -> Iterator[tuple[Rows, Rows, Array]]:
    """Each two rows whose sketches are alike, once."""
    sketches = _sketches(matrix)
    for at in range(0, len(matrix), _BLOCK):
        block, rest = matrix[at : at + _BLOCK], matrix[at:]
        likely = sketches[at : at + _BLOCK] @ sketches[at:].T >= LEAST - _SLACK
        row, other = np.divmod(np.flatnonzero(likely), len(rest))
        row, other = row[other > row], other[other > row]
        if len(row) > len(block) * _FEW:
            yield row + at, other + at, (block @ rest.T)[row, other]
        else:
            yield row + at, other + at, np.einsum("ij,ij->i", block[row], rest[other])


def _sketches(matrix: ann.Matrix) -> ann.Matrix:
    """The vectors in fewer numbers, with nearly the same cosines (Johnson and Lindenstrauss 1984; signs: Achlioptas
    2003)."""
    if matrix.shape[1] <= _SKETCH:
        return matrix
    drawn = np.frombuffer(shake_128(b"signs").digest(matrix.shape[1] * _SKETCH // 8), np.uint8)
    signs = 2.0 * np.unpackbits(drawn).reshape(-1, _SKETCH) - 1
    return normalised(matrix @ signs.astype(np.float32))
