"""Constraints and indexes of the published graph: made where they are missing, never those of others touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphrag_engine.errors import SchemaClash
from graphrag_engine.stores.neo4j_names import quoted, suffix
from graphrag_engine.stores.neo4j_rows import COMMUNITY, ENTITY
from graphrag_engine.stores.neo4j_server import Server

MARKER = "__Workspace__"
_LABELS = (ENTITY, "Document", "Chunk", COMMUNITY, "Claim", MARKER)
"""`__Entity__` first: Neo4j Browser colours a node by the label that came to the database last."""
_KEY = ("workspace", "id")
_TEXTS = {
    "chunk_text": ("Chunk", ("scope", "text")),
    "entity_text": (ENTITY, ("scope", "name", "aliases", "description")),
    "report_text": (COMMUNITY, ("scope", "title", "summary", "full_content")),
}
_VECTORS = {"Chunk": "chunk_embedding", ENTITY: "entity_embedding", COMMUNITY: "report_embedding"}
_CONSTRAINTS = "SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties, options"
_INDEXES = """
SHOW INDEXES YIELD name, type, labelsOrTypes, properties, options, owningConstraint
WHERE owningConstraint IS NULL RETURN name, type, labelsOrTypes, properties, options"""
_PATIENCE = 600
"""Seconds that the server may take to fill its indexes."""


def vector_property(workspace: str) -> str:
    """The property that holds the vectors of a workspace."""
    return f"embedding{suffix(workspace)}"


def vector_index(workspace: str, label: str) -> str:
    """The name of the vector index of a workspace."""
    return f"{_VECTORS[label]}{suffix(workspace)}"


@dataclass(frozen=True)
class _Wanted:
    """One constraint or index as it must be."""

    name: str
    type: str
    label: str
    properties: Sequence[str]

    def same(self, found: dict[str, Any]) -> bool:
        """Whether this is what the server has."""
        return found["type"] == self.type and self._covers(found)

    def begun(self, found: dict[str, Any]) -> bool:
        """Whether this is a constraint that another run is making: its index comes first."""
        return (self.type, found["type"]) == ("UNIQUENESS", "RANGE") and self._covers(found)

    def _covers(self, found: dict[str, Any]) -> bool:
        return bool((found["labelsOrTypes"], found["properties"]) == ([self.label], list(self.properties)))


class Schema:
    """What a database has of it for one workspace, and what is missing."""

    def __init__(self, server: Server, workspace: str) -> None:
        self._server = server
        self.workspace = workspace
        self._found = [*server.rows(_CONSTRAINTS), *server.rows(_INDEXES)]

    def prepare(self) -> None:
        """Make missing constraints, and indexes by name; raises SchemaClash where a name is taken for another thing."""
        for label in _LABELS:
            self._unique(_Wanted(_own(label, "id"), "UNIQUENESS", label, _KEY))
        for label in _LABELS[:-1]:
            self._range(_Wanted(_own(label, "name"), "RANGE", label, ("name",)))

    def search(self, analyzer: str) -> list[str]:
        """Full-text indexes with this analyzer; what was made anew, in sentences.

        One of another analyzer is made anew, but `cjk` stays where `english` would do.
        """
        told = []
        for name, (label, properties) in _TEXTS.items():
            found = self._named(_Wanted(name, "FULLTEXT", label, properties))
            has = found["options"]["indexConfig"]["fulltext.analyzer"] if found else None
            if has == analyzer or (has, analyzer) == ("cjk", "english"):
                continue
            if has:
                told.append(
                    f"The full-text index {name!r} was made anew, by the analyzer {analyzer!r} instead of {has!r}."
                )
                self._drop_index(name)
            each = ", ".join(f"n.{quoted(one)}" for one in properties)
            self._server.command(
                f"CREATE FULLTEXT INDEX {quoted(name)} IF NOT EXISTS FOR (n:{quoted(label)}) ON EACH [{each}] "
                "OPTIONS $options",
                options={"indexConfig": {"fulltext.analyzer": analyzer}},
            )
        return told

    def dimension(self, label: str) -> int | None:
        """The length of the vectors that the index of a label takes; None without one. Raises SchemaClash."""
        key = (vector_property(self.workspace),)
        found = self._named(_Wanted(vector_index(self.workspace, label), "VECTOR", label, key))
        return int(found["options"]["indexConfig"]["vector.dimensions"]) if found else None

    def index_vectors(self, label: str, length: int) -> None:
        """The vector index of a label, for vectors of this length."""
        name, key = vector_index(self.workspace, label), vector_property(self.workspace)
        self._server.command(
            f"CREATE VECTOR INDEX {quoted(name)} IF NOT EXISTS FOR (n:{quoted(label)}) ON (n.{quoted(key)}) "
            "OPTIONS $options",
            options={"indexConfig": {"vector.dimensions": length, "vector.similarity_function": "cosine"}},
        )

    def drop_vectors(self, label: str) -> None:
        """Take a vector index away."""
        self._drop_index(vector_index(self.workspace, label))

    def drop_all(self) -> None:
        """Take away what serves all workspaces, once the last of them is gone."""
        for name in (*_TEXTS, *(_own(label, "name") for label in _LABELS)):
            self._drop_index(name)
        for label in _LABELS:
            self._server.command(f"DROP CONSTRAINT {quoted(_own(label, 'id'))} IF EXISTS")

    def wait(self) -> None:
        """Until all indexes are filled."""
        self._server.command("CALL db.awaitIndexes($seconds)", seconds=_PATIENCE)

    def _unique(self, wanted: _Wanted) -> None:
        if not self._named(wanted) and not self._same(wanted):
            key = ", ".join(f"n.{each}" for each in wanted.properties)
            name, label = quoted(wanted.name), quoted(wanted.label)
            self._server.command(f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE ({key}) IS UNIQUE")

    def _range(self, wanted: _Wanted) -> None:
        if not self._named(wanted) and not self._same(wanted):
            name, label = quoted(wanted.name), quoted(wanted.label)
            self._server.command(f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{label}) ON (n.name)")

    def _drop_index(self, name: str) -> None:
        self._server.command(f"DROP INDEX {quoted(name)} IF EXISTS")

    def _named(self, wanted: _Wanted) -> dict[str, Any] | None:
        """What has this name already; raises SchemaClash where it is something else: IF NOT EXISTS would be silent."""
        found = next((each for each in self._found if each["name"] == wanted.name), None)
        if found and wanted.begun(found):
            return None
        if found and not wanted.same(found):
            raise SchemaClash(
                f"The name {wanted.name!r} is taken in this database, for {found['type']} on "
                f"{found['labelsOrTypes']} {found['properties']}. Nothing was touched; give that another name, "
                "or publish to a server of its own."
            )
        return found

    def _same(self, wanted: _Wanted) -> bool:
        """Whether the same is there under another name."""
        return any(wanted.same(found) for found in self._found)


def _own(label: str, what: str) -> str:
    return f"graphrag_{label.strip('_').lower()}_{what}"
