"""The path of a call: what is kept is not asked, what may pass is asked again, within what servers and purse bear."""

from collections.abc import Awaitable, Callable
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from graphrag_engine.costs import Price, price, price_unknown
from graphrag_engine.errors import UsageError
from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import EmbeddingModel, Model
from graphrag_engine.llm.cache import Cached, CachedEmbeddings, Replies
from graphrag_engine.llm.ledger import Budget, Ledger, Metered, MeteredEmbeddings
from graphrag_engine.llm.limits import Limited, LimitedEmbeddings, Limiter
from graphrag_engine.llm.retries import Retrying, RetryingEmbeddings, Tries
from graphrag_engine.settings import ChatSettings, EmbeddingsSettings, Endpoint, Sampling, Secrets

if TYPE_CHECKING:
    from graphrag_engine.llm.openai import Connection

_BEGIN, _BEGIN_OWN = 8, 2
"""Calls at once that a run begins with; fewer on a server of the user's own, which may answer one at a time."""

M = TypeVar("M")


class Calls:
    """What all calls of a run share: the replies kept, the counts, the budget, the limits, the connections.

    For one event loop at a time; close it in the loop that used it.
    """

    def __init__(self, replies: Replies, secrets: Secrets, max_cost: float | None = None) -> None:
        self.replies = replies
        self.secrets = secrets
        self.ledger = Ledger()
        self.budget = Budget(max_cost)
        self.notes: dict[str, None] = {}
        """What people should know of the models, once each."""
        self._made: dict[tuple[str, str | int], Any] = {}
        self._reached: dict[tuple[str, str | int], Any] = {}
        self._limiters: dict[tuple[str | None, str], Limiter] = {}
        self._open: dict[tuple[Any, ...], Connection] = {}

    def counting(self) -> "Calls":
        """The same path with counts of its own, for one question: all else stays shared."""
        mine = copy(self)
        mine.ledger, mine.budget, mine.notes, mine._made = Ledger(), Budget(), {}, {}
        return mine

    def chat(self, settings: ChatSettings, model: str | Model) -> Model:
        """A chat model by its name, or this one, with all that is done for each call.

        Raises SettingsError where its endpoint needs a key, UsageError where a cost is limited and its price unknown.
        """
        return self._once(self._made, settings, model, lambda: self._chat(settings, model))

    def embeddings(self, settings: EmbeddingsSettings, model: str | EmbeddingModel) -> EmbeddingModel:
        """An embedder by the name of its model, or this one, with all that is done for each call; raises as `chat`."""
        return self._once(self._made, settings, model, lambda: self._embeddings(settings, model))

    def moderation(self, settings: Endpoint, model: str) -> Callable[[str], Awaitable[str | None]]:
        """Who tells why a text must not be shown, if so; asked again as `chat` is. Raises SettingsError."""
        connection = self._connection(settings)
        from graphrag_engine.llm.openai import Moderation

        judge = Moderation(connection, model)
        return lambda text: _tries(settings).ask(lambda: judge(text), lambda: None)

    async def aclose(self) -> None:
        """Close all connections and the file of replies."""
        while self._open:
            _, connection = self._open.popitem()
            await connection.aclose()
        self._made.clear()
        self._reached.clear()
        self.replies.close()

    def _chat(self, settings: ChatSettings, model: str | Model) -> Model:
        """The order of it all: the one place that decides it, with the next function."""
        inner = self._openai(settings, model) if isinstance(model, str) else model
        sampling = settings.model_dump(include=set(Sampling.model_fields)) if isinstance(model, str) else {}
        most = settings.max_tokens
        metered = Metered(inner, self.ledger, self.budget, self._price(settings, inner.name), most)
        limited = Limited(metered, self._limiter(settings, inner.name), most)
        return Cached(Retrying(limited, _tries(settings), self.ledger), self.replies, self.ledger, sampling)

    def _embeddings(self, settings: EmbeddingsSettings, model: str | EmbeddingModel) -> EmbeddingModel:
        inner = self._openai_embeddings(settings, model) if isinstance(model, str) else model
        metered = MeteredEmbeddings(inner, self.ledger, self.budget, self._price(settings, inner.name))
        limited = LimitedEmbeddings(metered, self._limiter(settings, inner.name))
        retrying = RetryingEmbeddings(limited, _tries(settings), self.ledger)
        return CachedEmbeddings(retrying, self.replies, self.ledger, {}, settings.batch)

    def _openai(self, settings: ChatSettings, model: str) -> Model:
        connection = self._connection(settings)
        from graphrag_engine.llm.openai import OpenAIModel

        return self._once(self._reached, settings, model, lambda: OpenAIModel(settings, model, connection))

    def _openai_embeddings(self, settings: EmbeddingsSettings, model: str) -> EmbeddingModel:
        connection = self._connection(settings)
        from graphrag_engine.llm.openai import OpenAIEmbeddings

        return self._once(self._reached, settings, model, lambda: OpenAIEmbeddings(settings, model, connection))

    def _connection(self, settings: Endpoint) -> "Connection":
        """The one connection to an endpoint; to make one takes as long as twenty calls."""
        key = self.secrets.key(settings)
        from graphrag_engine.llm.openai import Connection

        place = (settings.base_url, settings.azure, settings.api_version, settings.timeout)
        if place not in self._open:
            self._open[place] = Connection(settings, key)
        return self._open[place]

    def _once(self, made: dict[Any, Any], settings: Endpoint, model: str | object, make: Callable[[], M]) -> M:
        """The same object for the same settings and model, so that stages share connections and what was learnt."""
        key = (digest(type(settings).__name__, settings.model_dump()), model if isinstance(model, str) else id(model))
        if key not in made:
            made[key] = make()
        found: M = made[key]
        return found

    def _limiter(self, settings: Endpoint, model: str) -> Limiter:
        """The one limiter of a model at its endpoint."""
        key = (settings.base_url, model)
        if key not in self._limiters:
            self._limiters[key] = Limiter(
                begin=_BEGIN_OWN if settings.own else _BEGIN,
                most=settings.concurrency,
                rpm=settings.rpm,
                tpm=settings.tpm,
                patience=settings.patience,
            )
        return self._limiters[key]

    def _price(self, settings: ChatSettings | EmbeddingsSettings, model: str) -> Price | None:
        """The price of a model; what is unknown is noted, and refused where it is sold and cost is limited."""
        found = price(model, settings)
        if found is None:
            told = price_unknown(model, settings)
            self.notes[told] = None
            if self.budget.allowed is not None and not settings.own:
                raise UsageError(f"--max-cost cannot be kept. {told}")
        return found


def _tries(settings: Endpoint) -> Tries:
    return Tries(attempts=settings.attempts, patience=settings.patience)
