"""What the engine tells of its work: an indexing run, an estimate, the state of an index."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What was asked of models, and what it cost."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            requests=self.requests + other.requests,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cost_usd=round(self.cost_usd + other.cost_usd, 6),
        )


@dataclass(frozen=True, kw_only=True)
class Event:
    """A sign of life: how far a stage of a run is."""

    stage: str
    """The stage, or `sources` before the first and `derived` after the last."""
    done: int
    total: int
    """Rows to make, of `sources` kilobytes to read; 0 where that is not known."""
    usage: Usage = Usage()
    """What the run has asked of models so far."""
    retries: int = 0
    """Requests so far that repeated one that had failed."""
    told: str = ""
    """A sentence that a person should read now, where there is one."""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How the documents of the sources differ from those of the index, in documents."""

    added: int = 0
    changed: int = 0
    deleted: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        """Documents that the index will hold."""
        return self.added + self.changed + self.unchanged

    @property
    def any(self) -> bool:
        """Whether there is any difference."""
        return bool(self.added or self.changed or self.deleted)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One thing that could not be made, and why."""

    stage: str
    id: str
    error: str
    attempts: int = 1


@dataclass(frozen=True, kw_only=True)
class StageRun:
    """What a run did with one stage."""

    name: str
    ran: bool
    why: str
    """Why it ran, or that nothing changed."""
    seconds: float = 0.0
    requests: int = 0
    cached: int = 0
    """Answers that were kept from an earlier time."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A stage that another run would run."""

    name: str
    why: str
    usage: Usage = Usage()
    """What it would ask of models, where that was estimated."""


@dataclass(frozen=True, kw_only=True)
class IndexReport:
    """What one indexing run did."""

    version: int
    documents: Changes
    tables: Mapping[str, int]
    """Rows by table."""
    failed: tuple[Failure, ...] = ()
    stages: tuple[StageRun, ...] = ()
    usage: Usage = Usage()
    retries: int = 0
    """Requests that repeated one that had failed."""
    stopped: str | None = None
    """Why the run was stopped before its end; the last version is then in force. The JSON has it as a failure."""
    warnings: tuple[str, ...] = ()
    """What a person should know; not part of the JSON."""

    def to_dict(self) -> dict[str, Any]:
        """The document that `index --json` prints."""
        document = asdict(self)
        for name in ("retries", "stopped", "warnings"):
            del document[name]
        return document


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What an indexing run would do; nothing is written."""

    documents: Changes
    tokens: int
    """Estimated tokens of the added and changed documents."""
    stages: tuple[Due, ...]
    """Stages that would run."""
    failed: tuple[Failure, ...] = ()
    model: str = "offline"
    embedding: str = "hashing"
    usage: Usage = Usage()
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The document that `index --dry-run --json` prints."""
        return {"dry_run": True, **asdict(self)}


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that `doctor` looked at."""

    name: str
    ok: bool
    told: str
    """What was found."""
    remedy: str = ""
    """What to do, where it is not well."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """The state of an index, and how far its sources and settings have moved on."""

    root: str
    version: int
    format: int
    versions: tuple[int, ...]
    created: str
    """When the version in force was made, in UTC."""
    sources: tuple[str, ...]
    model: str
    embedding: str
    tables: Mapping[str, int]
    """Rows by table."""
    documents: Changes
    """What another run would find in the sources."""
    stale: tuple[Due, ...]
    """Stages that another run would run again."""
    failed: tuple[Failure, ...] = ()
    usage: Usage = Usage()
    """What all runs cost together, at today's prices."""
    usage_by_stage: Mapping[str, Usage] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    """What a person should know; not part of the JSON."""

    def to_dict(self) -> dict[str, Any]:
        """The document that `status --json` prints."""
        document = asdict(self)
        del document["warnings"]
        return document


@dataclass(frozen=True, kw_only=True)
class PublishReport:
    """What one publish did."""

    store: str
    database: str
    """Empty for the server's default one."""
    workspace: str
    version: int
    last_version: int | None
    """The version that the server had before; none where it had none, or not a whole one."""
    how: str
    """`first`; `difference`: what changed since that version; `compared`: what the server lacked by its own account;
    `unchanged`."""
    sent: Mapping[str, int]
    """Rows by label or relationship type."""
    deleted: Mapping[str, int]
    seconds: float
    failed: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    """What a person should know; not part of the JSON."""

    @property
    def rows(self) -> int:
        """All rows sent."""
        return sum(self.sent.values())

    def to_dict(self) -> dict[str, Any]:
        """The document that `publish --json` prints."""
        document = asdict(self)
        del document["warnings"]
        return {**document, "rows": self.rows, "rows_per_second": round(self.rows / max(self.seconds, 1e-6), 1)}


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One label, type of entities or type of relationships, in the index and on a server."""

    name: str
    index: int
    """Rows that the index has."""
    server: int
    """Rows that the server has."""
    equal: bool
    """Whether they hold the same."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What a server has of a workspace, held against the index."""

    store: str
    database: str
    workspace: str
    version: int
    parts: tuple[Compared, ...]

    @property
    def equal(self) -> bool:
        """Whether the server has just what the index holds."""
        return all(part.equal for part in self.parts)

    def to_dict(self) -> dict[str, Any]:
        """The document that `publish --check --json` prints."""
        return {**asdict(self), "equal": self.equal}


@dataclass(frozen=True, kw_only=True)
class DropReport:
    """What was deleted of a workspace on a server."""

    store: str
    database: str
    workspace: str
    deleted: Mapping[str, int]
    """Nodes by label; nothing where nothing was published."""

    def to_dict(self) -> dict[str, Any]:
        """The document that `publish --drop --json` prints."""
        return asdict(self)
