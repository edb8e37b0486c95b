"""Shortest chains of relationships between the things that a question names (Dijkstra 1959)."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations

import numpy as np
import numpy.typing as npt

from graphrag_engine.query.found import Hop, Scope
from graphrag_engine.query.link import Links
from graphrag_engine.query.ranking import Ranking
from graphrag_engine.stores.base import Numbers, Rows, Store

_MOST_HOPS = 4
_MOST_ENTITIES = 2000
"""Entities, of highest mass, that a path may lead through."""
_DETOUR = 0.4
"""What each factor of e in an entity's number of ties adds to the length of a path through it."""
_VAGUE = 1.0
"""What a relationship without a predicate adds to the length of a path."""


@dataclass(frozen=True)
class _Ties:
    """The ties of a neighbourhood, ordered by the entity they are seen from."""

    near: Rows
    far: Rows
    via: Rows
    cost: Numbers

    def of(self, entity: int) -> Iterator[tuple[float, Hop]]:
        """What each tie of an entity costs, and where it leads."""
        low, high = np.searchsorted(self.near, [entity, entity + 1])
        ends = zip(self.far[low:high].tolist(), self.via[low:high].tolist(), self.cost[low:high].tolist(), strict=True)
        for far, via, cost in ends:
            yield cost, Hop(entity, far, via)


def between(store: Store, links: Links, entities: Ranking, scope: Scope, most: int) -> tuple[tuple[Hop, ...], ...]:
    """The shortest path between each two names of the question, in the order of the question, at most *most*."""
    groups: dict[str, list[int]] = {}
    for link in links.found:
        groups.setdefault(link.said, []).append(link.entity)
    if len(groups) < 2:
        return ()
    ties = _ties(store, entities, links, scope)
    found = (_shortest(ties, near, set(far)) for near, far in combinations(groups.values(), 2))
    return tuple([path for path in found if path][:most])


def _ties(store: Store, entities: Ranking, links: Links, scope: Scope) -> _Ties:
    """The ties inside the neighbourhood and what walking them costs."""
    inside = np.union1d(entities.top(_MOST_ENTITIES).rows, links.entities)
    inside = inside[store.degrees("related", inside) <= _MOST_ENTITIES]
    edges = store.neighbours("related", inside)
    kept = np.isin(edges.far, inside)
    if scope.allowed is not None:
        kept &= _visible(store, edges.via, scope)
    far, via = edges.far[kept], edges.via[kept]
    detour = _DETOUR * np.log(np.maximum(store.degrees("related", far), 1))
    return _Ties(edges.near[kept], far, via, 1 + detour + _VAGUE * store.values("relationships", "loose", via))


def _visible(store: Store, via: Rows, scope: Scope) -> npt.NDArray[np.bool_]:
    """Of each relationship, whether a text unit that states it may be seen."""
    rows = np.unique(via)
    seen = [scope.allows(each["text_units"]) for each in store.rows("relationships", rows, ("text_units",))]
    return np.isin(via, rows[np.array(seen, np.bool_)])


def _shortest(ties: _Ties, near: list[int], far: set[int]) -> tuple[Hop, ...]:
    """The cheapest path of at most four hops from one of *near* to one of *far*; empty where there is none."""
    queue: list[tuple[float, int, int, tuple[Hop, ...]]] = [(0.0, 0, entity, ()) for entity in sorted(near)]
    done: set[tuple[int, int]] = set()
    while queue:
        cost, hops, entity, path = heappop(queue)
        if entity in far and path:
            return path
        if (entity, hops) in done or hops == _MOST_HOPS:
            continue
        done.add((entity, hops))
        for more, hop in ties.of(entity):
            if all(hop.far != step.near for step in path):
                heappush(queue, (cost + more, hops + 1, hop.far, (*path, hop)))
    return ()
