// What is claimed of one entity, and where
WITH 'default' AS workspace, '' AS name // the name of an entity; '' takes the leading one with claims
MATCH (e:__Entity__ {workspace: workspace})
WHERE (name IN ['', e.name] OR name IN e.aliases) AND EXISTS { (e)-[:HAS_CLAIM]->() }
WITH e ORDER BY e.rank DESC LIMIT 1
MATCH p = (e)-[:HAS_CLAIM]->(claim:Claim)-[:FROM_CHUNK]->(:Chunk)-[:PART_OF]->(:Document)
RETURN p ORDER BY claim.start_date, claim.name LIMIT 20
