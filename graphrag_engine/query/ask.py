"""The three ways to ask without a model: an answer, ranked text units, or the context that a model would see."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

import numpy as np

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.errors import UsageError
from graphrag_engine.llm.base import Embedder
from graphrag_engine.offline.evidence import asked_for
from graphrag_engine.query import auto, global_, local, path, vector, wording, write
from graphrag_engine.query.answer import Answer, Hit
from graphrag_engine.query.citations import Citations
from graphrag_engine.query.compose import Composer
from graphrag_engine.query.context import Context, Page, gathered, sections
from graphrag_engine.query.found import Asked, Found, Scope, look
from graphrag_engine.query.ranking import Ranking
from graphrag_engine.settings import QuerySettings
from graphrag_engine.stores.base import Store
from graphrag_engine.stores.filters import check

_CLAIMS, _FACTS, _FINDINGS = 4, 4, 3
"""Claims, relationships and findings of a report that the text shows; the JSON holds more."""
WIDER, READ = 4, 10
"""How many times as many passages a model is shown as people are, and how many reports where these matter most."""
MODES = ("auto", "local", "global", "path", "vector")
"""How evidence can be looked for."""
_WAYS: Mapping[str, Callable[[Store, Asked, int], Found]] = {
    "local": local.find,
    "path": path.find,
    "vector": lambda _, asked, k: vector.find(asked, k),
}
_PASSAGES: Mapping[str, Callable[[Store, Asked, int], Ranking]] = {
    "local": local.passages,
    "path": local.passages,
    "global": lambda store, asked, k: global_.find(store, asked, k).units,
    "vector": lambda _, asked, k: vector.find(asked, k).units,
}
"""The same text units as in `_WAYS`, without what an answer tells beside them."""


def answer(
    store: Store,
    question: str,
    *,
    mode: str = "auto",
    level: int | None = None,
    filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    embedder: Embedder | None = None,
    before: str = "",
    settings: QuerySettings,
    index_version: int,
) -> Answer:
    """Ordered, cited evidence for a question; `grounded` is false where the sources say nothing.

    *level*: reports of this level alone. *filter*: text units alone whose document has these values, or values in
    these ranges (`1920..1930`), in its metadata or `source`. Raises EmptyQuestion, and UsageError for a mode, level
    or key there is not and for what is no range. *before*: what was asked before, for a question that names nothing.
    """
    found = find(store, question, mode, scoped(store, level, filter), settings.passages, embedder, before)
    if found.grounded:
        return _composed(store, found, question, index_version)
    return declined(found, question, filter, index_version)


def declined(found: Found, question: str, wanted: Mapping[str, str] | None, index_version: int) -> Answer:
    """The answer where the sources say nothing."""
    where, say = " that the filter allows" if wanted else "", wording.of(question)
    allowed = found.asked.scope.allowed
    shut = wanted if allowed is not None and not len(allowed) else None
    return Answer(
        question=question,
        mode=found.mode,
        text=write.unmatched(say, shut) if shut else write.nothing(say, found, where),
        trace=found.trace,
        grounded=False,
        index_version=index_version,
    )


def retrieve(
    store: Store,
    question: str,
    *,
    mode: str = "auto",
    k: int = 10,
    level: int | None = None,
    filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    embedder: Embedder | None = None,
) -> list[Hit]:
    """The best *k* text units for a question, best first; no paths are looked for.

    Raises EmptyQuestion, and UsageError as `answer` does.
    """
    _check_mode(mode)
    asked, cited = look(store, question, scoped(store, level, filter), embedder), Citations(store)
    units = _PASSAGES[auto.mode(store, asked)[0] if mode == "auto" else mode](store, asked, k)
    return hits(cited, units.pairs())


def context(
    store: Store,
    question: str,
    *,
    mode: str = "auto",
    level: int | None = None,
    filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    embedder: Embedder | None = None,
    settings: QuerySettings,
) -> Context:
    """What a model would be shown for a question, within `context_tokens`; empty where the sources say nothing.

    Raises EmptyQuestion, and UsageError as `answer` does.
    """
    found = find(store, question, mode, scoped(store, level, filter), settings.passages * WIDER, embedder, reports=READ)
    text = ""
    if found.grounded:
        all_of_it = gathered(store, found)
        text = Page(all_of_it.cited).write(sections(all_of_it), settings.context_tokens).text
    return Context(text=text, mode=found.mode, grounded=found.grounded, tokens=estimate_tokens(text), trace=found.trace)


def find(
    store: Store,
    question: str,
    mode: str,
    scope: Scope,
    k: int,
    embedder: Embedder | None = None,
    before: str = "",
    reports: int = global_.REPORTS,
) -> Found:
    """The evidence for a question in a mode, with the trace of how it was found.

    A question that names nothing is read together with what was asked *before*. Raises EmptyQuestion, and UsageError
    for an unknown mode.
    """
    _check_mode(mode)
    asked = look(store, question, scope, embedder)
    if before and not asked.links.found:
        step = {"step": "history", "why": "since no name is known, read with the question before"}
        asked = look(store, f"{before}\n{question}", scope, embedder)
        asked = replace(asked, trace=(step, *asked.trace))
    if mode == "auto":
        found, why = auto.find(store, asked, k, reports)
    elif mode == "global":
        found, why = global_.find(store, asked, k, reports), "as asked for"
    else:
        found, why = _WAYS[mode](store, asked, k), "as asked for"
    return replace(found, trace=(*asked.trace, {"step": "mode", "mode": found.mode, "why": why}, *found.trace))


def _check_mode(mode: str) -> None:
    if mode not in MODES:
        raise UsageError(f"There is no mode {mode!r}: choose one of {', '.join(MODES)}.")


def scoped(store: Store, level: int | None, wanted: Mapping[str, str] | None) -> Scope:
    """What a question may see; raises UsageError for a level or a key of metadata that is nowhere."""
    if level is not None:
        _check_level(store, level)
    stated = store.keys() if wanted else []
    if unknown := [key for key in wanted or {} if key != "source" and key not in stated]:
        known = ", ".join(stated)
        hint = f"known: {known}." if known else "only source can be filtered by."
        raise UsageError(f"No document has {unknown[0]!r} in its metadata; {hint}")
    check(wanted or {})
    return Scope(level, store.within(wanted) if wanted else None)


def _check_level(store: Store, level: int) -> None:
    levels = np.unique(store.values("reports", "level", np.arange(store.count("reports")))).tolist()
    if level in levels:
        return
    if not levels:
        raise UsageError(f"This index has no reports, so there is no level {level}.")
    there = f"levels {levels[0]} to {levels[-1]}" if len(levels) > 1 else f"level {levels[0]} only"
    raise UsageError(f"This index has reports on {there}; there is no level {level}.")


def hits(cited: Citations, pairs: Sequence[tuple[int, float]]) -> list[Hit]:
    """Text units, by their rows and scores, as results."""
    units = cited.units(row for row, _ in pairs)
    return [unit.hit(score) for unit, (_, score) in zip(units, pairs, strict=True)]


def _hits(cited: Citations, found: Found, shown: Container[int] = ()) -> list[Hit]:
    """The text units found and those shown besides, by their rank."""
    units = set(found.units.rows.tolist())
    near = [pair for pair in found.near.pairs() if pair[0] not in units and pair[0] in shown]
    return hits(cited, [*found.units.pairs(), *near])


def _composed(store: Store, found: Found, question: str, index_version: int) -> Answer:
    """The answer; citations are numbered in the order in which the text shows them."""
    made = Composer(store, found)
    text = _written(made, found)
    return Answer(
        question=question,
        mode=found.mode,
        text=text,
        text_units=tuple(_hits(made.cited, found, made.passages.rows)),
        entities=made.entities(),
        relationships=made.statements.relationships(found.relationships),
        claims=made.statements.claims(found.claims),
        reports=made.reports(),
        paths=made.paths(),
        citations=made.cited.all(),
        trace=found.trace,
        grounded=True,
        index_version=index_version,
    )


def _written(made: Composer, found: Found) -> str:
    """The text; what it cites gets its number here."""
    broad, say = found.mode == "global", wording.of(found.asked.question.text)
    reports = made.leading_reports(_FINDINGS) if broad else ()
    passages = made.passages.chosen(made.statements.chain().values())
    paths = made.paths()
    claims = made.statements.apt_claims(_CLAIMS)
    facts = made.statements.apt_relationships(_FACTS, claims)
    lines = [
        *write.opening(say, found, made.entities(), made.passages.unspoken()),
        *write.reports(say, reports),
        *write.paths(say, paths),
        *write.passages(say, passages),
        *write.claims(say, claims),
        *write.facts(say, facts),
        *write.candidates(say, made.passages.candidates(), asked_for(found.asked.question.text)),
    ]
    return "\n".join([*lines, *write.sources(say, made.cited.all()), *write.closing(say)])
