"""Communities of an older graph, brought up to date where the graph has changed and left alone elsewhere.

Nodes move as in the first phase of Leiden (Traag, Waltman and van Eck, 2019), but only those are looked at whose
edges changed, and then whom a move concerns (as in Zarayeneh and Kalyanaraman, "Delta-Screening: A Fast and Efficient
Technique to Update Communities in Dynamic Graphs", 2021).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from graphrag_engine.offline.graph import Graph
from graphrag_engine.offline.ragged import Bools, Floats, Ints

_NOISE = 1e-9
"""A gain below this may come from rounding."""
_WORTH = 0.05
"""A node moves only for a gain of more than this share of its edges: a hair of modularity is worth no new report."""
_VISITS = 20
"""Most looks at a node, on average."""

_Links = dict[int, dict[int, float]]
"""From community to community: the weight of the edges between them."""


@dataclass(frozen=True)
class Past:
    """The communities of an older graph, numbered over all its levels, on the nodes of now."""

    levels: Sequence[Ints]
    """The community of each node on each level from this one; -1 for none."""
    size: Ints
    """How many members each community had, those that are gone included."""
    dirty: Bools
    """Nodes that are new, and those with an edge that is new, gone or of another weight."""
    doubted: bool
    """Whether fresh communities should be tried as well."""
    leaf: Ints | int = -1
    """The last community that each node was in above this level; -1 for none."""

    def below(self, moved: Bools) -> "Past":
        """The past of the next level; nodes that *moved* on this one are dirty there."""
        return replace(self, levels=self.levels[1:], leaf=self._last(), dirty=self.dirty | moved)

    def strange(self, part: Ints) -> Bools:
        """The nodes of those parts (-1: none) that have changed and that the past cannot split.

        That is, most of their nodes had no community on this level.
        """
        rows = np.flatnonzero(part >= 0)
        number, size = part[rows], np.bincount(part[rows], minlength=1)
        new = np.bincount(number, self._here()[rows] < 0, len(size))
        changed = np.bincount(number, self.dirty[rows], len(size)) > 0
        found: Bools = (part >= 0) & ((2 * new > size) & changed)[part]
        return found

    def repair(self, graph: Graph, part: Ints, resolution: float, label: Ints) -> Bools:
        """Fill in *label* for the nodes of the parts (-1: none), and say which nodes have moved.

        No edge of *graph* is between two parts. A label may come out unconnected.
        """
        nodes = np.flatnonzero(part >= 0)
        size = np.append(self.size, np.ones(len(part), np.int64))
        last = self._last()
        own = np.where(last >= 0, last, len(self.size) + np.arange(len(part)))[nodes]
        _, first, start, count = np.unique(
            part[nodes] * len(size) + own, return_index=True, return_inverse=True, return_counts=True
        )
        moving = _Moving(graph.among(nodes), part[nodes], start, resolution)
        moving.move(np.flatnonzero(self.dirty[nodes]).tolist())
        moving.touched.update(np.flatnonzero(count != size[own[first]]).tolist())
        label[nodes] = moving.merged()
        moved = np.zeros(len(part), bool)
        moved[nodes] = label[nodes] != start
        return moved

    def _here(self) -> Ints:
        """The community of each node on this level."""
        return self.levels[0] if self.levels else np.full(len(self.dirty), -1, np.int64)

    def _last(self) -> Ints:
        """The community of each node on this level, else the last one above it."""
        found: Ints = np.where(self._here() >= 0, self._here(), self.leaf)
        return found


class _Moving:
    """Labels while nodes move, so as to raise the modularity of each part; what is read one by one is in lists."""

    def __init__(self, graph: Graph, part: Ints, label: Ints, resolution: float) -> None:
        strength, n_labels = graph.strength(), int(label.max(initial=-1)) + 1
        self.graph = graph
        self.rows = graph.rows()
        self.label: list[int] = label.tolist()
        self.strength: list[float] = strength.tolist()
        self.total: list[float] = np.bincount(label, strength, n_labels).tolist()
        self.pull: list[float] = _pull(part, label, strength, n_labels, resolution).tolist()
        self.touched: set[int] = set()

    def move(self, queue: list[int]) -> None:
        """Each node of *queue* to where it gains most, then the neighbours it has left behind, and so on."""
        waiting = set(queue)
        self.touched.update(self.label[node] for node in queue)
        for node in islice(queue, _VISITS * len(self.label)):  # the queue grows meanwhile
            waiting.discard(node)
            neighbours = self._neighbours(node)
            old, new = self.label[node], self._home(node, neighbours)
            if new != old:
                self._settle(node, new)
                behind = [each for each in neighbours if self.label[each] != new and each not in waiting]
                queue.extend(behind)
                waiting.update(behind)

    def merged(self) -> Ints:
        """The labels, once touched communities have joined those they gain most with, the smallest first."""
        label = np.array(self.label, np.int64)
        size = np.bincount(label, minlength=len(self.total)).tolist()
        links, joined = self._links(label), np.arange(len(self.total))
        for each in sorted(self.touched & links.keys(), key=lambda each: (size[each], each)):
            gain = {other: weight - self._chance(each, other) for other, weight in links[each].items()}
            best = min(gain, key=lambda other: (-gain[other], other), default=each)
            if best != each and gain[best] > _NOISE:
                joined[each] = best
                self.total[best] += self.total[each]
                _join(links, each, best)
        while (joined[joined] != joined).any():
            joined = joined[joined]
        return joined[label]

    def _neighbours(self, node: int) -> dict[int, float]:
        start, end = self.rows.start[node : node + 2]
        return dict(zip(self.rows.neighbour[start:end].tolist(), self.rows.weight[start:end].tolist(), strict=True))

    def _home(self, node: int, neighbours: dict[int, float]) -> int:
        """The community where a node adds most to modularity; its own unless another is clearly better."""
        old, strength = self.label[node], self.strength[node]
        weight = {old: 0.0}
        for each, of_edge in neighbours.items():
            weight[self.label[each]] = weight.get(self.label[each], 0.0) + of_edge
        pull = self.pull[old] * strength
        gain = {each: of_edges - pull * self.total[each] for each, of_edges in weight.items()}
        gain[old] += (pull + _WORTH) * strength  # it does not pull itself
        return min(gain, key=lambda each: (-gain[each], each))

    def _settle(self, node: int, new: int) -> None:
        old = self.label[node]
        self.label[node] = new
        self.total[old] -= self.strength[node]
        self.total[new] += self.strength[node]
        self.touched |= {old, new}

    def _chance(self, one: int, other: int) -> float:
        """The weight that two communities would share by chance."""
        return self.pull[one] * self.total[one] * self.total[other]

    def _links(self, label: Ints) -> _Links:
        """The links of touched communities, both ways."""
        touched = np.zeros(len(self.total), bool)
        touched[list(self.touched)] = True
        one, other = label[self.graph.low], label[self.graph.high]
        rows = (one != other) & (touched[one] | touched[other])
        between = Graph.of(len(touched), one[rows], other[rows], self.graph.weight[rows])
        links: _Links = {each: {} for each in self.touched}
        for one, other, weight in zip(
            between.low.tolist(), between.high.tolist(), between.weight.tolist(), strict=True
        ):
            links.setdefault(one, {})[other] = weight
            links.setdefault(other, {})[one] = weight
        return links


def _pull(part: Ints, label: Ints, strength: Floats, n_labels: int, resolution: float) -> Floats:
    """For each label, what two strengths are multiplied with to give the weight expected between them."""
    expected = resolution / np.maximum(np.bincount(part, strength), np.finfo(float).tiny)
    found = np.zeros(n_labels)
    found[label] = expected[part]
    return found


def _join(links: _Links, each: int, best: int) -> None:
    """The links of *each* become links of *best*."""
    for other, weight in links.pop(each).items():
        del links[other][each]
        if other != best:
            links[best][other] = links[best].get(other, 0.0) + weight
            links[other][best] = links[best][other]
