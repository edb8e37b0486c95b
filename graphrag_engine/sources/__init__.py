"""Reading sources: files, folders and patterns → the table of documents."""

from graphrag_engine.sources.find import named
from graphrag_engine.sources.reading import Found, read

__all__ = ["Found", "named", "read"]
