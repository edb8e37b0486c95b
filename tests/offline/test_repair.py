from collections.abc import Sequence
from itertools import combinations, product

import numpy as np

from graphrag_engine.offline.graph import Graph
from graphrag_engine.offline.repair import Past

Edges = dict[tuple[int, int], float]

AFAR = range(20, 40)
"""A clique of these is so large that beside it small communities would share nothing by chance."""


def clique(*nodes: int) -> Edges:
    return dict.fromkeys(combinations(nodes, 2), 1.0)


def repaired(
    edges: Edges, communities: Sequence[Sequence[int]], dirty: Sequence[int] = (), gone: int = 0, afar: bool = True
) -> tuple[list[list[int]], list[int]]:
    """New communities of two or more nodes, and the nodes that moved; *gone*: lost members of the first community."""
    whole = edges | (clique(*AFAR) if afar else {})
    ends = np.array(list(whole)).T
    graph = Graph.of(40, ends[0], ends[1], np.array(list(whole.values())))
    before = np.full(40, -1)
    for number, nodes in enumerate([*communities, AFAR]):
        before[list(nodes)] = number
    size = np.array([len(nodes) for nodes in [*communities, AFAR]])
    size[0] += gone
    past = Past([before], size, np.isin(np.arange(40), dirty), doubted=False)
    after = np.zeros(40, np.int64)

    moved = past.repair(graph, np.zeros(40, np.int64), 1.0, after)

    groups = [np.flatnonzero(after == label).tolist() for label in dict.fromkeys(after[:20].tolist())]
    return [nodes for nodes in groups if len(nodes) > 1], np.flatnonzero(moved).tolist()


def test_a_dirty_node_goes_where_its_edges_go():
    edges = clique(0, 1, 2, 3) | clique(4, 5, 6, 7) | {(0, 4): 3.0, (0, 5): 3.0}

    assert repaired(edges, [[0, 1, 2, 3], [4, 5, 6, 7]], dirty=[0], afar=False) == ([[0, 4, 5, 6, 7], [1, 2, 3]], [0])


def test_a_node_that_is_not_dirty_stays_even_where_it_would_gain():
    edges = clique(0, 1, 2, 3) | clique(4, 5, 6, 7) | {(0, 4): 3.0, (0, 5): 3.0}

    assert repaired(edges, [[0, 1, 2, 3], [4, 5, 6, 7]], dirty=[7], afar=False) == ([[0, 1, 2, 3], [4, 5, 6, 7]], [])


def test_neighbours_follow_a_node_that_moved():
    edges = clique(1, 2, 3) | clique(4, 5, 6, 7) | {(0, 4): 3.0, (0, 5): 3.0, (0, 8): 1.0, (1, 8): 0.2}

    groups, moved = repaired(edges, [[0, 1, 2, 3, 8], [4, 5, 6, 7]], dirty=[0], afar=False)

    assert groups == [[0, 4, 5, 6, 7, 8], [1, 2, 3]]
    assert moved == [0, 8]


def test_a_gain_of_a_hair_moves_nothing():
    edges = clique(0, 1, 2) | clique(3, 4, 5)

    for weight, moved in ((4.0, []), (5.0, [0])):
        assert repaired(edges | {(0, 3): weight}, [[0, 1, 2], [3, 4, 5]], dirty=[0], afar=False)[1] == moved


def test_communities_join_where_all_gain_though_no_node_does():
    edges = clique(0, 1, 2, 3) | clique(4, 5, 6, 7) | dict.fromkeys(product(range(4), range(4, 8)), 0.6)

    assert repaired(edges, [[0, 1, 2, 3], [4, 5, 6, 7]], dirty=[0])[0] == [[0, 1, 2, 3, 4, 5, 6, 7]]


def test_a_community_that_lost_a_member_may_join_another_without_a_dirty_node():
    edges = {(0, 1): 1.0, (1, 2): 3.0} | clique(2, 3, 4)

    assert repaired(edges, [[0, 1], [2, 3, 4]])[0] == [[0, 1], [2, 3, 4]]
    assert repaired(edges, [[0, 1], [2, 3, 4]], gone=1)[0] == [[0, 1, 2, 3, 4]]


def test_a_chain_of_joins_ends_in_one_label():
    edges = {(at, at + 1): 1.0 for at in range(9)}

    assert repaired(edges, [[at] for at in range(10)], dirty=range(10))[0] == [list(range(10))]


def test_new_nodes_begin_alone_and_join_by_their_edges():
    edges = clique(0, 1, 2) | {(2, 3): 1.0, (3, 4): 1.0, (6, 7): 1.0}

    assert repaired(edges, [[0, 1, 2]], dirty=[3, 4, 6, 7])[0] == [[0, 1, 2, 3, 4], [6, 7]]


def test_nothing_is_expected_between_parts():
    one = Graph.of(6, np.array([0, 1, 3, 4]), np.array([1, 2, 4, 5]), np.ones(4))
    past = Past([np.array([0, 0, 1, 0, 0, 1])], np.array([4, 2]), np.ones(6, bool), doubted=False)
    label = np.zeros(6, np.int64)

    past.repair(one, np.array([0, 0, 0, 1, 1, 1]), 1.0, label)

    assert label[0] == label[1] == label[2] != label[3] == label[4] == label[5]


def test_who_moved_is_dirty_on_the_next_level_and_leaves_are_remembered():
    past = Past([np.array([0, 0, 1]), np.array([2, -1, -1])], np.array([2, 1, 1]), np.zeros(3, bool), doubted=False)

    below = past.below(np.array([False, False, True]))

    assert below.dirty.tolist() == [False, False, True]
    assert below.below(below.dirty)._last().tolist() == [2, 0, 1]


def test_changed_parts_that_were_not_split_before_are_strange():
    past = Past([np.array([0, -1, -1, 1, 1, -1, -1])], np.array([1, 2]), np.arange(7) % 3 == 1, doubted=False)

    strange = past.strange(np.array([0, 0, 0, 1, 1, 1, -1]))

    assert np.flatnonzero(strange).tolist() == [0, 1, 2]
