"""Whether models can be reached, are there, and do what is needed: each probe says one line and what to do.

The probes ask for a few tokens; only where the settings say how long the context is, is it filled once.
"""

from collections.abc import Sequence

from graphrag_engine.errors import GraphRAGError
from graphrag_engine.llm.base import Message, Request, Shape, Texts, TryAgain
from graphrag_engine.llm.openai import Connection, OpenAIEmbeddings, OpenAIModel
from graphrag_engine.results import Check
from graphrag_engine.settings import ChatSettings, EmbeddingsSettings, Endpoint

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
_FILLER = "and "
_SHOWN = 5


async def examine_chat(settings: ChatSettings, models: Sequence[str], key: str | None) -> list[Check]:
    """What is to be said of an endpoint and the chat models that are to be asked there."""
    checks: list[Check] = []
    connection = _connected("chat", settings, key, checks)
    if not connection:
        return checks
    try:
        listed = await _listed("chat", connection, models[0], checks)
        for model in models if checks[-1].ok else ():
            checks.append(_there(model, listed, connection.place))
            asked = OpenAIModel(settings, model, key, connection)
            checks.append(await _structured(asked))
            if checks[-1].ok and settings.context_tokens:
                checks.append(await _context(asked, settings.context_tokens))
    finally:
        await connection.aclose()
    return checks


async def examine_embeddings(settings: EmbeddingsSettings, model: str, key: str | None) -> list[Check]:
    """What is to be said of an endpoint and the embedding model that is to be asked there."""
    checks: list[Check] = []
    connection = _connected("embeddings", settings, key, checks)
    if not connection:
        return checks
    try:
        listed = await _listed("embeddings", connection, model, checks)
        if checks[-1].ok:
            checks.append(_there(model, listed, connection.place))
            checks.append(await _embeds(OpenAIEmbeddings(settings, model, key, connection)))
    finally:
        await connection.aclose()
    return checks


def _connected(name: str, endpoint: Endpoint, key: str | None, checks: list[Check]) -> Connection | None:
    try:
        return Connection(endpoint, key)
    except GraphRAGError as error:
        checks.append(_failed(f"{name} endpoint", error, ""))
        return None


async def _listed(name: str, connection: Connection, model: str, checks: list[Check]) -> list[str] | None:
    """The models of an endpoint; adds whether it could be reached."""
    name = f"{name} endpoint"
    try:
        listed = await connection.models(model)
    except GraphRAGError as error:
        checks.append(_failed(name, error, "Start the server, or set base_url to where it is."))
        return None
    told = f"lists {len(listed)} model{'s' * (len(listed) != 1)}" if listed is not None else "keeps no list of models"
    checks.append(Check(name=name, ok=True, told=f"{connection.place} answers, and {told}"))
    return listed


def _there(model: str, listed: Sequence[str] | None, place: str) -> Check:
    name = f"model {model!r}"
    if listed is None:
        return Check(name=name, ok=True, told="not known before it is asked, since the server keeps no list")
    if model in listed or f"{model}:latest" in listed:
        return Check(name=name, ok=True, told="is there")
    shown = ", ".join(sorted(listed)[:_SHOWN]) or "none"
    return Check(
        name=name,
        ok=False,
        told=f"{place} does not list it; it lists {shown}{', ...' if len(listed) > _SHOWN else ''}",
        remedy="Load it on the server, or name one that is there.",
    )


async def _structured(model: OpenAIModel) -> Check:
    """Whether the model answers in JSON, and how it has to be asked for it."""
    name = f"JSON from {model.name!r}"
    question = Message("user", 'Answer with the JSON object {"ok": true}.')
    try:
        await model.complete(Request(messages=(question,), shape=_SHAPE, max_tokens=_ROOM))
    except TryAgain as error:
        return _failed(name, error, "Run doctor again; where it stays, choose a model that follows instructions.")
    except GraphRAGError as error:
        return _failed(name, error, "")
    return Check(name=name, ok=True, told=_TOLD[model.level])


async def _context(model: OpenAIModel, context: int) -> Check:
    """Whether both ends of a prompt that fills the context reach the model: some servers cut it without a word."""
    name = f"context of {model.name!r}"
    filler = _FILLER * (context * 9 // 10 - _ROOM)
    question = f"The first word is {_FIRST}.\n{filler}\nThe last word is {_LAST}.\nRepeat both words."
    remedy = (
        "Give the server a longer context (Ollama: OLLAMA_CONTEXT_LENGTH; llama.cpp: -c; vLLM: --max-model-len; "
        "LM Studio: when the model is loaded), or lower chat.context_tokens."
    )
    try:
        reply = await model.complete(Request(messages=(Message("user", question),), max_tokens=_ROOM))
    except GraphRAGError as error:
        return _failed(name, error, remedy)
    lost = [end for end, word in (("beginning", _FIRST), ("end", _LAST)) if word.lower() not in reply.text.lower()]
    if lost:
        told = f"the {' and the '.join(lost)} of a prompt of {reply.prompt_tokens:,} tokens did not reach the model"
        return Check(name=name, ok=False, told=told, remedy=remedy)
    return Check(name=name, ok=True, told=f"holds {reply.prompt_tokens:,} tokens of the {context:,} that are set")


async def _embeds(model: OpenAIEmbeddings) -> Check:
    name = f"vectors of {model.name!r}"
    try:
        await model.embed(Texts(texts=("A ship.", "A harbour.")))
    except GraphRAGError as error:
        return _failed(name, error, "Choose a model that is made for embeddings.")
    return Check(name=name, ok=True, told=f"have {model.dimension:,} numbers")


def _failed(name: str, error: GraphRAGError, remedy: str) -> Check:
    return Check(name=name, ok=False, told=str(error), remedy=remedy)
