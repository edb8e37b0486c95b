from math import log2

import numpy as np
import pytest

from graphrag_engine.offline import hierarchy
from graphrag_engine.offline.graph import Graph
from graphrag_engine.offline.hierarchy import Leiden, levels

PATH = Graph.of(6, np.arange(5), np.arange(1, 6), np.ones(5))
LEIDEN = Leiden(max_cluster_size=3, resolution=1.0, iterations=2, seed=lambda nodes: int(nodes.sum()))


def groups(label: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(np.flatnonzero(label == each).tolist()) for each in set(label.tolist()) - {-1}}


def test_pairs_are_summed_sorted_and_without_loops():
    graph = Graph.of(3, np.array([2, 0, 1, 1]), np.array([0, 2, 1, 0]), np.array([1.0, 2.0, 9.0, 4.0]))

    assert (graph.low.tolist(), graph.high.tolist(), graph.weight.tolist()) == ([0, 0], [1, 2], [4.0, 3.0])


def test_weights_are_divided_by_log2_of_one_more_than_the_degree_of_both_ends():
    star = Graph.of(4, np.zeros(3, np.int64), np.arange(1, 4), np.array([6.0, 2.0, 1.0])).evened()

    assert star.weight.tolist() == pytest.approx([6 / log2(4), 2 / log2(4), 1 / log2(4)])


def test_a_community_that_leiden_leaves_unconnected_falls_apart(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hierarchy, "_communities", lambda *_: np.array([0, 0, 1, 1, 0, 0]))

    assert groups(next(levels(PATH, LEIDEN))) == {(0, 1), (2, 3), (4, 5)}


def test_small_communities_are_leaves_and_only_large_ones_are_split_again(monkeypatch: pytest.MonkeyPatch):
    answers = iter([np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 1, 1])])
    monkeypatch.setattr(hierarchy, "_communities", lambda *_: next(answers))

    assert [groups(label) for label in levels(PATH, LEIDEN)] == [{(0, 1, 2, 3), (4, 5)}, {(0, 1), (2, 3)}]


def test_each_community_is_given_alone_with_a_seed_of_its_own_members(monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[int, int, int]] = []
    two = Graph.of(10, np.array([0, 1, 2, 3, 5, 6, 7, 8]), np.array([1, 2, 3, 4, 6, 7, 8, 9]), np.ones(8))

    def communities(
        indptr: np.ndarray, indices: np.ndarray, weights: np.ndarray, _leiden: Leiden, seed: int
    ) -> np.ndarray:
        asked.append((len(indptr) - 1, int(indices.max()), seed))
        assert (int(indptr[0]), int(indptr[-1])) == (0, len(weights))
        return np.zeros(len(indptr) - 1, np.int64)

    monkeypatch.setattr(hierarchy, "_communities", communities)

    next(levels(two, LEIDEN))
    assert asked == [(5, 4, 10), (5, 4, 35)]


def test_a_graph_without_nodes_has_no_levels():
    none = np.zeros(0, np.int64)

    assert list(levels(Graph.of(0, none, none, np.zeros(0)), LEIDEN)) == []
