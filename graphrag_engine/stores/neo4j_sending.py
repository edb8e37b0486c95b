"""From differences to batches: what is sent, in which order. Nothing is sent here."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from graphrag_engine.hashing import digest_bytes
from graphrag_engine.offline.ragged import Floats
from graphrag_engine.stores import neo4j_cypher as cypher
from graphrag_engine.stores.neo4j_names import checked_id, label
from graphrag_engine.stores.neo4j_rows import ENTITY, NODES, RELATIONSHIPS, VECTORS, Kind, Row, members, sent
from graphrag_engine.stores.neo4j_versions import BLOCK, Difference, Pairs, Version

_PAIRS = 5000
_DOCUMENTS = 500
_HELD = 10 * BLOCK
"""Relationships that wait for others of their type."""
_RARE = 40
"""Relationships of one type from which on a statement of their own is quicker, as it must be planned."""
_NUMBERS = 200_000
"""Numbers of the vectors in one batch."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One transaction: a statement, and the rows that it is run with."""

    stage: str
    """What is being sent, for progress."""
    what: str
    """What its rows are counted as; empty where they are counted already."""
    text: str
    rows: Sequence[Any]
    gone: bool = False
    """Whether its rows are deleted."""
    parameters: Mapping[str, Any] = field(default_factory=dict)


class Basis(Protocol):
    """What a server holds: a version that is known, or what it says itself."""

    @property
    def first(self) -> bool:
        """Whether it holds nothing of the workspace."""
        ...

    @property
    def every(self) -> bool:
        """Whether all ties are looked at, not those of changed rows alone."""
        ...

    def differences(self, kind: Kind, now: Version) -> Iterator[Difference]:
        """What to send and to delete of a kind."""
        ...

    def vectors(self, now: Version) -> Iterator[Difference]:
        """The same of vectors, which stay packed."""
        ...

    def labels(self) -> list[str]:
        """The labels that entities have by their types."""
        ...

    def type_of(self, row: Row) -> str:
        """The type that an old relationship has on the server."""
        ...

    def members(self, kind: Kind, pairs: Pairs, same: Sequence[Row]) -> Iterator[tuple[Row, set[str]]]:
        """Rows whose members may have changed, with those that the server has."""
        ...


