"""Mode `vector`: text units by what they share with the question, best first; no graph."""

from graphrag_engine.query.found import Asked, Found
from graphrag_engine.query.ranking import Ranking


def find(asked: Asked, k: int) -> Found:
    """The restart's prior alone; without an embedder of weight that is BM25."""
    return Found(
        mode="vector",
        asked=asked,
        grounded=asked.grounded,
        units=asked.prior.top(k) if asked.by_meaning else Ranking(asked.hits.rows[:k], asked.hits.scores[:k]),
        trace=({"step": "rank", "why": f"passages by {'meaning and ' * asked.by_meaning}the words they share"},),
    )
