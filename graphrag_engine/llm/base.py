"""What is said to a model and what comes back, as plain values. No I/O here."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import asdict, dataclass
from typing import Generic, Protocol, TypeVar

from graphrag_engine.hashing import digest

T = TypeVar("T")


@dataclass(frozen=True)
class Message:
    """One turn: role is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Request:
    """Everything that can change a reply; two requests with equal keys are the same request."""

    messages: tuple[Message, ...]

    def key(self) -> str:
        """The request as one hash over all of its fields."""
        return digest(asdict(self))


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a model answered, and what it counted."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


Conversation = Generator[Request, Reply, T]
"""Yields requests, is sent replies, returns a result; one that yields nothing needs no model."""


class Model(Protocol):
    """Anything that answers a request; raises ModelError where it cannot."""

    @property
    def name(self) -> str:
        """What the model is called in settings, fingerprints and costs."""

    async def complete(self, request: Request) -> Reply:
        """The reply to one request."""


@dataclass(frozen=True)
class Task(Generic[T]):
    """One row to make: its conversation is begun when the results named in *needs* are there."""

    id: str
    needs: tuple[str, ...]
    conversation: Callable[[Mapping[str, T]], Conversation[T]]


def said(result: T) -> Conversation[T]:
    """The conversation that asks nothing: *result* is already known."""
    return result
    yield  # makes this function a generator
