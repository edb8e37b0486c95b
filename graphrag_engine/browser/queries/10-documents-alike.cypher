// Documents that speak of the same as one document, rare things first
WITH 'default' AS workspace, '' AS source // the source of a document; '' takes the first
MATCH (d:Document {workspace: workspace}) WHERE source IN ['', d.source]
WITH d ORDER BY d.source LIMIT 1
MATCH p = (d)<-[:PART_OF]-(:Chunk)-[:HAS_ENTITY]->(e:__Entity__)<-[:HAS_ENTITY]-(:Chunk)-[:PART_OF]->(other:Document)
WHERE other <> d
RETURN p ORDER BY e.frequency, e.rank DESC, other.source LIMIT 20
