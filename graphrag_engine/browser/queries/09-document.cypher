// One document: its text units and what they speak of
WITH 'default' AS workspace, '' AS source // the source of a document; '' takes the first
MATCH (d:Document {workspace: workspace}) WHERE source IN ['', d.source]
WITH d ORDER BY d.source LIMIT 1
MATCH (d)<-[:PART_OF]-(c:Chunk)
WITH d, c ORDER BY c.position LIMIT 8
CALL (d, c) {
  MATCH p = (d)<-[:PART_OF]-(c)-[:HAS_ENTITY]->(e:__Entity__)
  RETURN p ORDER BY e.rank DESC LIMIT 6
}
RETURN p LIMIT 48
