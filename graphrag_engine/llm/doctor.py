"""Whether models can be reached, are there, and do what is needed: each probe says one line and what to do.

The probes ask for a few tokens; only where the settings say how long the context is, is it filled once.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from graphrag_engine.costs import price, price_unknown
from graphrag_engine.errors import GraphRAGError
from graphrag_engine.llm.base import Message, Request, Shape, Texts, TryAgain
from graphrag_engine.llm.openai import Connection, OpenAIEmbeddings, OpenAIModel
from graphrag_engine.results import Check
from graphrag_engine.settings import ChatSettings, EmbeddingsSettings, Endpoint, Secrets, Settings

_TOLD = {
    "json_schema": "answers in JSON of a given schema",
    "json_object": "answers in JSON; the schema is told in words",
    "prompt": "answers in JSON, asked for in words alone: expect more answers that must be asked for again",
}
_SHAPE = Shape(
    "doctor",
    {
        "type": "object",
        "properties": {"ok": {"type": "boolean"}},
        "required": ["ok"],
        "additionalProperties": False,
    },
)
_ROOM = 1024
"""Tokens left for a short answer, with what the model may think before it."""
_FIRST, _LAST = "Amberlock", "Violetshore"
_SHOWN = 5
"""Models that one line lists."""
_LONGER = (
    "Give the server a longer context (Ollama: OLLAMA_CONTEXT_LENGTH; llama.cpp: -c; vLLM: --max-model-len; "
    "LM Studio: where the model is loaded), or lower chat.context_tokens."
)
_Probe = Callable[[str, Connection], Awaitable[list[Check]]]


async def examine(
    settings: Settings, secrets: Secrets, models: Sequence[str], embedding: str | None
) -> tuple[Check, ...]:
    """All that is to be said of the chat models and the embedding model that are asked by name."""
    chat, vectors = settings.chat, settings.embeddings
    checks = [] if models else [_idle("chat model")]
    if models:
        checks += await _endpoint("chat endpoint", chat, models, secrets, partial(_reads, chat))
        checks += [_priced(model, chat) for model in models]
    if not embedding:
        return (*checks, _idle("embedding model"))
    checks += await _endpoint("embeddings endpoint", vectors, [embedding], secrets, partial(_embeds, vectors))
    return (*checks, _priced(embedding, vectors))


def _idle(name: str) -> Check:
    return Check(name=name, ok=True, told="no endpoint is asked")


async def _endpoint(
    name: str, settings: Endpoint, models: Sequence[str], secrets: Secrets, probe: _Probe
) -> list[Check]:
    """What is to be said of an endpoint, and of its models if it can be reached."""
    try:
        connection = Connection(settings, secrets.key(settings))
    except GraphRAGError as error:
        return [_failed(name, error)]
    try:
        listed = await connection.models(models[0])
        checks = [_reached(name, connection.place, listed)]
        for model in models:
            checks += [_there(model, listed), *await probe(model, connection)]
    except GraphRAGError as error:
        return [_failed(name, error, "Start the server, or set base_url to where it is.")]
    finally:
        await connection.aclose()
    return checks


def _reached(name: str, place: str, listed: Sequence[str] | None) -> Check:
    told = "keeps no list of models" if listed is None else f"lists {len(listed)} model{'s' * (len(listed) != 1)}"
    return Check(name=name, ok=True, told=f"{place} answers, and {told}")


def _there(model: str, listed: Sequence[str] | None) -> Check:
    name = f"model {model!r}"
    if listed is None:
        return Check(name=name, ok=True, told="not known before it is asked")
    if model in listed or f"{model}:latest" in listed:
        return Check(name=name, ok=True, told="is there")
    shown = ", ".join(sorted(listed)[:_SHOWN]) or "none"
    told = f"is not in the list of the server, which has {shown}{', ...' if len(listed) > _SHOWN else ''}"
    return Check(name=name, ok=False, told=told, remedy="Load it on the server, or name one that is there.")


async def _reads(settings: ChatSettings, model: str, connection: Connection) -> list[Check]:
    """Whether a chat model answers as needed, and takes as much as is said of it."""
    asked = OpenAIModel(settings, model, connection)
    structured = await _structured(asked)
    if not (structured.ok and settings.context_tokens):
        return [structured]
    return [structured, await _context(asked, settings.context_tokens)]


async def _structured(model: OpenAIModel) -> Check:
    """Whether the model answers in JSON, and how it has to be asked for it."""
    name = f"JSON of {model.name!r}"
    question = Message("user", 'Answer with the JSON object {"ok": true}.')
    try:
        await model.complete(Request(messages=(question,), shape=_SHAPE, max_tokens=_ROOM))
    except TryAgain as error:
        return _failed(name, error, "Run doctor again; where it stays so, choose a model that follows instructions.")
    except GraphRAGError as error:
        return _failed(name, error)
    return Check(name=name, ok=True, told=_TOLD[model.level])


async def _context(model: OpenAIModel, size: int) -> Check:
    """Whether both ends of a prompt that fills the context reach the model: some servers cut it without a word."""
    name = f"context of {model.name!r}"
    filler = "and " * (size * 9 // 10 - _ROOM)
    question = f"The first word is {_FIRST}.\n{filler}\nThe last word is {_LAST}.\nRepeat these two words."
    try:
        reply = await model.complete(Request(messages=(Message("user", question),), max_tokens=_ROOM))
    except GraphRAGError as error:
        return _failed(name, error, _LONGER)
    lost = [end for end, word in (("beginning", _FIRST), ("end", _LAST)) if word.lower() not in reply.text.lower()]
    if lost:
        told = f"of a prompt that fills {size:,} tokens, the {' and the '.join(lost)} did not reach the model"
        return Check(name=name, ok=False, told=told, remedy=_LONGER)
    return Check(name=name, ok=True, told=f"a prompt that fills {size:,} tokens reached the model whole")


async def _embeds(settings: EmbeddingsSettings, model: str, connection: Connection) -> list[Check]:
    """Whether a model makes vectors, and how long they are."""
    name = f"vectors of {model!r}"
    asked = OpenAIEmbeddings(settings, model, connection)
    try:
        await asked.embed(Texts(texts=("A ship.", "A harbour.")))
    except GraphRAGError as error:
        return [_failed(name, error, "Choose a model that is made for embeddings.")]
    return [Check(name=name, ok=True, told=f"have {asked.dimension} numbers")]


def _priced(model: str, settings: ChatSettings | EmbeddingsSettings) -> Check:
    """What a model costs; a server of one's own costs nothing, whatever the table knows."""
    name = f"price of {model!r}"
    found = price(model, settings)
    if found is None:
        told = "not known, so its tokens are counted as free"
        return Check(
            name=name, ok=settings.own, told=told, remedy="" if settings.own else price_unknown(model, settings)
        )
    told = f"${found.sent:g} for a million tokens in"
    return Check(name=name, ok=True, told=f"{told}, ${found.answered:g} out" if found.answered else told)


def _failed(name: str, error: GraphRAGError, remedy: str = "") -> Check:
    return Check(name=name, ok=False, told=str(error), remedy=remedy)
