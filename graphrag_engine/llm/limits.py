"""How many calls and tokens go to one model of one endpoint at once and in a minute; all callers share it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from graphrag_engine.llm.base import (
    Embedded,
    EmbeddingModel,
    Hear,
    Model,
    RateLimits,
    Reply,
    Request,
    Texts,
    TryAgain,
    streamed,
)
from graphrag_engine.llm.tokens import likely_tokens

T = TypeVar("T", Reply, Embedded)
_MINUTE = 60.0
_WARY = 16
"""Calls at once from which on each success adds one also after the server was crowded."""


@dataclass(slots=True)
class Use:
    """A part of an allowance, and when it was taken."""

    amount: int
    began: float
    gone: bool = False


class Window:
    """An allowance by the minute; in no sixty seconds is more than *most* used."""

    def __init__(self, most: int | None) -> None:
        self.most = most
        self._used = 0
        self._uses = deque[Use]()

    def wait(self, amount: int, now: float) -> float:
        """Seconds until it is worth asking again; 0 where *amount* may be used, or nothing is used and it must."""
        if self.most is None:
            return 0.0
        while self._uses and self._uses[0].began <= now - _MINUTE:
            oldest = self._uses.popleft()
            oldest.gone = True
            self._used -= oldest.amount
        full = self._uses and self._used + amount > self.most
        return max(self._uses[0].began + _MINUTE - now, 1e-3) if full else 0.0

    def use(self, amount: int, now: float) -> Use:
        """Take a part of it."""
        taken = Use(amount, now)
        if self.most is not None:
            self._uses.append(taken)
            self._used += amount
        return taken

    def correct(self, taken: Use, amount: int) -> None:
        """Say how much it really was."""
        if self.most is not None and not taken.gone:
            self._used += amount - taken.amount
        taken.amount = amount


class Said:
    """What a server last said is left of one allowance, less what was taken since."""

    def __init__(self) -> None:
        self.taken = 0
        """All that was ever taken."""
        self._left_at = 0
        """Where `taken` may rise to."""
        self._until = 0.0

    def hear(self, left: int | None, reset: float | None, mark: int, now: float) -> None:
        """*mark* is what was taken when the call began that this came back from: the server had counted no more."""
        if left is not None and reset is not None:
            self._left_at = mark + left
            self._until = now + min(reset, _MINUTE)

    def wait(self, amount: int, now: float) -> float:
        """Seconds until it is worth asking again."""
        return self._until - now if now < self._until and self.taken + amount > self._left_at else 0.0


@dataclass(slots=True)
class Slot:
    """The right to make one call, and what had been taken then, with it."""

    began: float
    tokens: Use
    requests_mark: int
    tokens_mark: int


class Limiter:
    """Gives slots for calls, first come first served. For one event loop at a time.

    As many at once as goes well, at most *most*: one more for each success, which doubles them with every round; half
    as many when the server is crowded (after Jacobson, "Congestion Avoidance and Control", 1988). Once it was, eleven
    successes at least are needed to double them, so that a server that takes one call at a time refuses few. No more
    than *rpm* calls and *tpm* tokens a minute, nor than the server says are left. When it asks to wait, all wait,
    unless that is longer than *patience* seconds, for which nobody waits.
    """

    def __init__(self, *, begin: int, most: int, rpm: int | None, tpm: int | None, patience: float) -> None:
        self.most = most
        self.patience = patience
        self.running = 0
        self._width = float(min(begin, most))
        self._narrowed = float("-inf")
        self._paused = float("-inf")
        self._requests, self._tokens = Window(rpm), Window(tpm)
        self._requests_said, self._tokens_said = Said(), Said()
        self._waiting = deque[tuple[asyncio.Future[Slot], int]]()
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def width(self) -> int:
        """How many calls may run at once now."""
        return int(self._width)

    async def call(self, tokens: int, ask: Callable[[], Awaitable[T]]) -> T:
        """Make one call, which may use so many tokens, as soon as it may be made."""
        slot = await self._enter(tokens)
        used = 0
        try:
            reply = await ask()
        except TryAgain as error:
            used = _used(error.reply)
            self._learn(slot, error.limits)
            self._refused(slot, error)
            raise
        else:
            used = _used(reply)
            self._learn(slot, reply.limits)
            self._widen()
            return reply
        finally:
            self._leave(slot, used)

    async def _enter(self, tokens: int) -> Slot:
        """Wait for a slot; who is cancelled leaves none behind."""
        waiter: asyncio.Future[Slot] = asyncio.get_running_loop().create_future()
        self._waiting.append((waiter, tokens))
        self._admit()
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._leave(waiter.result(), 0)
            else:
                self._admit()
            raise

    def _admit(self) -> None:
        """Let in who may go; where only time can tell, look again then."""
        now = asyncio.get_running_loop().time()
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        while self._waiting:
            waiter, tokens = self._waiting[0]
            if not waiter.done():
                if self.running >= self.width:
                    return
                if wait := self._wait(tokens, now):
                    self._alarm = asyncio.get_running_loop().call_later(wait, self._admit)
                    return
                waiter.set_result(self._take(tokens, now))
            self._waiting.popleft()

    def _wait(self, tokens: int, now: float) -> float:
        """Seconds until it is worth looking whether the next call may be made."""
        return max(
            self._paused - now,
            self._requests.wait(1, now),
            self._tokens.wait(tokens, now),
            self._requests_said.wait(1, now),
            self._tokens_said.wait(tokens, now),
            0.0,
        )

    def _take(self, tokens: int, now: float) -> Slot:
        self.running += 1
        self._requests.use(1, now)
        self._requests_said.taken += 1
        self._tokens_said.taken += tokens
        return Slot(now, self._tokens.use(tokens, now), self._requests_said.taken, self._tokens_said.taken)

    def _leave(self, slot: Slot, used: int) -> None:
        self.running -= 1
        self._tokens.correct(slot.tokens, used)
        self._admit()

    def _widen(self) -> None:
        more = min(1.0, self._width / _WARY) if self._narrowed >= 0 else 1.0
        self._width = min(self._width + more, self.most)

    def _learn(self, slot: Slot, limits: RateLimits | None) -> None:
        if limits:
            now = asyncio.get_running_loop().time()
            self._requests_said.hear(limits.requests, limits.requests_reset, slot.requests_mark, now)
            self._tokens_said.hear(limits.tokens, limits.tokens_reset, slot.tokens_mark, now)

    def _refused(self, slot: Slot, error: TryAgain) -> None:
        """Wait as long as was asked; ask less at once, but only once for all calls of one round."""
        now = asyncio.get_running_loop().time()
        if error.after is not None and error.after <= self.patience:
            self._paused = max(self._paused, now + error.after)
        if error.crowded and slot.began >= self._narrowed:
            self._width = max(self._width / 2, 1.0)
            self._narrowed = now


def _used(came: Reply | Embedded | None) -> int:
    """The tokens that a call used, in and out."""
    return came.prompt_tokens + (came.completion_tokens if isinstance(came, Reply) else 0) if came else 0


class Limited:
    """A chat model that is asked no more than it can bear.

    *max_tokens* is the most tokens of a reply where the request does not say.
    """

    def __init__(self, model: Model, limiter: Limiter, max_tokens: int) -> None:
        self.model = model
        self.name = model.name
        self.limiter = limiter
        self.max_tokens = max_tokens

    async def complete(self, request: Request) -> Reply:
        """The reply of the model, once it may be asked."""
        return await self.limiter.call(self._tokens(request), lambda: self.model.complete(request))

    async def stream(self, request: Request, hear: Hear) -> Reply:
        """The same in pieces."""
        return await self.limiter.call(self._tokens(request), lambda: streamed(self.model, request, hear))

    def _tokens(self, request: Request) -> int:
        return likely_tokens(request) + (request.max_tokens or self.max_tokens)


class LimitedEmbeddings:
    """An embedder that is asked no more than it can bear."""

    def __init__(self, model: EmbeddingModel, limiter: Limiter) -> None:
        self.model = model
        self.name = model.name
        self.limiter = limiter

    async def embed(self, texts: Texts) -> Embedded:
        """The vectors of the model, once it may be asked."""
        return await self.limiter.call(likely_tokens(texts), lambda: self.model.embed(texts))
