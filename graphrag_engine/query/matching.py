"""Which words of a question a predicate holds: the plan of a path, made without a model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from graphrag_engine.offline.korean.particles import is_tail, stems
from graphrag_engine.offline.scripts import is_korean
from graphrag_engine.offline.words import forms, split, terms
from graphrag_engine.query.found import Asked
from graphrag_engine.query.question import content

_DOERS = ("er", "or")
_SHORTEST = 3
"""Letters that a verb keeps without the ending of its doer."""


def worth(asked: Asked) -> dict[str, float]:
    """What each word of a question, beside the names in it, is worth in a predicate."""
    found: dict[str, float] = {}
    for term in asked.content:
        root = _root(term)
        found[root] = max(asked.hits.weights.get(term, 0.0), found.get(root, 0.0))
    content = set(asked.content)
    for word in () if asked.question.text.isascii() else asked.question.spoken:
        weights = [asked.hits.weights.get(term, 0.0) for term in forms(word) if term in content]
        found |= {stem: max(weights) for stem in stems(word) if weights}
    return found


@dataclass(frozen=True)
class Match:
    """Words of a question that a predicate holds."""

    roots: frozenset[str]
    worth: float
    """What they are worth: less, the more the predicate says besides."""


def match(predicate: str, worths: Mapping[str, float]) -> Match:
    """What a predicate holds of the words of a question."""
    roots = _roots(predicate)
    shared = roots & worths.keys()
    return Match(shared, sum(worths[root] for root in sorted(shared)) * len(shared) / max(len(roots), 1))


def along(predicates: Iterable[str], worths: Mapping[str, float]) -> float:
    """What predicates, one after the other, hold of the words of a question; each word counts once."""
    left, whole = dict(worths), 0.0
    for predicate in predicates:
        found = match(predicate, left)
        whole += found.worth
        left = {root: worth for root, worth in left.items() if root not in found.roots}
    return whole


@lru_cache(maxsize=1 << 16)
def _roots(predicate: str) -> frozenset[str]:
    """The words of a predicate that say something; who does a thing is the same word as doing it: founder, founded."""
    words = [word for word in split(predicate) if not is_tail(word)] if is_korean(predicate) else []
    if words:
        return frozenset(root for word in words for root in stems(word) or (word,))
    return frozenset(map(_root, content(terms(predicate))))


def _root(term: str) -> str:
    return term[:-2] if term.endswith(_DOERS) and len(term) >= _SHORTEST + 2 else term
