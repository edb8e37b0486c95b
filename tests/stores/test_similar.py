"""Which vectors are alike: by the definition, few of each, and by an index where there are many."""

import tracemalloc

import numpy as np
import pytest

from graphrag_engine.stores import ann, similar


def unit_vectors(n: int, numbers: int = 32) -> np.ndarray:
    """Vectors in groups, as names are."""
    chance = np.random.default_rng(3)
    vectors = chance.normal(size=(40, numbers))[chance.integers(40, size=n)] + 0.45 * chance.normal(size=(n, numbers))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def ties(matrix: np.ndarray) -> dict[int, list[int]]:
    near, far, _ = similar.similar(matrix)
    return {row: far[near == row].tolist() for row in range(len(matrix))}


@pytest.mark.parametrize("numbers", [32, 384])
def test_ties_are_those_of_the_definition(numbers: int) -> None:
    matrix = unit_vectors(300, numbers)
    cosines = np.round((matrix @ matrix.T).astype(np.float64), 3)
    np.fill_diagonal(cosines, 0)
    by_hand = {
        row: [int(other) for other in np.argsort(-line, kind="stable")[:8] if line[other] >= 0.8]
        for row, line in enumerate(cosines)
    }

    assert ties(matrix) == by_hand
    assert {len(found) for found in by_hand.values()} > {8}


@pytest.mark.parametrize("few", [0, 10**6])
def test_ties_do_not_depend_on_how_many_are_compared_at_once(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = unit_vectors(300, 384).astype(np.float16)
    whole = ties(matrix)
    for name, size in {"_BLOCK": 7, "_OTHERS": 50, "_FEW": few}.items():
        monkeypatch.setattr(similar, name, size)

    assert ties(matrix) == whole


def test_of_short_numbers_no_longer_copy_is_made() -> None:
    matrix = np.eye(6_000, 1_000, dtype=np.float16)
    tracemalloc.start()
    similar.similar(matrix)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 1.5 * matrix.nbytes


def test_many_names_of_one_vector_are_tied_to_eight_each_but_not_to_themselves() -> None:
    found = ties(np.tile(np.array([[1.0, 0.0]], np.float32), (600, 1)))

    assert found[0] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert found[599] == [0, 1, 2, 3, 4, 5, 6, 7]


def test_what_has_no_direction_is_like_nothing() -> None:
    assert ties(np.zeros((3, 2), np.float32)) == {0: [], 1: [], 2: []}


def test_of_many_an_index_proposes(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("faiss")
    matrix = unit_vectors(2_000)
    exact = ties(matrix)
    monkeypatch.setattr(similar, "COMPARED", 1_000)
    proposed = ties(matrix)

    shared = sum(len({*proposed[row]} & {*exact[row]}) for row in exact)
    assert shared >= 0.95 * sum(map(len, exact.values())) > 0


def test_of_many_none_are_alike_where_no_index_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "COMPARED", 100)
    monkeypatch.setattr(ann, "installed", lambda: False)

    assert len(similar.similar(unit_vectors(200))[0]) == 0
