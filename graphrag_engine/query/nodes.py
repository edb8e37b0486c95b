"""Rows of a table as the nodes of one walk: each once, with a number of its own; nothing is sorted or searched."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphrag_engine.stores.base import Rows


@dataclass(frozen=True)
class Nodes:
    """Some rows of one table, numbered in their order."""

    rows: Rows
    """Ascending."""
    _numbers: npt.NDArray[np.int32]
    """For each row of the table its number and 1; 0 for rows that are not here, whose memory is hardly touched."""

    def numbers(self, rows: Rows) -> Rows:
        """The number of each of these rows; -1 for rows that are not here."""
        return np.subtract(self._numbers[rows], 1, dtype=np.int64)


def together(n_rows: int, *parts: Rows) -> Rows:
    """The rows of all parts, each once, ascending; of a table of *n_rows*."""
    marked = np.zeros(n_rows, np.bool_)
    for rows in parts:
        marked[rows] = True
    return np.flatnonzero(marked)


def nodes(n_rows: int, *parts: Rows) -> Nodes:
    """The rows of all parts as nodes; of a table of *n_rows*."""
    rows = together(n_rows, *parts)
    numbers = np.zeros(n_rows, np.int32)
    numbers[rows] = np.arange(1, len(rows) + 1)
    return Nodes(rows, numbers)
