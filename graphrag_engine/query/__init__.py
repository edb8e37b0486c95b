"""Answers to questions: one file a mode, on one walk over the graph."""

from graphrag_engine.query.ask import MODES, answer, context, retrieve

__all__ = ["MODES", "answer", "context", "retrieve"]
