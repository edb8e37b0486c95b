"""Answers to questions: one file a mode, on one walk over the graph."""

from graphrag_engine.query.ask import MODES, answer, context, retrieve
from graphrag_engine.query.context import Context

__all__ = ["MODES", "Context", "answer", "context", "retrieve"]
