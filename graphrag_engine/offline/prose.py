"""The sentences of a text that people wrote to be read: no code, no mail headers, no labels of table columns."""

import re
from collections.abc import Iterator

from graphrag_engine.offline.text import sentences

_FENCE = re.compile(r"^[ \t]{0,3}(?:```|~~~)", re.MULTILINE)
_HEADER = re.compile(
    r"(?:Message-ID|MIME-Version|Content-[\w-]+|X-[\w-]+|Received|Return-Path|References|In-Reply-To|DKIM-[\w-]+|User-Agent"
    r"|Delivered-To|Authentication-Results|Received-SPF|List-[\w-]+|ARC-[\w-]+|Thread-[\w-]+)\s?:",
    re.IGNORECASE,
)
_RULED = re.compile(r"[^\n]{0,400}\r?\n[ \t>]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\||$)", re.MULTILINE)
"""The row of a table with a line of dashes below."""
_SIGN = re.compile(
    r"[{}\\]|;\s*$|[=!<>]=|\w\s?=\s?[\w'\"\[(]|\w\.\w+\(|\w\((?!s\)|[\s\d])|::|[-=]>|[a-z]_[a-z]|</?\w+>|\(\)|\):\s*$"
)
"""What code is written with and prose seldom."""
_DENSE = 40
"""Characters of a sentence for each such sign, below which it is code."""


def prose(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of *text* that are prose, list items and table rows among them, as (start, end) offsets."""
    fences = [match.start() for match in _FENCE.finditer(text)]
    passed = 0
    for start, end in sentences(text):
        while passed < len(fences) and fences[passed] <= start:
            passed += 1
        if passed % 2 == 0 and not _is_label(text, start, end) and not _is_code(text[start:end]):
            yield start, end


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether a sentence is a header of a mail or heads the columns of a table."""
    if _HEADER.match(text, start, end):
        return True
    return "|" in text[start:end] and _RULED.match(text, start) is not None


def _is_code(sentence: str) -> bool:
    signs = len(_SIGN.findall(sentence))
    return signs > 1 and signs * _DENSE >= len(sentence)
