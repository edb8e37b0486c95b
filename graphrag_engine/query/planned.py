"""Mode `path` with a model: it plans which types of relationship lead to the answer, walks are bound by its plan.

Reasoning on graphs (Luo et al., 2024, arXiv 2310.01061): plan, retrieve, reason. A plan names types as a model would;
at each step those of the graph that are most like the one it names are followed, in either direction.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import nlargest
from typing import NamedTuple

import numpy as np

from graphrag_engine.llm.answers import parsed
from graphrag_engine.llm.base import Shape
from graphrag_engine.offline.ties import LOOSE
from graphrag_engine.offline.words import normalise, terms
from graphrag_engine.query.along import MOST_HOPS, Tie, ties_of
from graphrag_engine.query.citations import Citations
from graphrag_engine.query.found import Found, Path, Scope
from graphrag_engine.query.names import Names
from graphrag_engine.query.nearby import nearby
from graphrag_engine.query.question import content
from graphrag_engine.query.statements import Statements
from graphrag_engine.stores.base import Rows, Store

PLAN = Shape(
    "plan",
    {
        "type": "object",
        "properties": {"paths": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}},
        "required": ["paths"],
        "additionalProperties": False,
    },
)
_BEGINNINGS = 3
"""Entities of most mass to begin from where the question names none."""
_SHOWN = 60
"""Types that a model may choose from."""
_TIES = 2000
"""Ties that these are taken from."""
_PLANS = 4
_TYPES = 3
"""Types of the graph that are followed for one of the plan."""
_BEAM = 12
_KEPT = 5
"""Paths that are told."""


def beginnings(found: Found) -> list[int]:
    """Where walks begin: the entities that the question names, else those of most mass."""
    named: list[int] = found.asked.links.entities.tolist()
    return named or found.entities.top(_BEGINNINGS).rows.tolist()


def types(store: Store, begin: Sequence[int], scope: Scope) -> list[str]:
    """The types of relationship around these entities, those at hand first, then those one step further."""
    rows, known = np.array(sorted(begin), np.int64), dict[str, None]()
    for _ in range(2):
        edges = nearby(store, "related", rows, _TIES)
        known.update(dict.fromkeys(_common(store, edges.via, scope)))
        rows = np.unique(edges.far)[:_TIES]
    return list(known)[:_SHOWN]


def _common(store: Store, via: Rows, scope: Scope) -> Iterator[str]:
    said = store.rows("relationships", np.unique(via)[:_TIES], ("type", "text_units"))
    counts = Counter(row["type"] for row in said if row["type"] != LOOSE and scope.allows(row["text_units"]))
    return (kind for kind, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def plans(text: str) -> list[list[str]]:
    """The plans in a reply, as far as it holds some."""
    try:
        said = parsed(text)
    except ValueError:
        return []
    listed = said.get("paths") if isinstance(said, dict) else None
    rows = [row for row in listed if isinstance(row, list)] if isinstance(listed, list) else []
    kept = [[each for each in row if isinstance(each, str) and each.strip()][:MOST_HOPS] for row in rows]
    return [row for row in kept if row][:_PLANS]


def follow(store: Store, found: Found, plan: Sequence[Sequence[str]]) -> Found:
    """What was found, with the paths of a plan before those of the question's own words."""
    stated = Statements(store, found, Citations(store), Names(store))
    led = [path for wanted in plan for path in walks(store, found, wanted)]
    every = dict.fromkeys([*led, *found.paths])
    kept = [path for path in every if all(stated.place(hop.relationship) for hop in path)][:_KEPT]
    shown = "; ".join(" > ".join(wanted) for wanted in plan) or "no plan"
    step = {"step": "plan", "why": f"{shown}: {sum(path in led for path in kept)} of {len(kept)} paths follow it"}
    return replace(found, mode="path", paths=tuple(kept), trace=(*found.trace, step))


class _Walk(NamedTuple):
    entity: int
    hops: Path
    fit: float
    mass: float

    @property
    def rank(self) -> tuple[float, float, tuple[int, ...]]:
        """Higher is better: how well the types fit, then mass, then the rows that come first."""
        return self.fit, self.mass, tuple(-hop.relationship for hop in self.hops)


def walks(store: Store, found: Found, wanted: Sequence[str]) -> list[Path]:
    """Walks along types like those wanted, one after the other, best first; the longest there are."""
    going = [_Walk(entity, (), 0.0, 0.0) for entity in beginnings(found)]
    last: list[_Walk] = []
    for kind in wanted:
        ties = ties_of(store, sorted({walk.entity for walk in going}), found.entities, found.asked.scope)
        steps = (_on(walk, tie, fit) for walk in going for tie, fit in _fitting(walk, kind, ties.get(walk.entity, ())))
        going = nlargest(_BEAM, steps, key=lambda walk: walk.rank)
        if not going:
            break
        last = going
    return [walk.hops for walk in last]


def _on(walk: _Walk, tie: Tie, fit: float) -> _Walk:
    return _Walk(tie.hop.far, (*walk.hops, tie.hop), walk.fit + fit, tie.mass)


def _fitting(walk: _Walk, wanted: str, ties: Iterable[Tie]) -> Iterator[tuple[Tie, float]]:
    """The ties of the types most like the one wanted; none to where the walk has been."""
    been = {walk.entity, *(hop.near for hop in walk.hops)}
    new = [tie for tie in ties if tie.hop.far not in been]
    fits = {tie.type: likeness(wanted, tie.type) for tie in new}
    best = nlargest(_TYPES, (kind for kind, fit in fits.items() if fit), key=lambda kind: (fits[kind], kind))
    return ((tie, fits[tie.type]) for tie in new if tie.type in best)


def likeness(wanted: str, kind: str) -> float:
    """How like two types are: 1 for the same words, else the share of their content words that they share."""
    one, other = (normalise(each.replace("_", " ")) for each in (wanted, kind))
    if one == other:
        return 1.0
    first, second = (set(content(terms(each)) or terms(each)) for each in (one, other))
    return 0.9 * len(first & second) / max(len(first | second), 1)
