"""From the mass of entities and text units to relationships, claims and reports."""

from collections.abc import Callable

import numpy as np

from graphrag_engine.query.found import Scope
from graphrag_engine.query.ranking import Ranking, ranked, summed
from graphrag_engine.query.walk import Walked
from graphrag_engine.stores.base import Rows, Store, Tie

_TOUCHED = 40
"""Entities whose ties are looked at."""
_LEAST = 0.05
"""What scores less than this share of the best is not worth showing."""
_CROWD = 2000
"""An entity with more ties than this is not asked for them all."""


def ties(store: Store, walked: Walked) -> Ranking:
    """All ties between touched entities that say something, by the product of the mass of both ends."""
    edges = store.neighbours("related", _quiet(store, "related", walked.entities.top(_TOUCHED).rows))
    via, first = np.unique(edges.via, return_index=True)
    mass = walked.entities.of(edges.near[first]) * walked.entities.of(edges.far[first])
    telling = (mass > 0) & (store.values("relationships", "loose", via) == 0)
    return ranked(via[telling], mass[telling])


def relationships(store: Store, ties: Ranking, scope: Scope, k: int) -> Ranking:
    """The best of *ties* that may be seen."""

    def fits(row: int) -> bool:
        return scope.allows(store.rows("relationships", np.array([row]), ("text_units",))[0]["text_units"])

    return _first(ties, fits, k)


def claims(store: Store, walked: Walked, scope: Scope, k: int) -> Ranking:
    """Claims about touched entities, by the mass of the subject and of the text unit."""
    rows = np.unique(store.neighbours("claimed", _quiet(store, "claimed", walked.entities.top(_TOUCHED).rows)).far)
    unit = store.values("claims", "text_unit", rows)
    mass = walked.entities.of(store.values("claims", "subject_row", rows)) * walked.units.of(unit)
    order = ranked(rows[mass > 0], mass[mass > 0])
    return _first(order, lambda row: scope.allows([int(store.values("claims", "text_unit", np.array([row]))[0])]), k)


def reports(store: Store, walked: Walked, scope: Scope, k: int) -> Ranking:
    """Reports of the strongest communities: each entity gives its mass to its finest report, or that of the level."""
    edges = store.neighbours("reported", walked.entities.rows)
    level = store.values("reports", "level", edges.far)
    order = np.lexsort((-level, edges.near))
    near, far, level = edges.near[order], edges.far[order], level[order]
    kept = np.flatnonzero(level == scope.level) if scope.level is not None else np.unique(near, return_index=True)[1]
    found = summed(far[kept], walked.entities.of(near[kept]))
    return _first(found, lambda row: visible(store, row, scope), k)


def visible(store: Store, report: int, scope: Scope) -> bool:
    """Whether all that a report rests on may be seen."""
    cited = store.rows("reports", np.array([report]), ("citations",))[0]["citations"]
    return scope.allows_all([each["text_unit"] for each in cited])


def _first(order: Ranking, fits: Callable[[int], bool], k: int) -> Ranking:
    """The best *k* that fit; the rest is not looked at."""
    kept: list[int] = []
    for place, (row, score) in enumerate(order.pairs()):
        if len(kept) == k or score < _LEAST * order.scores[0]:
            break
        if fits(row):
            kept.append(place)
    return Ranking(order.rows[kept], order.scores[kept])


def _quiet(store: Store, tie: Tie, rows: Rows) -> Rows:
    """The rows without those that have a crowd of ties."""
    return rows[store.degrees(tie, rows) <= _CROWD]
