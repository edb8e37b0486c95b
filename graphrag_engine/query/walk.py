"""Balanced personalised PageRank on the bounded neighbourhood of a question.

After Haveliwala (2002) and HippoRAG 2 (Gutiérrez et al. 2025), with the restart shared between the
entities named and the text units found, so that neither drowns the other. Nodes are entities and
text units; where to restart and how far the walk sees do not grow with the index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graphrag_engine.offline.ragged import distinct
from graphrag_engine.query.link import Links
from graphrag_engine.query.nearby import nearby
from graphrag_engine.query.ranking import Ranking, ranked
from graphrag_engine.stores.base import Edges, Numbers, Rows, Store, Tie

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
    units, around = _neighbourhood(store, start, hub, allowed)
    every = nearby(store, "mentioned", units, _MENTIONS)
    often = store.degrees("mentions", every.far)
    weight = (1 + np.log(every.weight)) * np.log1p(n_units / often)
    share = _shares(np.searchsorted(units, every.near), weight, len(units))
    kept = often <= hub
    entities = _together(start.entities, every.far[kept])
    leading = _carrying(store, _together(around, entities), hub)
    graph = _Graph(
        unit=np.searchsorted(units, every.near[kept]),
        entity=np.searchsorted(entities, every.far[kept]),
        weight=weight[kept],
        share=share[kept],
        ties=[_between(entities, nearby(store, tie, leading, _TIES), most) for tie, most in _SHARES.items()],
    )
    begin_entities = np.zeros(len(entities))
    begin_entities[np.searchsorted(entities, start.entities)] = start.entity_weights
    begin_units = np.zeros(len(units))
    begin_units[np.searchsorted(units, start.units)] = start.unit_weights
    by_entity, by_unit = graph.swept(begin_entities, begin_units)
    return Walked(ranked(units, by_unit), ranked(entities, by_entity))


@dataclass(frozen=True)
class _Ties:
    """Ties of one kind between entities of the neighbourhood, with its own numbers."""

    near: Rows
    far: Rows
    strength: Numbers
    most: float
    """Share of a step that they get from where there are all kinds of edges."""


def _between(entities: Rows, edges: Edges, most: float) -> _Ties:
    """The edges with both ends among *entities*."""
    near, far = np.searchsorted(entities, edges.near), np.searchsorted(entities, edges.far)
    ends = np.append(entities, -1)
    inside = (ends[near] == edges.near) & (ends[far] == edges.far)
    return _Ties(near[inside], far[inside], edges.weight[inside], most)


@dataclass(frozen=True)
class _Graph:
    """The neighbourhood with its own numbers: mentions without hubs, and ties between entities."""

    unit: Rows
    entity: Rows
    weight: Numbers
    share: Numbers
    """Of each mention in all of its unit; the share of hubs leads nowhere, or what little else there is gets it all."""
    ties: Sequence[_Ties]

    def swept(self, entities: Numbers, units: Numbers) -> tuple[Numbers, Numbers]:
        """Mass of entities and units after all sweeps; what has nowhere to go returns to the start."""
        down = _shares(self.entity, self.weight, len(entities))
        held, tied = self._split(len(entities))
        across = [_shares(ties.near, ties.strength, len(entities)) for ties in self.ties]
        at_entities, at_units = entities, units
        for _ in range(_SWEEPS):
            to_units = np.bincount(self.unit, (at_entities * held)[self.entity] * down, len(units))
            arrived = [np.bincount(self.entity, at_units[self.unit] * self.share, len(entities))]
            for ties, share, part in zip(self.ties, tied, across, strict=True):
                arrived.append(np.bincount(ties.far, (at_entities * share)[ties.near] * part, len(entities)))
            to_entities = sum(arrived, np.zeros(len(entities)))
            lost = 1 - to_units.sum() - to_entities.sum()
            back = 1 - _DAMPING + _DAMPING * lost
            at_entities = _DAMPING * to_entities + back * entities
            at_units = _DAMPING * to_units + back * units
        return at_entities, at_units

    def _split(self, n_entities: int) -> tuple[Numbers, Sequence[Numbers]]:
        """The shares of a step from each entity: along mentions, and along ties of each kind; they add up to 1."""
        held = _reached(self.entity, n_entities)
        tied = [ties.most * _reached(ties.near, n_entities) for ties in self.ties]
        together = sum(tied, np.zeros(n_entities))
        whole = np.where((held > 0) | (together == 0), 1.0, together)
        return held * (1 - together), [share / whole for share in tied]


def _neighbourhood(store: Store, start: Restart, hub: float, allowed: Rows | None) -> tuple[Rows, Rows]:
    """Text units and entities near the start, in steps until there are enough text units."""
    units, entities = start.units, start.entities
    for _ in range(_STEPS):
        mentioned = nearby(store, "mentioned", units, _MENTIONS).far
        entities = _carrying(store, _together(entities, mentioned), hub)
        if len(units) >= _ENOUGH_UNITS:
            break
        tied = [nearby(store, tie, entities, _TIES).far for tie in _SHARES]
        around = distinct(np.concatenate([entities, *tied]))
        reached = nearby(store, "mentions", _carrying(store, around, hub), _MENTIONS).far
        units = _together(units, _commonest(reached if allowed is None else reached[np.isin(reached, allowed)]))
    return units, entities


def _commonest(units: Rows) -> Rows:
    """The text units reached most often, as many as one walk may see."""
    ordered = np.sort(units)
    firsts = np.flatnonzero(np.diff(ordered, prepend=-1))
    rows, times = ordered[firsts], np.diff(firsts, append=len(ordered))
    return rows[np.lexsort((rows, -times))][:_MOST_UNITS]


def _together(one: Rows, other: Rows) -> Rows:
    return distinct(np.concatenate([one, other]))


def _carrying(store: Store, entities: Rows, hub: float) -> Rows:
    """The entities without hubs: what stands nearly everywhere leads nowhere in particular."""
    return entities[store.degrees("mentions", entities) <= hub]


def _shares(source: Rows, weight: Numbers, n_rows: int) -> Numbers:
    """Each edge's share of what leaves its source."""
    total = np.bincount(source, weight, n_rows)
    return np.asarray(weight / np.maximum(total[source], 1e-12))


def _reached(source: Rows, n_rows: int) -> Numbers:
    """1 for rows with an edge, 0 for others."""
    return (np.bincount(source, minlength=n_rows) > 0).astype(np.float64)
