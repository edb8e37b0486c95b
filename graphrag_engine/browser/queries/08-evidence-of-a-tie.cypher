// What a tie rests on: text units that speak of both its ends
WITH 'default' AS workspace, '' AS one, '' AS other // two names; '' takes the strongest tie
MATCH (a:__Entity__ {workspace: workspace})-[r]-(b:__Entity__)
WHERE one IN ['', a.name] AND other IN ['', b.name]
WITH a, b ORDER BY r.weight DESC, a.rank DESC LIMIT 1
MATCH p = (a)<-[:HAS_ENTITY]-(c:Chunk)-[:HAS_ENTITY]->(b)
RETURN p ORDER BY c.name LIMIT 15
