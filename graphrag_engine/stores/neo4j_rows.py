"""From rows of tables to what a graph database holds of them. Pure: plain values in, plain values out."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphrag_engine.hashing import digest
from graphrag_engine.stores.neo4j_names import checked_id, shortened

Row = dict[str, Any]
Properties = dict[str, Any]

ENTITY, COMMUNITY = "__Entity__", "__Community__"
_SHORT = 60


@dataclass(frozen=True)
class Tie:
    """A relationship from each node of a kind to the node whose id it has in a property."""

    type: str
    far: str
    """Label of the other end."""
    property: str
    inward: bool = False
    """Whether the relationship leads from the other end."""


@dataclass(frozen=True)
class Members:
    """A relationship from each node of a kind to, or from, all that a list of ids in its row names."""

    type: str
    far: str
    column: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is published of one table: nodes of one label, or the relationships between entities."""

    name: str
    """The table, also in progress and reports."""
    label: str
    columns: Sequence[str]
    beside: Mapping[str, Mapping[str, str]]
    """Tables with the same ids, and what their columns are called here."""
    properties: Callable[[Row], Properties]
    searched: bool = False
    """Whether it stands in a full-text index."""
    ties: Sequence[Tie] = ()
    members: Members | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """All tables it is made from."""
        return (self.name, *self.beside)

    def published(self, row: Row) -> Properties:
        """All properties of a row but id and workspace; `content_hash` is the hash of the others."""
        found = {name: value for name, value in self.properties(row).items() if value is not None}
        return {**found, "content_hash": fingerprint(found)}


def fingerprint(properties: Mapping[str, Any]) -> str:
    """The hash of properties as the server gives them back."""
    return digest(properties)


def _document(row: Row) -> Properties:
    return {
        "name": shortened(row["title"] or row["source"]),
        "title": row["title"],
        "source": row["source"],
        "pages": row["pages"],
        "metadata": _pairs(row["metadata"]),
    }


def _chunk(row: Row) -> Properties:
    kept = ("document_id", "position", "start", "end", "n_tokens", "heading", "text")
    heading = shortened(row["heading"], _SHORT)
    return {"name": f"{heading} · {row['position'] + 1}", **{name: row[name] for name in kept}}


def _entity(row: Row) -> Properties:
    name = shortened(row["name"])
    kept = ("type", "aliases", "frequency", "degree", "rank", "description")
    return {"name": name, "full_name": _unless(row["name"], name), **{each: row[each] for each in kept}}


def _community(row: Row) -> Properties:
    kept = ("level", "parent_id", "size", "weight", "title", "summary", "full_content", "rating")
    title = row["title"] or f"Community of {row['size']:,}"
    return {"name": shortened(title), **{name: row[name] for name in kept}}


def _claim(row: Row) -> Properties:
    return {"name": shortened(row["description"] or row["type"], _SHORT), **{name: row[name] for name in _CLAIM}}


def _relationship(row: Row) -> Properties:
    return {name: row[name] for name in ("type", "description", "weight", "rank")}


def _unless(value: str, same: str) -> str | None:
    return None if value == same else value


def _pairs(metadata: str) -> list[str]:
    """Metadata as `key=value`: names of properties never come from documents."""
    values = json.loads(metadata)
    return [f"{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in sorted(values.items())]


_CLAIM = (
    *("subject_id", "object_id", "text_unit_id", "subject", "object", "type", "status", "start_date", "end_date"),
    *("description", "quote", "start", "end", "grounded"),
)
_SAID = {"descriptions": {"text": "description"}}
_REPORT = {name: name for name in ("title", "summary", "full_content", "rating")}

NODES = (
    Kind(
        name="documents",
        label="Document",
        columns=("id", "source", "title", "pages", "metadata"),
        beside={},
        properties=_document,
    ),
    Kind(
        name="text_units",
        label="Chunk",
        columns=("id", "document_id", "position", "start", "end", "n_tokens", "heading", "text"),
        beside={},
        properties=_chunk,
        searched=True,
        ties=(Tie("PART_OF", "Document", "document_id"),),
    ),
    Kind(
        name="entities",
        label=ENTITY,
        columns=("id", "name", "type", "aliases", "frequency", "degree", "rank", "text_unit_ids"),
        beside=_SAID,
        properties=_entity,
        searched=True,
        members=Members("HAS_ENTITY", "Chunk", "text_unit_ids"),
    ),
    Kind(
        name="communities",
        label=COMMUNITY,
        columns=("id", "level", "parent_id", "children_ids", "entity_ids", "size", "weight"),
        beside={"reports": _REPORT},
        properties=_community,
        searched=True,
        ties=(Tie("PARENT_COMMUNITY", COMMUNITY, "parent_id"),),
        members=Members("IN_COMMUNITY", ENTITY, "entity_ids"),
    ),
    Kind(
        name="claims",
        label="Claim",
        columns=("id", *_CLAIM),
        beside={},
        properties=_claim,
        ties=(
            Tie("HAS_CLAIM", ENTITY, "subject_id", inward=True),
            Tie("ABOUT", ENTITY, "object_id"),
            Tie("FROM_CHUNK", "Chunk", "text_unit_id"),
        ),
    ),
)
"""In the order in which they are sent: what a node is tied to comes before it."""

RELATIONSHIPS = Kind(
    name="relationships",
    label="",
    columns=("id", "source_id", "target_id", "type", "weight", "rank"),
    beside=_SAID,
    properties=_relationship,
)

VECTORS = {"text_unit": "Chunk", "entity": ENTITY, "report": COMMUNITY}
"""Label of the node that has a vector of this kind."""


def members(kind: Kind, row: Row | None) -> set[str]:
    """The ids of a node's members; an entity is a member of its finest community alone."""
    if row is None or kind.members is None or row.get("children_ids"):
        return set()
    return set(row[kind.members.column])


def sent(kind: Kind, row: Row) -> Row:
    """A row as a statement takes it."""
    return {"id": checked_id(row["id"]), "properties": kind.published(row)}
