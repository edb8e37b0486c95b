"""Mode `auto`: which mode fits a question, without asking a model, and why."""

from graphrag_engine.offline.words import terms
from graphrag_engine.query.found import Asked
from graphrag_engine.stores.base import Store

_OVERVIEW = """
overview summary summarise summarize main major important central key overall general theme themes topic topics trend
trends pattern patterns big picture corpus documents collection across everything altogether in short kinds types
common recurring
"""
OVERVIEW = frozenset(terms(_OVERVIEW)) - frozenset(terms("in"))
"""Terms of questions about the whole rather than about one thing in it."""


def choose(store: Store, asked: Asked) -> tuple[str, str]:
    """(mode, why)."""
    named = len({link.said for link in asked.links.found})
    if named > 1:
        return "local", f"{named} names are known: evidence and paths between them"
    if named == 1:
        return "local", "one name is known: evidence around it"
    if store.count("reports") and OVERVIEW & set(asked.question.terms):
        return "global", "no name is known and the question asks for the whole"
    if asked.grounded:
        return "local", "no name is known, but text units hold most of the question's words"
    return "vector", "no name is known and no text unit holds half of the question's words"
