"""What a stage is: a pure function from tables to tables, and what it says of itself.

A stage does no I/O and awaits nothing. Its section of the settings is all it knows of them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Task
from graphrag_engine.offline.ragged import one_of

Tables = Mapping[str, pa.Table]

_BLOCK = 1 << 12
"""Rows that become Python objects together."""


class Changes(Protocol):
    """What differs from the last version."""

    def before(self, table: str, columns: Sequence[str]) -> pa.Table:
        """Some columns of a table as it was."""

    def rows(self, table: str, *columns: str) -> Collection[str]:
        """The rows of a table that are new or gone, or differ in one of these columns (none named: in any).

        Rows are spoken of by their ids, or where the table has none by what they were made from or are about: text
        unit of a mention, document of a resolution ("" for everywhere), text of a decision. There may be a few more.
        """


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The chat model that a stage asks, and how."""

    model: str
    sampling: Mapping[str, Any]
    """What it is asked with beside the words, as plain JSON."""
    prompts: Mapping[str, str]
    """The words, by name of the prompt."""

    def recipe(self) -> dict[str, Any]:
        """All that can change the replies, as plain JSON, with hashes for the words."""
        prompts = {name: digest(text) for name, text in sorted(self.prompts.items())}
        return {"model": self.model, "sampling": dict(self.sampling), "prompts": prompts}


@dataclass(frozen=True)
class Asking:
    """What a stage that may ask a chat model is given in place of its section."""

    section: Any
    model: Asked | None = None
    """None where rules stand in for a model."""


@dataclass(frozen=True, kw_only=True)
class TableStage:
    """Whole tables in, whole tables out; quick enough to run whole."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    version: int
    """Raised when the meaning of the output changes."""
    run: Callable[[Tables, Any], Tables]
    """(tables it reads, its settings section) -> tables it writes."""
    last: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Tables of the last version that it brings up to date, with the columns it needs; `run` finds `last.<name>`.

    Without rows where there is none, or where the stage itself, its settings or libraries have changed. What is
    stale is decided by `reads` alone.
    """
    large: tuple[str, ...] = ()
    """Columns that it reads though they are large, as `table.column`; it is given all others of the tables it reads."""
    made_with: Mapping[str, str] | None = None
    """Versions of libraries that the output depends on."""
    read_by: str | None = None
    """The one stage that reads what it writes, where that is read by rules alone: with a model it writes nothing."""
    corrected: bool = False
    """Whether people correct what it does: it is given the overrides in place of a section."""
    notes: Callable[[Tables, Any], Sequence[str]] = lambda *_: ()
    """(tables it reads and writes, its section) -> sentences on what a person should know of them."""


@dataclass(frozen=True, kw_only=True)
class RowStage:
    """Makes rows one by one; a row is made again only when its fingerprint changed."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    version: int
    """Raised when the meaning of the output changes."""
    owner: str
    """Column of the written tables that names the row they were made from."""
    fingerprints: Callable[[Any, Any], Iterable[tuple[str, str]]]
    """(prepared tables, section) -> each row to make, with a hash of all that matters to its result."""
    tasks: Callable[[Any, Any, Collection[str], Tables], Iterable[Task[Any]]]
    """(prepared tables, section, ids to make, rows kept of the written tables) -> tasks that make each id once."""
    gather: Callable[[Mapping[str, Any]], Tables]
    """Results by id, in the order of the ids -> rows of the written tables."""
    touched: Callable[[Tables, Changes], Collection[str] | None] = lambda *_: None
    """(tables it reads, what changed in them) -> the rows that may have to be made again, or may be gone; None: any.
    All others are carried over without a look at what they are made from."""
    prepare: Callable[[Tables, Set[str] | None], Any] = lambda tables, _: tables
    """(tables it reads, ids of rows or None for all) -> what fingerprints and tasks need for these rows."""
    stays: Callable[[str, str], bool] = lambda *_: False
    """(fingerprint before, fingerprint now) -> whether the row may stay although they differ."""
    large: tuple[str, ...] = ()
    """Columns that it reads though they are large, as `table.column`; it is given all others of the tables it reads."""
    made_with: Mapping[str, str] | None = None
    """Versions of libraries that the output depends on."""
    prompts: tuple[str, ...] = ()
    """Names of the prompts that it asks a chat model with; a stage that has some is given `Asking`."""
    optional: bool = False
    """Whether it asks a chat model only where its own section names one, not that of `chat`."""
    early: Mapping[str, Callable[[pa.Table], Tables]] = field(default_factory=dict)
    """Tables that alone decide some of its rows, for which a model is asked as soon as they are there; with what makes
    of some rows of each the tables that it reads."""
    ahead: Mapping[str, Callable[[pa.Table], Iterator[object]]] = field(default_factory=dict)
    """Tables of which it works something out for each row, and remembers it, where it asks nobody; with what does so
    row by row, while models are waited for."""
    counts: Callable[[Any], Mapping[str, int]] = lambda _: {}
    """Result of a row -> what was counted while it was made."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What a person is told of what was counted, with `{n}` for the sum over all rows; nothing of what is 0."""


Stage = TableStage | RowStage


def chosen(table: pa.Table, ids: Collection[str] | None) -> pa.Table:
    """The rows with these ids; all of them for None. Nothing is copied where all are meant."""
    if ids is None:
        return table
    meant = one_of(table["id"], ids)
    return table if pc.all(meant).as_py() else table.filter(meant)


def by_block(table: pa.Table, ids: Collection[str] | None = None) -> Iterator[pa.Table]:
    """The rows with these ids, or all, some at a time: as Python objects all of them may not fit."""
    meant = None if ids is None else one_of(table["id"], ids)
    for at in range(0, len(table), _BLOCK):
        some = table.slice(at, _BLOCK)
        yield some if meant is None else some.filter(meant.slice(at, _BLOCK))


def units_of(text_units: pa.Table, documents: Collection[str]) -> list[str]:
    """The ids of the text units of these documents."""
    found: list[str] = text_units["id"].filter(one_of(text_units["document_id"], documents)).to_pylist()
    return found
