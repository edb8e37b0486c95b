"""A Neo4j server on this machine for those without Docker: fetched by the user's own Maven, run by the user's Java."""
