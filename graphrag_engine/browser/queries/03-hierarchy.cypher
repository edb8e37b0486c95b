// Communities within communities
WITH 'default' AS workspace
MATCH p = (fine:__Community__ {workspace: workspace})-[:PARENT_COMMUNITY]->(coarse:__Community__)
RETURN p ORDER BY coarse.level, coarse.size DESC, fine.size DESC LIMIT 40
