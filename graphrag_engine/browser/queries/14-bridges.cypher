// Bridges: the strongest ties between different communities
WITH 'default' AS workspace
MATCH p = (here:__Community__ {workspace: workspace})<-[:IN_COMMUNITY]-(:__Entity__)-[r]->(:__Entity__)
          -[:IN_COMMUNITY]->(there:__Community__)
WHERE here <> there AND here.size > 2 AND there.size > 2
RETURN p ORDER BY r.weight DESC LIMIT 15
