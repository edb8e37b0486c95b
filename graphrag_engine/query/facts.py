"""From the mass of entities and text units to relationships, claims and reports."""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from graphrag_engine.offline.ragged import distinct
from graphrag_engine.query.found import Scope
from graphrag_engine.query.nearby import nearby
from graphrag_engine.query.nodes import nodes
from graphrag_engine.query.ranking import Ranking, ranked
from graphrag_engine.query.walk import Walked
from graphrag_engine.stores.base import Numbers, Rows, Store

_TOUCHED = 40
"""Entities whose ties are looked at."""
_LEAST = 0.03
"""What scores less than this share of the best is not worth showing."""
_TIES = 20_000
"""Ties of these that are looked at."""
_MEMBERS = 2000
"""Entities of most mass whose reports are looked at."""


def relationships(store: Store, walked: Walked, scope: Scope, k: int, always: Iterable[int]) -> Ranking:
    """Ties between touched entities that say something, and *always*, by the product of the mass of both ends."""

    def fits(row: int) -> bool:
        return bool(stated_in_scope(store, np.array([row]), scope)[0])

    def mass(rows: Rows) -> Numbers:
        source, target = (store.values("relationships", side, rows) for side in ("source", "target"))
        return walked.entities.of(source) * walked.entities.of(target)

    via = distinct(nearby(store, "related", walked.entities.top(_TOUCHED).rows, _TIES).via)
    telling = via[store.values("relationships", "loose", via) == 0]
    best = _first(telling, mass(telling), fits, k)
    rows = np.union1d(best.rows, np.array(list(always), np.int64))
    return ranked(rows, mass(rows))


def claims(store: Store, walked: Walked, scope: Scope, k: int) -> Ranking:
    """Claims about touched entities, by the mass of the subject and of the text unit."""
    rows = distinct(nearby(store, "claimed", walked.entities.top(_TOUCHED).rows, _TIES).far)
    unit = store.values("claims", "text_unit", rows)
    mass = walked.entities.of(store.values("claims", "subject_row", rows)) * walked.units.of(unit)
    return _first(
        rows, mass, lambda row: scope.allows([int(store.values("claims", "text_unit", np.array([row]))[0])]), k
    )


def reports(store: Store, walked: Walked, scope: Scope, k: int) -> Ranking:
    """Reports of the strongest communities: each entity gives its mass to its finest report, or that of the level."""
    edges = store.neighbours("reported", walked.entities.top(_MEMBERS).rows)
    level = store.values("reports", "level", edges.far)
    if scope.level is None:
        firsts = np.flatnonzero(np.diff(edges.near, prepend=-1))
        finest = np.maximum.reduceat(level, firsts)
        kept = np.flatnonzero(level == np.repeat(finest, np.diff(firsts, append=len(level))))
    else:
        kept = np.flatnonzero(level == scope.level)
    found = nodes(store.count("reports"), edges.far[kept])
    mass = np.bincount(found.numbers(edges.far[kept]), walked.entities.of(edges.near[kept]))
    return _first(found.rows, mass.astype(np.float64), lambda row: visible(store, row, scope), k)


def visible(store: Store, report: int, scope: Scope) -> bool:
    """Whether all that a report rests on may be seen."""
    if scope.allowed is None:
        return True
    cited = store.rows("reports", np.array([report]), ("citations",))[0]["citations"]
    return scope.allows_all([each["text_unit"] for each in cited])


def stated_in_scope(store: Store, via: Rows, scope: Scope) -> npt.NDArray[np.bool_]:
    """Of each relationship, whether a text unit that states it may be seen."""
    if scope.allowed is None:
        return np.ones(len(via), np.bool_)
    rows, place = np.unique(via, return_inverse=True)
    said = store.rows("relationships", rows, ("text_units",))
    return np.array([scope.allows(each["text_units"]) for each in said], np.bool_)[place]


def _first(rows: Rows, scores: Numbers, fits: Callable[[int], bool], k: int) -> Ranking:
    """The best *k* that score and fit; the rest is not looked at."""
    worth = (scores > 0) & (scores >= _LEAST * scores.max(initial=0.0))
    return ranked(rows[worth], scores[worth]).first(k, fits)
