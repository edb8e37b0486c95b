"""Asking again what may pass: within a number of tries and of seconds, at times drawn by lot."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from graphrag_engine.errors import ModelError, ModelRefused
from graphrag_engine.llm.base import Embedded, EmbeddingModel, Hear, Model, Reply, Request, Texts, TryAgain, streamed
from graphrag_engine.llm.ledger import Ledger, Line

T = TypeVar("T")
_FIRST = 1.0
"""Most seconds to wait before the second try; each later wait may be twice as long."""
_LONGEST = 60.0
"""Most seconds of a wait that no server asked for."""


@dataclass(frozen=True, kw_only=True)
class Tries:
    """How often and how long a request is tried."""

    attempts: int
    """Most tries for one request."""
    patience: float
    """Most seconds from its first failure to its last try."""
    lot: Callable[[], float] = random.random
    """A number from 0 to 1: which part of the longest wait is waited, so that not all come back at once."""

    async def ask(self, call: Callable[[], Awaitable[T]], on_retry: Callable[[], None]) -> T:
        """What *call* gives in the end; raises other errors at once, and when tries or time are over GivenUp, or
        ModelRefused where nothing has ever come from there."""
        last_reply: Reply | None = None
        clock, until = asyncio.get_running_loop().time, float("inf")
        for tried in range(1, self.attempts + 1):
            try:
                return await call()
            except TryAgain as error:
                last, last_reply = error, error.reply or last_reply
            until = min(until, clock() + self.patience)
            wait = self._wait(tried, last)
            if tried == self.attempts or clock() + wait > until:
                break
            await asyncio.sleep(wait)
            on_retry()
        if last.silent:
            raise ModelRefused(f"{last} Nothing has answered there yet: is it the right address, and does it run?")
        raise GivenUp(tried, last, last_reply) from last

    def _wait(self, tried: int, error: TryAgain) -> float:
        """Seconds until the next try: full jitter (Brooker, "Exponential Backoff and Jitter", 2015), after what was
        asked for."""
        longest: float = min(_LONGEST, _FIRST * 2 ** (tried - 1))
        return (error.after or 0.0) + self.lot() * longest


class GivenUp(ModelError):
    """No try brought a whole answer."""

    def __init__(self, attempts: int, last: TryAgain, reply: Reply | None) -> None:
        times = "Tried once" if attempts == 1 else f"Tried {attempts} times"
        super().__init__(f"{times}, in vain; at last: {last}", attempts=attempts)
        self.reply = reply
        """The last one that came, cut or not the JSON that was asked for."""


class Retrying:
    """A chat model that is asked again; its last broken reply is better than none."""

    def __init__(self, model: Model, tries: Tries, ledger: Ledger) -> None:
        self.model = model
        self.name = model.name
        self.tries = tries
        self.ledger = ledger

    async def complete(self, request: Request) -> Reply:
        """The reply, or the last broken one; raises ModelError where none came."""
        return await self._tried(request, lambda: self.model.complete(request))

    async def stream(self, request: Request, hear: Hear) -> Reply:
        """The same in pieces; once one was told nothing is asked again, and what came is the reply."""
        return await self._tried(request, lambda: _once_heard(self.model, request, hear))

    async def _tried(self, request: Request, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        try:
            return await self.tries.ask(
                ask,
                lambda: self.ledger.add(request.task, self.name, Line(retries=1)),
            )
        except GivenUp as error:
            if error.reply is None:
                raise
            return replace(error.reply, broken=True)


async def _once_heard(model: Model, request: Request, hear: Hear) -> Reply:
    """One try in pieces: a failure after the first piece can pass no more."""
    told: list[str] = []

    def tell(piece: str) -> None:
        told.append(piece)
        hear(piece)

    try:
        return await streamed(model, request, tell)
    except TryAgain as error:
        if not any(told):
            raise
        return replace(error.reply or Reply(text=""), text="".join(told).strip(), broken=True)


class RetryingEmbeddings:
    """An embedder that is asked again."""

    def __init__(self, model: EmbeddingModel, tries: Tries, ledger: Ledger) -> None:
        self.model = model
        self.name = model.name
        self.tries = tries
        self.ledger = ledger

    async def embed(self, texts: Texts) -> Embedded:
        """The vectors; raises ModelError where none came."""
        return await self.tries.ask(
            lambda: self.model.embed(texts), lambda: self.ledger.add(texts.task, self.name, Line(retries=1))
        )
