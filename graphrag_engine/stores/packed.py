"""Vectors as bytes: Parquet codes a list number by number, and Arrow sorts lists as slowly."""

import numpy as np
import pyarrow as pa

from graphrag_engine.schema import VECTOR

PACKED = pa.large_binary()
"""What a vector is in its file: its numbers one after the other, each in two bytes."""
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


def filtered(table: pa.Table, rows: pa.ChunkedArray) -> pa.Table:
    """The rows that are true; Arrow by itself would copy each vector number by number."""
    return unpacked(packed(table).filter(rows), table.schema)


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
