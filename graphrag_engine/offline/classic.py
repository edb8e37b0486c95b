"""Hierarchical Leiden as Microsoft GraphRAG sets it, by name for comparison."""

from collections.abc import Iterator

import graspologic_native
import numpy as np

from graphrag_engine.offline.graph import Graph
from graphrag_engine.offline.ragged import Ints

_SEED = 0xDEADBEEF


def levels(graph: Graph, max_cluster_size: int, resolution: float, iterations: int) -> Iterator[Ints]:
    """For each level, coarsest first, the community of each node; -1 for a node whose leaf was on a level before.

    Only the largest connected component is clustered, with plain weights and one seed. Microsoft's drops the
    nodes of the others; here each other component is one community, so that every node has one.
    """
    label = graph.components()
    large = label == np.bincount(label, minlength=1).argmax()
    edges = graph.inside(np.where(large, label, -1))
    if not len(edges.low):
        yield label
        return
    ends = zip(map(_name, edges.low.tolist()), map(_name, edges.high.tolist()), edges.weight.tolist(), strict=True)
    clusters = graspologic_native.hierarchical_leiden(
        list(ends), resolution=resolution, iterations=iterations, max_cluster_size=max_cluster_size, seed=_SEED
    )
    found = {0: np.where(large, -1, label)}
    for each in clusters:
        level = found.setdefault(each.level, np.full(graph.n, -1, np.int64))
        level[int(each.node)] = graph.n + each.cluster
    yield from (found[number] for number in sorted(found))


def _name(node: int) -> str:
    """Nodes are known by texts, whose order is that of their numbers."""
    return f"{node:012}"
