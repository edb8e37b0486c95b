// Around one entity: its strongest ties
WITH 'default' AS workspace, '' AS name // the name of an entity; '' takes the leading one
MATCH (e:__Entity__ {workspace: workspace}) WHERE name IN ['', e.name] OR name IN e.aliases
WITH e ORDER BY e.rank DESC LIMIT 1
MATCH p = (e)-[r]-(:__Entity__)
RETURN p ORDER BY r.weight DESC LIMIT 15
