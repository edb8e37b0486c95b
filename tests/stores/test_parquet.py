import json
import multiprocessing
import resource
import signal
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrag_engine.errors import FormatError, IndexNotFound, Locked, StoreError, TableNotFound
from graphrag_engine.schema import TABLES, VECTOR, empty
from graphrag_engine.stores import parquet
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore

SCHEMA = TABLES["resolutions"].schema


def resolutions(*rows):
    return pa.table([list(column) for column in zip(*rows, strict=True)], schema=SCHEMA)


VALE = ("Vale", "Elias Vale", "same", "surname", 0.8, "d1", None, None)
HPA = ("HPA", "Harbour Pilots", "same", "acronym", 0.9, None, None, None)


def units(numbers):
    ids = [f"{number * 11400714819323198485 % 2**64:016x}" for number in numbers]
    blank = ["x"] * len(ids)
    zero = [0] * len(ids)
    return pa.table([ids, blank, zero, zero, zero, zero, blank, blank], schema=TABLES["text_units"].schema)


@pytest.fixture
def store(tmp_path):
    return ParquetStore(tmp_path)


def files(store):
    return {path.relative_to(store.home): path.read_bytes() for path in store.home.rglob("*") if path.is_file()}


def test_a_table_reads_back_as_it_was_written_in_its_order(store):
    entry, _ = store.write("resolutions", resolutions(VALE, HPA))

    assert store.read("resolutions", entry).equals(resolutions(HPA, VALE))
    assert entry.rows == 2


def test_single_columns_can_be_read(store):
    entry, _ = store.write("resolutions", resolutions(VALE))

    assert store.read("resolutions", entry, ["right"]).to_pydict() == {"right": ["Elias Vale"]}


def test_a_column_that_an_older_part_has_not_is_null(store):
    entry, _ = store.write("resolutions", resolutions(VALE))
    (part,) = store.home.rglob("*.parquet")
    pq.write_table(resolutions(VALE).drop_columns(["right_type"]), part)

    assert store.read("resolutions", entry).equals(resolutions(VALE))


@pytest.mark.parametrize("name", TABLES)
def test_every_table_can_be_empty(store, name):
    assert store.read(name, store.write(name, empty(name))[0]).equals(empty(name))


def test_odd_text_survives(store):
    odd = ("a\nb\t'\"$`\\", "한국어 \U0001f6a2 \x00", "same", "x" * 1_000_000, 0.5, None, None, None)

    entry, _ = store.write("resolutions", resolutions(odd))

    assert store.read("resolutions", entry).to_pylist() == resolutions(odd).to_pylist()


def test_equal_content_has_one_part_whatever_its_chunks_and_order(store):
    whole = resolutions(VALE, HPA)
    pieces = pa.concat_tables([resolutions(HPA), resolutions(HPA, VALE).slice(1)])

    assert store.write("resolutions", whole)[0] == store.write("resolutions", pieces)[0]
    assert len(files(store)) == 1


def test_a_large_table_is_split_by_ids_and_an_update_rewrites_one_part(store, monkeypatch):
    monkeypatch.setattr(parquet, "_ROWS_A_PART", 1_000)
    before, _ = store.write("text_units", units(range(1_200)))

    after, _ = store.write("text_units", units(range(1_201)))

    assert len(before.parts) == 16
    assert len(set(before.parts.values()) & set(after.parts.values())) == 15
    read = store.read("text_units", after)["id"].to_pylist()
    assert read == sorted(read)
    assert len(read) == 1_201


def test_a_part_that_is_known_to_be_the_same_is_not_written(store):
    entry, table = store.write("resolutions", resolutions(VALE, HPA), same={"": "0123456789abcdef"})

    assert entry.parts == {"": "0123456789abcdef"}
    assert table.equals(resolutions(HPA, VALE))
    assert files(store) == {}


def test_a_table_without_its_columns_is_refused_and_nothing_is_written(store):
    with pytest.raises(KeyError):
        store.write("resolutions", pa.table({"left": ["a"]}))

    assert not store.home.exists()


def test_a_null_where_none_may_be_is_refused(store):
    with pytest.raises(ValueError, match="left"):
        store.write("resolutions", pa.table([[None], *[[value] for value in VALE[1:]]], names=SCHEMA.names))


def test_before_the_first_version_there_is_none(store):
    assert store.current() is None
    with pytest.raises(IndexNotFound, match="index SOURCE"):
        store.existing()


def test_the_last_commit_is_in_force_and_all_versions_are_kept(store):
    entry, _ = store.write("resolutions", resolutions(VALE))
    for number in (1, 2):
        store.commit(Manifest(version=number, tables={"resolutions": entry}, sources=("docs",)))

    assert store.existing() == Manifest(version=2, tables={"resolutions": entry}, sources=("docs",))
    assert store.versions() == (1, 2)


def test_the_manifest_in_force_is_read_once_until_another_is(store):
    store.commit(Manifest(version=1, tables={}))
    first = store.current()
    (store.home / "versions" / "1.json").unlink()

    assert store.current() is first
    ParquetStore(store.root).commit(Manifest(version=2, tables={}))
    assert store.current().version == 2
    (store.home / "CURRENT").unlink()
    assert store.current() is None


def test_a_manifest_without_its_pointer_is_not_in_force(store):
    store.commit(Manifest(version=1, tables={}))
    (store.home / "versions" / "2.json").write_text("half a mani")

    assert store.existing().version == 1