class Sending:
    """All batches that bring a server from what it holds to a version."""

    def __init__(self, now: Version, basis: Basis, length: int, vector_property: str) -> None:
        self._now = now
        self._basis = basis
        self._length = length
        self._property = {"property": vector_property}
        self.refused: list[tuple[str, str]] = []
        """Vectors that cannot be searched for, and why."""

    def batches(self) -> Iterator[Batch]:
        """Nodes, what ties them, relationships, vectors; each batch may be sent again."""
        for kind in NODES:
            yield from self._kind(kind)
        yield from self._relationships()
        yield from self._vectors()

    def _kind(self, kind: Kind) -> Iterator[Batch]:
        pairs: list[tuple[Row, Row | None]] = []
        same: list[Row] = []
        gone: list[str] = []
        touched: set[str] = set()
        for difference in self._basis.differences(kind, self._now):
            pairs += difference.pairs()
            same += difference.same.to_pylist()
            gone += difference.gone["id"].to_pylist()
            touched |= _owners(difference)
            if len(pairs) + len(same) >= BLOCK:
                yield from self._nodes(kind, pairs, same)
                pairs, same = [], []
        yield from self._nodes(kind, pairs, same)
        for rows in _slices(gone, BLOCK):
            yield Batch(stage=kind.name, what=kind.label, text=cypher.removal(kind.label), rows=rows, gone=True)
        if kind.label == "Chunk":
            yield from self._order(touched)

    def _nodes(self, kind: Kind, pairs: Pairs, same: Sequence[Row]) -> Iterator[Batch]:
        """Nodes before what ties them."""
        rows = [sent(kind, row) for row, _ in pairs]
        if kind.label == ENTITY:
            rows = [{**row, "label": label(row["properties"].get("type", ""))} for row in rows]
            if rows and not self._basis.first:
                yield Batch(
                    stage=kind.name,
                    what="",
                    text=cypher.relabel(),
                    rows=rows,
                    parameters={"labels": self._basis.labels()},
                )
        for part in _slices(rows, BLOCK):
            yield Batch(stage=kind.name, what=kind.label, text=cypher.nodes(kind), rows=part)
        ids = [*(row["id"] for row in rows), *(row["id"] for row in same)]
        for part in _slices(ids, BLOCK):
            yield from self._ties(kind, part)
        yield from self._members(kind, pairs, same)

    def _ties(self, kind: Kind, ids: Sequence[str]) -> Iterator[Batch]:
        for tie in kind.ties:
            if not self._basis.first:
                yield Batch(stage=kind.name, what="", text=cypher.loose_ties(kind, tie), rows=ids)
            yield Batch(stage=kind.name, what="", text=cypher.ties(kind, tie), rows=ids)

    def _members(self, kind: Kind, pairs: Pairs, same: Sequence[Row]) -> Iterator[Batch]:
        if kind.members is None:
            return
        joining, leaving = [], []
        for row, has in self._basis.members(kind, pairs, same):
            wanted = members(kind, row)
            joining += [{"id": row["id"], "far": far} for far in sorted(wanted - has)]
            leaving += [{"id": row["id"], "far": far} for far in sorted(has - wanted)]
        for rows in _slices(leaving, _PAIRS):
            text = cypher.leaving(kind, kind.members)
            yield Batch(stage=kind.name, what=kind.members.type, text=text, rows=rows, gone=True)
        for rows in _slices(joining, _PAIRS):
            yield Batch(stage=kind.name, what=kind.members.type, text=cypher.joining(kind, kind.members), rows=rows)

    def _order(self, touched: set[str]) -> Iterator[Batch]:
        """Which chunk follows which, for documents with other chunks than before."""
        if self._basis.every:
            touched = self._now.kinds("documents", "id")
        for rows in _slices(sorted(touched), _DOCUMENTS):
            for text in cypher.WEAVE:
                yield Batch(stage="text_units", what="", text=text, rows=rows)

    def _relationships(self) -> Iterator[Batch]:
        """Old ones go before new ones come, so that no relationship is there twice."""
        gone = _ByType(_related(cypher.relationship_removal, gone=True))
        changed = _ByType(_related(cypher.relationships))
        fresh: list[Row] = []
        for difference in self._basis.differences(RELATIONSHIPS, self._now):
            for row in difference.gone.to_pylist():
                gone.add(_ends(row, self._basis.type_of(row)))
            for row, old in difference.pairs():
                now = _ends(row, self._now.types[row["type"]])
                was = _ends(old, self._basis.type_of(old)) if old else None
                if was and was != now:
                    gone.add(was)
                kept = changed.add if was == now else fresh.append
                kept({**now, "properties": RELATIONSHIPS.published(row)})
            yield from gone.full()
            yield from changed.full()
            if len(fresh) >= BLOCK:
                yield from gone.rest()
                yield from _new(fresh)
                fresh = []
        yield from gone.rest()
        yield from _new(fresh)
        yield from changed.rest()

    def _vectors(self) -> Iterator[Batch]:
        """Those that can be searched for; the others are told of."""
        most = max(_NUMBERS // max(self._length, 1), 1)
        fresh: dict[str, list[Row]] = {kind: [] for kind in VECTORS}
        gone: dict[str, list[str]] = {kind: [] for kind in VECTORS}
        for difference in self._basis.vectors(self._now):
            for row in difference.gone.to_pylist():
                gone.setdefault(row["kind"], []).append(row["id"])
            for row in difference.fresh.to_pylist():
                self._sort(row, fresh, gone)
            for kind, rows in fresh.items():
                whole = len(rows) - len(rows) % most
                yield from self._vector_batches(kind, cypher.vectors, rows[:whole], most)
                del rows[:whole]
        for kind in VECTORS:
            yield from self._vector_batches(kind, cypher.vectors, fresh[kind], most)
            if not self._basis.first:
                yield from self._vector_batches(kind, cypher.vector_removal, gone[kind], BLOCK, gone=True)

    def _sort(self, row: Row, fresh: dict[str, list[Row]], gone: dict[str, list[str]]) -> None:
        """A vector to those that are sent, or to those that go since the server would never find them."""
        if row["kind"] not in VECTORS:
            return
        vector = numbers(row["vector"])
        if wrong := unsound(vector, self._length):
            self.refused.append((row["id"], wrong))
            gone[row["kind"]].append(row["id"])
        else:
            hashed = digest_bytes([row["vector"]])
            fresh[row["kind"]].append({"id": row["id"], "vector": vector.tolist(), "hash": hashed})

    def _vector_batches(
        self, kind: str, text: Callable[[str], str], rows: Sequence[Any], most: int, *, gone: bool = False
    ) -> Iterator[Batch]:
        written, what = text(VECTORS[kind]), f"vectors of {VECTORS[kind].strip('_')}"
        for part in _slices(rows, most):
            yield Batch(stage="vectors", what=what, text=written, rows=part, gone=gone, parameters=self._property)


def numbers(packed: bytes) -> Floats:
    """A vector out of its bytes."""
    return np.frombuffer(packed, "<f2").astype(np.float64)


def unsound(vector: Floats, length: int) -> str:
    """Why the server would store this vector and never find it; empty where it would."""
    if len(vector) != length:
        return f"has {len(vector)} numbers, not {length}"
    if not np.isfinite(vector).all():
        return "holds a number that is not finite"
    return "" if vector.any() else "is zero"


class _ByType:
    """Relationships that wait for others of their type; those of rare types end in one batch."""

    def __init__(self, batch: Callable[[str, Sequence[Row]], Batch]) -> None:
        self._batch = batch
        self._rows: dict[str, list[Row]] = defaultdict(list)

    def add(self, row: Row) -> None:
        """One more."""
        self._rows[row["type"]].append(row)

    def full(self) -> Iterator[Batch]:
        """Batches of types with enough rows; all, where many wait."""
        if sum(map(len, self._rows.values())) > _HELD:
            yield from self.rest()
        for kind, rows in self._rows.items():
            while len(rows) >= BLOCK:
                yield self._batch(kind, rows[:BLOCK])
                del rows[:BLOCK]

    def rest(self) -> Iterator[Batch]:
        """All that is left."""
        rare = [row for rows in self._rows.values() if len(rows) < _RARE for row in rows]
        for kind, rows in self._rows.items():
            if len(rows) >= _RARE:
                yield from (self._batch(kind, part) for part in _slices(rows, BLOCK))
        yield from (self._batch("", part) for part in _slices(rare, BLOCK))
        self._rows.clear()


def _related(text: Callable[[str], str], *, gone: bool = False) -> Callable[[str, Sequence[Row]], Batch]:
    def batch(kind: str, rows: Sequence[Row]) -> Batch:
        return Batch(stage="relationships", what="relationships", text=text(kind), rows=rows, gone=gone)

    return batch


def _new(rows: Sequence[Row]) -> Iterator[Batch]:
    batch = _related(lambda _: cypher.new_relationships())
    return (batch("", part) for part in _slices(rows, BLOCK))


def _ends(row: Row, kind: str) -> Row:
    """A relationship as a statement finds it."""
    return {"id": checked_id(row["id"]), "type": kind, "source": row["source_id"], "target": row["target_id"]}


def _owners(difference: Difference) -> set[str]:
    """Documents with chunks that are new, changed or gone."""
    tables = (difference.fresh, difference.before, difference.gone)
    return {
        each for table in tables if "document_id" in table.column_names for each in table["document_id"].to_pylist()
    }


def _slices(rows: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    return (rows[at : at + most] for at in range(0, len(rows), most))
