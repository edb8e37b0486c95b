"""Communities within communities: Leiden on each connected component, then again inside what is still large.

Leiden: Traag, Waltman and van Eck, "From Louvain to Leiden: guaranteeing well-connected communities" (2019).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import graspologic_native
import numpy as np
import numpy.typing as npt

from graphrag_engine.offline.ragged import Floats, Ints, strongest


@dataclass(frozen=True)
class Graph:
    """An undirected graph over nodes 0 to n - 1: each pair of neighbours once, low < high, sorted."""

    n: int
    low: Ints
    high: Ints
    weight: Floats

    @classmethod
    def of(cls, n: int, source: Ints, target: Ints, weight: Floats) -> "Graph":
        """Sums the weights of each pair, either way round; leaves out loops and weights that are not positive."""
        good = (source != target) & (weight > 0) & np.isfinite(weight)
        source, target, weight = source[good], target[good], weight[good]
        cells, cell = np.unique(np.minimum(source, target) * n + np.maximum(source, target), return_inverse=True)
        low, high = np.divmod(cells, max(n, 1))
        return cls(n, low, high, np.bincount(cell, weight, len(cells)).astype(np.float64))

    def evened(self) -> "Graph":
        """Each weight divided by log2(1 + degree) of both ends: else what all are tied to swallows everything."""
        degree = np.bincount(np.concatenate([self.low, self.high]), minlength=self.n)
        pull: Floats = np.log2(1.0 + degree)
        return Graph(self.n, self.low, self.high, self.weight / (pull[self.low] * pull[self.high]))

    def inside(self, label: Ints) -> "Graph":
        """The edges whose ends carry the same label, none below 0."""
        kept = (label[self.low] == label[self.high]) & (label[self.low] >= 0)
        return Graph(self.n, self.low[kept], self.high[kept], self.weight[kept])

    def components(self) -> Ints:
        """The number of each node's connected component."""
        from scipy.sparse import csr_array  # late: questions need no scipy
        from scipy.sparse.csgraph import connected_components

        links = csr_array((np.ones(len(self.low), np.int8), (self.low, self.high)), shape=(self.n, self.n))
        found: Ints = connected_components(links, directed=False)[1].astype(np.int64)
        return found


@dataclass(frozen=True)
class Leiden:
    """How communities are looked for."""

    max_cluster_size: int
    resolution: float
    iterations: int
    seed: Callable[[Ints], int]
    """From the nodes of a community, in order, to a seed of 64 bits."""


def levels(graph: Graph, leiden: Leiden) -> Iterator[Ints]:
    """For each level, coarsest first, the community of each node; -1 for a node whose leaf was on a level before.

    Level 0 are the components, those with more nodes than wanted split once; each next level is what
    communities that are still too large split into. Every community is connected.
    """
    label = _split(graph, graph.components(), leiden)
    while (label >= 0).any():
        yield label
        label = _broken(label, _split(graph, label, leiden))


def _broken(before: Ints, after: Ints) -> Ints:
    """*after* for the nodes of those communities of *before* that did fall into several."""
    pairs = np.unique(np.stack([before, after]), axis=1)
    pieces = np.bincount(pairs[0][pairs[0] >= 0], minlength=len(before) + 1)
    return np.where((before >= 0) & (pieces[before] > 1), after, -1)


def _split(graph: Graph, label: Ints, leiden: Leiden) -> Ints:
    """New labels: communities with more nodes than wanted are split by Leiden, and where they are not connected."""
    size = np.bincount(label[label >= 0], minlength=1)
    nodes = np.flatnonzero((label >= 0) & (size[label] > leiden.max_cluster_size))
    nodes = nodes[np.argsort(label[nodes], kind="stable")]
    inside = graph.inside(label)
    found = label.copy()
    found[nodes] = len(size) + _clustered(inside, nodes, label[nodes], leiden)
    return np.where(label >= 0, inside.inside(found).components(), -1)


def _clustered(graph: Graph, nodes: Ints, label: Ints, leiden: Leiden) -> Ints:
    """A number for the community of each of *nodes*, which are sorted by *label*: Leiden inside each label alone."""
    from scipy.sparse import csr_array  # late: questions need no scipy

    place = np.full(graph.n, -1, np.int64)
    place[nodes] = np.arange(len(nodes))
    kept = place[graph.low] >= 0
    low, high, weight = place[graph.low[kept]], place[graph.high[kept]], graph.weight[kept]
    ends = (np.concatenate([low, high]), np.concatenate([high, low]))
    matrix = csr_array((np.concatenate([weight, weight]), ends), shape=(len(nodes), len(nodes)))
    matrix.sort_indices()
    starts = np.append(strongest(label, np.zeros(len(label))), len(label)).tolist()
    indptr, indices = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
    found = np.zeros(len(nodes), np.int64)
    for start, end in pairwise(starts):
        first, last = indptr[start], indptr[end]
        found[start:end] = start + _communities(
            indptr[start : end + 1] - first,
            indices[first:last] - np.int32(start),
            matrix.data[first:last],
            leiden,
            leiden.seed(nodes[start:end]),
        )
    return found


def _communities(indptr: Ints, indices: npt.NDArray[np.int32], weights: Floats, leiden: Leiden, seed: int) -> Ints:
    """Leiden on one connected graph in compressed rows: the number of each node's community."""
    n = len(indptr) - 1
    _, members = graspologic_native.leiden_csr(
        indptr, indices, weights, n, resolution=leiden.resolution, iterations=leiden.iterations, seed=seed
    )
    found = np.zeros(n, np.int64)
    found[np.fromiter(members.keys(), np.int64, n)] = np.fromiter(members.values(), np.int64, n)
    return found
