"""What people say of names, as resolutions, and what evidence may still say beside it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

import pyarrow as pa

from graphrag_engine.offline.identity import OVERRIDE
from graphrag_engine.offline.roots import form
from graphrag_engine.overrides import Name, Overrides
from graphrag_engine.schema import TABLES

VECTOR, MODEL = "vector", "model"
"""The causes of what is judged without the words of names: that binds nobody who has been told by people."""


class Resolution(NamedTuple):
    """A row of `resolutions`."""

    left: str
    right: str
    verdict: str
    cause: str
    confidence: float
    document_id: str | None = None
    left_type: str | None = None
    right_type: str | None = None


def decided(overrides: Overrides, known: Collection[str]) -> Iterator[Resolution]:
    """The decisions of people on names that are *known* by their forms; of one thing, all with the first."""
    for group in overrides.groups():
        there = [name for name in group if name.form in known]
        for name in there[1:]:
            yield _ruling("same", name, there[0])
    for group in overrides.different:
        for pair in combinations([name for name in group if name.form in known], 2):
            yield _ruling("different", *pair)


def _ruling(verdict: str, one: Name, other: Name) -> Resolution:
    return Resolution(one.text, other.text, verdict, OVERRIDE, 1.0, None, one.type, other.type)


def undisputed(rows: Iterable[Resolution], overrides: Overrides) -> Iterator[Resolution]:
    """The rows that nothing people say speaks against, or makes idle.

    A name that people take for another stands for nothing else, in one document or by vectors or a model; the first of
    its group still may.
    """
    groups = {name.form: group for group in overrides.groups() for name in group if name.type is None}
    if not groups and not overrides.different:
        yield from rows
        return
    apart: dict[str, set[str]] = defaultdict(set)
    for one, other in (pair for group in overrides.different for pair in combinations(group, 2)):
        apart[one.form].add(other.form)
        apart[other.form].add(one.form)
    for row in rows:
        left, right = form(row.left), form(row.right)
        group = groups.get(left, ())
        united = bool(group) and groups.get(right) == group
        taken = bool(group) and group[0].form != left and row.document_id is not None
        if row.cause in (VECTOR, MODEL):
            taken = any(name in groups and groups[name][0].form != name for name in (left, right))
        if not united and not (row.verdict == "same" and (taken or right in apart[left])):
            yield row


def as_table(rows: Iterable[Resolution]) -> pa.Table:
    """The table `resolutions` with these rows."""
    ordered = sorted(rows, key=lambda row: [value if value is not None else "" for value in row])
    columns = list(zip(*ordered, strict=True)) or [()] * len(Resolution._fields)
    schema = TABLES["resolutions"].schema
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)
