"""The one node of a workspace that says which version the server holds, and whether a publish is under way."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphrag_engine.errors import Overtaken
from graphrag_engine.stores.neo4j_cypher import FENCE
from graphrag_engine.stores.neo4j_names import quoted
from graphrag_engine.stores.neo4j_rows import NODES
from graphrag_engine.stores.neo4j_schema import MARKER
from graphrag_engine.stores.neo4j_server import Server

if TYPE_CHECKING:
    from neo4j import Transaction

PUBLISHED, PUBLISHING = "published", "publishing"
_NODE = f"(marker:{quoted(MARKER)} {{workspace: $workspace, id: $workspace}})"


@dataclass(frozen=True, kw_only=True)
class Marker:
    """What was last said of a workspace."""

    state: str
    fingerprint: str = ""
    """Of the version that the server holds; see `Version.fingerprint`."""
    version: int = 0
    nodes: int = 0
    relationships: int = 0
    indexes: tuple[str, ...] = ()
    """Vector indexes that are ours to rebuild."""

    @property
    def whole(self) -> bool:
        """Whether the server holds just what the fingerprint says."""
        return self.state == PUBLISHED


class Workspace:
    """One workspace on a server, as one run sees it."""

    def __init__(self, server: Server, name: str, run: str, scope: str) -> None:
        self.server = server
        self.name = name
        self._parameters = {"workspace": name, "run": run}
        self._scope = scope
        self._batch = 0

    def marker(self) -> Marker | None:
        """What it says now; None where nothing was published."""
        return _marker(self.server.rows(f"MATCH {_NODE} RETURN properties(marker) AS was", workspace=self.name))

    def take(self) -> Marker | None:
        """Say that a publish is under way, by this run alone; what the marker said before."""
        text = f"""
        MERGE {_NODE}
        SET marker.updated = datetime()
        WITH marker, properties(marker) AS was
        SET marker.run = $run, marker.state = '{PUBLISHING}', marker.batch = 0,
            marker.name = $workspace, marker.content_hash = ''
        RETURN was"""
        return _marker(self.server.write(lambda transaction: transaction.run(text, self._parameters).data()))

    def run(self, text: str, **parameters: Any) -> None:
        """Do this just once, however often the server must be asked; raises Overtaken where another run began."""
        self._batch += 1
        fence = {**self._parameters, "batch": self._batch}

        def work(transaction: "Transaction") -> None:
            held = transaction.run(FENCE, fence).value()
            if not held:
                raise Overtaken(self.name)
            if not held[0]:
                transaction.run(text, {**parameters, "workspace": self.name, "scope": self._scope}).consume()

        self.server.write(work)

    def finish(self, marker: Marker) -> None:
        """Say that the server holds this."""
        kept = {
            **{name: getattr(marker, name) for name in ("state", "fingerprint", "version", "nodes", "relationships")},
            "indexes": list(marker.indexes),
            "content_hash": marker.fingerprint,
        }

        self.run(f"MATCH {_NODE} SET marker += $kept", kept=kept)

    def forget(self) -> int:
        """Take the marker away; how many other workspaces there are."""
        self.run(f"MATCH {_NODE} DELETE marker")
        (found,) = self.server.rows(f"MATCH (marker:{quoted(MARKER)}) RETURN count(marker) AS others")
        return int(found["others"])

    def own(self, index: str) -> None:
        """Remember that a vector index is ours."""
        self.run(f"MATCH {_NODE} SET marker.indexes = coalesce(marker.indexes, []) + $index", index=index)

    def counts(self) -> tuple[int, int]:
        """Nodes, and relationships that start from them."""
        each = " UNION ALL ".join(
            f"MATCH (n:{quoted(kind.label)} {{workspace: $workspace}}) WHERE n.content_hash IS NOT NULL "
            "RETURN count(n) AS nodes, sum(COUNT { (n)-->() }) AS relationships"
            for kind in NODES
        )
        text = f"CALL () {{ {each} }} RETURN sum(nodes) AS nodes, sum(relationships) AS relationships"
        (found,) = self.server.rows(text, workspace=self.name)
        return found["nodes"], found["relationships"]


def _marker(found: list[dict[str, Any]]) -> Marker | None:
    """What was found of a marker; None for one that has never said anything."""
    was = found[0]["was"] if found else {}
    if "state" not in was:
        return None
    kept = {name: was[name] for name in ("state", "fingerprint", "version", "nodes", "relationships") if name in was}
    return Marker(**kept, indexes=tuple(was.get("indexes", ())))
