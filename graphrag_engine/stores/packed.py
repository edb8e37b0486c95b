"""Rows taken out of tables and put in, and vectors as bytes.

Parquet codes a list number by number, and Arrow sorts, filters and copies lists as slowly.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.ragged import in_order, one_of
from graphrag_engine.schema import VECTOR

PACKED = pa.large_binary()
"""What a vector is in its file: its numbers one after the other, each in two bytes."""
PIECES = 2_000
"""Of so many a table is put together; more rows are quicker filtered and sorted."""
_METADATA = {"encoding": "little-endian 16-bit floats"}


def packed(table: pa.Table) -> pa.Table:
    """The table with its vectors as bytes; the numbers are not copied."""
    for at, field in enumerate(table.schema):
        if field.type == VECTOR:
            column = pa.chunked_array([_bytes(chunk) for chunk in table[field.name].chunks], PACKED)
            table = table.set_column(at, pa.field(field.name, PACKED, nullable=False, metadata=_METADATA), column)
    return table


def unpacked(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """What `packed` was given, where *schema* has vectors; the numbers are not copied."""
    for at, name in enumerate(table.schema.names):
        if schema.field(name).type == VECTOR:
            column = pa.chunked_array([_numbers(chunk) for chunk in table[name].chunks], VECTOR)
            table = table.set_column(at, schema.field(name), column)
    return table


def without(table: pa.Table, column: str, values: Iterable[str]) -> pa.Table:
    """The rows that have none of these values in a column; where these are few, pieces of the table, not copied."""
    found = one_of(table[column], values)
    gone = np.flatnonzero(found)
    if len(gone) > PIECES:
        return unpacked(packed(table).filter(pc.invert(found)), table.schema)
    starts, ends = [0, *(gone + 1).tolist()], [*gone.tolist(), len(table)]
    pieces = [table.slice(start, end - start) for start, end in zip(starts, ends, strict=True) if end > start]
    return pa.concat_tables([table.slice(0, 0), *pieces])


def together(kept: pa.Table, made: pa.Table, order: Sequence[str]) -> pa.Table:
    """The rows of both in order, as *kept* is already; each row is copied once where few were made."""
    made, column = in_order(made, order), order[0]
    if not len(kept):
        return made
    if len(made) > PIECES or pc.any(one_of(kept[column], made[column].to_pylist())).as_py():
        return in_order(pa.concat_tables([kept, made]), order)
    own, other, last = kept[column], made[column].to_pylist(), 0
    pieces = []
    for start, end in _runs(other):
        at = bisect_left(range(len(own)), other[start], last, key=lambda row: own[row].as_py())
        pieces += [kept.slice(last, at - last), made.slice(start, end - start)]
        last = at
    return pa.concat_tables([*pieces, kept.slice(last)]).combine_chunks()


def _runs(values: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Where each run of equal values begins and ends."""
    starts = [at for at, value in enumerate(values) if not at or value != values[at - 1]]
    return pairwise([*starts, len(values)] if starts else [])


def _bytes(vectors: pa.ListArray) -> pa.LargeBinaryArray:
    numbers = np.asarray(vectors.flatten()).astype("<f2", copy=False)
    ends = vectors.offsets.to_numpy().astype(np.int64)
    offsets = (ends - ends[0]) * numbers.itemsize
    return pa.Array.from_buffers(PACKED, len(vectors), [None, pa.py_buffer(offsets), pa.py_buffer(numbers)])


def _numbers(vectors: pa.LargeBinaryArray) -> pa.ListArray:
    _, ends, data = vectors.buffers()
    if not len(vectors) or data is None:
        return pa.array([[]] * len(vectors), VECTOR)
    offsets = np.frombuffer(ends, np.int64)[vectors.offset :][: len(vectors) + 1] // 2
    numbers = np.frombuffer(data, "<f2").astype(np.float16, copy=False)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(numbers), type=VECTOR)
