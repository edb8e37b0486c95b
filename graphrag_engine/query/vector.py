"""Mode `vector`: text units by what they share with the question, best first; no graph."""

from graphrag_engine.query.found import Asked, Found
from graphrag_engine.query.ranking import Ranking


def find(asked: Asked, k: int) -> Found:
    """The restart's prior alone; while no embedder has a weight of its own, that is BM25."""
    top = asked.hits.top(k)
    return Found(
        mode="vector",
        asked=asked,
        grounded=asked.grounded,
        units=Ranking(top.rows, top.scores),
        trace=({"step": "rank", "why": "passages by the words they share with the question"},),
    )
