"""Which rows of a table differ between two versions. Pure: tables in, keys of rows out."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.ragged import Bools, one_array
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

    def rows(self, table: str, *columns: str) -> Collection[str]:
        """The keys of the rows that are new, gone, or hold something else (in these columns, where some are named)."""
        if self.same(table):
            return ()
        owner, owners = self.remade.get(table, ("", ()))
        key = _key(table)
        if owner == key:
            return owners
        compared = list(columns or TABLES[table].columns)
        before = self.before(table, list(dict.fromkeys([key, *compared, *([owner] if owner else [])])))
        now = self.now(table)
        if owner:
            among = pa.array(sorted(owners), pa.string())
            before, now = (each.filter(pc.is_in(each[owner], value_set=among)) for each in (before, now))
        return _by_id(before, now, compared) if key == "id" else _by_row(before, now, compared, key)


def _key(table: str) -> str:
    """The column by which a row of a table is spoken of: its id, or what it was made from or is about."""
    return "id" if "id" in TABLES[table].columns else _KEYS.get(table, "text_unit_id")


def _by_row(before: pa.Table, now: pa.Table, columns: Sequence[str], key: str) -> set[str]:
    """Compares tables without ids, in these columns."""
    was, is_ = (one_array(_joined(table, columns)) for table in (before, now))
    gone = before[key].filter(pc.invert(pc.is_in(was, value_set=is_)))
    fresh = now[key].filter(pc.invert(pc.is_in(is_, value_set=was)))
    return {each or "" for keys in (gone, fresh) for each in keys.to_pylist()}


def _by_id(before: pa.Table, now: pa.Table, columns: Sequence[str]) -> set[str]:
    """Compares tables with ids, in these columns."""
    place = pc.index_in(now["id"], value_set=one_array(before["id"]))
    fresh = place.is_null().to_numpy()
    stayed = pa.array(np.flatnonzero(~fresh))
    was, same = before.select(columns).take(place.drop_null()), now.select(columns).take(stayed)
    changed = np.zeros(len(stayed), bool)
    for column in columns:
        changed |= _unequal(one_array(was[column]), one_array(same[column]))
    gone = before["id"].filter(pc.invert(pc.is_in(before["id"], value_set=one_array(now["id"]))))
    new = now["id"].filter(pa.array(fresh))
    return {*gone.to_pylist(), *new.to_pylist(), *now["id"].take(stayed).filter(pa.array(changed)).to_pylist()}


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


def _joined(table: pa.Table, columns: Sequence[str]) -> pa.ChunkedArray:
    """Each row as one text."""
    texts = [table[column].cast(pa.string()) for column in columns]
    return pc.binary_join_element_wise(*texts, "\x1f", null_handling="replace")
