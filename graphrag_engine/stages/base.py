"""What a stage is: a pure function from tables to tables, and what it says of itself.

A stage does no I/O and awaits nothing. Its section of the settings is all it knows of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from graphrag_engine.llm.base import Task

Tables = Mapping[str, pa.Table]


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
    made_with: Mapping[str, str] | None = None
    """Versions of libraries that the output depends on."""
    notes: Callable[[Tables], Sequence[str]] = lambda _: ()
    """The written tables -> sentences on what a person should know of them."""


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
    fingerprints: Callable[[Any, Any], Mapping[str, str]]
    """(prepared tables, section) -> for each row to make, a hash of all that matters to its result."""
    tasks: Callable[[Any, Any, Collection[str], Tables], Iterable[Task[Any]]]
    """(prepared tables, section, ids to make, rows kept of the written tables) -> one task an id."""
    gather: Callable[[Mapping[str, Any]], Tables]
    """Results by id, in the order of the ids -> rows of the written tables."""
    prepare: Callable[[Tables], Any] = lambda tables: tables
    """Works out, once a run, what fingerprints and tasks both need of the tables; by itself the tables."""
    made_with: Mapping[str, str] | None = None
    """Versions of libraries that the output depends on."""
    notes: Callable[[Tables], Sequence[str]] = lambda _: ()
    """The written tables -> sentences on what a person should know of them."""


Stage = TableStage | RowStage
