"""Which rows of a table differ between two versions. Pure: tables in, keys of rows out."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.ragged import Bools, Ints, joined, one_array, one_of, positions
from graphrag_engine.schema import TABLES

_KEYS = {"lexicon": "text", "resolutions": "document_id"}


@dataclass
class Changes:
    """What differs between the tables of the last version and those of the new one, so far; see `stages.base`."""

    before: Callable[[str, Sequence[str]], pa.Table]
    now: Callable[[str], pa.Table]
    same: Callable[[str], bool]
    """Whether a table is known to be the same in both."""
    remade: dict[str, tuple[str, Collection[str]]] = field(default_factory=dict)
    """For tables of row-wise stages: the column that names what a row was made from, and what was made again."""
    _known: dict[str, "_Compared"] = field(default_factory=dict)
    """What has been compared of whole tables with ids."""

    def rows(self, table: str, *columns: str) -> Collection[str]:
        """The keys of the rows that are new, gone, or hold something else (in these columns, where some are named)."""
        if self.same(table):
            return ()
        owner, owners = self.remade.get(table, ("", ()))
        key = _key(table)
        if owner == key:
            return owners
        compared = columns or tuple(TABLES[table].columns)
        if owner:
            before, now = self.before(table, list(dict.fromkeys([key, owner, *compared]))), self.now(table)
            before, now = (each.filter(one_of(each[owner], owners)) for each in (before, now))
            return _Compared.of(before["id"], now["id"]).rows(compared, before.select, now)
        if key != "id":
            return _by_row(self.before(table, compared), self.now(table), compared, key)
        if table not in self._known:
            self._known[table] = _Compared.of(self.before(table, ["id"])["id"], self.now(table)["id"])
        return self._known[table].rows(compared, partial(self.before, table), self.now(table))


def _key(table: str) -> str:
    """The column by which a row of a table is spoken of: its id, or what it was made from or is about."""
    return "id" if "id" in TABLES[table].columns else _KEYS.get(table, "text_unit_id")


def _by_row(before: pa.Table, now: pa.Table, columns: Sequence[str], key: str) -> set[str]:
    """Compares tables without ids, in these columns."""
    was, is_ = (joined(*map(table.column, columns)) for table in (before, now))
    gone = before[key].filter(pc.invert(pc.is_in(was, value_set=is_)))
    fresh = now[key].filter(pc.invert(pc.is_in(is_, value_set=was)))
    return {each or "" for keys in (gone, fresh) for each in keys.to_pylist()}


@dataclass
class _Compared:
    """Two versions of a table with ids, as far as they have been held against each other."""

    moved: set[str]
    """Rows that are new or gone."""
    was: Ints
    """The places in the old version of all rows that are in both."""
    now: Ints
    """Their places in the new one."""
    other: dict[str, list[str]] = field(default_factory=dict)
    """Column -> rows that differ there."""

    @classmethod
    def of(cls, before: pa.ChunkedArray, now: pa.ChunkedArray) -> "_Compared":
        """Given the ids of either."""
        place = positions(now, before)
        gone = np.ones(len(before), bool)
        gone[place[place >= 0]] = False
        moved = {*before.filter(pa.array(gone)).to_pylist(), *now.filter(pa.array(place < 0)).to_pylist()}
        return cls(moved, place[place >= 0], np.flatnonzero(place >= 0))

    def rows(self, columns: Sequence[str], before: Callable[[Sequence[str]], pa.Table], now: pa.Table) -> set[str]:
        """The ids of rows that are new, gone, or differ in one of these columns."""
        if fresh := [column for column in columns if column not in self.other]:
            old, ids = before(fresh), now["id"]
            for column in fresh:
                one, same = (one_array(each[column]) for each in (old, now))
                differ = _unequal(one.take(pa.array(self.was)), same.take(pa.array(self.now)))
                self.other[column] = ids.take(pa.array(self.now[differ])).to_pylist()
        return self.moved.union(*(self.other[column] for column in columns))


def _unequal(one: pa.Array, other: pa.Array) -> Bools:
    """Row by row, whether two columns of one type differ; two nulls are equal."""
    if pa.types.is_list(one.type):
        return _lists_unequal(one, other)
    differ = pc.fill_null(pc.not_equal(one, other), pc.xor(one.is_null(), other.is_null()))
    found: Bools = np.asarray(differ)
    return found


def _lists_unequal(one: pa.ListArray, other: pa.ListArray) -> Bools:
    differ: Bools = np.asarray(pc.not_equal(pc.list_value_length(one), pc.list_value_length(other)))
    alike = pa.array(np.flatnonzero(~differ))
    left, right = one.take(alike), other.take(alike)
    element = _unequal(left.flatten(), right.flatten())
    rows = np.asarray(alike)[np.asarray(pc.list_parent_indices(left))[element]]
    differ = differ.copy()
    differ[rows] = True
    return differ
