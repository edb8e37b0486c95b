"""From what a model writes to what is shown, piece by piece: its marks resolved and renumbered, unknown ones gone.

Whatever the model writes, the only marks in the text are those that `resolve` gave: `[1]`, `[2]`, in order.
"""

import re
from collections.abc import Callable, Iterator

from graphrag_engine.offline.text import sentences

_OPEN, _CLOSE = "[\uff3b\u3010\u3014", "]\uff3d\u3011\u3015"
_GAP = r"[^\S\r\n]*"
_INSIDE = (
    rf"{_GAP}[\^#]?(?:(?:sources?|passages?|citations?|references?|refs?|documents?|lines?|texts?)\b[.:#]*{_GAP}#?)?"
    rf"\d(?:[\d,;&.:#\^\-\u2010-\u2015\u2026\t \u00a0\u3000\uff0c\u3001]|and|to)*(?:\u2020[^\[\]\u3010\u3011\r\n]*)?"
)
_MARK = re.compile(rf"[{re.escape(_OPEN)}]({_INSIDE})[{re.escape(_CLOSE)}]", re.IGNORECASE)
_NUMBERS = re.compile(rf"(\d+(?:\.\d+)?)(?:{_GAP}(?:[\-\u2010-\u2015\u2026]|\.\.|to){_GAP}[\^#]?(\d+))?", re.IGNORECASE)
_MAY_BECOME = re.compile(rf"[{re.escape(_OPEN)}][^\r\n{re.escape(_OPEN + _CLOSE)}]*\Z")
_LONGEST = 400
"""Characters of the longest mark that could come about by leaving out another inside it."""
_RANGE = 20
"""Numbers that one range may stand for."""
_DIGITS = 10
"""Digits from which on a number stands for nothing."""
_LOOKED_AT = 600
"""Characters before a mark in which the sentence that it belongs to is looked for."""

Resolve = Callable[[int, str], list[int]]
"""From a number of what the model was shown, and the words it stands behind, to the numbers to show."""


class Marked:
    """The text of a reply in the making; the same whatever pieces it comes in."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._held = ""
        self._parts: list[str] = []
        self._words = ""
        self._blanks = ""
        self._run: set[int] = set()
        self._gap = False
        self._behind_mark = False

    @property
    def text(self) -> str:
        """All that was shown."""
        return "".join(self._parts)

    def add(self, piece: str) -> str:
        """What can be shown now: all but what may become a mark, and blanks that may stand before one."""
        known, text = len(self._parts), self._held + piece
        held = _held_from(text)
        self._held = text[held:]
        self._take(text[:held])
        return "".join(self._parts[known:])

    def end(self) -> str:
        """What is left to show."""
        known, text = len(self._parts), self._held.rstrip()
        self._held = ""
        self._take(text)
        self._held = ""
        return "".join(self._parts[known:])

    def _take(self, text: str) -> None:
        """Show a text in which each mark is whole."""
        at = 0
        for mark in _MARK.finditer(text):
            self._say(text[at : mark.start()])
            self._mark(list(_numbers(mark[1])))
            at = mark.end()
        self._say(text[at:])

    def _mark(self, numbers: list[int]) -> None:
        claim = self._claim()
        shown = [each for n in numbers for each in self._resolve(n, claim)]
        new = [each for each in dict.fromkeys(shown) if each not in self._run]
        if not new:
            self._gap = self._gap or (bool(self._blanks) and "\n" not in self._blanks)
            self._blanks = self._blanks if "\n" in self._blanks else ""
            return
        self._run.update(new)
        self._put(self._blanks + "".join(f"[{each}]" for each in new))
        self._blanks, self._gap, self._behind_mark = "", False, True

    def _say(self, text: str) -> None:
        """Show words; a bracket is dropped that would make a mark of them."""
        kept = text.rstrip()
        if not kept:
            self._blanks += text
            return
        lead = self._blanks + kept[: len(kept) - len(kept.lstrip())]
        kept = kept.lstrip()
        if not self._parts:
            lead = ""
        elif not lead and ((self._gap and kept[0].isalnum()) or (self._behind_mark and kept[0] == "(")):
            lead = " "
        self._put(lead + self._without_marks(lead, kept))
        self._words = (self._words + lead + kept)[-_LOOKED_AT:]
        self._blanks, self._gap, self._behind_mark = text[len(text.rstrip()) :], False, False
        self._run.clear()

    def _without_marks(self, lead: str, text: str) -> str:
        if not any(each in text for each in _CLOSE):
            return text
        tail = "".join(self._parts[-_LONGEST:])[-_LONGEST:] + lead
        shown: list[str] = []
        for piece in re.split(rf"(?<=[{re.escape(_CLOSE)}])", text):
            tail += piece
            opened = max(map(tail.rfind, _OPEN))
            forged = piece[-1:] in tuple(_CLOSE) and opened >= 0 and _MARK.fullmatch(tail, opened)
            shown.append(piece[:-1] if forged else piece)
            tail = (tail[:-1] if forged else tail)[-_LONGEST:]
        return "".join(shown)

    def _put(self, text: str) -> None:
        if text:
            self._parts.append(text)

    def _claim(self) -> str:
        """The sentence that a mark stands in, or behind."""
        spans = sentences(self._words)
        return self._words[slice(*spans[-1])] if spans else ""


def _held_from(text: str) -> int:
    """Where begins what cannot be shown yet: the begin of a mark, and blanks before it or at the end."""
    opened = max(map(text.rfind, _OPEN))
    end = opened if opened >= 0 and _MAY_BECOME.match(text, opened) else len(text)
    return len(text[:end].rstrip())


def _numbers(inside: str) -> Iterator[int]:
    """The numbers of a mark; a range stands for those between as well, unless it is absurd."""
    for found in _NUMBERS.finditer(inside.partition("\u2020")[0]):
        first, last = (
            int(each) if each.isdecimal() and len(each) < _DIGITS else -1 for each in (found[1], found[2] or found[1])
        )
        if 0 <= first <= last <= first + _RANGE:
            yield from range(first, last + 1)
