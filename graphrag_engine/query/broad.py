"""Whether a question asks for the whole rather than for one thing in it, or for what is in dispute."""

from graphrag_engine.offline.evidence import DISPUTE
from graphrag_engine.offline.korean.particles import stems
from graphrag_engine.offline.scripts import is_korean
from graphrag_engine.offline.words import terms
from graphrag_engine.query.question import Question, content

_WHOLE = frozenset(
    "overview summary summarise summarize summarised summarized overall theme themes topic topics subject subjects "
    "trend trends pattern patterns document documents corpus collection everything altogether text texts source "
    "sources material 개요 요약 전체 전반 전체적 주제 문서 문서들 자료 자료들 모음".split()
)
"""Words of questions about the whole rather than about one thing in it, as written."""
_FOREMOST = frozenset(
    "main major important importance key central general common recurring biggest broad 주요 주된 중요 중요한 "
    "핵심".split()
)
"""Words that ask for the whole where hardly anything else is asked for."""
_HARDLY = 2
"""Content words that are hardly anything."""


def is_broad(question: Question) -> bool:
    """Whether a question asks for the whole."""
    words = _words(question)
    foremost = any(_is_of(word, _FOREMOST) for word in words) or disputed(question)
    return any(_is_of(word, _WHOLE) for word in words) or (foremost and _hardly(question))


def _hardly(question: Question) -> bool:
    """Whether hardly anything else is asked for: a few words, of which a Korean one has several terms."""
    told = [word for word in _words(question) if not _asks(word) and content(terms(word))]
    return len(about(question)) <= _HARDLY or (is_korean(question.text) and len(told) <= _HARDLY + 1)


def disputed(question: Question) -> bool:
    """Whether a question asks for what is in dispute."""
    return bool(DISPUTE.asked.search(question.text))


def about(question: Question) -> list[str]:
    """The search terms of what a question is about, beside words that only ask for the whole."""
    words = [word for word in _words(question) if not _asks(word) and not DISPUTE.asked.match(word)]
    told = set(content(terms(" ".join(words))))
    return [term for term in question.terms if term in told]


def _words(question: Question) -> list[str]:
    return [word.lower() for word in question.spoken]


def _asks(word: str) -> bool:
    return _is_of(word, _WHOLE | _FOREMOST)


def _is_of(word: str, listed: frozenset[str]) -> bool:
    """Whether a word is listed, or a Korean one without its particle."""
    return word in listed or any(stem in listed for stem in stems(word))
