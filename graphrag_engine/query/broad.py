"""Whether a question asks for the whole rather than for one thing in it, or for what is in dispute."""

from graphrag_engine.offline.evidence import DISPUTE
from graphrag_engine.offline.words import terms
from graphrag_engine.query.question import Question, content

_WHOLE = frozenset(
    "overview summary summarise summarize summarised summarized overall theme themes topic topics subject subjects "
    "trend trends pattern patterns document documents corpus collection everything altogether text texts source "
    "sources material".split()
)
"""Words of questions about the whole rather than about one thing in it, as written."""
_FOREMOST = frozenset("main major important importance key central general common recurring biggest broad".split())
"""Words that ask for the whole where hardly anything else is asked for."""
_HARDLY = 2
"""Content words that are hardly anything."""


def is_broad(question: Question) -> bool:
    """Whether a question asks for the whole."""
    words = set(_words(question))
    foremost = bool(words & _FOREMOST) or disputed(question)
    return bool(words & _WHOLE) or (foremost and len(about(question)) <= _HARDLY)


def disputed(question: Question) -> bool:
    """Whether a question asks for what is in dispute."""
    return bool(DISPUTE.asked.search(question.text))


def about(question: Question) -> list[str]:
    """The search terms of what a question is about, beside words that only ask for the whole."""
    words = [word for word in _words(question) if word not in _WHOLE | _FOREMOST and not DISPUTE.asked.match(word)]
    told = set(content(terms(" ".join(words))))
    return [term for term in question.terms if term in told]


def _words(question: Question) -> list[str]:
    return [question.word(number).lower() for number in range(len(question.words))]
