"""Where sentences begin and end, in any text, with offsets. Linear time whatever the text is."""

import re
from collections.abc import Iterator

from graphrag_engine.offline.cues import BEFORE_NUMBERS, NEVER_LAST, OPENERS, SOMETIMES_LAST
from graphrag_engine.offline.korean.particles import is_tail
from graphrag_engine.offline.scripts import IDEOGRAPHS, SYLLABLES

_LINE = re.compile(r"[^\n\r\f\u2028\u2029]*+(?:\r\n|[\n\r\f\u2028\u2029])?+")
_MARK = re.compile(
    r"[ \t>\ufeff]*+(?:(?P<heading>\#{1,6}(?=\s)|={3,}|-{3,}|\*{3,}|`{3,}|~{3,})|(?P<row>\|)"
    r"|(?P<item>(?:[-*+\u2022\u2023\u25cf\u2013]|\(?(?:\d{1,3}|[a-z])[.)])(?=[ \t])(?!\s+\d{4}\b)))?[ \t]*+"
)
_LABEL = re.compile(r"\[?\(?\d{1,2}[:.]\d\d|[A-Z][\w-]{1,20}:\s|<?\w{1,20}>")
_END = re.compile(
    r"[.!?\u2026\u3002\uff01\uff1f]"
    r"(?:(?<=[.!?\u2026])(?<![.!?\u2026].)[.!?\u2026]*+[\"'\u2019\u201d\u00bb)\]*_]*+(?=(\s++)(.))"
    r"|(?<=[\u3002\uff01\uff1f])[\u3002\uff01\uff1f]*+[\u300d\u300f\uff09\u201d]*+)",
    re.DOTALL,
)
"""A set of characters comes first, so that the engine skips all others."""
_WORD_BEFORE = re.compile(r"[^\W\d_](?:[\w.&'\u2019-]*)\Z|\d+\Z")
_WORD_AFTER = re.compile(r"\w+")
_LOOKED_BACK = 12
"""Characters before a dot that tell whether a sentence ends there."""
_HANGUL_AFTER = re.compile(f"[{SYLLABLES}]{{1,12}}+")
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
_WRAPPED = range(45, 131)
"""Characters in a line that a later line may continue: shorter is a title or verse, longer was never wrapped."""


def sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of *text* as (start, end) offsets: in order, apart, without white space at their ends.

    List marks, heading marks and table borders at the start of a line are left out. A single newline ends
    a sentence only where the lines do not look hard-wrapped; a blank line, heading, list item or table row
    always does. Pieces without a letter or digit are no sentences.
    """
    found: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        before = begin = start
        for mark in _END.finditer(text, start, end):
            if _ends(text, before, mark):
                before = mark.end()
                _add(found, text, begin, before)
                begin = mark.end(1) if mark.lastindex else before
        _add(found, text, begin, end)
    return found


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Append the span without white space before it, if there is a word in it."""
    if start < end and not text[start].isalnum():
        start = end - len(text[start:end].lstrip())
        start = start if _WORD_AFTER.search(text, start, end) else end
    if start < end:
        found.append((start, end))


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Runs of lines that belong together: a wrapped paragraph, one list item, a heading, a table row."""
    start = end = -1
    alone = True
    for line in _LINE.finditer(text):
        mark = _MARK.match(text, line.start(), line.end())
        content = mark.end() if mark else line.start()
        kind = mark.lastgroup if mark else None
        stop = line.start() + len(line.group().rstrip())
        if end >= 0 and (content >= stop or kind or alone or not _continues(text, start, end, content)):
            yield start, end
            end = -1
        if content < stop:
            start, end = (content, stop) if end < 0 else (start, stop)
            alone = kind in ("heading", "row")
    if end >= 0:
        yield start, end


def _continues(text: str, start: int, end: int, content: int) -> bool:
    """Whether the line that begins at *content* goes on with the block text[start:end]."""
    first = max(start, text.rfind("\n", max(start, end - _WRAPPED.stop), end) + 1)
    if text[content].islower():
        return not _LABEL.match(text, content)
    return end - first in _WRAPPED and not _LABEL.match(text, content)


def _ends(text: str, begin: int, mark: re.Match[str]) -> bool:
    """Whether a sentence ends at this end mark."""
    after = mark.group(2)
    if after is None:
        return True
    if after.islower():
        return False
    dot = mark.start()
    if text[dot] != "." or text.startswith("..", dot):
        return True
    word = _word_before(text, begin if begin + _LOOKED_BACK > dot else dot - _LOOKED_BACK, dot)
    if not word:
        return True
    folded = word.lower()
    if folded in NEVER_LAST or (after.isdigit() and folded in BEFORE_NUMBERS):
        return False
    if (len(word) == 1 and word.isupper()) or folded in SOMETIMES_LAST or "." in word:
        opener = _WORD_AFTER.match(text, mark.end(1))
        return opener is not None and opener.group() in OPENERS
    return not (word.isdigit() and dot - len(word) == begin)


def _word_before(text: str, start: int, dot: int) -> str:
    """The word or number that ends at *dot*, as far as it stands behind *start*; empty for none."""
    word = text[start:dot].rpartition(" ")[2]
    if word.isalpha() or word.isdecimal():
        return word
    found = _WORD_BEFORE.search(text, start, dot)
    return found.group() if found else ""


def written(text: str, words: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Where *words* stand in text[start:end] exactly so and as whole words: start and end of each place.

    A Korean word may have its particle behind it; Japanese and Chinese have no space between words.
    """
    found = []
    at = text.find(words, start, end)
    while at >= 0:
        stop = at + len(words)
        before, after = text[at - 1 : at], text[stop : stop + 1]
        if not (before.isalnum() or after.isalnum()) or _is_whole(text, at, stop, before, after):
            found.append((at, stop))
        at = text.find(words, stop, end)
    return found


def _is_whole(text: str, at: int, stop: int, before: str, after: str) -> bool:
    """Whether text[at:stop] is no part of a longer word, though one of its neighbours is a letter or digit."""
    if text[at:stop].isascii() and (before + after).isascii():
        return False
    if _IDEOGRAPH.match(text, stop - 1) or _IDEOGRAPH.match(text, at):
        return True
    tail = _HANGUL_AFTER.match(text, stop)
    return not before.isalnum() and tail is not None and is_tail(tail.group())
