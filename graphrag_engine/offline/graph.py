"""Undirected weighted graphs over numbered nodes, as columns."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphrag_engine.offline.ragged import Floats, Ints


@dataclass(frozen=True)
class Rows:
    """Both directions of each edge in compressed rows: those of a node from its start to the next one's."""

    start: Ints
    neighbour: npt.NDArray[np.int32]
    weight: Floats


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

    def rows(self) -> "Rows":
        """The neighbours of each node."""
        node, neighbour = np.concatenate([self.low, self.high]), np.concatenate([self.high, self.low])
        order = np.argsort(node * self.n + neighbour, kind="stable")  # quick, as long stretches are in order
        start = np.append(0, np.cumsum(np.bincount(node, minlength=self.n)))
        return Rows(start, neighbour[order].astype(np.int32), np.concatenate([self.weight, self.weight])[order])

    def components(self) -> Ints:
        """The number of each node's connected component, in the order of their first nodes.

        All components that an edge joins are joined at once, as in Shiloach and Vishkin, "An O(log n) parallel
        connectivity algorithm" (1982).
        """
        first = np.arange(self.n)
        one, other = self.low, self.high
        while len(one):
            np.minimum.at(first, np.maximum(one, other), np.minimum(one, other))
            while (first[first] != first).any():
                first = first[first]
            one, other = first[one], first[other]
            apart = one != other
            one, other = one[apart], other[apart]
        return (np.cumsum(first == np.arange(self.n)) - 1)[first]

    def modularity(self, label: Ints, resolution: float) -> float:
        """How much more weight lies inside the labels (from 0) than by chance; 0 for a graph without edges.

        Newman and Girvan, "Finding and evaluating community structure in networks" (2004).
        """
        total = 2 * self.weight.sum()
        inside = 2 * self.inside(label).weight.sum()
        expected = resolution * np.square(np.bincount(label, self.strength())).sum()
        return float(inside / total - expected / total**2) if total else 0.0
