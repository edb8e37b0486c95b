"""What is said to a model and what comes back, as plain values. No I/O here."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, runtime_checkable

import numpy as np
import numpy.typing as npt

from graphrag_engine.errors import ModelError, UsageError
from graphrag_engine.hashing import canonical, digest

T = TypeVar("T")
Vectors = npt.NDArray[np.float32]
"""One row a text."""


@dataclass(frozen=True)
class Message:
    """One turn: role is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True)
class Shape:
    """The JSON that a reply must have."""

    name: str
    schema: Mapping[str, Any]
    """A JSON schema without recursion or formats, so that any server takes it."""

    @cached_property
    def text(self) -> str:
        """The schema as JSON, the same for equal ones."""
        return canonical(self.schema).decode()


@dataclass(frozen=True, kw_only=True)
class Request:
    """A question to a chat model: with the model's own parameters everything that can change the reply."""

    messages: tuple[Message, ...]
    shape: Shape | None = None
    """None asks for plain text."""
    max_tokens: int | None = None
    """Most tokens of the reply; None leaves it to the server."""
    sample: int = 0
    """Another number asks the same again, for another reply."""
    task: str = field(default="", compare=False)
    """What it is for, as `stage:row`; the one field that is no part of the request itself."""

    def key(self) -> str:
        """The request as one hash over all of its fields but what it is for."""
        messages = [(message.role, message.content) for message in self.messages]
        shape = (self.shape.name, self.shape.text) if self.shape else None
        return digest(messages, shape, self.max_tokens, self.sample)


@dataclass(frozen=True, kw_only=True)
class RateLimits:
    """What a server says is left until it refuses; None where it does not say."""

    requests: int | None = None
    """Requests that may still be sent."""
    tokens: int | None = None
    """Tokens that may still be used."""
    requests_reset: float | None = None
    """Seconds until all requests may be sent again."""
    tokens_reset: float | None = None
    """Seconds until all tokens may be used again."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a model answered, and what it counted."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    """Whether the tokens were counted here, because the server did not say."""
    capped: bool = False
    """Whether it ends where `max_tokens` was reached; what there is of it is all there will be."""
    broken: bool = False
    """Whether it was still cut, or not the JSON that was asked for, after the last try."""
    cached: bool = False
    """Whether it was kept from an earlier time, and cost nothing now."""
    limits: RateLimits | None = field(default=None, compare=False)
    """What the server said is left, for those who ask next."""


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Texts to embed, in one request or in several."""

    texts: tuple[str, ...]
    task: str = field(default="", compare=False)
    """As in a Request."""


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """The vectors of texts, of length 1, and what was counted."""

    vectors: Vectors
    prompt_tokens: int = 0
    estimated: bool = False
    cached: int = 0
    """How many of the vectors were kept from an earlier time."""
    limits: RateLimits | None = field(default=None, compare=False)
    """As in a Reply."""


Conversation = Generator[Request | Texts, Any, T]
"""Yields requests, is sent a Reply for a Request and an Embedded for Texts, returns a result.

One that yields nothing needs no model.
"""


class TryAgain(ModelError):
    """A call failed in a way that may pass: the connection, a timeout, a busy server, a cut reply."""

    def __init__(
        self,
        told: str,
        *,
        after: float | None = None,
        crowded: bool = False,
        silent: bool = False,
        reply: Reply | None = None,
        limits: RateLimits | None = None,
    ) -> None:
        super().__init__(told)
        self.after = after
        """Seconds that the server asked to wait."""
        self.crowded = crowded
        """Whether fewer calls at once would help: 429 and timeouts."""
        self.silent = silent
        """Whether nothing has ever come from there: where no try brings anything, no other request will."""
        self.reply = reply
        """What came, cut or not the JSON that was asked for; it was paid, and counts where no try brings a better."""
        self.limits = limits
        """As in a Reply."""


class Model(Protocol):
    """Anything that answers a request; raises ModelError where it cannot."""

    @property
    def name(self) -> str:
        """What the model is called in settings, fingerprints and costs."""

    async def complete(self, request: Request) -> Reply:
        """The reply to one request."""


Hear = Callable[[str], None]
"""Is told each piece of a reply as it comes."""


@runtime_checkable
class Streaming(Protocol):
    """A model that can be heard while it writes."""

    async def stream(self, request: Request, hear: Hear) -> Reply:
        """As `Model.complete`, telling *hear* each piece meanwhile; what was told is the reply's text, or its begin."""


async def streamed(model: Model, request: Request, hear: Hear) -> Reply:
    """The reply of any model, told in pieces where it can be heard, else whole."""
    if isinstance(model, Streaming):
        return await model.stream(request, hear)
    reply = await model.complete(request)
    hear(reply.text)
    return reply


class EmbeddingModel(Protocol):
    """An embedder behind an endpoint; raises ModelError where it cannot answer."""

    @property
    def name(self) -> str:
        """What the model is called in settings, fingerprints and costs."""

    async def embed(self, texts: Texts) -> Embedded:
        """One vector of length 1 a text."""


class Models(NamedTuple):
    """Who answers the conversations of a stage."""

    chat: Model | None = None
    embeddings: EmbeddingModel | None = None
    at_once: int = 32
    """Tasks that are driven side by side."""


NOBODY = Models()
"""For stages that ask no model."""


class Embedder(Protocol):
    """Anything that turns texts into vectors that are near each other where the texts mean the same."""

    @property
    def name(self) -> str:
        """What the index remembers it by; another name is another embedder."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    @property
    def weight(self) -> float:
        """What its scores count where a question begins its walk, 0 to 1; words count the rest."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector a text; of any length, as only directions count."""


def embedded(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """The vectors of texts, of length 1; raises UsageError where the embedder gives anything but its numbers."""
    found = np.asarray(embedder.embed(texts), np.float32)
    if found.shape != (len(texts), embedder.dimension) or not np.isfinite(found).all():
        shape = f"an array of shape {found.shape}, not {(len(texts), embedder.dimension)}"
        wrong = "numbers that are not finite" if found.shape == (len(texts), embedder.dimension) else shape
        raise UsageError(f"The embedder {embedder.name!r} gave {wrong}.")
    return normalised(found)


def normalised(vectors: Vectors) -> Vectors:
    """The vectors in length 1; one of length 0 is left as it is."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    whole: Vectors = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return whole


class Task(NamedTuple, Generic[T]):
    """A row to make: its conversation is begun when the results named in *needs* are there."""

    id: str
    needs: tuple[str, ...]
    conversation: Callable[[Mapping[str, T]], Conversation[Any]]
    """What it gives is the row's result, a T."""
    more: tuple[str, ...] | None = None
    """Other rows that are made with it, and needed by none; unless this is None it gives a list, one T for each row."""
    needed: int = 0
    """How many other tasks need its row, which is held until the last of them is done."""

    @property
    def rows(self) -> tuple[str, ...]:
        """All that it makes."""
        return (self.id, *(self.more or ()))


def said(result: T) -> Conversation[T]:
    """The conversation that asks nothing: *result* is already known."""
    return result
    yield  # makes this function a generator
