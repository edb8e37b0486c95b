"""Vectors of the rows of a table, written block by block and mapped whole: never more than a block is in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from graphrag_engine.stores.ann import Matrix
from graphrag_engine.stores.sparse import Array


@dataclass(frozen=True)
class Vectors:
    """The rows of a table that have vectors, ascending, and these."""

    row: Array
    blocks: Callable[[], Iterator[Array]]
    """Makes the vectors, some at a time; each call begins anew."""

    def whole(self) -> Array:
        """All vectors as one matrix."""
        found, at = np.empty((len(self.row), 0)), 0
        for block in self.blocks():
            if not at:
                found = np.empty((len(self.row), block.shape[1]), block.dtype)
            found[at : at + len(block)] = block
            at += len(block)
        return found


def write(path: Path, vectors: Vectors) -> None:
    """Write the vectors as a file of numpy's, in 32-bit floats."""
    blocks = vectors.blocks()
    first = next(blocks, np.empty((0, 1)))
    shape = len(vectors.row), first.shape[1]
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
        for block in chain([first], blocks):
            file.write(block.astype("<f4").data)


def mapped(path: Path) -> Matrix:
    """What `write` wrote, straight from the mapped file."""
    return np.asarray(np.lib.format.open_memmap(path, mode="r"))
