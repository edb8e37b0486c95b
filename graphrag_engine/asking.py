"""The half of the engine that asks: which model and embedder serve a question, and the path of what they are asked."""

import asyncio
import inspect
import warnings
import weakref
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np

from graphrag_engine import prompts, query
from graphrag_engine.errors import GraphRAGError, ModelError, UsageError, Withheld, WrongEmbedder
from graphrag_engine.executors.background import Background
from graphrag_engine.executors.questions import Done, advance, drive
from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Embedded, Embedder, Hear, Model, Reply, Texts, Vectors, streamed
from graphrag_engine.llm.cache import FILE as REPLIES
from graphrag_engine.llm.cache import Replies
from graphrag_engine.llm.calls import Calls
from graphrag_engine.query import written
from graphrag_engine.query.answer import Answer, Hit
from graphrag_engine.query.context import Context
from graphrag_engine.query.talk import Chat, Embed, Prose, Talk, Turn, Verdict, Writer
from graphrag_engine.settings import BUILT_IN, OFFLINE, Endpoint, Settings, secrets
from graphrag_engine.stores import caches
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.stores.reader import MappedStore
from graphrag_engine.thrift import keep_freed

T = TypeVar("T")
E = TypeVar("E", bound=Endpoint)
Moderate = Callable[[str], str | Awaitable[str | None] | None]
"""From a text to the reason why nobody may see it, or None."""
_LONGEST = 10_000
"""Characters of a question that are embedded."""
_HINT = "To be answered without a model: --model offline."
_WEIGHT = 0.7
"""What the vectors of a model count where a question begins, beside its words."""
_TRIES, _PATIENCE = 3, 20.0
"""Tries of a request while a person waits, and seconds from the first to the last."""


