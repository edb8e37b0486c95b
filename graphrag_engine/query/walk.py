"""Balanced personalised PageRank on the bounded neighbourhood of a question.

After Haveliwala (2002) and HippoRAG 2 (Gutiérrez et al. 2025), with the restart shared between the
entities named and the text units found, so that neither drowns the other. Nodes are entities and
text units; where to restart and how far the walk sees do not grow with the index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graphrag_engine.query.link import Links
from graphrag_engine.query.nearby import nearby, reached
from graphrag_engine.query.nodes import Nodes, nodes, together
from graphrag_engine.query.ranking import Ranking, ranked
from graphrag_engine.stores.base import Edges, Numbers, Rows, Store, Tie
from graphrag_engine.stores.sparse import highest

_DAMPING = 0.7
_SWEEPS = 15
_SHARES: Mapping[Tie, float] = {"related": 0.2, "similar": 0.2}
"""Shares of a step from an entity that go along relationships, and to similar names; the rest goes to text units."""
_NAMED = 0.5
"""Share of the restart that a name of one text unit gets."""
_PARTLY = 0.5
"""What a link by a part of a name counts, beside one by a whole name."""
_HUB_SHARE, _HUB_LEAST = 0.05, 50
_STEPS = 3
"""Steps from text units to entities and on to text units, by which the neighbourhood grows."""
_ENOUGH_UNITS, _MOST_UNITS = 500, 1000
"""Text units at which it grows no further, and which one step may add."""
_MENTIONS, _TIES = 20_000, 30_000
"""Mentions, and ties of each kind between entities, that one step looks at."""


@dataclass(frozen=True)
class Restart:
    """Where the walk begins again; the weights add up to 1, or there is nothing to begin from."""

    entities: Rows
    entity_weights: Numbers
    units: Rows
    unit_weights: Numbers


@dataclass(frozen=True)
class Walked:
    """What the walk found."""

    units: Ranking
    entities: Ranking


def restart(links: Links, prior: Ranking, n_units: int) -> Restart:
    """Names get up to half, the more the rarer the rarest is; text units the rest, as *prior* shares it out."""
    if not links.found:
        return Restart(prior.rows[:0], prior.scores[:0], prior.rows, prior.scores)
    often = np.array([max(link.frequency, 1) for link in links.found], np.float64)
    entities = np.array([link.entity for link in links.found], np.int64)
    sure = np.array([_PARTLY if link.how == "token" else 1.0 for link in links.found])
    share = _NAMED * sure.max() * (1 - np.log(often.min()) / np.log(max(n_units, 2))) if len(prior.rows) else 1.0
    named = (sure / often) / (sure / often).sum()
    return Restart(entities, share * named, prior.rows, (1 - share) * prior.scores)


def walk(store: Store, start: Restart, allowed: Rows | None = None) -> Walked:
    """Fifteen sweeps from *start*; only *allowed* text units (ascending) are seen, and entities through them."""
    n_units = store.count("text_units")
    hub = max(_HUB_LEAST, _HUB_SHARE * n_units)
    near, leading, every = _neighbourhood(store, start, hub, allowed)
    often = store.degrees("mentions", every.far)
    kept = often <= hub
    units, entities = nodes(n_units, near), nodes(store.count("entities"), start.entities, every.far[kept])
    weight = (1 + np.log(every.weight)) * np.log1p(n_units / often)
    unit = units.numbers(every.near)
    share = _shares(unit, weight, len(near))
    graph = _Graph(
        mentions=_Flow.of(unit[kept], entities.numbers(every.far[kept]), share[kept]),
        weight=weight[kept],
        ties=[_between(entities, nearby(store, tie, leading, _TIES)) for tie in _SHARES],
    )
    begin_entities, begin_units = np.zeros(len(entities.rows)), np.zeros(len(near))
    begin_entities[entities.numbers(start.entities)] = start.entity_weights
    begin_units[units.numbers(start.units)] = start.unit_weights
    by_entity, by_unit = graph.swept(begin_entities, begin_units)
    return Walked(ranked(near, by_unit), ranked(entities.rows, by_entity))


@dataclass(frozen=True)
class _Flow:
    """Edges ordered by their near ends, between nodes by their numbers; each with a share of its near end's mass."""

    near: Rows
    """Those that have edges, each once."""
    starts: Rows
    """Where the edges of each begin."""
    counts: Rows
    far: Rows
    share: Numbers

    @classmethod
    def of(cls, near: Rows, far: Rows, share: Numbers) -> "_Flow":
        """Edges with these ends."""
        starts = np.flatnonzero(np.diff(near, prepend=-1))
        return cls(near[starts], starts, np.diff(starts, append=len(near)), far, share)

    def onwards(self, mass: Numbers, n_far: int) -> Numbers:
        """What arrives at the far ends."""
        arriving = np.repeat(mass[self.near], self.counts) * self.share
        return np.bincount(self.far, arriving, n_far).astype(np.float64, copy=False)

    def back(self, mass: Numbers, share: Numbers, n_near: int) -> Numbers:
        """What arrives at the near ends from the far ones, of which each edge takes a *share*."""
        arrived = np.zeros(n_near)
        arrived[self.near] = np.add.reduceat(mass[self.far] * share, self.starts)
        return arrived

    def weighed(self, factor: Numbers) -> "_Flow":
        """The same edges, with the share of each near end times a factor."""
        return replace(self, share=self.share * np.repeat(factor[self.near], self.counts))


