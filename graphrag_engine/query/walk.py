"""Balanced personalised PageRank on the bounded neighbourhood of a question.

After Haveliwala (2002) and HippoRAG 2 (Gutiérrez et al. 2025), with the restart shared between the
entities named and the text units found, so that neither drowns the other. Nodes are entities and
text units; where to restart and how far the walk sees do not grow with the index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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

_APART = 8


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
    rows, leading, every = _neighbourhood(store, start, hub, allowed)
    often = store.degrees("mentions", every.far)
    kept = _apart(np.flatnonzero(often <= hub))
    units, entities = nodes(n_units, rows), nodes(store.count("entities"), start.entities, every.far[kept])
    first = len(entities.rows)
    weight = (1 + np.log(every.weight)) * np.log1p(n_units / often)
    unit = units.numbers(every.near)
    mentions = _Edges(entities.numbers(every.far[kept]), first + unit[kept], weight[kept])
    ties = [_between(entities, nearby(store, tie, leading, _TIES)) for tie in _SHARES]
    begin = np.zeros(first + len(rows))
    begin[entities.numbers(start.entities)] = start.entity_weights
    begin[first + units.numbers(start.units)] = start.unit_weights
    mass = _swept(_flow(mentions, _shares(unit, weight, len(rows))[kept], ties, first), begin)
    return Walked(ranked(rows, mass[first:]), ranked(entities.rows, mass[:first]))


@dataclass(frozen=True)
class _Edges:
    """Edges between nodes by their numbers, which are those of entities, then those of text units."""

    near: Rows
    far: Rows
    weight: Numbers


def _between(entities: Nodes, edges: Edges) -> _Edges:
    """The ties with both ends among *entities*."""
    near, far = entities.numbers(edges.near), entities.numbers(edges.far)
    inside = np.flatnonzero((near >= 0) & (far >= 0))
    return _Edges(near[inside], far[inside], edges.weight[inside])


def _apart(places: Rows) -> Rows:
    """The same places, those of one text unit apart: sums into one node wait for each other if they follow closely."""
    return np.concatenate([places[first::_APART] for first in range(_APART)])


def _flow(mentions: _Edges, share: Numbers, ties: Sequence[_Edges], n_entities: int) -> _Edges:
    """All edges in the direction of a step, each weighing the part of its near end's mass that it moves.

    *share*: of each mention in all of its unit; that of hubs leads nowhere, or what little else there is gets it all.
    """
    held, tied = _split(mentions, ties, n_entities)
    every = [mentions, *ties]
    out = [
        _shares(each.near, each.weight, n_entities) * part[each.near]
        for each, part in zip(every, [held, *tied], strict=True)
    ]
    return _Edges(
        np.concatenate([mentions.far, *(each.near for each in every)]),
        np.concatenate([mentions.near, *(each.far for each in every)]),
        _DAMPING * np.concatenate([share, *out]),
    )


def _split(mentions: _Edges, ties: Sequence[_Edges], n_entities: int) -> tuple[Numbers, Sequence[Numbers]]:
    """The shares of a step from each entity: along mentions, and along ties of each kind; they add up to 1."""
    held = _with(mentions.near, n_entities)
    tied = [most * _with(each.near, n_entities) for most, each in zip(_SHARES.values(), ties, strict=True)]
    together = sum(tied, np.zeros(n_entities))
    whole = np.where((held > 0) | (together == 0), 1.0, together)
    return held * (1 - together), [share / whole for share in tied]


def _swept(flow: _Edges, begin: Numbers) -> Numbers:
    """Mass of all nodes after all sweeps; what has nowhere to go returns to where the walk began."""
    mass, moving = begin, np.empty(len(flow.near))
    for _ in range(_SWEEPS):
        np.take(mass, flow.near, out=moving, mode="clip")  # without "clip" numpy copies *moving*
        moved = np.bincount(flow.far, np.multiply(moving, flow.weight, out=moving), len(begin))
        mass = moved + (1 - moved.sum()) * begin
    return mass


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
