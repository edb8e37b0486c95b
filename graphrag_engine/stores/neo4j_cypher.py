"""The statements that write. All values are parameters; names come from `neo4j_names` and are quoted."""

from graphrag_engine.stores.neo4j_names import quoted
from graphrag_engine.stores.neo4j_rows import ENTITY, Kind, Members, Tie

FENCE = """
MATCH (marker:`__Workspace__` {workspace: $workspace, id: $workspace})
SET marker.updated = datetime()
WITH marker WHERE marker.run = $run
WITH marker, marker.batch AS last
SET marker.batch = $batch
RETURN coalesce(last = $batch, false) AS done"""
"""Every batch begins with it. The first SET waits for a batch of another run; then it shows whether that run took
over (no row), and whether this very batch was done already, though its answer was lost."""

WEAVE = (
    """
UNWIND $rows AS row
MATCH (d:Document {workspace: $workspace, id: row})-[tie:FIRST_CHUNK]->(c)
WHERE c.position <> 0 DELETE tie""",
    """
UNWIND $rows AS row
MATCH (d:Document {workspace: $workspace, id: row})<-[:PART_OF]-(c:Chunk)-[tie:NEXT_CHUNK]->(next)
WHERE next.position <> c.position + 1 OR next.document_id <> c.document_id DELETE tie""",
    """
UNWIND $rows AS row
MATCH (d:Document {workspace: $workspace, id: row})<-[:PART_OF]-(c:Chunk)
WITH d, c ORDER BY c.position
WITH d, collect(c) AS chunks
FOREACH (first IN chunks[..1] | MERGE (d)-[:FIRST_CHUNK]->(first))
FOREACH (at IN range(0, size(chunks) - 2) |
  FOREACH (one IN [chunks[at]] | FOREACH (next IN [chunks[at + 1]] | MERGE (one)-[:NEXT_CHUNK]->(next))))""",
)
"""The order of the chunks of these documents, from what the chunks say of themselves."""


def nodes(kind: Kind) -> str:
    """New or changed nodes, with their properties; an entity with the label of its type."""
    scope = ", n.scope = $scope" if kind.searched else ""
    typed = " SET n:$(row.label)" if kind.label == ENTITY else ""
    return f"UNWIND $rows AS row {_node('MERGE', 'n', kind.label)} SET n += row.properties{scope}{typed}"


def relabel() -> str:
    """Take the label of another type from entities, before they get that of theirs."""
    return f"""
UNWIND $rows AS row {_node("MATCH", "n", ENTITY)}
WITH n, [each IN labels(n) WHERE each IN $labels AND each <> row.label] AS old
WHERE size(old) > 0
REMOVE n:$(old)"""


def removal(label: str) -> str:
    """Nodes that are gone, with all their relationships."""
    return f"UNWIND $rows AS row {_node('MATCH', 'n', label, 'row')} DETACH DELETE n"


def ties(kind: Kind, tie: Tie) -> str:
    """The tie of each node, as its property says. A far end that is still to come is begun."""
    begin = f"MERGE (far:{quoted(tie.far)} {{workspace: $workspace, id: n.{quoted(tie.property)}}})"
    far = begin if tie.far == kind.label else begin.replace("MERGE", "MATCH")
    fresh = " ON CREATE SET far.content_hash = ''" if tie.far == kind.label else ""
    return f"""
UNWIND $rows AS row {_node("MATCH", "n", kind.label, "row")} WHERE n.{quoted(tie.property)} IS NOT NULL
{far}{fresh} MERGE {_tied(tie)}"""


def loose_ties(kind: Kind, tie: Tie) -> str:
    """Take away ties that do not lead where the property says."""
    pattern = _tied(tie).replace("[", "[tie").replace("(far)", f"(far:{quoted(tie.far)})")
    return f"""
UNWIND $rows AS row {_node("MATCH", "n", kind.label, "row")}
MATCH {pattern} WHERE n.{quoted(tie.property)} IS NULL OR far.id <> n.{quoted(tie.property)} DELETE tie"""


def joining(kind: Kind, members: Members) -> str:
    """Members that a node has got."""
    return f"UNWIND $rows AS row {_pair(kind, members)} MERGE (far)-[:{quoted(members.type)}]->(n)"


def leaving(kind: Kind, members: Members) -> str:
    """Members that a node has no more."""
    return f"UNWIND $rows AS row {_pair(kind, members)} MATCH (far)-[tie:{quoted(members.type)}]->(n) DELETE tie"


def new_relationships() -> str:
    """Relationships that are known to be new, of any types: to look for each of them takes twenty times as long."""
    return f"""
UNWIND $rows AS row {_ends()}
CREATE (source)-[r:$(row.type) {{id: row.id}}]->(target) SET r += row.properties"""


def relationships(kind: str) -> str:
    """Changed relationships of one type, or of any for an empty one."""
    return f"UNWIND $rows AS row {_ends()} {_known(kind)} SET r += row.properties"


def relationship_removal(kind: str) -> str:
    """Relationships that are gone."""
    return f"UNWIND $rows AS row {_ends()} {_known(kind)} DELETE r"


def vectors(label: str) -> str:
    """New or changed vectors, as 32-bit floats, without waking the other indexes of a node."""
    return f"""
UNWIND $rows AS row {_node("MATCH", "n", label)}
SET n.vector_hash = row.hash
WITH n, row CALL db.create.setNodeVectorProperty(n, $property, row.vector)"""


def vector_removal(label: str) -> str:
    """Nodes that have no vector any more."""
    return f"UNWIND $rows AS row {_node('MATCH', 'n', label, 'row')} SET n[$property] = null, n.vector_hash = null"


def _node(clause: str, name: str, label: str, key: str = "row.id") -> str:
    return f"{clause} ({name}:{quoted(label)} {{workspace: $workspace, id: {key}}})"


def _ends() -> str:
    return " ".join(_node("MATCH", end, ENTITY, f"row.{end}") for end in ("source", "target"))


def _known(kind: str) -> str:
    typed = f":{quoted(kind)}" if kind else ""
    return f"MATCH (source)-[r{typed} {{id: row.id}}]->(target)"


def _pair(kind: Kind, members: Members) -> str:
    return f"{_node('MATCH', 'n', kind.label)} {_node('MATCH', 'far', members.far, 'row.far')}"


def _tied(tie: Tie) -> str:
    return f"(far)-[:{quoted(tie.type)}]->(n)" if tie.inward else f"(n)-[:{quoted(tie.type)}]->(far)"
