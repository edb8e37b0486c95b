// Search: text units with these words, and what they speak of
WITH 'default' AS workspace, '' AS words // '' takes the name of the leading entity
MATCH (e:__Entity__ {workspace: workspace})
WITH words, e ORDER BY e.rank DESC LIMIT 1
WITH e.scope AS scope, CASE words WHEN '' THEN '"' + replace(e.name, '"', ' ') + '"' ELSE words END AS words
CALL db.index.fulltext.queryNodes('chunk_text', 'scope:' + scope + ' AND text:(' + words + ')', {limit: 8})
YIELD node AS c, score
CALL (c) {
  MATCH p = (c)-[:HAS_ENTITY]->(e:__Entity__)
  RETURN p ORDER BY e.rank DESC LIMIT 5
}
RETURN p ORDER BY score DESC LIMIT 40
