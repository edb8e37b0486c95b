"""Vectors on disk: bytes that other tools can read, and the same vectors again."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrag_engine.schema import TABLES, VECTOR
from graphrag_engine.stores.packed import filtered, packed, unpacked
from graphrag_engine.stores.parquet import ParquetStore

SCHEMA = TABLES["vectors"].schema
VECTORS = [[0.5, -2.0], [], [65504.0, 6e-8, 0.25], [1.0]]


def table(vectors):
    names = [str(number) for number in range(len(vectors))]
    return pa.table([names, ["report"] * len(names), pa.array(vectors, VECTOR)], schema=SCHEMA)


@pytest.mark.parametrize("vectors", [VECTORS, [], [[], []], [[0.0] * 7] * 3])
def test_vectors_of_any_length_come_back(tmp_path, vectors):
    entry, _ = ParquetStore(tmp_path).write("vectors", table(vectors))

    assert ParquetStore(tmp_path).read("vectors", entry).equals(table(vectors))


def test_slices_and_chunks_come_back():
    whole = pa.concat_tables([table(VECTORS).slice(2), table(VECTORS).slice(1, 2), table([])])

    assert unpacked(packed(whole), SCHEMA).equals(whole)
    assert unpacked(packed(whole).slice(1, 2), SCHEMA).equals(whole.slice(1, 2))


def test_rows_that_are_kept_keep_their_vectors():
    pieces = pa.concat_tables([table(VECTORS).slice(2), table(VECTORS).slice(1, 2), table([])])
    rows = pa.chunked_array([[True, False], [False, True]])

    assert filtered(pieces, rows).equals(pa.concat_tables([table(VECTORS).slice(2, 1)] * 2))
    assert filtered(pieces.select(["id"]), rows)["id"].to_pylist() == ["2", "2"]


def test_equal_vectors_are_one_part_whatever_their_chunks_and_order(tmp_path):
    store, whole = ParquetStore(tmp_path), table(VECTORS)
    pieces = pa.concat_tables([whole.slice(2), whole.slice(0, 2)])

    assert store.write("vectors", pieces)[0] == store.write("vectors", whole)[0]
    assert store.write("vectors", pieces)[1].equals(whole)
    assert store.write("vectors", whole.slice(2))[0] == store.write("vectors", whole.take([2, 3]))[0]


def test_the_file_holds_the_bytes_of_the_numbers_and_says_so(tmp_path):
    store = ParquetStore(tmp_path)
    store.write("vectors", table(VECTORS))

    (path,) = tmp_path.rglob("*.parquet")
    column = pq.read_table(path)["vector"].to_pylist()

    assert [np.frombuffer(value, "<f2").tolist() for value in column] == table(VECTORS)["vector"].to_pylist()
    assert pq.read_schema(path).field("vector").metadata == {b"encoding": b"little-endian 16-bit floats"}
