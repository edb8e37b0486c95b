"""Vectors on their way into the caches: block by block, to the bit, and mapped as one matrix."""

import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from world import World

from graphrag_engine.errors import Damaged
from graphrag_engine.schema import TABLES
from graphrag_engine.stores import caches
from graphrag_engine.stores.manifest import Entry, Manifest
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.stores.reader import MappedStore, save
from graphrag_engine.stores.vectors import Vectors, mapped, write

N, BLOCK, LENGTH = 4_000, 100, 64


def some(n: int = N) -> Vectors:
    def blocks() -> Iterator[np.ndarray]:
        chance = np.random.default_rng(3)
        return (chance.normal(size=(BLOCK, LENGTH)).astype(np.float16) for _ in range(0, n, BLOCK))

    return Vectors(np.arange(n, dtype=np.int32), blocks)


@pytest.mark.parametrize("n", [0, BLOCK, N])
def test_what_is_mapped_is_what_was_written(n: int, tmp_path: Path) -> None:
    write(tmp_path / "x.npy", some(n))

    matrix = mapped(tmp_path / "x.npy")

    assert matrix.dtype == np.float32
    assert not matrix.flags.owndata
    assert not matrix.flags.writeable
    assert np.array_equal(matrix.ravel(), some(n).whole().ravel())


def test_a_block_at_a_time_is_in_memory(tmp_path: Path) -> None:
    vectors = some()
    tracemalloc.start()

    write(tmp_path / "x.npy", vectors)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < N * LENGTH * 4 / 4


@pytest.mark.parametrize("damage", [b"", b"broken", "cut"])
def test_a_damaged_file_is_named_in_one_sentence(damage: bytes | str, tmp_path: Path) -> None:
    save(tmp_path, [("text_units.vectors", some())])
    path = tmp_path / "text_units.vectors.npy"
    path.write_bytes(path.read_bytes()[:-9] if isinstance(damage, str) else damage)

    with pytest.raises(Damaged, match=r"vectors\.npy"):
        MappedStore(tmp_path).vectors("text_units")


class Frugal(ParquetStore):
    """A store that refuses to read all vectors at once."""

    def read(self, name: str, entry: Entry, columns: Sequence[str] | None = None) -> pa.Table:
        assert name != "vectors" or (columns and "vector" not in columns)
        return super().read(name, entry, columns)


def test_the_vectors_of_an_index_are_never_in_memory_together(tmp_path: Path) -> None:
    texts = ["Velm is a port.", "The Tern sailed."]
    world = World(
        documents={f"{at}.md": text for at, text in enumerate(texts)},
        names={"Velm": "place", "Velma": "place"},
        vectors={texts[0]: (1.0, 0.0), texts[1]: (0.0, 1.0), "Velm": (0.6, 0.8), "Velma": (0.6, 0.8)},
    )
    store = Frugal(tmp_path)
    manifest = Manifest(version=1, tables={name: store.write(name, each)[0] for name, each in world.tables().items()})

    reader = MappedStore(caches.folder(store, manifest))

    said = [row["text"] for row in reader.rows("text_units", np.arange(2), ["text"])]
    assert reader.vectors("text_units")[1].tolist() == [list(world.vectors[text]) for text in said]
    assert reader.count("similar") == 2
    assert TABLES["vectors"].columns["vector"].large
