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
_BLOCK, _OTHERS = 512, 4096
"""Vectors that are compared at once, and with how many others: memory for so many grows with nothing."""
_SKETCHED = 1024
"""Vectors that are sketched at once."""
_FEW = 16
"""Pairs for each row of a block up to which they are compared one by one."""
_WAITING = 1 << 20
"""Pairs that wait until the nearest of each row are picked out."""
_DIGITS = 3
"""Decimals of a cosine: fewer than machines differ in."""
_SKETCH, _SLACK = 128, 0.1
"""Numbers of a sketch, and how much less alike than the vectors two sketches may be: three times their usual error."""


def similar(matrix: Array) -> Pairs:
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


def _likely(matrix: Array) -> Iterator[tuple[Rows, Rows, Array]]:
    """Pairs of two rows that may be alike, either way round, and their products."""
    if len(matrix) <= COMPARED:
        for rows, others, products in _compared(matrix):
            yield rows, others, products
            yield others, rows, products
    elif ann.installed():
        longer = _longer(matrix)
        index = ann.trained(longer)
        for at in range(0, len(longer), _BLOCK):
            for row, others in enumerate(ann.proposed(index, longer[at : at + _BLOCK], MOST + 1), at):
                others = others[others != row]
                yield np.full(len(others), row), others, longer[others] @ longer[row]


def _compared(matrix: Array) -> Iterator[tuple[Rows, Rows, Array]]:
    """Each two rows whose sketches are alike, once."""
    sketches = _sketches(matrix)
    for at in range(0, len(matrix), _BLOCK):
        for start in range(at, len(matrix), _OTHERS):
            likely = sketches[at : at + _BLOCK] @ sketches[start : start + _OTHERS].T >= LEAST - _SLACK
            row, other = np.divmod(np.flatnonzero(likely), likely.shape[1])
            row, other = row + at, other + start
            row, other = row[other > row], other[other > row]
            if len(row) > _BLOCK * _FEW:
                block, others = (_longer(matrix[first : first + n]) for first, n in ((at, _BLOCK), (start, _OTHERS)))
                yield row, other, (block @ others.T)[row - at, other - start]
            else:
                yield row, other, np.einsum("ij,ij->i", _longer(matrix[row]), _longer(matrix[other]))


def _sketches(matrix: Array) -> ann.Matrix:
    """The vectors in fewer numbers, with nearly the same cosines (Johnson and Lindenstrauss 1984; signs: Achlioptas
    2003)."""
    if matrix.shape[1] <= _SKETCH:
        return _longer(matrix)
    drawn = np.frombuffer(shake_128(b"signs").digest(matrix.shape[1] * _SKETCH // 8), np.uint8)
    signs = (2.0 * np.unpackbits(drawn).reshape(-1, _SKETCH) - 1).astype(np.float32)
    found = np.empty((len(matrix), _SKETCH), np.float32)
    for at in range(0, len(matrix), _SKETCHED):
        found[at : at + _SKETCHED] = normalised(_longer(matrix[at : at + _SKETCHED]) @ signs)
    return found


def _longer(matrix: Array) -> ann.Matrix:
    """The vectors in numbers that are quickly multiplied."""
    return matrix.astype(np.float32, copy=False)