def _between(entities: Nodes, edges: Edges) -> _Flow:
    """The ties with both ends among *entities*, each with its share of what leaves its near end."""
    near, far = entities.numbers(edges.near), entities.numbers(edges.far)
    inside = np.flatnonzero((near >= 0) & (far >= 0))
    near = near[inside]
    return _Flow.of(near, far[inside], _shares(near, edges.weight[inside], len(entities.rows)))


@dataclass(frozen=True)
class _Graph:
    """The neighbourhood: mentions without hubs, and ties between entities of each kind."""

    mentions: _Flow
    """From text units to entities; the share of hubs leads nowhere, or what little else there is gets it all."""
    weight: Numbers
    """Of each mention."""
    ties: Sequence[_Flow]

    def swept(self, entities: Numbers, units: Numbers) -> tuple[Numbers, Numbers]:
        """Mass of entities and units after all sweeps; what has nowhere to go returns to the start."""
        held, tied = self._split(len(entities))
        down = _shares(self.mentions.far, self.weight, len(entities)) * held[self.mentions.far]
        across = [ties.weighed(share) for ties, share in zip(self.ties, tied, strict=True)]
        at_entities, at_units = entities, units
        for _ in range(_SWEEPS):
            to_units = self.mentions.back(at_entities, down, len(units))
            to_entities = self.mentions.onwards(at_units, len(entities))
            for ties in across:
                to_entities += ties.onwards(at_entities, len(entities))
            lost = 1 - to_units.sum() - to_entities.sum()
            back = 1 - _DAMPING + _DAMPING * lost
            at_entities = _DAMPING * to_entities + back * entities
            at_units = _DAMPING * to_units + back * units
        return at_entities, at_units

    def _split(self, n_entities: int) -> tuple[Numbers, Sequence[Numbers]]:
        """The shares of a step from each entity: along mentions, and along ties of each kind; they add up to 1."""
        held = _with(self.mentions.far, n_entities)
        tied = [most * _with(ties.near, n_entities) for most, ties in zip(_SHARES.values(), self.ties, strict=True)]
        together = sum(tied, np.zeros(n_entities))
        whole = np.where((held > 0) | (together == 0), 1.0, together)
        return held * (1 - together), [share / whole for share in tied]


def _neighbourhood(store: Store, start: Restart, hub: float, allowed: Rows | None) -> tuple[Rows, Rows, Edges]:
    """Text units near the start, in steps until there are enough; the entities that lead on; all their mentions."""
    n_units, n_entities = store.count("text_units"), store.count("entities")
    units, leading = together(n_units, start.units), start.entities
    for step in range(_STEPS + 1):
        every = nearby(store, "mentioned", units, _MENTIONS)
        leading = _carrying(store, together(n_entities, leading, every.far), hub)
        if len(units) >= _ENOUGH_UNITS or step == _STEPS:
            break
        tied = (reached(store, tie, leading, _TIES) for tie in _SHARES)
        around = _carrying(store, together(n_entities, leading, *tied), hub)
        found = reached(store, "mentions", around, _MENTIONS)
        found = found if allowed is None else found[np.isin(found, allowed)]
        units = together(n_units, units, _commonest(nodes(n_units, found), found))
    return units, leading, every


def _commonest(units: Nodes, found: Rows) -> Rows:
    """The text units found most often, as many as one walk may see."""
    return units.rows[highest(np.bincount(units.numbers(found)), _MOST_UNITS)]


def _carrying(store: Store, entities: Rows, hub: float) -> Rows:
    """The entities without hubs: what stands nearly everywhere leads nowhere in particular."""
    return entities[store.degrees("mentions", entities) <= hub]


def _shares(source: Rows, weight: Numbers, n_rows: int) -> Numbers:
    """Each edge's share of what leaves its source."""
    total = np.bincount(source, weight, n_rows)
    return np.asarray(weight / np.maximum(total, 1e-12)[source])


def _with(rows: Rows, n_rows: int) -> Numbers:
    """1 for these rows, 0 for others."""
    found = np.zeros(n_rows)
    found[rows] = 1.0
    return found
