"""Columns of lists, made from (owner, value) pairs without a loop over rows."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.schema import STRINGS

TEXTS = pa.list_(pa.string())
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def groups(owners: Ints, n: int) -> Ints:
    """Where the values of each of *n* owners begin in the sorted *owners*, with the end as last element."""
    return np.searchsorted(owners, np.arange(n + 1))


def ranges(low: npt.NDArray[Any], high: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """All numbers of [low, high) for each pair of ends, one range after the other."""
    counts = high - low
    ends = np.cumsum(counts, dtype=low.dtype)
    found: npt.NDArray[Any] = np.arange(counts.sum(), dtype=low.dtype)
    found -= np.repeat(ends - counts - low, counts)
    return found


def string_lists(owners: Ints, values: pa.Array, n: int) -> pa.ListArray:
    """One list of strings for each of *n* owners; *owners* are sorted and stand beside *values*."""
    offsets = pa.array(groups(owners, n), pa.int32())
    return pa.ListArray.from_arrays(offsets, values.cast(pa.string()), type=STRINGS)


def distinct(numbers: Ints) -> Ints:
    """All that occur, ascending: several times quicker than `np.unique`, which hashes before it sorts."""
    ordered = np.sort(numbers)
    found: Ints = ordered[np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))]
    return found


def changed(values: pa.Array, new: Mapping[int, Any], n: int) -> pa.Array:
    """The values with *new* ones in their places; *n* values in all, those that are added among the new ones."""
    at = np.arange(n)
    at[list(new)] = np.arange(len(values), len(values) + len(new))
    return pa.concat_arrays([values, pa.array(list(new.values()), values.type)]).take(pa.array(at)) if new else values


def distinct_pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """The distinct pairs, sorted by left, then by right; both hold numbers from 0."""
    width = int(right.max(initial=0)) + 1
    left_of, right_of = np.divmod(distinct(left * width + right), width)
    return left_of, right_of


def strongest(owners: Ints, *preferences: npt.NDArray[Any]) -> Ints:
    """The row of each owner, in order of owners, that has the highest preferences, the first of them first."""
    order = np.lexsort((*(-preference for preference in reversed(preferences)), owners))
    first = np.ones(len(order), bool)
    first[1:] = owners[order][1:] != owners[order][:-1]
    found: Ints = order[first]
    return found


def one_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The column as a single array; nothing is copied where it is one already."""
    if isinstance(column, pa.Array):
        return column
    filled = [chunk for chunk in column.chunks if len(chunk)]
    if len(filled) == 1:
        return filled[0]
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


def one_of(column: pa.ChunkedArray | pa.Array, values: Iterable[str]) -> pa.ChunkedArray | pa.Array:
    """For each string of the column, whether it is one of *values*."""
    return pc.is_in(column, value_set=pa.array(sorted(values), pa.string()))


def joined(*columns: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The values of each row of these columns as one text, lists included."""
    texts = []
    for column in map(one_array, columns):
        listed = pa.types.is_list(column.type)
        texts.append(pc.binary_join(column.cast(TEXTS), "\x1f") if listed else column.cast(pa.string()))
    return pc.binary_join_element_wise(*texts, "\x1e", null_handling="replace")


def by_id(table: pa.Table) -> pa.Table:
    """The table in the order of its ids; nothing is copied where it is so already."""
    return in_order(table, ("id",))


def in_order(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """The table in the order of these columns, nulls last; nothing is copied where it is so already."""
    return table if _ascends(table, columns) else table.sort_by([(column, "ascending") for column in columns])


def _ascends(table: pa.Table, columns: Sequence[str]) -> bool:
    """Whether no row belongs before the one above it; columns with nulls are not looked into."""
    rows = np.arange(max(len(table) - 1, 0))
    for column in columns:
        if not len(rows):
            break
        values = one_array(table[column])
        whole = len(rows) + 1 == len(values)
        above, below = (values[:-1], values[1:]) if whole else (values.take(pa.array(rows + at)) for at in (0, 1))
        if values.null_count or pc.any(pc.less(below, above)).as_py():
            return False
        rows = rows[np.flatnonzero(pc.equal(above, below))]
    return True


def positions(values: pa.ChunkedArray, among: pa.ChunkedArray) -> Ints:
    """The place of each value in *among*; -1 where it is not there or is null."""
    found: Ints = pc.fill_null(pc.index_in(values, value_set=one_array(among)), -1).to_numpy().astype(np.int64)
    return found


def lookup(wanted: Ints, among: Ints) -> tuple[Ints, Bools]:
    """Where each wanted number stands in *among* (sorted, not empty), and whether it does at all."""
    at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return at, among[at] == wanted


def holding(table: pa.Table, column: str, values: Iterable[str]) -> list[str]:
    """The ids of the rows whose list in *column* holds one of these values."""
    lists = one_array(table[column])
    hits = one_of(lists.flatten(), values)
    found: list[str] = table["id"].take(pc.unique(pc.list_parent_indices(lists).filter(hits))).to_pylist()
    return found


def strings(column: pa.ChunkedArray | pa.Array) -> list[str]:
    """The strings of a column that hardly differ; equal ones are one Python object."""
    encoded = one_array(column).dictionary_encode()
    return list(map(encoded.dictionary.to_pylist().__getitem__, encoded.indices.to_pylist()))


def packed(numbers: Ints) -> "array[int]":
    """Numbers that are read one by one, in 4 bytes each: those of a list need 36."""
    return array("i", numbers.astype(np.int32).tobytes())


class Lists:
    """A column of lists of strings, read list by list: one Python object a distinct string, none a list."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        lists = one_array(column)
        self._values = strings(lists.flatten())
        lengths = pc.list_value_length(lists).to_numpy(zero_copy_only=False)
        self._starts = packed(np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]))

    def __getitem__(self, row: int) -> list[str]:
        return self._values[self._starts[row] : self._starts[row + 1]]

    def __iter__(self) -> Iterator[list[str]]:
        return (self._values[start:end] for start, end in pairwise(self._starts))


class Texts:
    """A column of strings, read one by one where they lie: a scalar of Arrow takes several times as long."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        chunks = [chunk for chunk in column.chunks if len(chunk)]
        self._firsts = list(accumulate(map(len, chunks), initial=0))
        self._lying = [_lying(chunk) for chunk in chunks]

    def __getitem__(self, row: int) -> str:
        chunk = bisect_right(self._firsts, row) - 1
        at, (offsets, letters) = row - self._firsts[chunk], self._lying[chunk]
        return str(letters[offsets[at] : offsets[at + 1]], "utf-8")


def _lying(texts: pa.StringArray) -> tuple[memoryview, memoryview]:
    """Where each text begins, with the end as last element, and the letters of all."""
    _, offsets, letters = texts.buffers()
    begun = memoryview(offsets).cast("i")[texts.offset : texts.offset + len(texts) + 1]
    return begun, memoryview(letters or b"")