@dataclass(frozen=True)
class _Known:
    """Stands for an embedder where the one text of a question is embedded already."""

    name: str
    vector: Vectors
    weight: float = _WEIGHT

    @property
    def dimension(self) -> int:
        """Numbers in the vector."""
        return int(self.vector.shape[-1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vector, for any text."""
        return np.repeat(self.vector.reshape(1, -1), len(texts), axis=0)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a caller asks for; see `Engine.query`."""

    text: str
    mode: str = "auto"
    level: int | None = None
    filter: Mapping[str, str] | None = None
    model: str | None = None
    history: Sequence[Mapping[str, str]] = ()


@dataclass(eq=False)
class Asker:
    """Answers the questions to one index; its connections stay open between them."""

    root: Path
    store: ParquetStore
    settings: Settings
    model: Model | None
    embedder: Embedder | None
    moderate: Moderate | None
    _lock: Lock = field(default_factory=Lock)
    _reader: tuple[Manifest, MappedStore] | None = None
    _line: tuple[Background, Calls] | None = None

    def answer(self, asked: Question) -> Talk[Answer]:
        """See `Engine.query`."""
        manifest, turns = self.store.existing(), _turns(asked.history)
        name = asked.model or (self.model.name if self.model else self.settings.query.model or manifest.model)
        embedder, failed = yield from self._meaning(manifest, asked.text, turns)
        found = yield from self._answer(manifest, asked, turns, name, embedder)
        if (self.moderate or self.settings.query.moderation) and (why := (yield Verdict(found.text))):
            raise Withheld(why)
        return replace(found, trace=(*map(_step, failed), *found.trace), warnings=failed)

    def _answer(
        self, manifest: Manifest, asked: Question, turns: Sequence[Turn], name: str, embedder: Embedder | None
    ) -> Talk[Answer]:
        """The answer in the words of a model, or as evidence in order."""
        asking = written.Asking(
            question=asked.text,
            mode=asked.mode,
            level=asked.level,
            wanted=asked.filter,
            history=turns,
            settings=self.settings.query,
            index_version=manifest.version,
        )
        reader = self._open(manifest)
        if name != OFFLINE:
            writer = Writer(model=name, max_tokens=self.settings.chat.max_tokens, prompts=prompts.load(self.root))
            return (yield from written.answer(reader, asking, writer, embedder))
        return query.answer(
            reader,
            asked.text,
            mode=asked.mode,
            level=asked.level,
            filter=asked.filter,
            embedder=embedder,
            before=asking.before,
            settings=self.settings.query,
            index_version=manifest.version,
        )

    def context(self, asked: Question) -> Talk[Context]:
        """See `Engine.context`."""
        manifest = self.store.existing()
        embedder, failed = yield from self._meaning(manifest, asked.text)
        found = query.context(
            self._open(manifest),
            asked.text,
            mode=asked.mode,
            level=asked.level,
            filter=asked.filter,
            embedder=embedder,
            settings=self.settings.query,
        )
        return replace(found, trace=(*map(_step, failed), *found.trace), warnings=failed)

    def retrieve(self, asked: Question, k: int) -> Talk[list[Hit]]:
        """See `Engine.retrieve`."""
        manifest = self.store.existing()
        embedder, failed = yield from self._meaning(manifest, asked.text)
        for each in failed:
            warnings.warn(each, stacklevel=2)
        return query.retrieve(
            self._open(manifest), asked.text, mode=asked.mode, k=k, filter=asked.filter, embedder=embedder
        )

    def ask(self, talk: Talk[T], hear: Hear | None = None) -> T:
        """Drive a conversation to its end; *hear* is told each piece of prose as it is written."""
        first = advance(partial(next, talk))
        if isinstance(first, Done):
            done: T = _heard(first.result, hear)
            return done
        background, calls = self._reach()
        return background.submit(self._driven(talk, first, calls.counting(), hear)).result()

    async def ask_async(self, talk: Talk[T], hear: Hear | None = None) -> T:
        """The same on a loop, which it never blocks; *hear* is called from another thread."""
        first = await asyncio.to_thread(advance, partial(next, talk))
        if isinstance(first, Done):
            done: T = _heard(first.result, hear)
            return done
        background, calls = await asyncio.to_thread(self._reach)
        return await asyncio.wrap_future(background.submit(self._driven(talk, first, calls.counting(), hear)))

    def close(self) -> None:
        """Close the connections to models; another question opens them again."""
        with self._lock:
            if self._line:
                self._line[0].close()
            self._line = None

    def _reach(self) -> tuple[Background, Calls]:
        """The loop and the path of all calls, begun with the first."""
        with self._lock:
            if self._line is None:
                calls = Calls(Replies(self.store.home / REPLIES), secrets(self.root))
                background = Background("questions", calls.aclose)
                weakref.finalize(self, background.close)
                self._line = background, calls
            return self._line

    async def _driven(self, talk: Talk[T], first: object, calls: Calls, hear: Hear | None) -> T:
        """What a conversation comes to; an answer with what was asked for it."""
        told: list[bool] = []
        tell = _noting(hear, told) if hear and not (self.moderate or self.settings.query.moderation) else None
        found = await drive(talk, first, lambda asked: self._reply(asked, calls, tell))
        if isinstance(found, Answer):
            notes = () if self.settings.chat.own else tuple(calls.notes)
            usage = calls.ledger.total().usage()
            found = replace(found, usage=usage, warnings=(*found.warnings, *notes))
        return found if told else _heard(found, hear)

    async def _reply(self, asked: object, calls: Calls, tell: Hear | None) -> object:
        """What comes back for one thing that is asked."""
        if isinstance(asked, Embed):
            model = calls.embeddings(_hurried(self.settings.embeddings), asked.model)
            return await model.embed(Texts(texts=(asked.text,), task=f"query:{digest(asked.text)}"))
        if isinstance(asked, Chat):
            work = (self._chat(calls, asked.model).complete(request) for request in asked.requests)
            came = await asyncio.gather(*work, return_exceptions=True)
            if wrong := [each for each in came if isinstance(each, BaseException) and not isinstance(each, ModelError)]:
                raise _with_hint(wrong[0])
            return [_with_hint(each) if isinstance(each, ModelError) else each for each in came]
        if isinstance(asked, Prose):
            return await self._prose(asked, calls, tell)
        if isinstance(asked, Verdict):
            return await self._verdict(asked.text, calls)
        raise TypeError(asked)

    async def _prose(self, asked: Prose, calls: Calls, tell: Hear | None) -> Reply:
        """The reply; *tell* is told what may be shown of it, if anyone listens."""
        try:
            model = self._chat(calls, asked.model)
            if tell is None:
                return await model.complete(asked.request)
            reply = await streamed(model, asked.request, lambda piece: _tell(tell, asked.shown.add(piece)))
        except GraphRAGError as error:
            raise _with_hint(error) from error
        _tell(tell, asked.shown.end())
        return reply

    def _chat(self, calls: Calls, name: str) -> Model:
        own = self.model if self.model and self.model.name == name else None
        return calls.chat(_hurried(self.settings.chat), own or name)

    async def _verdict(self, text: str, calls: Calls) -> str | None:
        """Why nobody may see a text; of the caller's own judge, else of the endpoint."""
        if self.moderate is None:
            return await calls.moderation(_hurried(self.settings.chat), self.settings.query.moderation or "")(text)
        found = await asyncio.to_thread(self.moderate, text)
        return await found if inspect.isawaitable(found) else found

    def _meaning(
        self, manifest: Manifest, text: str, turns: Sequence[Turn] = ()
    ) -> Talk[tuple[Embedder | None, tuple[str, ...]]]:
        """What tells the meaning of a question, and a warning where that failed.

        Raises WrongEmbedder where another embedder than the one given made the vectors.
        """
        if self.embedder and self.embedder.name != manifest.embedding:
            raise WrongEmbedder(manifest.embedding, self.embedder.name)
        if self.embedder or manifest.embedding in BUILT_IN or manifest.embedded_by_own:
            return self.embedder, ()
        try:
            came: Embedded = yield Embed(
                manifest.embedding, "\n".join(filter(None, (written.before(turns), text)))[:_LONGEST]
            )
        except GraphRAGError as error:
            return None, (f"The question could not be embedded, so words and graph alone decide: {error}",)
        return _Known(manifest.embedding, came.vectors), ()

    def _open(self, manifest: Manifest) -> MappedStore:
        """The reader of this version; kept until another version is in force."""
        known = self._reader
        if known is None or known[0] is not manifest:
            keep_freed()
            known = self._reader = manifest, MappedStore(caches.folder(self.store, manifest))
        return known[1]


def _turns(history: Sequence[Mapping[str, str]]) -> tuple[Turn, ...]:
    """What was said before; raises UsageError where it is not in the form that is expected."""
    for each in history:
        if each.get("role") not in ("user", "assistant") or not isinstance(each.get("content"), str):
            raise UsageError(
                'history holds turns such as {"role": "user", "content": "Who ...?"}, or of the assistant.'
            )
    return tuple(Turn(each["role"], each["content"]) for each in history)


def _hurried(settings: E) -> E:
    """The settings of an endpoint with the patience that a waiting person has."""
    update = {"attempts": min(settings.attempts, _TRIES), "patience": min(settings.patience, _PATIENCE)}
    return settings.model_copy(update=update)


def _with_hint(error: BaseException) -> BaseException:
    """An error of a model with what else can be done."""
    if isinstance(error, GraphRAGError):
        error.args = (f"{error} {_HINT}",)
    return error


def _tell(hear: Hear, piece: str) -> None:
    if piece:
        hear(piece)


def _noting(hear: Hear, told: list[bool]) -> Hear:
    """The same ear, noting that something was told."""

    def tell(piece: str) -> None:
        told.append(True)
        hear(piece)

    return tell


def _heard(found: T, hear: Hear | None) -> T:
    """An answer that was not heard while it was written is told whole."""
    if hear and isinstance(found, Answer):
        hear(found.text)
    return found


def _step(warning: str) -> Mapping[str, str]:
    return {"step": "embed", "why": warning}