@pytest.mark.parametrize("change", [{"format": 99}, {"format": 99, "tables": 3}])
def test_an_index_of_another_format_is_refused_in_one_line(store, change):
    store.commit(Manifest(version=1, tables={}))
    path = store.home / "versions" / "1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))

    with pytest.raises(FormatError, match="format"):
        store.current()


def test_an_unknown_table_is_named(store):
    with pytest.raises(TableNotFound, match="'entitys'"):
        Manifest(version=1, tables={}).entry("entitys")


def test_a_part_that_is_gone_is_one_sentence(store):
    entry, _ = store.write("resolutions", resolutions(VALE))
    next(store.home.rglob("*.parquet")).unlink()

    with pytest.raises(StoreError, match="resolutions"):
        store.read("resolutions", entry)


def test_a_root_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="file"), ParquetStore(tmp_path / "file").locked():
        pass


def hold(root, held, done):
    with ParquetStore(root).locked():
        held.set()
        done.wait(30)


def test_a_second_writer_is_refused_while_the_first_works(tmp_path):
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(tmp_path, held, done))
    other.start()
    assert held.wait(30)

    with pytest.raises(Locked, match="Another run"), ParquetStore(tmp_path).locked():
        pass

    done.set()
    other.join()
    with ParquetStore(tmp_path).locked():
        pass


def test_a_lock_left_by_a_dead_run_does_not_hold(tmp_path):
    (tmp_path / ".graphrag").mkdir()
    (tmp_path / ".graphrag" / "lock").write_text("")

    with ParquetStore(tmp_path).locked():
        pass


@pytest.fixture
def full_disk():
    """No file may grow past 100 bytes."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_is_one_sentence_and_leaves_nothing_half(store, full_disk):
    with pytest.raises(StoreError, match="tables/resolutions"):
        store.write("resolutions", resolutions(VALE))

    assert files(store) == {}


def test_derived_folders_are_built_once_and_whole(store):
    built = []

    def build(folder: Path):
        built.append(folder)
        (folder / "cache").write_text("x")

    first = store.derived("abc", build)

    assert store.derived("abc", build) == first
    assert (first / "cache").read_text() == "x"
    assert len(built) == 1


def test_a_derived_folder_that_failed_is_not_there(store):
    def build(folder: Path):
        (folder / "half").write_text("x")
        raise StoreError("no space")

    with pytest.raises(StoreError):
        store.derived("abc", build)

    assert not (store.home / "derived" / "abc").exists()
    assert list((store.home / "derived").iterdir()) == []


COUNTED, LONG = pa.proxy_memory_pool(pa.system_memory_pool()), pa.proxy_memory_pool(pa.system_memory_pool())
"""Pools that know their peak, one for each test; what was taken from them may outlive it."""


def test_blocks_of_a_large_part_take_the_memory_of_a_block(tmp_path, request):
    request.addfinalizer(partial(pa.set_memory_pool, pa.default_memory_pool()))
    store, n = ParquetStore(tmp_path), 4_000
    numbers = pa.array(np.zeros(n * 1_024, np.float16))
    vectors = pa.ListArray.from_arrays(pa.array(np.arange(n + 1) * 1_024, pa.int32()), numbers, type=VECTOR)
    columns = [pa.array([f"{at:04}" for at in range(n)]), pa.array(["report"] * n), vectors]
    entry, _ = store.write("vectors", pa.table(columns, schema=TABLES["vectors"].schema))
    pa.set_memory_pool(COUNTED)

    block = next(store.blocks("vectors", entry.parts.values(), ["id", "vector"], 100))

    assert len(block) == 100
    assert COUNTED.max_memory() < numbers.nbytes / 2


def test_of_long_texts_few_are_packed_and_read_at_once(tmp_path, request):
    request.addfinalizer(partial(pa.set_memory_pool, pa.default_memory_pool()))
    store, texts = ParquetStore(tmp_path), [f"{number} " + "The harbour froze. " * 500 for number in range(400)]
    table = units(range(400)).set_column(7, TABLES["text_units"].schema.field("text"), pa.array(texts))
    entry, _ = store.write("text_units", table)
    pa.set_memory_pool(LONG)

    block = next(store.blocks("text_units", entry.parts.values(), ["id", "text"], 4))

    assert len(block) == 4
    assert LONG.max_memory() < table.nbytes / 5


def test_vectors_in_pieces_have_the_file_of_those_in_one(tmp_path):
    numbers = pa.ListArray.from_arrays(
        pa.array(np.arange(1_501) * 1_024, pa.int32()),
        pa.array((np.arange(1_500 * 1_024) % 999).astype(np.float16)),
        type=VECTOR,
    )
    columns = [pa.array([f"{at:04}" for at in range(1_500)]), pa.array(["report"] * 1_500), numbers]
    whole = pa.table(columns, schema=TABLES["vectors"].schema)
    pieces = pa.concat_tables([whole.slice(at, 7) for at in range(0, 1_500, 7)])

    files = []
    for number, table in enumerate((whole, pieces)):
        store = ParquetStore(tmp_path / str(number))
        store.write("vectors", table)
        files += [(path.name, path.read_bytes()) for path in store.home.glob("tables/vectors/*")]

    assert files[0] == files[1]
