"""Shortest paths of relationships between the things that a question names , a few of each two."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations

import numpy as np

from graphrag_engine.query.along import MOST_HOPS
from graphrag_engine.query.facts import stated_in_scope
from graphrag_engine.query.found import Hop, Path, Scope
from graphrag_engine.query.link import Links
from graphrag_engine.query.matching import match
from graphrag_engine.query.nearby import nearby
from graphrag_engine.query.ranking import Ranking
from graphrag_engine.stores.base import Numbers, Rows, Store

_MOST_NAMES = 5
"""Names, in the order of the question, that are joined with each other."""
_MOST_ENTITIES = 2000
"""Entities, of highest mass, that a path may lead through."""
_CROWD = 1000
"""What has more ties than this leads nowhere in particular; a path may begin or end there."""
_MOST_TIES = 40_000
"""Ties of the entities of highest mass that are looked at."""
_MOST_STEPS = 20_000
"""Steps that one search may take."""
_DETOUR = 0.4
"""What each factor of e in an entity's number of ties adds to the length of a path through it."""
_VAGUE = 1.0
"""What a relationship without a predicate adds to the length of a path."""


@dataclass(frozen=True)
class _Ties:
    """The shortest tie between each two entities of a neighbourhood, ordered by the one it is seen from."""

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

    def hops_to(self, ends: Sequence[int]) -> dict[int, int]:
        """For each entity at most four hops from one of *ends*, how many hops it is away."""
        rows = np.array(sorted(ends), np.int64)
        found = dict.fromkeys(rows.tolist(), 0)
        for hops in range(1, MOST_HOPS + 1):
            rows = np.unique(self.near[np.isin(self.far, rows)])
            found = dict.fromkeys(rows.tolist(), hops) | found
        return found


def between(store: Store, links: Links, entities: Ranking, scope: Scope, most: int) -> list[Path]:
    """The *most* shortest paths between each two names of the question: all shortest ones first, then all second."""
    named: dict[str, list[int]] = {}
    for link in links.found:
        named.setdefault(link.said, []).append(link.entity)
    if len(named) < 2:
        return []
    ties = _ties(store, entities, links.entities, scope)
    pairs = combinations(list(named.values())[:_MOST_NAMES], 2)
    found = [_shortest(ties, near, far, most) for near, far in pairs]
    return [paths[rank] for rank in range(most) for paths in found if rank < len(paths)]


def apt(store: Store, hop: Hop, worths: Mapping[str, float], scope: Scope) -> Hop:
    """Of all ties between the two ends of a step, the one whose predicate holds most of the question's words."""
    edges = store.neighbours("related", np.array([hop.near]))
    via = edges.via[edges.far == hop.far]
    via = via[stated_in_scope(store, via, scope)]
    types = [said["type"] for said in store.rows("relationships", via, ("type",))]
    ties = zip(via.tolist(), types, strict=True)
    best = max(ties, key=lambda tie: (match(tie[1], worths).worth, tie[0] == hop.relationship, -tie[0]))
    return Hop(hop.near, hop.far, best[0])


def _ties(store: Store, entities: Ranking, named: Rows, scope: Scope) -> _Ties:
    """The ties inside the neighbourhood and what walking them costs; a crowd is seen from its other ends alone."""
    inside = np.union1d(entities.top(_MOST_ENTITIES).rows, named)
    quiet = inside[store.degrees("related", inside) <= _CROWD]
    edges = nearby(store, "related", quiet, _MOST_TIES)
    kept = np.isin(edges.far, np.union1d(quiet, named))
    near, far, via = edges.near[kept], edges.far[kept], edges.via[kept]
    seen = stated_in_scope(store, via, scope)
    near, far, via = near[seen], far[seen], via[seen]
    loud = ~np.isin(far, quiet)
    near, far, via = np.append(near, far[loud]), np.append(far, near[loud]), np.append(via, via[loud])
    detour = _DETOUR * np.log(np.maximum(store.degrees("related", far), 1))
    cost = 1 + detour + _VAGUE * store.values("relationships", "loose", via)
    order = np.lexsort((via, cost, far, near))
    first = order[np.unique(near[order] * store.count("entities") + far[order], return_index=True)[1]]
    return _Ties(near[first], far[first], via[first], cost[first])


def _shortest(ties: _Ties, near: Sequence[int], far: Sequence[int], most: int) -> list[Path]:
    """The cheapest paths of at most four hops from one of *near* to one of *far*, each through other things.

    A tie costs at least 1, so the hops still to go guide the search (A*, Hart, Nilsson and Raphael 1968).
    """
    to_go = ties.hops_to(far)
    begin = [entity for entity in sorted(near) if entity in to_go]
    queue: list[tuple[float, int, int, Path]] = [(to_go[entity], 0, entity, ()) for entity in begin]
    done: dict[tuple[int, int], int] = {}
    found: list[Path] = []
    for _ in range(_MOST_STEPS):
        if not queue or len(found) == most:
            break
        cost, hops, entity, path = heappop(queue)
        if not to_go[entity] and path:
            found.append(path)
            continue
        done[entity, hops] = done.get((entity, hops), 0) + 1
        if done[entity, hops] > most:
            continue
        for more, hop in ties.of(entity):
            ahead = to_go.get(hop.far, MOST_HOPS)
            if hops + 1 + ahead <= MOST_HOPS and all(hop.far != step.near for step in path):
                heappush(queue, (cost - to_go[entity] + more + ahead, hops + 1, hop.far, (*path, hop)))
    return found
