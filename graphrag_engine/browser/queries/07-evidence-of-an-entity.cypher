// Where one entity is spoken of: text units and their documents
WITH 'default' AS workspace, '' AS name // the name of an entity; '' takes the leading one
MATCH (e:__Entity__ {workspace: workspace}) WHERE name IN ['', e.name] OR name IN e.aliases
WITH e ORDER BY e.rank DESC LIMIT 1
MATCH p = (e)<-[:HAS_ENTITY]-(c:Chunk)-[:PART_OF]->(d:Document)
RETURN p ORDER BY d.name, c.position LIMIT 25
