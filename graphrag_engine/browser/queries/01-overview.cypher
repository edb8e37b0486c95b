// Overview: the leading entities and what ties them
WITH 'default' AS workspace
MATCH (e:__Entity__ {workspace: workspace})
WITH e ORDER BY e.rank DESC LIMIT 16
WITH collect(e) AS leading
UNWIND leading AS e
MATCH p = (e)-[r]->(other:__Entity__) WHERE other IN leading
RETURN p ORDER BY r.weight DESC LIMIT 30
