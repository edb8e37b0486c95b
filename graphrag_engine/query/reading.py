"""What is read of one text again and again while a question is answered, and while the next one is: read once."""

from functools import lru_cache

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.offline import text as texts
from graphrag_engine.offline import words
from graphrag_engine.offline.evidence import Span

_PASSAGES, _SENTENCES = 1024, 16_384
"""Texts that are remembered: a few megabytes."""


@lru_cache(maxsize=_PASSAGES)
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a passage, in order."""
    return tuple(texts.sentences(text))


@lru_cache(maxsize=_PASSAGES)
def tokens(text: str) -> int:
    """The estimated tokens of a passage."""
    return estimate_tokens(text)


@lru_cache(maxsize=_SENTENCES)
def terms(said: str) -> frozenset[str]:
    """The terms of a sentence."""
    return frozenset(words.terms(said))
