"""What text units are worth before the walk: what they share with the question in words and in meaning."""

import numpy as np

from graphrag_engine.query.bm25 import Hits
from graphrag_engine.query.ranking import NOTHING, Ranking, summed
from graphrag_engine.stores.base import Numbers

MOST = 100
"""Text units of each kind of search in which the walk can restart."""
_LEXICAL, _DENSE = 0.1, 0.05
"""Temperatures of the softmax over BM25 scores, as shares of the best, and over cosines."""


def prior(hits: Hits, dense: Ranking = NOTHING, weight: float = 0.0) -> Ranking:
    """Text units with weights that add up to 1: *weight* by cosine, the rest by words; all by what there is."""
    words = hits.top(MOST)
    lexical = Ranking(words.rows, _softmax(words.scores / words.scores.max(initial=1e-12), _LEXICAL))
    near = dense.top(MOST)
    if not len(near.rows):
        return lexical
    meant = Ranking(near.rows, _softmax(near.scores, _DENSE))
    if not len(words.rows):
        return meant
    scores = np.concatenate([(1 - weight) * lexical.scores, weight * meant.scores])
    return summed(np.concatenate([lexical.rows, meant.rows]), scores)


def _softmax(scores: Numbers, temperature: float) -> Numbers:
    raised = np.exp((scores - scores.max(initial=0.0)) / temperature)
    return np.asarray(raised / max(raised.sum(), 1e-300))
