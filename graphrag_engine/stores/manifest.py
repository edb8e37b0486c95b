"""The manifest of one version: which parts make it, from what, and what was counted. Plain JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from graphrag_engine.errors import TableNotFound
from graphrag_engine.schema import FORMAT
from graphrag_engine.settings import BUILT_IN


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One table of a version."""

    parts: Mapping[str, str]
    """Names of its parts by the first digits of the ids in them; a table in one part by the empty string."""
    rows: int


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """One version of an index; written last, it is the commit."""

    version: int
    tables: Mapping[str, Entry]
    stages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What each stage was made from: version, settings, libraries, input tables."""
    sources: tuple[str, ...] = ()
    model: str = "offline"
    embedding: str = "hashing"
    created: str = ""
    """When, in UTC; no table depends on it."""
    run: Mapping[str, Any] = field(default_factory=dict)
    """Seconds and requests of each stage of the run that made this version."""
    format: int = FORMAT

    def to_json(self) -> str:
        """The manifest as it is kept on disk."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Manifest":
        """From what `to_json` wrote; raises ValueError for anything else."""
        try:
            tables = {name: Entry(parts=dict(e["parts"]), rows=e["rows"]) for name, e in values["tables"].items()}
            return cls(**{**values, "tables": tables, "sources": tuple(values["sources"])})
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("not a manifest") from error

    @property
    def embedded_by_own(self) -> bool:
        """Whether the vectors were made by an embedder of the caller's own."""
        made = self.stages.get("vectorize", {}).get("settings", {})
        return self.embedding not in BUILT_IN and bool(made.get("dimensions"))

    def entry(self, name: str) -> Entry:
        """One table of this version; raises TableNotFound for an unknown name."""
        if name not in self.tables:
            raise TableNotFound(name)
        return self.tables[name]

    def same_index(self, other: "Manifest | None") -> bool:
        """Whether both describe the same index: all but number, time and counts."""
        return other is not None and self._content() == other._content()

    def _content(self) -> tuple[object, ...]:
        return (self.tables, self.stages, self.sources, self.model, self.embedding, self.format)
