"""Which models a run asks: those named by the caller, else those the index remembers, else those of the settings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphrag_engine import prompts
from graphrag_engine.errors import WrongEmbedder
from graphrag_engine.llm.base import Embedder, Model, Models
from graphrag_engine.llm.calls import Calls
from graphrag_engine.overrides import Overrides
from graphrag_engine.recipes import Terms
from graphrag_engine.settings import BUILT_IN, OFFLINE, ChatSettings, ChunkSettings, Sampling, Section, Settings
from graphrag_engine.stages import STAGES, extract, names, vectorize
from graphrag_engine.stages.base import Asked, RowStage
from graphrag_engine.stages.vectorize import Embedding
from graphrag_engine.stores.manifest import Manifest

_CHUNK = 800
"""Tokens of a text unit that a model reads, if not set: the same instructions then serve for twice the text."""
_MORE = 4
"""Tasks beside those whose calls are under way, so that another call is always ready."""


@dataclass(frozen=True)
class Named:
    """What a caller says of models."""

    model: str | None = None
    embedding: str | None = None
    own_model: Model | None = None
    own_embedder: Embedder | None = None


@dataclass(frozen=True)
class Choice:
    """The models of a run."""

    model: str
    """Name of the chat model, as the index remembers it; `offline` for none."""
    embedding: str
    terms: Terms
    own: Model | None
    notes: tuple[str, ...]
    """What a person should know of it."""

    def models(self, calls: Calls) -> Mapping[str, Models]:
        """Who answers each stage that asks."""
        chat = self.terms.settings.chat
        found = {
            stage: Models(self._chat(calls, asked), at_once=chat.concurrency + _MORE)
            for stage, asked in self.terms.asked.items()
        }
        settings = self.terms.settings.embeddings
        for stage in (names.STAGE.name, vectorize.STAGE.name):
            section = self.terms.settings.section(stage)
            if isinstance(section, Embedding) and section.embedder is None:
                model = calls.embeddings(settings, section.embedding)
                found[stage] = Models(embeddings=model, at_once=settings.concurrency + _MORE)
        return found

    @property
    def chat_names(self) -> list[str]:
        """The chat models that are asked by name, not the caller's own."""
        return sorted({asked.model for asked in self.terms.asked.values()} - {self.own.name if self.own else ""})

    @property
    def embedding_name(self) -> str | None:
        """The embedding model that is asked by name; none where vectors are made here, or by the caller's own."""
        section = self.terms.settings.section(vectorize.STAGE.name)
        asked = isinstance(section, Embedding) and section.embedder is None and section.dimensions is None
        return self.embedding if asked else None

    def _chat(self, calls: Calls, asked: Asked) -> Model:
        own = self.own if self.own and asked.model == self.own.name else None
        return calls.chat(self.terms.settings.chat, own or asked.model)


def choose(
    root: Path, settings: Settings, overrides: Overrides, base: Manifest | None, named: Named, *, needed: bool = True
) -> Choice:
    """The models of a run.

    Raises SettingsError for a prompt that cannot be used, and WrongEmbedder where the index remembers an embedder of
    the caller's own that was not given, unless it is not *needed*.
    """
    own = named.own_model
    model = (own.name if own else named.model) or (base.model if base else settings.chat.model)
    asked = _asked(settings, model, prompts.load(root))
    vectors = _embedding(settings, base, named, needed=needed)
    embeds = settings.names.embedded and isinstance(vectors, Embedding)
    update: dict[str, Section] = {
        "vectorize": vectors,
        "names": vectors if embeds else settings.names,
        "chunk": _chunk(settings, asked),
    }
    told = settings.model_copy(update=update)
    embedding: str = getattr(told.vectorize, "embedding")  # noqa: B009 - either of two sections
    return Choice(model, embedding, Terms(told, overrides, asked), own, tuple(_passed_over(settings, model, embedding)))


def _passed_over(settings: Settings, model: str, embedding: str) -> Iterator[str]:
    """Where the settings name another model than the index keeps."""
    for section, field, kept in ((settings.chat, "model", model), (settings.vectorize, "embedding", embedding)):
        said = getattr(section, field)
        if field in section.model_fields_set and said != kept:
            yield f"The settings name the {field} {said!r}, the index keeps {kept!r}; --{field} {said} changes it."
    if settings.names.embedded and embedding in BUILT_IN:
        yield "names.embedded is set, but there is no embedding model; --embedding NAME names one."


def _asked(settings: Settings, model: str, texts: Mapping[str, str]) -> dict[str, Asked]:
    """The stages that ask a chat model, and how."""
    sampling = sampled(settings.chat)
    found = {}
    for stage in STAGES:
        if isinstance(stage, RowStage) and stage.prompts:
            own = getattr(settings.section(stage.name), "model", None)
            name = own or (OFFLINE if stage.optional else model)
            if name != OFFLINE:
                shown = {prompt: texts[prompt] for prompt in stage.prompts}
                found[stage.name] = Asked(model=name, sampling=sampling, prompts=shown)
    return found


def sampled(chat: ChatSettings) -> dict[str, Any]:
    """What a chat model is asked with beside the words."""
    return chat.model_dump(mode="json", include=set(Sampling.model_fields))


def _chunk(settings: Settings, asked: Mapping[str, Asked]) -> ChunkSettings:
    if settings.chunk.size or extract.STAGE.name not in asked:
        return settings.chunk
    return ChunkSettings(size=_CHUNK)


def _embedding(settings: Settings, base: Manifest | None, named: Named, *, needed: bool) -> Section:
    """What makes the vectors."""
    if named.own_embedder:
        return Embedding.of(named.own_embedder)
    name = named.embedding or (base.embedding if base else settings.vectorize.embedding)
    if name in BUILT_IN:
        return settings.vectorize.model_copy(update={"embedding": name})
    if base and name == base.embedding and base.embedded_by_own:
        if needed:
            raise WrongEmbedder(name, None)
        return Embedding(**base.stages["vectorize"]["settings"])
    return Embedding(embedding=name, batch=settings.embeddings.batch)
