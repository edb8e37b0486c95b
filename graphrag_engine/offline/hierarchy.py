"""Communities within communities: Leiden on each connected component, then again inside what is still large.

Leiden: Traag, Waltman and van Eck, "From Louvain to Leiden: guaranteeing well-connected communities" (2019).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import graspologic_native
import numpy as np
import numpy.typing as npt

from graphrag_engine.offline.graph import Graph
from graphrag_engine.offline.ragged import Floats, Ints, strongest
from graphrag_engine.offline.repair import Past

_WORSE = 0.97
"""Repaired communities of less than this share of the modularity of fresh ones are given up."""


@dataclass(frozen=True)
class Leiden:
    """How communities are looked for."""

    max_cluster_size: int
    resolution: float
    iterations: int
    seed: Callable[[Ints], int]
    """From the nodes of a community, in order, to a seed of 64 bits."""


def levels(graph: Graph, leiden: Leiden, past: Past | None = None) -> Iterator[Ints]:
    """For each level, coarsest first, the community of each node; -1 for a node whose leaf was on a level before.

    Level 0 are the components, those with more nodes than wanted split once; each next level is what
    communities that are still too large split into. Every community is connected. What the graph has in
    common with the *past* stays as it was there.
    """
    label, past = _first(graph, leiden, past)
    while (label >= 0).any():
        yield label
        split, past = _split(graph, label, leiden, past)
        label = _broken(label, split)


def _first(graph: Graph, leiden: Leiden, past: Past | None) -> tuple[Ints, Past | None]:
    """Level 0, and the past of the next one; none where fresh communities are clearly better than repaired ones."""
    components = graph.components()
    repaired = _split(graph, components, leiden, past)
    if not past or not past.doubted:
        return repaired
    fresh = _split(graph, components, leiden)
    one, other = (graph.modularity(label, leiden.resolution) for label, _ in (repaired, fresh))
    return fresh if one < _WORSE * other else repaired


def _broken(before: Ints, after: Ints) -> Ints:
    """*after* for the nodes of those communities of *before* that did fall into several."""
    whole = np.full(after.max(initial=-1) + 1, -1, np.int64)
    whole[after[after >= 0]] = before[after >= 0]
    pieces = np.bincount(whole[whole >= 0], minlength=len(before) + 1)
    return np.where((before >= 0) & (pieces[before] > 1), after, -1)


def _split(graph: Graph, label: Ints, leiden: Leiden, past: Past | None = None) -> tuple[Ints, Past | None]:
    """New labels, and the past of the next level.

    Communities with more nodes than wanted are split, as in the past as far as it goes, else by Leiden; all
    where they are not connected.
    """
    size = np.bincount(label[label >= 0], minlength=1)
    large = np.where(size[label] > leiden.max_cluster_size, label, -1)
    inside, found, below = graph.inside(label), label.copy(), None
    if past:
        strange = past.strange(large)
        kept, large = np.where(strange, -1, large), np.where(strange, large, -1)
        moved = past.repair(inside, kept, leiden.resolution, found)
        below = past.below(moved | strange)
    nodes = np.flatnonzero(large >= 0)
    nodes = nodes[np.argsort(label[nodes], kind="stable")]
    found[nodes] = _clustered(inside.among(nodes), nodes, label[nodes], leiden)
    return np.where(label >= 0, inside.inside(found).components(), -1), below


def _clustered(graph: Graph, nodes: Ints, label: Ints, leiden: Leiden) -> Ints:
    """A number for the community of each of *nodes*, which are sorted by *label*: Leiden inside each label alone.

    *graph* is what lies between the nodes, none of it between labels.
    """
    rows = graph.rows()
    starts = np.append(strongest(label, np.zeros(len(label))), len(label)).tolist()
    found = np.zeros(len(nodes), np.int64)
    for start, end in pairwise(starts):
        first, last = rows.start[start], rows.start[end]
        found[start:end] = start + _communities(
            rows.start[start : end + 1] - first,
            rows.neighbour[first:last] - np.int32(start),
            rows.weight[first:last],
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
