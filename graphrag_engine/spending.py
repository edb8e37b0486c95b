"""What a run would ask of models and what that would cost; what all runs have asked so far.

What a model would be shown of text units is known, down to the replies kept already. Of what comes after them only the
usual proportions are, as measured on prose (benchmarks/model.md).
"""

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

from graphrag_engine.costs import Price, estimate_tokens, price
from graphrag_engine.executors import local
from graphrag_engine.llm.base import Request
from graphrag_engine.llm.cache import Replies, key
from graphrag_engine.recipes import Terms, made_alike
from graphrag_engine.results import Usage
from graphrag_engine.schema import empty
from graphrag_engine.settings import ChatSettings, EmbeddingsSettings
from graphrag_engine.stages import chunk, extract, names, vectorize
from graphrag_engine.stages.base import Asked
from graphrag_engine.stages.vectorize import Embedding
from graphrag_engine.stores.manifest import Manifest

_ANSWERED = 1.0
"""Tokens that are answered for each token of a text unit; a model that gives every name and claim answers three."""
_GLEANED = 0.15
"""Share of text units of which what was missed is asked for."""
_NAMES_AND_REPORTS, _EACH = 0.3, 16
"""Tokens of names and reports to embed for each token of text, and how many of them for a thousand."""
_NAMES = 0.1
"""Tokens of names to embed for each token of text, where names are compared by their vectors."""
_NAME = 4
"""Tokens of a name."""


class _Ratio(NamedTuple):
    """What a stage asks for a thousand tokens of text."""

    requests: float
    sent: float
    answered: float


_AFTER = {"compare": _Ratio(0.3, 550, 60), "refine": _Ratio(0.2, 150, 30), "report": _Ratio(2.5, 1650, 600)}


def expected(
    base: Manifest | None, terms: Terms, documents: pa.Table, fresh: pa.Table, replies: Replies
) -> dict[str, Usage]:
    """What each stage would ask for, where *fresh* of the *documents* are new or changed."""
    embeds = isinstance(terms.settings.vectorize, Embedding) and terms.settings.vectorize.embedder is None
    if not terms.asked and not embeds:
        return {}
    alike = all(made_alike(stage, terms.own(stage), base) for stage in (chunk.STAGE, extract.STAGE))
    read = fresh if alike else documents
    units = _units(terms, read)
    tokens = sum(units["n_tokens"].to_pylist())
    found = {
        stage: _after(terms, asked, _AFTER[stage], tokens) for stage, asked in terms.asked.items() if stage in _AFTER
    }
    if asked := terms.asked.get(extract.STAGE.name):
        found[extract.STAGE.name] = _reading(terms, asked, read, units, replies)
    if embeds:
        found[vectorize.STAGE.name] = _vectors(terms, len(units), tokens)
    if embeds and isinstance(terms.settings.section(names.STAGE.name), Embedding):
        settings, most = terms.settings.embeddings, _NAMES * tokens
        model = terms.settings.vectorize.embedding
        found[names.STAGE.name] = _priced(settings, model, most / _NAME / settings.batch + 1, most, 0)
    return found


def _units(terms: Terms, documents: pa.Table) -> pa.Table:
    """The text units of documents."""
    prepared, section = chunk.STAGE.prepare({"documents": documents}, None), terms.given(chunk.STAGE)
    ids = documents["id"].to_pylist()
    results = local.run(chunk.STAGE.tasks(prepared, section, ids, {}))
    return chunk.STAGE.gather(results.done)["text_units"]


def _reading(terms: Terms, asked: Asked, documents: pa.Table, units: pa.Table, replies: Replies) -> Usage:
    """What reading text units would take, but for replies that are kept."""
    tables = {"documents": documents, "text_units": units, "lexicon": empty("lexicon")}
    prepared, given = extract.STAGE.prepare(tables, None), terms.given(extract.STAGE)
    requests, sent = 0, 0
    for task in extract.STAGE.tasks(prepared, given, units["id"].to_pylist(), {}):
        request = next(task.conversation({}))
        if isinstance(request, Request) and not replies.find(key(asked.model, asked.sampling, request)):
            requests += 1
            sent += sum(estimate_tokens(message.content) for message in request.messages)
    share = requests / max(len(units), 1)
    answered = _ANSWERED * share * sum(units["n_tokens"].to_pylist())
    more = 1 + _GLEANED * terms.settings.extract.max_gleanings
    return _priced(terms.settings.chat, asked.model, requests * more, sent * more, answered * more)


def _after(terms: Terms, asked: Asked, ratio: _Ratio, tokens: int) -> Usage:
    return _priced(terms.settings.chat, asked.model, *(part * tokens / 1000 for part in ratio))


def _vectors(terms: Terms, units: int, tokens: int) -> Usage:
    settings, name = terms.settings.embeddings, terms.settings.vectorize.embedding
    more = 1 + _NAMES_AND_REPORTS
    texts = units + _EACH * tokens / 1000
    return _priced(settings, name, texts / settings.batch + 1, tokens * more, 0)


def _priced(
    settings: ChatSettings | EmbeddingsSettings, model: str, requests: float, sent: float, answered: float
) -> Usage:
    known = price(model, settings) or Price(0.0, 0.0)
    cost = known.of(round(sent), round(answered))
    return Usage(
        requests=round(requests),
        prompt_tokens=round(sent),
        completion_tokens=round(answered),
        cost_usd=round(cost, 6),
    )


def spent(replies: Replies, chat: ChatSettings, embeddings: EmbeddingsSettings) -> Mapping[str, Usage]:
    """What all runs have asked so far by stage, at today's prices; but for requests that had to be repeated."""
    found: dict[str, Usage] = {}
    for line in replies.counts():
        settings = embeddings if line.embedded else chat
        usage = _priced(settings, line.model, line.requests, line.prompt_tokens, line.completion_tokens)
        found[line.stage] = found.get(line.stage, Usage()) + usage
    return found
