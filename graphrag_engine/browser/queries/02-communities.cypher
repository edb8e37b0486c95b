// Communities: the largest, with their leading members
WITH 'default' AS workspace
MATCH (c:__Community__ {workspace: workspace}) WHERE EXISTS { (c)<-[:IN_COMMUNITY]-() }
WITH c ORDER BY c.size DESC LIMIT 5
CALL (c) {
  MATCH p = (c)<-[:IN_COMMUNITY]-(e:__Entity__)
  RETURN p ORDER BY e.rank DESC LIMIT 6
}
RETURN p LIMIT 30
