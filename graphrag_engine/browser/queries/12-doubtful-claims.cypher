// Claims that are suspected or false, and where they are made
WITH 'default' AS workspace
MATCH (claim:Claim {workspace: workspace}) WHERE claim.status <> 'TRUE'
MATCH p = (:__Entity__)-[:HAS_CLAIM]->(claim)-[:FROM_CHUNK]->(:Chunk)-[:PART_OF]->(:Document)
RETURN p ORDER BY claim.name LIMIT 15
