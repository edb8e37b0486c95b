"""Hold what a server has against an index, by content: no stored hash is trusted, and nothing is written."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from graphrag_engine.hashing import digest
from graphrag_engine.stores.neo4j_names import label, quoted
from graphrag_engine.stores.neo4j_rows import ENTITY, NODES, RELATIONSHIPS, VECTORS, Kind, Members, Tie, members
from graphrag_engine.stores.neo4j_schema import vector_property
from graphrag_engine.stores.neo4j_sending import numbers, unsound
from graphrag_engine.stores.neo4j_server import Server
from graphrag_engine.stores.neo4j_versions import Version, every_row

_NO_CONTENT = {"workspace", "id", "content_hash", "scope", "vector_hash"}
_OURS = "n.content_hash IS NOT NULL"
_WRAP = 2**64

_Rows = Iterator[Sequence[Any]]
_Hashes = Iterator[tuple[str, str]]
"""What each row counts as, with the hash of what it holds."""


@dataclass(frozen=True)
class Sum:
    """How many rows, and what they hold, whatever their order."""

    count: int = 0
    content: int = 0


def of_index(version: Version) -> Mapping[str, Sum]:
    """What the server must have, by label, label and type of entities, or type of relationships."""
    return _summed(_hashes(version))


def of_server(server: Server, workspace: str) -> Mapping[str, Sum]:
    """What it has."""
    sums: dict[str, Sum] = {}
    for text, hashes in _readings(workspace):
        for name, found in server.stream(text, partial(_taken, hashes), workspace=workspace).items():
            sums[name] = _added(sums.get(name, Sum()), found)
    return sums


def _taken(hashes: Callable[[_Rows], _Hashes], rows: _Rows) -> dict[str, Sum]:
    return _summed(hashes(rows))


def _hashes(version: Version) -> _Hashes:
    for kind in NODES:
        for row in every_row(kind, version):
            published = kind.published(row)
            yield _counted_as(kind, published, None), digest(row["id"], published["content_hash"])
            for tie in kind.ties:
                if row[tie.property]:
                    yield tie.type, digest(row["id"], row[tie.property])
            for far in members(kind, row):
                yield (kind.members.type if kind.members else ""), digest(row["id"], far)
            if kind.label == "Chunk":
                yield _place(row["document_id"], row["position"])
    for row in every_row(RELATIONSHIPS, version):
        ends = (row["id"], row["source_id"], row["target_id"])
        yield version.types[row["type"]], digest(*ends, RELATIONSHIPS.published(row)["content_hash"])
    yield from _vector_hashes(version)


def _vector_hashes(version: Version) -> _Hashes:
    length = version.vector_length()
    for block in version.all_blocks("vectors", ("id", "kind", "vector")):
        for row in block.to_pylist():
            vector = numbers(row["vector"])
            if row["kind"] in VECTORS and not unsound(vector, length):
                yield _vectors(VECTORS[row["kind"]]), digest(row["id"], _exact(vector.astype(np.float32)))


def _place(document: str, position: int) -> tuple[str, str]:
    """The relationship that leads to a chunk from the one before, or from the document."""
    if position:
        return "NEXT_CHUNK", digest(document, document, position - 1, position)
    return "FIRST_CHUNK", digest(document, document, position)


def _readings(workspace: str) -> Iterator[tuple[str, Callable[[_Rows], _Hashes]]]:
    """All that is asked of the server, and what is made of the answers."""
    embedding = quoted(vector_property(workspace))
    for kind in NODES:
        yield (
            f"MATCH {_node('n', kind.label)} WHERE {_OURS} RETURN labels(n), n {{.*, {embedding}: null}}",
            _nodes(kind),
        )
        for tie in kind.ties:
            yield f"MATCH {_tied(kind, tie)} WHERE {_OURS} RETURN n.id, far.id", _pairs(tie.type)
        if kind.members:
            text = f"MATCH {_joined(kind, kind.members)} WHERE {_OURS} RETURN n.id, far.id"
            yield text, _pairs(kind.members.type)
    first = f"MATCH {_node('n', 'Document')}-[:FIRST_CHUNK]->(c) WHERE {_OURS}"
    yield f"{first} RETURN n.id, c.document_id, c.position", _pairs("FIRST_CHUNK")
    follows = f"MATCH {_node('n', 'Chunk')}-[:NEXT_CHUNK]->(next) WHERE {_OURS}"
    yield f"{follows} RETURN n.document_id, next.document_id, n.position, next.position", _pairs("NEXT_CHUNK")
    between = f"MATCH {_node('a', ENTITY)}-[r]->{_node('b', ENTITY)} WHERE r.content_hash IS NOT NULL"
    yield f"{between} RETURN type(r), r.id, a.id, b.id, properties(r)", _relationships
    for name in VECTORS.values():
        has = f"MATCH {_node('n', name)} WHERE n.{embedding} IS NOT NULL"
        yield f"{has} RETURN n.id, n.{embedding}", _found_vectors(name)


def _nodes(kind: Kind) -> Callable[[_Rows], _Hashes]:
    def hashes(rows: _Rows) -> _Hashes:
        for labels, properties in rows:
            yield _counted_as(kind, properties, labels), digest(properties.get("id"), digest(_content(properties)))

    return hashes


def _pairs(name: str) -> Callable[[_Rows], _Hashes]:
    return lambda rows: ((name, digest(*ends)) for ends in rows)


def _relationships(rows: _Rows) -> _Hashes:
    for name, *ends, properties in rows:
        yield name, digest(*ends, digest(_content(properties)))


def _found_vectors(name: str) -> Callable[[_Rows], _Hashes]:
    return lambda rows: ((_vectors(name), digest(row, _exact(np.array(vector, np.float32)))) for row, vector in rows)


def _counted_as(kind: Kind, properties: Mapping[str, Any], labels: Sequence[str] | None) -> str:
    """An entity counts by its type as well, as the label that it has, or (without *labels*) must have."""
    if kind.label != ENTITY:
        return kind.label
    typed = label(str(properties.get("type", "")))
    if labels is None or typed in labels:
        return f"{ENTITY}:{typed}"
    return ":".join([ENTITY, *sorted({*labels} - {ENTITY})])


def _content(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in _NO_CONTENT and value is not None}


def _exact(vector: npt.NDArray[np.float32]) -> str:
    return vector.tobytes().hex()


def _vectors(name: str) -> str:
    return f"vectors of {name.strip('_')}"


def _node(name: str, kind: str) -> str:
    return f"({name}:{quoted(kind)} {{workspace: $workspace}})"


def _tied(kind: Kind, tie: Tie) -> str:
    near, far = _node("n", kind.label), _node("far", tie.far)
    return f"{far}-[:{quoted(tie.type)}]->{near}" if tie.inward else f"{near}-[:{quoted(tie.type)}]->{far}"


def _joined(kind: Kind, of: Members) -> str:
    return f"{_node('far', of.far)}-[:{quoted(of.type)}]->{_node('n', kind.label)}"


def _summed(hashes: _Hashes) -> dict[str, Sum]:
    counts: dict[str, int] = defaultdict(int)
    contents: dict[str, int] = defaultdict(int)
    for name, hashed in hashes:
        counts[name] += 1
        contents[name] = (contents[name] + int(hashed, 16)) % _WRAP
    return {name: Sum(count, contents[name]) for name, count in counts.items()}


def _added(one: Sum, other: Sum) -> Sum:
    return Sum(one.count + other.count, (one.content + other.content) % _WRAP)
