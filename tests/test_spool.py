from pathlib import Path

import pyarrow as pa
import pytest

from graphrag_engine import Engine, spool
from graphrag_engine.schema import TABLES
from graphrag_engine.sources import reading
from graphrag_engine.spool import LARGE, Growing, Spool
from graphrag_engine.stores.parquet import ParquetStore

EXAMPLE = Path(__file__).parent.parent / "examples" / "harbour"
COLUMNS = {
    "id": pa.array(["a", "b", None, "d"]),
    "vector": pa.array([[1.5, 2.0], [], [3.0], [0.25]], pa.list_(pa.float16())),
    "cited": pa.array([[{"n": 1, "quote": "It sailed."}], [], None, [{"n": 2, "quote": ""}]]),
    "text": pa.array(["", "Ä", "long " * 50, "x"], pa.large_string()),
}


def rows(megabytes):
    return pa.table({"text": ["x" * (1 << 20)] * megabytes})


@pytest.fixture
def everything_is_large(monkeypatch):
    monkeypatch.setattr(spool, "LARGE", 1)
    monkeypatch.setattr(reading, "LARGE", 1)


@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("some", [slice(None), slice(1, 3), slice(0, 0)])
def test_a_table_is_the_same_in_a_file(tmp_path, some):
    table = pa.table(COLUMNS)[some]

    assert Spool(tmp_path).table(table).equals(table)


def test_a_small_table_stays_as_it_is(tmp_path):
    table = pa.table(COLUMNS)

    assert Spool(tmp_path).table(table) is table


def test_a_large_table_takes_no_memory(tmp_path):
    place, before = Spool(tmp_path), pa.total_allocated_bytes()

    kept = place.table(rows(40))

    assert kept.nbytes >= LARGE
    assert pa.total_allocated_bytes() - before < LARGE // 100


@pytest.mark.usefixtures("everything_is_large")
def test_no_file_has_a_name(tmp_path):
    place = Spool(tmp_path)

    kept = place.table(pa.table(COLUMNS)), place.text([b"some words"])

    assert kept
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("everything_is_large")
def test_what_was_let_go_of_is_read_again(tmp_path):
    place, table = Spool(tmp_path), pa.table(COLUMNS)
    kept = place.table(table)

    place.let_go()

    assert kept.equals(table)


@pytest.mark.usefixtures("everything_is_large")
def test_a_table_that_the_disk_does_not_take_stays_in_memory(tmp_path):
    table = pa.table(COLUMNS)

    assert Spool(tmp_path / "missing").table(table) is table


@pytest.mark.parametrize("pieces", [[], [b""], [b"one ", b"", b"two"]])
def test_a_text_is_its_pieces(tmp_path, pieces):
    assert bytes(Spool(tmp_path).text(pieces)) == b"".join(pieces)


def test_a_growing_table_has_all_rows_in_order_and_little_in_memory(tmp_path):
    growing, before = Growing(Spool(tmp_path), rows(1).schema), pa.total_allocated_bytes()

    for number in range(100):
        growing.add(pa.table({"text": [f"{number:<{1 << 20}}"]}))
        assert pa.total_allocated_bytes() - before <= 2 * LARGE

    assert [int(each) for each in growing.table()["text"].to_pylist()] == list(range(100))


def test_a_small_growing_table_is_in_one_piece(tmp_path):
    growing = Growing(Spool(tmp_path), rows(1).schema)

    for text in ("a", "b"):
        growing.add(pa.table({"text": [text]}))

    assert growing.table()["text"].chunks == [pa.array(["a", "b"])]


def test_a_table_that_never_grew_has_its_columns(tmp_path):
    schema = TABLES["documents"].schema

    assert Growing(Spool(tmp_path), schema).table().equals(schema.empty_table())


def test_mapped_rows_stay_where_they_lie(tmp_path):
    growing = Growing(Spool(tmp_path), rows(1).schema)
    mapped = pa.table({"text": ["b"]})

    growing.add(pa.table({"text": ["a"]}))
    growing.add_mapped(mapped)
    growing.add(pa.table({"text": ["c"]}))
    found = growing.table()["text"]

    assert found.to_pylist() == ["a", "b", "c"]
    assert found.chunks[1].buffers()[2].address == mapped["text"].chunks[0].buffers()[2].address


def test_an_index_is_the_same_with_all_in_files(tmp_path, request):
    places = [tmp_path / "memory", tmp_path / "files"]

    for place in places:
        Engine.open(place).index(EXAMPLE)
        request.getfixturevalue("everything_is_large")

    memory, files = (ParquetStore(place).existing() for place in places)
    assert files.tables == memory.tables
    assert all(not path.name.startswith("tmp") for path in (places[1] / ".graphrag").iterdir())
