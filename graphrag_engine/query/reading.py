"""What is read of one text again and again while a question is answered, and while the next one is: read once."""

import re
from functools import lru_cache

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.offline import text as texts
from graphrag_engine.offline import words
from graphrag_engine.offline.evidence import Span

_PASSAGES, _SENTENCES = 1024, 16_384
"""Texts that are remembered: a few megabytes."""
_SHORT = 3
_WORD = re.compile(r"[^\W\d_]+")


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


@lru_cache(maxsize=_PASSAGES)
def short_words(text: str) -> frozenset[str]:
    """The words of up to three letters, which tell a language."""
    return frozenset(word for word in _WORD.findall(text.lower()) if len(word) <= _SHORT)
