"""What was asked, answered and paid, by stage and model; and the limit on what may be paid."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from graphrag_engine.costs import Price
from graphrag_engine.errors import CostReached
from graphrag_engine.llm.base import Embedded, EmbeddingModel, Hear, Model, Reply, Request, Texts, TryAgain, streamed
from graphrag_engine.llm.tokens import most_tokens
from graphrag_engine.results import Usage

T = TypeVar("T", Reply, Embedded)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What was counted for one stage and one model, or for all together."""

    requests: int = 0
    """Requests that were sent, repeated ones too."""
    retries: int = 0
    """How many of them repeated one that had failed."""
    cached: int = 0
    """Answers that were kept from an earlier time: replies, or vectors of texts."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    """US dollars."""
    estimated: bool = False
    """Whether some tokens were counted here, because the server did not say."""
    unpriced: bool = False
    """Whether some tokens are of a model whose price is not known, so that the cost is without them."""

    def __add__(self, other: "Line") -> "Line":
        return Line(
            requests=self.requests + other.requests,
            retries=self.retries + other.retries,
            cached=self.cached + other.cached,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cost=self.cost + other.cost,
            estimated=self.estimated or other.estimated,
            unpriced=self.unpriced or other.unpriced,
        )

    def usage(self) -> Usage:
        """What people are told of it."""
        return Usage(
            requests=self.requests,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            cost_usd=round(self.cost, 6),
        )


class Ledger:
    """The counts of one run; another thread may read them meanwhile."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], Line] = {}
        self._lock = threading.Lock()

    def add(self, task: str, model: str, line: Line) -> None:
        """Count something for a task, `stage:row`."""
        key = (task.partition(":")[0], model)
        with self._lock:
            self._lines[key] = self._lines.get(key, Line()) + line

    def lines(self) -> dict[tuple[str, str], Line]:
        """The counts so far, by stage and model."""
        with self._lock:
            return dict(sorted(self._lines.items()))

    def total(self) -> Line:
        """All counts so far."""
        return sum(self.lines().values(), Line())

    def stage(self, name: str) -> Line:
        """The counts so far of one stage, all models together."""
        return sum((line for (stage, _), line in self.lines().items() if stage == name), Line())

    def merge(self, other: "Ledger") -> None:
        """Add the counts of another run."""
        for (stage, model), line in other.lines().items():
            self.add(stage, model, line)

    def to_dict(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Plain values for the manifest: the counts by stage, then by model."""
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for (stage, model), line in self.lines().items():
            found.setdefault(stage, {})[model] = asdict(line)
        return found

    @classmethod
    def from_dict(cls, values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> "Ledger":
        """From what `to_dict` gave."""
        ledger = cls()
        for stage, models in values.items():
            for model, line in models.items():
                ledger.add(stage, model, Line(**line))
        return ledger


class Budget:
    """What a run may cost at most, in US dollars. What is in flight counts as the most that it might cost.

    For one event loop at a time.
    """

    def __init__(self, allowed: float | None = None) -> None:
        self.allowed = allowed
        self.spent = 0.0
        self._flying = 0.0
        self._calls = 0
        self._waiting: list[asyncio.Future[None]] = []

    async def reserve(self, most: float) -> None:
        """Set aside what a call might cost; where that is too much, wait for what others leave of theirs.

        Raises CostReached once nothing is in flight and it is still too much: so no paid answer is lost.
        """
        while self.allowed is not None and self.spent + self._flying + most > self.allowed:
            if not self._calls:
                raise CostReached(self.spent, self.allowed)
            self._waiting.append(asyncio.get_running_loop().create_future())
            await self._waiting[-1]
        self._flying += most
        self._calls += 1

    def settle(self, most: float, cost: float) -> None:
        """Put what a call did cost in the place of what was set aside."""
        self.spent += cost
        self._calls -= 1
        self._flying = self._flying - most if self._calls else 0.0
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)


class _Meter:
    """Counts and prices the calls of one model."""

    def __init__(self, name: str, ledger: Ledger, budget: Budget, price: Price | None) -> None:
        self.name = name
        self.ledger = ledger
        self.budget = budget
        self.unpriced = price is None
        self.price = price or Price(0.0, 0.0)

    async def call(self, task: str, most: float, ask: Callable[[], Awaitable[T]]) -> T:
        """One call that costs *most* at most; what came counts even where it has to be asked again."""
        await self.budget.reserve(most)
        came: Reply | Embedded | None = None
        try:
            came = reply = await ask()
        except TryAgain as error:
            came = error.reply
            raise
        else:
            return reply
        finally:
            line = self._line(came)
            self.budget.settle(most, line.cost)
            self.ledger.add(task, self.name, line)

    def _line(self, came: Reply | Embedded | None) -> Line:
        if came is None:
            return Line(requests=1)
        completion = came.completion_tokens if isinstance(came, Reply) else 0
        return Line(
            requests=1,
            prompt_tokens=came.prompt_tokens,
            completion_tokens=completion,
            cost=self.price.of(came.prompt_tokens, completion),
            estimated=came.estimated,
            unpriced=self.unpriced,
        )


class Metered:
    """A chat model whose calls are counted and never cost more than is allowed.

    *max_tokens* is the most tokens of a reply where the request does not say: without any, its cost has no limit.
    """

    def __init__(self, model: Model, ledger: Ledger, budget: Budget, price: Price | None, max_tokens: int) -> None:
        self.model = model
        self.name = model.name
        self.max_tokens = max_tokens
        self._meter = _Meter(model.name, ledger, budget, price)

    async def complete(self, request: Request) -> Reply:
        """The reply of the model; raises CostReached where it might cost more than is left."""
        return await self._called(request, self.model.complete)

    async def stream(self, request: Request, hear: Hear) -> Reply:
        """The same in pieces."""
        return await self._called(request, lambda capped: streamed(self.model, capped, hear))

    async def _called(self, request: Request, ask: Callable[[Request], Awaitable[Reply]]) -> Reply:
        cap = request.max_tokens or self.max_tokens
        capped = request if request.max_tokens else replace(request, max_tokens=cap)
        most = self._meter.price.of(most_tokens(request), cap)
        return await self._meter.call(request.task, most, lambda: ask(capped))


class MeteredEmbeddings:
    """An embedder whose calls are counted and never cost more than is allowed."""

    def __init__(self, model: EmbeddingModel, ledger: Ledger, budget: Budget, price: Price | None) -> None:
        self.model = model
        self.name = model.name
        self._meter = _Meter(model.name, ledger, budget, price)

    async def embed(self, texts: Texts) -> Embedded:
        """The vectors of the model; raises CostReached where they might cost more than is left."""
        most = self._meter.price.of(most_tokens(texts), 0)
        return await self._meter.call(texts.task, most, lambda: self.model.embed(texts))
