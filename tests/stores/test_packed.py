"""Vectors on disk: bytes that other tools can read, and the same vectors again."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.schema import TABLES, VECTOR
from graphrag_engine.stores.packed import packed, together, unpacked, without
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


@pytest.mark.parametrize("pieces", [0, 10])
def test_rows_that_are_kept_keep_their_vectors(monkeypatch, pieces):
    monkeypatch.setattr("graphrag_engine.stores.packed.PIECES", pieces)
    chunked = pa.concat_tables([table(VECTORS).slice(2), table(VECTORS).slice(1, 2), table([])])

    assert without(chunked, "id", {"3", "1"}).equals(pa.concat_tables([table(VECTORS).slice(2, 1)] * 2))
    assert without(chunked.select(["id"]), "id", {"3", "1"})["id"].to_pylist() == ["2", "2"]
    assert without(chunked, "id", {"1", "2", "3"}).equals(table([]))


@given(st.lists(st.sampled_from("km"), max_size=30))
def test_rows_are_put_where_they_belong(owners):
    """Owners of two rows each, whose rows are kept (k) or made again (m)."""
    whole = table([[float(at)] for at in range(len(owners))])
    whole = whole.set_column(0, "id", pa.array([f"{at // 2:02}" for at in range(len(owners))]))
    kept, made = (
        whole.filter(pa.array([owners[at // 2 * 2] == kind for at in range(len(owners))], pa.bool_())) for kind in "km"
    )

    assert together(kept, made, TABLES["vectors"].order).equals(whole)


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
