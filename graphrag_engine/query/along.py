"""Walks from the names of a question along the predicates that it asks for.

After reasoning on graphs (Luo et al., "Reasoning on Graphs", 2024, arXiv 2310.01061): at each step the relation
types that fit the question best are followed, and no others. The plan is the question's own words, each spent once.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

import numpy as np

from graphrag_engine.query.facts import stated_in_scope
from graphrag_engine.query.found import Hop, Path, Scope
from graphrag_engine.query.matching import match
from graphrag_engine.query.nearby import nearby
from graphrag_engine.query.ranking import Ranking
from graphrag_engine.stores.base import Store

MOST_HOPS = 4
_TYPES = 3
"""Relation types, best first, that are followed from one entity."""
_BEAM = 12
"""Walks that go on after each step."""
_TIES = 400
"""Ties of one entity that are looked at, those to entities of most mass first."""
_SEEN = 1000
"""Ties of one entity, heaviest first, that these are chosen from."""
_LEAST = 0.9
"""What a walk must be worth, as a share of the best."""
_RENAMED = re.compile(
    r"(?:also |formerly |later |now )?(?:known|launched|registered|born|christened|called) as|renamed"
)
"""Predicates between two names of one thing."""

_Rank = tuple[float, int, float, tuple[tuple[int, ...], ...]]


@dataclass(frozen=True)
class Walk:
    """Steps from a name of the question; each spends a word of it or leads to another name of the same thing."""

    entity: int
    """Where it has come to."""
    hops: Path
    gain: float
    """What the words that it has spent are worth."""
    left: Mapping[str, float]
    """The words that it may still spend, and their worth."""
    mass: float
    """Of the entity that it has come to."""
    spends: bool = False
    """Whether its last step has spent a word."""

    @property
    def rank(self) -> _Rank:
        """Higher is better: worth, then few steps, then mass, then the rows that come first."""
        rows = tuple((-hop.near, -hop.far, -hop.relationship) for hop in self.hops)
        return self.gain, -len(self.hops), self.mass, rows

    def on(self, tie: "Tie") -> "Walk":
        """The walk with one more step."""
        found = match(tie.type, self.left)
        left = {root: worth for root, worth in self.left.items() if root not in found.roots}
        return Walk(tie.hop.far, (*self.hops, tie.hop), self.gain + found.worth, left, tie.mass, found.worth > 0)


@dataclass(frozen=True)
class Tie:
    """A relationship as a step."""

    hop: Hop
    type: str
    mass: float


def walks(
    store: Store, begin: Iterable[int], worths: Mapping[str, float], entities: Ranking, scope: Scope
) -> list[Walk]:
    """Walks of at most four steps from *begin*, best first, each worth nearly as much as the best.

    *worths*: what each word of the question is worth in a predicate; *entities*: their mass. No walk is the
    beginning of another.
    """
    going = [Walk(entity, (), 0.0, worths, 0.0) for entity in begin]
    found: list[Walk] = []
    for _ in range(MOST_HOPS):
        ties = ties_of(store, sorted({walk.entity for walk in going if walk.left}), entities, scope)
        steps = (walk.on(tie) for walk in going for tie in _fitting(walk, ties.get(walk.entity, ())))
        going = nlargest(_BEAM, steps, key=lambda walk: walk.rank)
        found += [walk for walk in going if walk.spends]
    return _best(found)


def _best(found: Sequence[Walk]) -> list[Walk]:
    """The walks of worth, none of which another goes on from."""
    kept: list[Walk] = []
    for walk in sorted(found, key=lambda walk: walk.rank, reverse=True):
        if walk.gain < _LEAST * (kept or [walk])[0].gain:
            break
        if not any(other.hops[: len(walk.hops)] == walk.hops for other in kept):
            kept.append(walk)
    return kept


def _fitting(walk: Walk, ties: Sequence[Tie]) -> Iterator[Tie]:
    """The ties of the best types for the next step, and those to another name; none to where the walk has been."""
    types = {tie.type: match(tie.type, walk.left).worth for tie in ties}
    best = set(nlargest(_TYPES, (kind for kind, worth in types.items() if worth), key=lambda kind: (types[kind], kind)))
    been = {walk.entity, *(hop.near for hop in walk.hops)}
    for tie in ties:
        if tie.hop.far not in been and (tie.type in best or _RENAMED.match(tie.type)):
            yield tie


def ties_of(store: Store, near: Sequence[int], entities: Ranking, scope: Scope) -> dict[int, list[Tie]]:
    """The ties of each entity that say something, those to entities of most mass first; a bounded number of each."""
    edges = nearby(store, "related", np.array(near, np.int64), _BEAM * _SEEN)
    mass = entities.of(edges.far)
    order = np.lexsort((edges.via, -mass, edges.near))
    place = np.arange(len(order)) - np.searchsorted(edges.near[order], edges.near[order])
    kept = order[place < _TIES]
    kept = kept[store.values("relationships", "loose", edges.via[kept]) == 0]
    kept = kept[stated_in_scope(store, edges.via[kept], scope)]
    types = store.rows("relationships", edges.via[kept], ("type",))
    found: dict[int, list[Tie]] = {}
    for at, said in zip(kept.tolist(), types, strict=True):
        hop = Hop(int(edges.near[at]), int(edges.far[at]), int(edges.via[at]))
        found.setdefault(hop.near, []).append(Tie(hop, said["type"], float(mass[at])))
    return found
