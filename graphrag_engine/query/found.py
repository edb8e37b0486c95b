"""What a mode works on and what it finds: rows and their scores, before anything is put in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from graphrag_engine.llm.base import Embedder, embedded
from graphrag_engine.offline.words import terms
from graphrag_engine.query import bm25, question
from graphrag_engine.query.bm25 import Hits
from graphrag_engine.query.link import Links, link
from graphrag_engine.query.prior import MOST, prior
from graphrag_engine.query.question import Question
from graphrag_engine.query.ranking import NOTHING, Ranking
from graphrag_engine.stores.base import Rows, Store

_ENOUGH = 0.5
"""Share of the question's content words, by weight, that one text unit must hold where no name is known."""
_BROTHERS = 2
"""Walks told together that differ in their last step alone: two founders of one yard."""


@dataclass(frozen=True)
class Scope:
    """What a question may see."""

    level: int | None = None
    """Reports of this level alone."""
    allowed: Rows | None = None
    """These text units alone, ascending."""

    def allows(self, units: list[int]) -> bool:
        """Whether one of these text units may be seen."""
        return self.allowed is None or bool(np.isin(units, self.allowed).any())

    def allows_all(self, units: list[int]) -> bool:
        """Whether all of these text units may be seen."""
        return self.allowed is None or bool(np.isin(units, self.allowed).all())


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, the names in it and the text units that share its words."""

    question: Question
    links: Links
    hits: Hits
    prior: Ranking
    """What text units are worth before the walk; adds up to 1."""
    by_meaning: bool
    """Whether vectors have a say in it."""
    vector: npt.NDArray[np.float32] | None
    """What the question means, to an embedder of weight."""
    scope: Scope
    trace: tuple[Mapping[str, Any], ...]

    @property
    def content(self) -> tuple[str, ...]:
        """The question's terms beside the names in it."""
        names = set(terms(" ".join([*(link.said for link in self.links.found), *self.links.missing])))
        return tuple(term for term in self.question.terms if term not in names)

    @property
    def grounded(self) -> bool:
        """Whether the sources know a name of the question, or one text unit holds half of its words."""
        return bool(self.links.found) or bool(self.hits.coverage.max(initial=0.0) >= _ENOUGH)


@dataclass(frozen=True, order=True)
class Hop:
    """One relationship walked from one entity to the next; all are rows."""

    near: int
    far: int
    relationship: int


Path = tuple[Hop, ...]
"""Relationships walked one after the other."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Everything an answer rests on, each kind best first."""

    mode: str
    asked: Asked
    grounded: bool
    units: Ranking
    near: Ranking = NOTHING
    """The best text units, some more than `units`: one that holds a fact shown may take the place of another."""
    led: tuple[Path, ...] = ()
    """Walks from the names of the question along its predicates."""
    entities: Ranking = NOTHING
    relationships: Ranking = NOTHING
    claims: Ranking = NOTHING
    reports: Ranking = NOTHING
    paths: tuple[Path, ...] = ()
    trace: tuple[Mapping[str, Any], ...]

    @property
    def chain(self) -> tuple[int, ...]:
        """Rows of relationships that lead from the names of the question to what it asks for."""
        told = self.paths or [path for path in self.led if path[:-1] == self.led[0][:-1]][:_BROTHERS]
        return tuple(dict.fromkeys(hop.relationship for path in told for hop in path))


def look(store: Store, text: str, scope: Scope, embedder: Embedder | None = None) -> Asked:
    """Read a question, link its names, search its words and, with an embedder of weight, its meaning.

    Raises EmptyQuestion.
    """
    read = question.read(text)
    links = _visible(store, link(store, read), scope)
    hits = bm25.search(store, "text_units", read.terms, scope.allowed)
    trace: list[Mapping[str, Any]] = []
    if read.cut:
        trace.append({"step": "read", "why": f"a long question: only {read.cut} were read"})
    if scope.allowed is not None:
        trace.append({"step": "filter", "why": f"{len(scope.allowed)} of {store.count('text_units')} passages allowed"})
    known = ", ".join(dict.fromkeys(each.said for each in links.found)) or "no name"
    trace.append(
        {
            "step": "link",
            "why": f"{known} linked, {len(links.missing)} unknown",
            "linked": [{"said": each.said, "how": each.how, "text_units": each.frequency} for each in links.found],
            "missing": list(links.missing),
        }
    )
    best = round(float(hits.coverage.max(initial=0.0)), 3)
    trace.append(
        {"step": "search", "why": f"{len(hits.rows)} passages share words, the best {best:.0%} of them by weight"}
    )
    dense, vector = NOTHING, None
    if embedder and embedder.weight > 0:
        vector = embedded(embedder, [read.text])[0]
        dense = _near(store, vector, scope)
        trace.append({"step": "embed", "why": f"{len(dense.rows)} passages near in meaning, by {embedder.name!r}"})
    return Asked(
        question=read,
        links=links,
        hits=hits,
        prior=prior(hits, dense, embedder.weight if embedder else 0.0),
        by_meaning=len(dense.rows) > 0,
        vector=vector,
        scope=scope,
        trace=tuple(trace),
    )


def _near(store: Store, vector: npt.NDArray[np.float32], scope: Scope) -> Ranking:
    """The text units nearest to a vector that may be seen."""
    return Ranking(*store.nearest("text_units", vector, MOST, scope.allowed))


def _visible(store: Store, links: Links, scope: Scope) -> Links:
    """The links to entities that an allowed text unit mentions; the names of others are missing."""
    if scope.allowed is None or not links.found:
        return links
    edges = store.neighbours("mentions", links.entities)
    seen = set(edges.near[np.isin(edges.far, scope.allowed)].tolist())
    found = tuple(each for each in links.found if each.entity in seen)
    known = {each.said for each in found}
    hidden = [each.said for each in links.found if each.said not in known]
    return replace(links, found=found, missing=tuple(dict.fromkeys([*links.missing, *hidden])))
