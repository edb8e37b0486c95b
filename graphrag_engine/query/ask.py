"""The three ways to ask: an answer, ranked text units, or the context that a model would see."""

from collections.abc import Mapping
from dataclasses import replace

from graphrag_engine.errors import UsageError
from graphrag_engine.offline.evidence import asked_for
from graphrag_engine.query import auto, global_, local, vector, write
from graphrag_engine.query.answer import Answer, Hit
from graphrag_engine.query.citations import Citations
from graphrag_engine.query.compose import Composer
from graphrag_engine.query.context import told
from graphrag_engine.query.found import Found, Scope, look
from graphrag_engine.settings import QuerySettings
from graphrag_engine.stores.base import Store

_CLAIMS, _FACTS, _FINDINGS = 4, 4, 3
"""Claims, relationships and findings of a report that the text shows; the JSON holds more."""
MODES = ("auto", "local", "global", "vector")
"""How evidence can be looked for."""


def answer(
    store: Store,
    question: str,
    *,
    mode: str = "auto",
    level: int | None = None,
    filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    settings: QuerySettings,
    index_version: int,
) -> Answer:
    """Ordered, cited evidence for a question; `grounded` is false where the sources say nothing.

    *level*: reports of this level alone. *filter*: text units alone whose document has these values in
    its metadata or `source`. Raises EmptyQuestion.
    """
    found = find(store, question, mode, _scope(store, level, filter), settings.passages)
    if found.grounded:
        return _composed(store, found, question, index_version)
    where = " that the filter allows" if filter else ""
    return Answer(
        question=question,
        mode=found.mode,
        text=write.nothing(found.asked.links, where),
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
) -> list[Hit]:
    """The best *k* text units for a question, best first. Raises EmptyQuestion."""
    found = find(store, question, mode, _scope(store, level, filter), k)
    return _hits(Citations(store), found)


def context(
    store: Store,
    question: str,
    *,
    mode: str = "auto",
    level: int | None = None,
    filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    settings: QuerySettings,
) -> str:
    """What a model would be shown for a question, within `context_tokens`. Raises EmptyQuestion."""
    found = find(store, question, mode, _scope(store, level, filter), settings.passages * 4)
    return told(store, found, settings.context_tokens)


def find(store: Store, question: str, mode: str, scope: Scope, k: int) -> Found:
    """The evidence for a question in a mode, with the trace of how it was found.

    Raises EmptyQuestion, and UsageError for an unknown mode.
    """
    if mode not in MODES:
        raise UsageError(f"There is no mode {mode!r}: choose one of {', '.join(MODES)}.")
    asked = look(store, question, scope)
    chosen, why = auto.choose(store, asked) if mode == "auto" else (mode, "asked for")
    if chosen == "global":
        found = global_.find(store, asked, k)
    elif chosen == "vector":
        found = vector.find(asked, k)
    else:
        found = local.find(store, asked, k)
    return replace(found, trace=(*asked.trace, {"step": "mode", "mode": chosen, "why": why}, *found.trace))


def _scope(store: Store, level: int | None, wanted: Mapping[str, str] | None) -> Scope:
    return Scope(level, store.within(wanted) if wanted else None)


def _hits(cited: Citations, found: Found) -> list[Hit]:
    return [cited.unit(row).hit(score) for row, score in found.units.pairs()]


def _composed(store: Store, found: Found, question: str, index_version: int) -> Answer:
    """The answer; citations are numbered in the order in which the text shows them."""
    made = Composer(store, found)
    text = _written(made, found)
    return Answer(
        question=question,
        mode=found.mode,
        text=text,
        text_units=tuple(_hits(made.cited, found)),
        entities=made.entities(),
        relationships=made.relationships(found.relationships),
        claims=made.claims(found.claims),
        reports=made.reports(),
        paths=made.paths(),
        citations=made.cited.all(),
        trace=found.trace,
        grounded=True,
        index_version=index_version,
    )


def _written(made: Composer, found: Found) -> str:
    """The text; what it cites gets its number here."""
    broad = found.mode == "global"
    lines = [
        *write.opening(found.asked.links, made.entities()),
        *write.reports(made.reports(_FINDINGS) if broad else ()),
        *write.passages(made.passages()),
        *write.paths(made.paths()),
        *write.claims(claims := made.apt_claims(_CLAIMS)),
        *write.facts(made.apt_relationships(_FACTS, claims)),
        *write.candidates(made.candidates(), asked_for(found.asked.question.text)),
    ]
    return "\n".join([*lines, *write.sources(made.cited.all()), *write.closing()])
