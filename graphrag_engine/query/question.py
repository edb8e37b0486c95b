"""A question as search sees it: its words with their places, its terms, and what of it carries meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graphrag_engine.errors import EmptyQuestion
from graphrag_engine.offline.cues import FUNCTION, words
from graphrag_engine.offline.words import terms

_MOST_CHARACTERS = 10_000
"""Of a longer question only this much is read."""
_MOST_TERMS = 256
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W_]+(?:['\u2019.&][^\W_]+)*")
FUNCTION_WORDS = FUNCTION | words(
    "am anybody became become being call called came cannot did doing ever gave get give gets got has hers know known "
    "lot made make many my named nor others ours per say says shall tell thanks thing things use used using "
    "whatever whoever whom whichever yours list show describe explain happen happened name names kind kinds sort"
)
"""Lower-case words that say nothing of what a question is about."""
_EMPTY_TERMS = frozenset(terms(" ".join(FUNCTION_WORDS)))


@dataclass(frozen=True)
class Question:
    """What was read of a question."""

    text: str
    words: tuple[tuple[int, int], ...]
    """Start and end of each word; of Korean, Japanese and Chinese of each character."""
    terms: tuple[str, ...]
    """Search terms, each once, in order; function words only where there is nothing else."""
    cut: str
    """What was left out of a long question, in words; empty where nothing was."""

    def word(self, number: int) -> str:
        """The word of this number as written."""
        start, end = self.words[number]
        return self.text[start:end]


def read(text: str) -> Question:
    """The question in *text*; raises EmptyQuestion where it holds no word."""
    shown = _shortened(text)
    words = tuple(match.span() for match in _WORD.finditer(shown))
    if not words:
        raise EmptyQuestion
    every = list(dict.fromkeys(terms(shown)))
    meaning = content(every) or every
    cut = [f"{len(shown)} of {len(text)} characters"] if len(shown) < len(text) else []
    cut += [f"{_MOST_TERMS} of {len(meaning)} terms"] if len(meaning) > _MOST_TERMS else []
    return Question(shown, words, tuple(meaning[:_MOST_TERMS]), " and ".join(cut))


def content(found: Sequence[str]) -> list[str]:
    """The terms that are no function words."""
    return [term for term in found if term not in _EMPTY_TERMS]


def _shortened(text: str) -> str:
    """As much of the text as is read, whole words."""
    if len(text) <= _MOST_CHARACTERS:
        return text
    head = text[: _MOST_CHARACTERS + 1]
    return head[: max(head.rfind(" "), 0)] or head[:_MOST_CHARACTERS]
