"""What is said to a model and what comes back, as plain values. No I/O here."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from graphrag_engine.errors import UsageError
from graphrag_engine.hashing import digest

T = TypeVar("T")
Vectors = npt.NDArray[np.float32]
"""One row a text."""


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
    length = np.linalg.norm(found, axis=1, keepdims=True)
    whole: Vectors = np.divide(found, length, out=np.zeros_like(found), where=length > 0)
    return whole


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
