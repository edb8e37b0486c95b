"""Which published rows differ between two versions of an index, block by block: memory does not grow with it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest
from graphrag_engine.offline.ragged import joined, one_array, positions
from graphrag_engine.schema import TABLES
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.neo4j_names import RELATED, label, relationship_type
from graphrag_engine.stores.neo4j_rows import NODES, RELATIONSHIPS, Kind, Row, members
from graphrag_engine.stores.packed import PACKED
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.stores.streams import Blocks, Stream, side_by_side

SHAPE = 1
"""Number of the form in which rows are published; raise it when it changes, and everything is compared anew."""
BLOCK = 2000
"""Rows that are read, compared and sent at once."""
_MOST_TYPES = 200

Pairs = Sequence[tuple[Row, Row | None]]
"""New rows with what stood in their place."""
_Parts = Mapping[str, Sequence[str]]
"""Table -> names of parts, in order."""


@dataclass(frozen=True)
class Version:
    """One version of an index on disk."""

    store: ParquetStore
    manifest: Manifest

    @cached_property
    def fingerprint(self) -> str:
        """The hash of all that is published of it, and how."""
        tables = {name for kind in (*NODES, RELATIONSHIPS) for name in kind.tables} | {"vectors"}
        return digest(SHAPE, {name: dict(self._parts(name)) for name in sorted(tables)})

    @cached_property
    def types(self) -> Mapping[str, str]:
        """Predicate -> relationship type: the commonest have one of their own, the others share one."""
        count: Counter[str] = Counter()
        for block in self.all_blocks("relationships", ("type",)):
            for each in pc.value_counts(block["type"]).to_pylist():
                count[each["values"]] += each["counts"]
        names = {kind: relationship_type(kind) for kind in count}
        total: Counter[str] = Counter()
        for kind, number in count.items():
            total[names[kind]] += number
        ranked = sorted(total, key=lambda name: (-total[name], name))
        kept = set(ranked if len(ranked) <= _MOST_TYPES else ranked[: _MOST_TYPES - 1])
        return {kind: name if name in kept else RELATED for kind, name in names.items()}

    def rows(self, table: str) -> int:
        """Rows of a table."""
        return self.manifest.tables[table].rows if table in self.manifest.tables else 0

    def parts(self, tables: Sequence[str], prefix: str) -> _Parts:
        """The parts that hold ids with this beginning."""
        return {
            table: [part for digits, part in sorted(self._parts(table).items()) if digits.startswith(prefix)]
            for table in tables
        }

    def prefixes(self, tables: Sequence[str]) -> list[str]:
        """How each part of these tables that has rows begins."""
        return [digits for table in tables if self.rows(table) for digits in self._parts(table)]

    def blocks(self, table: str, parts: Sequence[str], columns: Sequence[str]) -> Blocks:
        """Rows of these parts; see `ParquetStore.blocks`."""
        return self.store.blocks(table, parts, columns, BLOCK)

    def all_blocks(self, table: str, columns: Sequence[str]) -> Blocks:
        """All rows of a table."""
        return self.blocks(table, self.parts((table,), "")[table], columns)

    def kinds(self, table: str, column: str) -> set[str]:
        """What occurs in a column."""
        return {each for block in self.all_blocks(table, (column,)) for each in pc.unique(block[column]).to_pylist()}

    def vector_length(self) -> int:
        """How many numbers a vector has, as most of the first ones; 0 without vectors."""
        first = next((block for block in self.all_blocks("vectors", ("vector",)) if len(block)), None)
        return 0 if first is None else int(pc.mode(pc.binary_length(first["vector"]))[0]["mode"].as_py()) // 2

    def _parts(self, table: str) -> Mapping[str, str]:
        return self.manifest.tables[table].parts if table in self.manifest.tables else {}


@dataclass(frozen=True)
class Difference:
    """What changed in one block."""

    fresh: pa.Table
    """Rows that are new or hold something else."""
    before: pa.Table
    """The old rows of those that are not new."""
    gone: pa.Table
    """Old rows without a new one."""
    same: pa.Table
    """Rows that are as they were, but whose ties to others may not be."""

    def pairs(self) -> list[tuple[Row, Row | None]]:
        """Each fresh row with the old one."""
        before = {row["id"]: row for row in self.before.to_pylist()}
        return [(row, before.get(row["id"])) for row in self.fresh.to_pylist()]


@dataclass(frozen=True)
class Last:
    """What a server holds where it is known to hold a version that is still here, or nothing."""

    before: Version | None
    every: ClassVar[bool] = False

    @property
    def first(self) -> bool:
        """Whether it holds nothing."""
        return self.before is None

    def differences(self, kind: Kind, now: Version) -> Iterator[Difference]:
        """What changed of a kind since that version, or all of it."""
        before = self.before
        retyped = _retyped(now, before) if before and kind is RELATIONSHIPS else []
        for parts in _ranges(kind.tables, [now, *([before] if before else [])]):
            old = streams(kind, before, parts[1]) if before else []
            for blocks in side_by_side([*streams(kind, now, parts[0]), *old]):
                width = len(kind.tables)
                rows = joined_rows(kind, blocks[:width])
                yield _compared(rows, joined_rows(kind, blocks[width:]) if before else rows.slice(0, 0), retyped)

    def vectors(self, now: Version) -> Iterator[Difference]:
        """The same of vectors, which stay packed."""
        for parts in _ranges(("vectors",), [now, *([self.before] if self.before else [])]):
            old = [vector_stream(self.before, parts[1])] if self.before else []
            for now_block, *before_block in side_by_side([vector_stream(now, parts[0]), *old]):
                yield _compared(now_block, before_block[0] if before_block else now_block.slice(0, 0), [])

    def labels(self) -> list[str]:
        """The labels that entities have by their types."""
        return sorted({label(kind) for kind in self.before.kinds("entities", "type")}) if self.before else []

    def type_of(self, row: Row) -> str:
        """The type that a relationship has on the server."""
        return self.before.types[row["type"]] if self.before else RELATED

    def members(self, kind: Kind, pairs: Pairs, _same: Sequence[Row]) -> Iterator[tuple[Row, set[str]]]:
        """Rows whose members may have changed, with those that the server has."""
        return ((row, members(kind, old)) for row, old in pairs)


def every_row(kind: Kind, now: Version) -> Iterator[Row]:
    """All rows of a kind, with what other tables say of them."""
    return (row for difference in Last(None).differences(kind, now) for row in difference.fresh.to_pylist())


def streams(kind: Kind, version: Version, parts: _Parts) -> list[Stream]:
    """The tables of a kind, each as a stream."""
    named = {table: ("id", *columns) for table, columns in kind.beside.items()}
    return [_stream(version, table, parts[table], named.get(table, kind.columns)) for table in kind.tables]


def vector_stream(version: Version, parts: _Parts) -> Stream:
    """The vectors of a version, packed."""
    return _stream(version, "vectors", parts["vectors"], tuple(TABLES["vectors"].columns))


def joined_rows(kind: Kind, blocks: Sequence[pa.Table]) -> pa.Table:
    """The rows of the table itself with the columns beside it; null where it has none there."""
    main = blocks[0]
    for block, columns in zip(blocks[1:], kind.beside.values(), strict=True):
        place = positions(main["id"], block["id"]) if len(block) else np.full(len(main), -1)
        at = pa.array(place, mask=place < 0)
        for column, name in columns.items():
            main = main.append_column(name, block[column].take(at))
    return main


def _ranges(tables: Sequence[str], versions: Sequence[Version]) -> Iterator[list[_Parts]]:
    """The parts of each version for ranges of ids, in order; without those that are the same in all versions."""
    prefixes = [prefix for version in versions for prefix in version.prefixes(tables)]
    depth = min(map(len, prefixes), default=0)
    for prefix in sorted({each[:depth] for each in prefixes}):
        parts = [version.parts(tables, prefix) for version in versions]
        if len(parts) == 1 or parts[0] != parts[1]:
            yield parts


def _stream(version: Version, table: str, parts: Sequence[str], columns: Sequence[str]) -> Stream:
    schema = pa.schema([_kept(TABLES[table].schema.field(name)) for name in columns])
    return Stream((block.cast(schema) for block in version.blocks(table, parts, columns)), schema)


def _kept(field: "pa.Field[pa.DataType]") -> "pa.Field[pa.DataType]":
    """A column as it is in its file."""
    return pa.field(field.name, PACKED) if field.name == "vector" else field.with_nullable(True)


def _compared(now: pa.Table, before: pa.Table, retyped: Sequence[str]) -> Difference:
    if not len(before):
        return Difference(now, before, before, now.slice(0, 0))
    place = positions(now["id"], before["id"])
    known = np.flatnonzero(place >= 0)
    was, is_ = before.take(pa.array(place[known])), now.take(pa.array(known))
    other = np.asarray(pc.not_equal(_texts(is_), _texts(was)), bool)
    if retyped:
        other = other | np.asarray(pc.is_in(is_["type"], value_set=pa.array(retyped)))
    fresh = np.ones(len(now), bool)
    fresh[known[~other]] = False
    gone = pc.invert(pc.is_in(before["id"], value_set=one_array(now["id"])))
    return Difference(now.filter(pa.array(fresh)), was.filter(pa.array(other)), before.filter(gone), now.slice(0, 0))


def _texts(table: pa.Table) -> pa.Array:
    """Each row as one text, or the bytes of its vector."""
    return table["vector"] if "vector" in table.column_names else joined(*table.columns)


def _retyped(now: Version, before: Version) -> list[str]:
    """Predicates whose relationships had another type, since other predicates are the commonest now."""
    return sorted(kind for kind, name in now.types.items() if before.types.get(kind, name) != name)
