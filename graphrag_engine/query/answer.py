"""What a question gets back: plain, frozen values, and the JSON document made of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from graphrag_engine.results import Usage


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A text unit that was found, with its score in the mode that found it."""

    id: str
    document: str
    """Source of the document."""
    title: str
    start: int
    """Offset of its first character in the document's text."""
    score: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A slice of a document that something in the answer rests on."""

    id: str
    n: int
    """The number by which the answer's text refers to it."""
    document: str
    title: str
    page: int | None
    text_unit: str
    start: int
    """Offsets in the document's text; `quote` is exactly that slice."""
    end: int
    quote: str


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A thing that the question names or that its evidence speaks of."""

    id: str
    name: str
    type: str
    description: str
    score: float
    said: str | None
    """The words of the question that name it."""
    how: str | None
    """How they do: exact, alias or token."""


@dataclass(frozen=True, kw_only=True)
class Relationship:
    """A tie between two things of the evidence."""

    id: str
    source: str
    target: str
    type: str
    description: str
    weight: float
    score: float
    citations: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An assertion of a source, with its status and date."""

    id: str
    subject: str
    object: str | None
    type: str
    status: str
    start_date: str | None
    end_date: str | None
    description: str
    score: float
    citations: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding of a report."""

    summary: str
    citations: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """The report of a community of things."""

    id: str
    level: int
    title: str
    summary: str
    score: float
    findings: tuple[Finding, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One tie on a path, as it was walked; `forward` tells whether along its direction."""

    source: str
    type: str
    target: str
    forward: bool
    citations: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Path:
    """A chain of ties between two things that the question names."""

    text: str
    """Drawn with an arrow for each step, in the direction of its relationship."""
    steps: tuple[Step, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was found for a question, with all that it rests on, best first."""

    question: str
    mode: str
    """The mode used."""
    text: str
    """For people, as plain text; `[1]` refers to the citation of that number."""
    text_units: tuple[Hit, ...] = ()
    citations: tuple[Citation, ...] = ()
    entities: tuple[Entity, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    claims: tuple[Claim, ...] = ()
    reports: tuple[Report, ...] = ()
    paths: tuple[Path, ...] = ()
    trace: tuple[Mapping[str, Any], ...] = ()
    """What was done and why, step by step."""
    usage: Usage = field(default_factory=Usage)
    grounded: bool
    """Whether the sources say anything on it."""
    index_version: int
    model: str = "offline"
    """Who wrote the text."""
    ungrounded: tuple[str, ...] = ()
    """Sentences of a model that their citations do not support; the text has a note behind each."""
    warnings: tuple[str, ...] = ()
    """What a person should know; not part of the JSON."""

    @property
    def written(self) -> bool:
        """Whether a model wrote it."""
        return self.model != "offline"

    def to_dict(self) -> dict[str, Any]:
        """The document that `query --json` prints; model and ungrounded sentences only where a model wrote it."""
        left_out = {"warnings"} if self.written else {"warnings", "model", "ungrounded"}
        document = {name: value for name, value in asdict(self).items() if name not in left_out}
        return {("answer" if name == "text" else name): value for name, value in document.items()}
