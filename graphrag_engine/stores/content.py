"""What a table holds as one hash, whatever chunks, slices and buffers it came in."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest_bytes
from graphrag_engine.offline.ragged import one_array


def content_hash(table: pa.Table) -> str:
    """Hash of the rows, types and column names; not of rows beside a slice, nor of what lies under a null."""
    return digest_bytes(_content_of_table(table))


def _content_of_table(table: pa.Table) -> Iterator[bytes | memoryview]:
    for field in table.schema:
        yield repr((field.name, str(field.type), field.nullable)).encode()
        column = table[field.name]
        yield from _texts_of(column) if _is_text(field) else _content(one_array(column))


def _is_text(field: pa.Field) -> bool:
    return not field.nullable and (pa.types.is_string(field.type) or pa.types.is_large_string(field.type))


def _texts_of(column: pa.ChunkedArray) -> Iterator[bytes | memoryview]:
    """The same as `_content` of all in one piece, which is not made: texts may be long."""
    chunks = [chunk for chunk in column.chunks if len(chunk)]
    yield b"%d %d\n" % (len(column), 0)
    for chunk in chunks:
        yield from _values(pc.binary_length(chunk))
    for chunk in chunks:
        yield from _letters(chunk)


def _content(array: pa.Array) -> Iterator[bytes | memoryview]:
    """How many values and nulls there are, and where; then the values that are not null."""
    yield b"%d %d\n" % (len(array), array.null_count)
    if array.null_count:
        yield from _values(array.is_null())
        array = array.drop_null()
    yield from _values(array)


def _values(array: pa.Array) -> Iterator[bytes | memoryview]:
    """The bytes of an array without nulls."""
    if pa.types.is_list(array.type):
        yield from _values(pc.list_value_length(array))
        yield from _content(array.flatten())
    elif pa.types.is_struct(array.type):
        for inner in array.flatten():
            yield from _content(inner)
    elif pa.types.is_boolean(array.type):
        yield array.cast(pa.uint8()).to_numpy().data
    elif pa.types.is_primitive(array.type):
        yield array.to_numpy().data
    elif len(array):
        yield from _texts(array)


def _texts(array: pa.Array) -> Iterator[bytes | memoryview]:
    """The lengths of strings, or of bytes, and all of them one after the other."""
    yield from _values(pc.binary_length(array))
    yield from _letters(array)


def _letters(array: pa.Array) -> Iterator[memoryview]:
    """Strings, or bytes, one after the other."""
    _, ends, data = array.buffers()
    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    offsets = np.frombuffer(ends, np.int64 if wide else np.int32)
    if data is not None:
        yield memoryview(data)[offsets[array.offset] : offsets[array.offset + len(array)]]
