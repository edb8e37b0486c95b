"""Take a workspace from a server, with all that serves it alone."""

from collections import Counter

from graphrag_engine.stores.neo4j_marker import Workspace
from graphrag_engine.stores.neo4j_names import quoted
from graphrag_engine.stores.neo4j_rows import NODES, VECTORS
from graphrag_engine.stores.neo4j_schema import Schema, vector_index

_ROWS = 2000
"""Nodes that go at once, with their relationships."""


def drop(workspace: Workspace) -> Counter[str]:
    """Delete its nodes, relationships and vector indexes; what serves all workspaces goes with the last one."""
    gone: Counter[str] = Counter()
    if workspace.marker() is None:
        return gone
    was = workspace.take()
    for kind in reversed(NODES):
        gone[kind.label] = _delete(workspace, kind.label)
    schema = Schema(workspace.server, workspace.name)
    for label in VECTORS.values():
        if was and vector_index(workspace.name, label) in was.indexes:
            schema.drop_vectors(label)
    if not workspace.forget():
        schema.drop_all()
    return gone


def _delete(workspace: Workspace, label: str) -> int:
    """How many nodes of a label there were."""
    match = f"MATCH (n:{quoted(label)} {{workspace: $workspace}}) WHERE n.content_hash IS NOT NULL"
    text = f"{match} WITH n LIMIT $rows DETACH DELETE n"
    (found,) = workspace.server.rows(f"{match} RETURN count(n) AS nodes", workspace=workspace.name)
    for _ in range(0, found["nodes"], _ROWS):
        workspace.run(text, rows=_ROWS)
    return int(found["nodes"])
