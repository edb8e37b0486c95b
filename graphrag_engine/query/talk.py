"""What a question says to models and to its caller, as plain values: it yields these, and is sent what comes back."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from graphrag_engine.llm.base import Request
from graphrag_engine.query.marks import Marked

T = TypeVar("T")


@dataclass(frozen=True)
class Prose:
    """A request whose reply may be shown while it is written; sent back: a Reply."""

    model: str
    request: Request
    shown: Marked
    """What becomes of its pieces."""


@dataclass(frozen=True)
class Chat:
    """Requests at the same time; sent back: a list of a Reply or ModelError each."""

    model: str
    requests: tuple[Request, ...]


@dataclass(frozen=True)
class Embed:
    """A text to embed; sent back: an Embedded."""

    model: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """A text that must be let through before anybody sees it; sent back: why not, or None."""

    text: str


Talk = Generator[Prose | Chat | Embed | Verdict, Any, T]
"""A conversation as those of stages (`llm.base`), of what a question may ask. What fails is thrown in."""


@dataclass(frozen=True, kw_only=True)
class Writer:
    """The model that answers, as far as a conversation needs to know it."""

    model: str
    max_tokens: int
    """Most tokens of a reply."""
    prompts: Mapping[str, str]


@dataclass(frozen=True)
class Turn:
    """Something that was said before."""

    role: str
    """user or assistant."""
    content: str
