// One community: its members and what ties them
WITH 'default' AS workspace, '' AS title // the name of a community; '' takes the largest
MATCH (c:__Community__ {workspace: workspace}) WHERE title IN ['', c.name]
WITH c ORDER BY c.size DESC LIMIT 1
MATCH (c)<-[:PARENT_COMMUNITY]-{0,9}(part:__Community__)<-[:IN_COMMUNITY]-(e:__Entity__)
WITH e, part ORDER BY e.rank DESC LIMIT 20
WITH collect(e) AS members, collect(DISTINCT part) AS parts
UNWIND members AS e
MATCH p = (e)-[r]->(end) WHERE end IN members OR end IN parts
RETURN p ORDER BY end IN parts DESC, r.weight DESC LIMIT 60
