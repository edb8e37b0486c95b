"""Mode `global`: a few reports chosen for a question; never all of them, never a report beside its own part."""

import numpy as np

from graphrag_engine.query import bm25, facts
from graphrag_engine.query.auto import about
from graphrag_engine.query.bm25 import Hits
from graphrag_engine.query.found import Asked, Found
from graphrag_engine.query.ranking import Ranking, ranked, summed
from graphrag_engine.query.walk import restart, walk
from graphrag_engine.stores.base import Numbers, Rows, Store

_REPORTS = 3
_LOOKED_AT = 60
"""Reports, best first, that are looked at to choose from."""
_ENOUGH = 0.5
"""Share of the question's words, by weight, that a report must hold."""


def find(store: Store, asked: Asked, k: int) -> Found:
    """Reports by their words and the walk's communities; for a question about the whole, the best rated."""
    meant = about(asked.question)
    hits = bm25.search(store, "reports", meant)
    if meant:
        order, why = _matching(store, asked, hits), f"{len(hits.rows)} of {store.count('reports')} reports match"
    else:
        order, why = _leading(store, asked), "the question asks for the whole: the best rated reports"
    chosen = _apart(store, asked, order)
    known = bool(asked.links.found) or not meant or bool(hits.coverage.max(initial=0.0) >= _ENOUGH)
    return Found(
        mode="global",
        asked=asked,
        grounded=bool(len(chosen.rows)) and (known or asked.grounded),
        units=_cited(store, chosen).top(k),
        reports=chosen,
        trace=({"step": "reports", "why": why, "chosen": len(chosen.rows)},),
    )


def _matching(store: Store, asked: Asked, hits: Hits) -> Ranking:
    """Half by words, half by the mass of the members that the walk touches."""
    start = restart(asked.links, asked.hits, store.count("text_units"))
    by_walk = facts.reports(store, walk(store, start, asked.scope.allowed), asked.scope, _LOOKED_AT)
    rows = np.concatenate([hits.rows, by_walk.rows])
    return summed(rows, np.concatenate([_scaled(hits.scores), _scaled(by_walk.scores)]) / 2)


def _leading(store: Store, asked: Asked) -> Ranking:
    rows = store.leading(asked.scope.level or 0, _LOOKED_AT)
    return ranked(rows, store.values("reports", "rating", rows).astype(np.float64))


def _scaled(scores: Numbers) -> Numbers:
    return np.asarray(scores / scores.max(initial=1e-12))


def _apart(store: Store, asked: Asked, order: Ranking) -> Ranking:
    """The best reports of the level asked for that may be seen, none of them a part of another."""
    kept: list[int] = []
    lines: list[set[int]] = []
    top = order.top(_LOOKED_AT)
    for place, row in enumerate(top.rows.tolist()):
        line = _line(store, row)
        fits = asked.scope.level is None or store.values("reports", "level", np.array([row]))[0] == asked.scope.level
        inside = any(row in other or int(top.rows[at]) in line for at, other in zip(kept, lines, strict=True))
        if fits and not inside and facts.visible(store, row, asked.scope):
            kept.append(place)
            lines.append(line)
        if len(kept) == _REPORTS:
            break
    return Ranking(top.rows[kept], top.scores[kept])


def _line(store: Store, report: int) -> set[int]:
    """A report and all that it is a part of."""
    line: set[int] = set()
    while report >= 0:
        line.add(report)
        report = int(store.values("reports", "parent", np.array([report]))[0])
    return line


def _cited(store: Store, reports: Ranking) -> Ranking:
    """The text units that the reports rest on, by the score of the reports that cite them."""
    found = store.rows("reports", reports.rows, ("citations",))
    pairs = [
        (each["text_unit"], score / (1 + place))
        for said, score in zip(found, reports.scores.tolist(), strict=True)
        for place, each in enumerate(said["citations"])
        if each["text_unit"] >= 0
    ]
    rows: Rows = np.array([unit for unit, _ in pairs], np.int64)
    return summed(rows, np.array([score for _, score in pairs], np.float64))
