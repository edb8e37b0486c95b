"""Undirected weighted graphs over numbered nodes, as columns."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from graphrag_engine.offline.ragged import Floats, Ints


@dataclass(frozen=True)
class Graph:
    """An undirected graph over nodes 0 to n - 1: each pair of neighbours once."""

    n: int
    low: Ints
    high: Ints
    weight: Floats

    @classmethod
    def of(cls, n: int, source: Ints, target: Ints, weight: Floats) -> "Graph":
        """Low < high, sorted. Sums the weights of each pair, either way round; leaves out loops and bad weights."""
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

    def among(self, nodes: Ints) -> "Graph":
        """The part of the graph between *nodes*, numbered by their places."""
        place = np.full(self.n, -1, np.int64)
        place[nodes] = np.arange(len(nodes))
        kept = (place[self.low] >= 0) & (place[self.high] >= 0)
        return Graph(len(nodes), place[self.low[kept]], place[self.high[kept]], self.weight[kept])

    def strength(self) -> Floats:
        """The sum of the weights of each node's edges."""
        ends, weights = np.concatenate([self.low, self.high]), np.concatenate([self.weight, self.weight])
        return np.bincount(ends, weights, self.n).astype(np.float64)

    def matrix(self) -> Any:
        """Both directions of each edge as compressed rows, neighbours in order (scipy.sparse.csr_array)."""
        from scipy.sparse import csr_array  # late: questions need no scipy

        ends = (np.concatenate([self.low, self.high]), np.concatenate([self.high, self.low]))
        found = csr_array((np.concatenate([self.weight, self.weight]), ends), shape=(self.n, self.n))
        found.sort_indices()
        return found

    def components(self) -> Ints:
        """The number of each node's connected component."""
        from scipy.sparse import csr_array  # late: questions need no scipy
        from scipy.sparse.csgraph import connected_components

        links = csr_array((np.ones(len(self.low), np.int8), (self.low, self.high)), shape=(self.n, self.n))
        found: Ints = connected_components(links, directed=False)[1].astype(np.int64)
        return found

    def modularity(self, label: Ints, resolution: float) -> float:
        """How much more weight lies inside the labels (from 0) than by chance; 0 for a graph without edges.

        Newman and Girvan, "Finding and evaluating community structure in networks" (2004).
        """
        total = 2 * self.weight.sum()
        inside = 2 * self.inside(label).weight.sum()
        expected = resolution * np.square(np.bincount(label, self.strength())).sum()
        return float(inside / total - expected / total**2) if total else 0.0
