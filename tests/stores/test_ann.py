"""Vectors too many to be scanned: what an index of them proposes, what is told of it, and what happens without one."""

import json
import os
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest
from world import World

from graphrag_engine.schema import TABLES, empty
from graphrag_engine.stores import ann, caches
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.stores.reader import MappedStore

N, LENGTH = 2_000, 24


@pytest.fixture
def faiss() -> ModuleType:
    try:
        import faiss
    except ModuleNotFoundError as error:
        raise error if os.environ.get("CI") else pytest.skip("faiss-cpu is not installed (extra 'ann')") from None
    return faiss


@pytest.fixture
def indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ParquetStore, Manifest]:
    """An index with two thousand text units whose vectors stand in groups, and few enough allowed to be scanned."""
    monkeypatch.setattr(caches, "MOST_SCANNED", N - 1)
    chance = np.random.default_rng(3)
    middles = chance.normal(size=(40, LENGTH))
    vectors = middles[chance.integers(40, size=N)] + 0.7 * chance.normal(size=(N, LENGTH))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = [f"{at:04}" for at in range(N)]
    tables = World(documents={"a.md": "\n\n".join(ids)}).tables()
    tables["vectors"] = pa.table(
        {
            "id": tables["text_units"]["id"],
            "kind": ["text_unit"] * N,
            "vector": pa.array(list(vectors.astype(np.float16)), TABLES["vectors"].schema.field("vector").type),
        }
    )
    store = ParquetStore(tmp_path)
    with store.locked():
        entries = {name: store.write(name, tables.get(name, empty(name)))[0] for name in TABLES}
        manifest = Manifest(version=1, tables=entries)
        store.commit(manifest)
    caches.folder(store, manifest)
    return store, manifest


def reader(indexed: tuple[ParquetStore, Manifest]) -> MappedStore:
    return MappedStore(caches.folder(*indexed))


def asked(store: MappedStore) -> np.ndarray:
    """Vectors beside those that are there, as those of questions are."""
    _, matrix = store.vectors("text_units")
    return matrix[:100] + 0.5 * matrix[100:200]


def test_what_an_index_proposes_holds_the_exact_answer(
    indexed: tuple[ParquetStore, Manifest], faiss: ModuleType
) -> None:
    scan, questions = reader(indexed), asked(reader(indexed))
    exact = [scan.nearest("text_units", vector, 20)[0].tolist() for vector in questions]
    caches.propose(*indexed)

    store = reader(indexed)
    found = [store.nearest("text_units", vector, 20)[0].tolist() for vector in questions]

    assert sum(len({*one} & {*other}) for one, other in zip(found, exact, strict=True)) >= 0.95 * 20 * len(questions)
    assert len(ann.search(store._proposer("text_units"), questions[0], 20)) < N / 4


def test_scores_are_those_of_the_vectors_themselves_best_first(
    indexed: tuple[ParquetStore, Manifest], faiss: ModuleType
) -> None:
    caches.propose(*indexed)
    store = reader(indexed)
    place, matrix = store.vectors("text_units")

    rows, scores = store.nearest("text_units", matrix[7], 5)

    assert rows[0] == place[7]
    assert scores.tolist() == pytest.approx((matrix[np.searchsorted(place, rows)] @ matrix[7]).tolist())
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_its_recall_is_measured_and_told_beside_it(indexed: tuple[ParquetStore, Manifest], faiss: ModuleType) -> None:
    caches.propose(*indexed)
    told = json.loads(ann.about(reader(indexed).indexed("text_units")).read_text("utf-8"))

    assert told["rows"] == N
    assert told["library"].startswith("faiss-cpu ")
    assert told["factory"] == "IVF178,SQ8"
    assert 1 < told["probes"] <= 178
    assert 0.97 <= told["recall"] <= 1


def test_the_same_vectors_give_the_same_index(indexed: tuple[ParquetStore, Manifest], faiss: ModuleType) -> None:
    caches.propose(*indexed)
    path = reader(indexed).indexed("text_units")
    before = path.read_bytes()

    ann.build(reader(indexed).vectors("text_units")[1], path)

    assert path.read_bytes() == before


def test_an_index_that_is_there_is_not_made_again(indexed: tuple[ParquetStore, Manifest], faiss: ModuleType) -> None:
    caches.propose(*indexed)
    path = reader(indexed).indexed("text_units")
    path.write_bytes(b"kept")
    caches.propose(*indexed)

    assert path.read_bytes() == b"kept"


def test_what_is_allowed_is_scanned_without_the_index(
    indexed: tuple[ParquetStore, Manifest], faiss: ModuleType
) -> None:
    caches.propose(*indexed)
    store = reader(indexed)
    allowed = np.arange(0, N, 40)
    rows, scores = store.nearest("text_units", asked(store)[0], N)
    seen = np.isin(rows, allowed)

    found = store.nearest("text_units", asked(store)[0], 5, allowed)

    assert found[0].tolist() == rows[seen][:5].tolist()
    assert found[1].tolist() == pytest.approx(scores[seen][:5].tolist())


def test_as_many_as_asked_for_are_found_where_the_index_proposes_fewer(
    indexed: tuple[ParquetStore, Manifest], faiss: ModuleType
) -> None:
    caches.propose(*indexed)
    store = reader(indexed)

    assert len(store.nearest("text_units", asked(store)[0], N)[0]) == N


@pytest.mark.parametrize("damage", ["index", "about", "rows"])
def test_a_damaged_index_is_not_used(indexed: tuple[ParquetStore, Manifest], faiss: ModuleType, damage: str) -> None:
    vector, exact = asked(reader(indexed))[0], reader(indexed).nearest("text_units", asked(reader(indexed))[0], 3)
    caches.propose(*indexed)
    path = reader(indexed).indexed("text_units")
    if damage == "index":
        path.write_bytes(b"broken")
    else:
        ann.about(path).write_text("{" if damage == "about" else ann.about(path).read_text().replace("2000", "1999"))

    store = reader(indexed)

    assert store._proposer("text_units") is None
    assert store.nearest("text_units", vector, 3)[0].tolist() == exact[0].tolist()


def test_without_the_library_all_are_scanned_and_what_to_install_is_told(
    indexed: tuple[ParquetStore, Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    caches.propose(*indexed)

    (told,) = caches.advice(*indexed)

    assert len(reader(indexed).nearest("text_units", asked(reader(indexed))[0], 3)[0]) == 3
    assert told.startswith("2,000 vectors of text units")
    assert "graphrag-engine[ann]" in told


def test_an_index_made_with_the_library_is_of_no_harm_without(
    indexed: tuple[ParquetStore, Manifest], faiss: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    caches.propose(*indexed)
    monkeypatch.setitem(sys.modules, "faiss", None)

    assert len(reader(indexed).nearest("text_units", asked(reader(indexed))[0], 3)[0]) == 3


def test_few_vectors_are_scanned_and_nothing_is_advised(
    indexed: tuple[ParquetStore, Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "MOST_SCANNED", N)
    caches.propose(*indexed)

    assert caches.advice(*indexed) == ()
    assert not reader(indexed).indexed("text_units").exists()
