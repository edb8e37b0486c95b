"""What a server says itself that it holds of a workspace, for where the version it was sent is not here any more.

Its ids and hashes are held in memory, some 60 bytes a row; the rows of the index still come block by block.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

import pyarrow as pa

from graphrag_engine.hashing import digest_bytes
from graphrag_engine.stores.neo4j_names import label, quoted
from graphrag_engine.stores.neo4j_rows import ENTITY, RELATIONSHIPS, VECTORS, Kind, Row, members
from graphrag_engine.stores.neo4j_schema import vector_property
from graphrag_engine.stores.neo4j_server import Server
from graphrag_engine.stores.neo4j_versions import Difference, Pairs, Version, joined_rows, streams, vector_stream
from graphrag_engine.stores.streams import Stream, side_by_side

_CHUNK = 10_000
_NODE = ("id", "hash")
_RELATIONSHIP = (*_NODE, "type", "source_id", "target_id")
_VECTOR = (*_NODE, "kind")


@dataclass(frozen=True)
class Ledger:
    """What a server holds by its own account; see `Basis`."""

    server: Server
    workspace: str
    first: ClassVar[bool] = False
    every: ClassVar[bool] = True

    def differences(self, kind: Kind, now: Version) -> Iterator[Difference]:
        """What to send and to delete of a kind, told by the hashes on the server."""
        held = self._relationships() if kind is RELATIONSHIPS else self._nodes(kind)
        for *blocks, there in side_by_side([*streams(kind, now, now.parts(kind.tables, "")), held]):
            rows = joined_rows(kind, blocks)
            hashes = [kind.published(row)["content_hash"] for row in rows.to_pylist()]
            if kind is RELATIONSHIPS:
                yield _told(rows, hashes, there, _ends(rows, now))
            else:
                yield _told(rows, hashes, there, None)

    def vectors(self, now: Version) -> Iterator[Difference]:
        """The same of vectors."""
        held = self._vectors()
        for rows, there in side_by_side([vector_stream(now, now.parts(("vectors",), "")), held]):
            hashes = [digest_bytes([vector]) for vector in rows["vector"].to_pylist()]
            yield _told(rows, hashes, there, rows["kind"].to_pylist())

    def labels(self) -> list[str]:
        """The labels that entities have by their types."""
        text = f"MATCH (n:{quoted(ENTITY)} {{workspace: $workspace}}) RETURN DISTINCT n.type AS type"
        found = self.server.rows(text, workspace=self.workspace)
        return sorted({label(row["type"] or "") for row in found})

    def type_of(self, row: Row) -> str:
        """The type that a relationship has on the server."""
        return str(row["type"])

    def members(self, kind: Kind, pairs: Pairs, same: Sequence[Row]) -> Iterator[tuple[Row, set[str]]]:
        """All rows, with the members that the server has."""
        if kind.members is None:
            return
        rows = [*(row for row, _ in pairs), *same]
        text = f"""
        UNWIND $ids AS id MATCH (n:{quoted(kind.label)} {{workspace: $workspace, id: id}})
        RETURN id, [(far:{quoted(kind.members.far)})-[:{quoted(kind.members.type)}]->(n) | far.id] AS far"""
        found = self.server.rows(text, workspace=self.workspace, ids=[row["id"] for row in rows])
        has = {each["id"]: set(each["far"]) for each in found}
        for row in rows:
            known = has.get(row["id"], set())
            if known != members(kind, row):
                yield row, known

    def _nodes(self, kind: Kind) -> Stream:
        match = f"MATCH (n:{quoted(kind.label)} {{workspace: $workspace}}) WHERE n.content_hash IS NOT NULL"
        return self._held(_NODE, f"{match} RETURN n.id, n.content_hash")

    def _relationships(self) -> Stream:
        end = f"(:{quoted(ENTITY)} {{workspace: $workspace}})"
        text = f"MATCH {end.replace('(', '(a', 1)}-[r]->{end.replace('(', '(b', 1)} WHERE r.content_hash IS NOT NULL"
        return self._held(_RELATIONSHIP, f"{text} RETURN r.id, r.content_hash, type(r), a.id, b.id")

    def _vectors(self) -> Stream:
        each = (
            f"MATCH (n:{quoted(label)} {{workspace: $workspace}}) WHERE n[$property] IS NOT NULL "
            f"RETURN n.id AS id, n.vector_hash AS hash, '{kind}' AS kind"
            for kind, label in VECTORS.items()
        )
        return self._held(_VECTOR, " UNION ALL ".join(each), property=vector_property(self.workspace))

    def _held(self, columns: Sequence[str], text: str, **parameters: Any) -> Stream:
        """An answer of the server in the order of its ids."""
        schema = pa.schema([(name, pa.string()) for name in columns])

        def take(rows: Iterator[Sequence[Any]]) -> pa.Table:
            return pa.concat_tables([schema.empty_table(), *_chunks(rows, schema)])

        table = self.server.stream(text, take, workspace=self.workspace, **parameters)
        return Stream(iter([table.sort_by("id").combine_chunks()]), schema)


def _chunks(rows: Iterator[Sequence[Any]], schema: pa.Schema) -> Iterator[pa.Table]:
    while chunk := list(islice(rows, _CHUNK)):
        columns = zip(*chunk, strict=True)
        yield pa.table([pa.array(column, pa.string()) for column in columns], schema=schema)


def _told(rows: pa.Table, hashes: Sequence[str], there: pa.Table, other: Sequence[object] | None) -> Difference:
    """Rows against what the server has; *other* is what must be equal beside the hash, for each row."""
    beside = other or [None] * len(rows)
    wanted = dict(zip(rows["id"].to_pylist(), zip(hashes, beside, strict=True), strict=True))
    equal, before, gone = set(), [], []
    for at, row in enumerate(there.to_pylist()):
        hash_, must = wanted.get(row["id"], (None, None))
        if hash_ is None:
            gone.append(at)
        elif row["hash"] == hash_ and must == _beside(row):
            equal.add(row["id"])
        else:
            before.append(at)
    same = pa.array([each in equal for each in wanted], pa.bool_())
    fresh = pa.array([each not in equal for each in wanted], pa.bool_())
    return Difference(rows.filter(fresh), there.take(_at(before)), there.take(_at(gone)), rows.filter(same))


def _beside(row: Row) -> object:
    """What the server has of a row beside its hash: ends and type of a relationship, the kind of a vector."""
    if "source_id" in row:
        return row["type"], row["source_id"], row["target_id"]
    return row.get("kind")


def _ends(rows: pa.Table, now: Version) -> list[object]:
    columns = (rows[name].to_pylist() for name in ("type", "source_id", "target_id"))
    return [(now.types[kind], source, target) for kind, source, target in zip(*columns, strict=True)]


def _at(places: Iterable[int]) -> pa.Array:
    return pa.array(places, pa.int64())
