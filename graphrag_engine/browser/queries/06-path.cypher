// How two entities hang together: the shortest paths
WITH 'default' AS workspace, '' AS one, '' AS other // two names; '' takes leading entities
MATCH (a:__Entity__ {workspace: workspace}) WHERE one IN ['', a.name] OR one IN a.aliases
WITH workspace, other, a ORDER BY a.rank DESC LIMIT 1
MATCH (b:__Entity__ {workspace: workspace})
WHERE a <> b AND (other IN b.aliases OR other = b.name OR (other = '' AND NOT EXISTS { (a)--(b) }))
WITH a, b ORDER BY b.rank DESC LIMIT 1
MATCH p = SHORTEST 5 (a) ((:__Entity__)-[]-(:__Entity__)){1,6} (b)
RETURN p LIMIT 5
