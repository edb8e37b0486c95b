"""Mode `global`: a few reports chosen for a question; never all of them, never a report beside its own part."""

from dataclasses import dataclass

import numpy as np

from graphrag_engine.offline.evidence import DISPUTE
from graphrag_engine.offline.evidence import disputed as words_of_dispute
from graphrag_engine.offline.text import sentences
from graphrag_engine.query import bm25, facts
from graphrag_engine.query.bm25 import Hits
from graphrag_engine.query.broad import about, disputed, is_broad
from graphrag_engine.query.found import Asked, Found
from graphrag_engine.query.ranking import NOTHING, Ranking, ranked, summed
from graphrag_engine.query.walk import Walked, restart, walk
from graphrag_engine.stores.base import Numbers, Rows, Store

REPORTS = 3
"""Reports that are chosen to be read by people."""
_NEAR = 12
_LOOKED_AT = 60
"""Reports, best first, that are looked at to choose from."""
_ENOUGH = 0.5
"""Share of the question's words, by weight, that a report must hold."""


def find(store: Store, asked: Asked, k: int, most: int = REPORTS) -> Found:
    """At most *most* reports by words, meaning and the walk's communities; for a question about the whole, the best.

    Where it asks for what is in dispute, reports, text units and claims that speak of disputes come first.
    """
    meant = about(asked.question)
    hits = bm25.search(store, "reports", meant)
    known = bool(asked.links.found) or bool(hits.coverage.max(initial=0.0) >= _ENOUGH) or asked.grounded
    start = restart(asked.links, asked.prior, store.count("text_units"))
    walked = walk(store, start, asked.scope.allowed)
    if meant and (known or not is_broad(asked.question)):
        order, why = (
            _matching(store, asked, walked, hits),
            f"{len(hits.rows)} of {store.count('reports')} reports match",
        )
    else:
        order, why = _leading(store, asked), "the question asks for the whole: the best rated reports"
    found = _disputes(store, asked, walked, order, k) if disputed(asked.question) else None
    chosen = _apart(store, asked, found.reports if found else order, most)
    return Found(
        mode="global",
        asked=asked,
        grounded=bool(len(chosen.rows)) and (known or is_broad(asked.question)),
        units=found.units.top(k) if found else _cited(store, chosen).top(k),
        near=found.units if found else NOTHING,
        claims=found.claims if found else NOTHING,
        reports=chosen,
        trace=({"step": "reports", "why": found.why if found else why, "chosen": len(chosen.rows)},),
    )


@dataclass(frozen=True)
class _Disputes:
    """What speaks of disputes."""

    reports: Ranking
    units: Ranking
    claims: Ranking
    why: str


def _disputes(store: Store, asked: Asked, walked: Walked, order: Ranking, k: int) -> _Disputes | None:
    """What holds words of dispute, more so what the question is about besides; None where nothing does."""
    wanted = words_of_dispute(asked.question.text)
    units = bm25.search(store, "text_units", wanted, asked.scope.allowed)
    if not len(units.rows):
        return None
    reports = bm25.search(store, "reports", wanted)
    claims = facts.claims(store, walked, asked.scope, _LOOKED_AT)
    status = [row["status"] for row in store.rows("claims", claims.rows, ("status",))]
    doubtful = [place for place, said in enumerate(status) if said != "TRUE"]
    return _Disputes(
        reports=_both(reports, order) if len(reports.rows) else order,
        units=_told(store, units, asked.hits).top(max(k, _NEAR)),
        claims=Ranking(claims.rows[doubtful], claims.scores[doubtful]),
        why=f"{len(units.rows)} passages hold words of dispute: reports and passages by these",
    )


def _told(store: Store, units: Hits, asked: Hits) -> Ranking:
    """Text units by how many of their sentences speak of a dispute, and by the words of the question."""
    rows = units.rows[:_LOOKED_AT]
    texts = [row["text"] for row in store.rows("text_units", rows, ("text",))]
    marks = np.array([sum(DISPUTE.of(text[start:end]) for start, end in sentences(text)) for text in texts], np.float64)
    return _both(Hits(rows, marks, units.coverage[:_LOOKED_AT], units.weights), Ranking(asked.rows, asked.scores))


def _both(hits: Hits, order: Ranking) -> Ranking:
    """What was hit, the higher the more it is also in *order*."""
    share = order.of(hits.rows) / max(order.scores.max(initial=0.0), 1e-12)
    return ranked(hits.rows, _scaled(hits.scores) * (1 + share))


def _matching(store: Store, asked: Asked, walked: Walked, hits: Hits) -> Ranking:
    """In equal parts by words, by the mass of the members that the walk touches, and by meaning where it is known."""
    by_walk = facts.reports(store, walked, asked.scope, _LOOKED_AT)
    parts = [(hits.rows, hits.scores), (by_walk.rows, by_walk.scores)]
    if asked.vector is not None:
        rows, near = store.nearest("reports", asked.vector, _LOOKED_AT)
        parts.append((rows, near - near.min(initial=1.0)))
    scores = np.concatenate([_scaled(scores) for _, scores in parts]) / len(parts)
    return summed(np.concatenate([rows for rows, _ in parts]), scores)


def _leading(store: Store, asked: Asked) -> Ranking:
    rows = store.leading(asked.scope.level or 0, _LOOKED_AT)
    return ranked(rows, store.values("reports", "rating", rows).astype(np.float64))


def _scaled(scores: Numbers) -> Numbers:
    return np.asarray(scores / scores.max(initial=1e-12))


def _apart(store: Store, asked: Asked, order: Ranking, most: int) -> Ranking:
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
        if len(kept) == most:
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
