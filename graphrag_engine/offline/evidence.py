"""Which sentences of a passage bear on a question, and what could be the thing asked for."""

import re
from collections.abc import Mapping

from graphrag_engine.offline.text import sentences
from graphrag_engine.offline.words import terms

Span = tuple[int, int]
"""First character and the one after the last, in the text looked at."""

_SMOOTHING = 8
"""Terms added to a sentence's length, so that a short one does not win by being short."""
_REPEATED = 0.25
"""What a term is worth that an earlier sentence has brought already."""
_WORTHWHILE = 0.4
"""A further sentence has to score this share of the first."""
_SHORT = 5
"""A sentence of fewer terms says little by itself."""

_ASKED: Mapping[str, tuple[str, ...]] = {
    r"how (?:many|much|far|tall|long|large|big|old|high|deep|often)\b": ("quantity", "money"),
    r"(?:when|(?:what|which|in what|in which) (?:year|date|day|month|century|decade)|since when|how long ago)\b": (
        "date",
    ),
    r"where|(?:what|which|in what|in which) (?:city|country|town|county|state|village|place|port|island|river)\b": (
        "place",
    ),
    r"who|whom|whose|(?:what|which) (?:person|man|woman|captain|author|owner)\b": ("person", "organisation"),
    r"(?:what|which) (?:company|firm|organi[sz]ation|association|party|team|club|university|school)\b": (
        "organisation",
    ),
}
_PATTERNS = [
    (re.compile(rf"(?:\A|[,.;:?!]\s+|\b(?:and|but|in|on|at|by|to|from|of|for|with)\s+)(?:{cue})", re.IGNORECASE), kinds)
    for cue, kinds in _ASKED.items()
]


def asked_for(question: str) -> tuple[str, ...]:
    """The types of entity that would answer a question; none where its words do not tell."""
    found = [(match.start(), kinds) for pattern, kinds in _PATTERNS if (match := pattern.search(question))]
    return min(found, key=lambda each: each[0])[1] if found else ()


def best_sentences(text: str, weights: Mapping[str, float], most: int) -> list[Span]:
    """Up to *most* sentences of *text* that hold the weightiest terms and repeat each other least, in text order.

    Score: sum of the weights of its terms / sqrt(terms + 8), half for what is no whole sentence. There
    is always one, unless the text has no sentence at all.
    """
    spans = sentences(text)
    held = [terms(text[start:end]) for start, end in spans]
    quality = [_quality(text[start:end], len(words)) for (start, end), words in zip(spans, held, strict=True)]
    worth = dict(weights)
    chosen: list[int] = []
    first = 0.0
    while len(chosen) < min(most, len(spans)):
        scores = [
            sum(worth.get(term, 0.0) for term in set(words)) * good / (len(words) + _SMOOTHING) ** 0.5
            for words, good in zip(held, quality, strict=True)
        ]
        score, _, place = max((score, quality[at], -at) for at, score in enumerate(scores) if at not in chosen)
        if chosen and (score <= 0 or score < _WORTHWHILE * first):
            break
        first = first or score
        chosen.append(-place)
        worth.update({term: worth[term] * _REPEATED for term in set(held[-place]) & worth.keys()})
    return [spans[at] for at in sorted(chosen)]


def supporting(text: str, words: str) -> Span:
    """The sentence of *text* that shares most terms with *words*; the whole text where it has no sentence."""
    weights = dict.fromkeys(terms(words), 1.0)
    return next(iter(best_sentences(text, weights, 1)), (0, len(text)))


def _quality(sentence: str, length: int) -> float:
    """1 for a whole sentence of some length, less for headings and fragments, least for rows of a table."""
    if "|" in sentence:
        return 0.2
    ended = sentence.rstrip("\"'\u2019\u201d)]*_").endswith((*".!?\u2026\u3002\uff01\uff1f",))
    return (1.0 if ended else 0.5) * (1.0 if length >= _SHORT else 0.6)
