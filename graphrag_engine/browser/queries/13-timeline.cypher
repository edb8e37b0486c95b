// What happened when: dated claims, the earliest first
WITH 'default' AS workspace, '0000' AS since, '9999' AS until // years, months or days: 1902, 1902-11, 1902-11-09
MATCH p = (:__Entity__)-[:HAS_CLAIM]->(claim:Claim {workspace: workspace})
WHERE since <= claim.start_date <= until
RETURN p ORDER BY claim.start_date, claim.name LIMIT 25
