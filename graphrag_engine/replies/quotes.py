"""Where the words that a model gives stand in a text: exactly, else whatever white space and case, else nearly."""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from rapidfuzz import fuzz

_NEARLY = 90.0
"""Percent of the characters that are alike in what stands there nearly."""
_SHORTEST = 5
"""Characters below which two words that are nearly alike are two."""
_WIDENED = 24
"""Most characters by which a place is widened to whole words."""
_ACRONYM = 5
"""Characters in capitals that need not be a shout."""
_MOST = 50
"""Places of a name that are looked for."""
_ALIKE = {
    "'": "\u2018\u2019",
    '"': "\u201c\u201d",
    "-": "\u2010\u2011\u2013\u2014",
    " ": "\u00a0\u2028\u202f\n\r\t\v\f",
}
"""Characters that stand for others."""
_FIGURES = re.compile(r"\d+")
_GAP = re.compile(" {2,}")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts in which names need not end where a word does."""

Place = tuple[int, int]
"""Start and end of a slice of the text."""


class Text:
    """A text in which words are looked up."""

    def __init__(self, text: str) -> None:
        self.text = text

    def names(self, name: str) -> list[Place]:
        """Where a name stands as whole words, in order; of nearly alike places the best one alone.

        In capitals it is looked for in any case: some models shout all names.
        """
        if not is_loud(name) and (found := _standing(self.text, name)):
            return found
        if found := [self._origin(place) for place in _standing(self._plain.text, folded(name))]:
            return found
        nearly = self._nearly(name, whole=True)
        return [nearly] if nearly else []

    def quote(self, quote: str) -> Place | None:
        """Where a quote stands first."""
        if quote and (start := self.text.find(quote)) >= 0:
            return start, start + len(quote)
        words = folded(quote)
        if words and (start := self._plain.text.find(words)) >= 0:
            return self._origin((start, start + len(words)))
        return self._nearly(quote, whole=False)

    def holds(self, name: str) -> bool:
        """Whether the words stand here as whole words, whatever white space and case."""
        return bool(_standing(self._plain.text, folded(name), most=1))

    def _nearly(self, words: str, *, whole: bool) -> Place | None:
        """The one place where nearly these words stand, with the same figures."""
        wanted, plain = folded(words), self._plain
        if not _SHORTEST <= len(wanted) <= len(plain.text):
            return None
        found = fuzz.partial_ratio_alignment(wanted, plain.text, score_cutoff=_NEARLY)
        if not found or found.dest_start == found.dest_end:
            return None
        narrow = found.dest_start, found.dest_end
        for start, end in (_widened(plain.text, *narrow), *([] if whole else [narrow])):
            stands = plain.text[start:end]
            if fuzz.ratio(wanted, stands) >= _NEARLY and _FIGURES.findall(wanted) == _FIGURES.findall(stands):
                return self._origin((start, end))
        return None

    def _origin(self, place: Place) -> Place:
        """Where in the text stands what stands here in its folded form; its ends are no gaps."""
        start, end = place
        return self._plain.origin(start), self._plain.origin(end - 1) + 1

    @cached_property
    def _plain(self) -> "_Plain":
        return _Plain(self.text)


class _Plain:
    """A text in lower case with single spaces, and where each of its characters comes from."""

    def __init__(self, text: str) -> None:
        low = _low(text)
        pieces = _GAP.split(low)
        self._from = [0, *(gap.end() for gap in _GAP.finditer(low))]
        self._at = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))
        self.text = " ".join(pieces)

    def origin(self, at: int) -> int:
        """The place in the text of a character that is no gap."""
        piece = bisect_right(self._at, at) - 1
        return self._from[piece] + at - self._at[piece]


def is_loud(name: str) -> bool:
    """Whether a name is in capitals, and no acronym."""
    return len(name) > _ACRONYM and name.isupper()


def folded(words: str) -> str:
    """Words in lower case, with single spaces, straight quotes and plain hyphens."""
    return " ".join(_low(words).split())


def _low(text: str) -> str:
    """A text in lower case, with one character for those alike, so that each keeps its place."""
    for plain, others in _ALIKE.items():
        for other in others:
            text = text.replace(other, plain)
    low = text.lower()
    return low if len(low) == len(text) else "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _standing(text: str, words: str, most: int = _MOST) -> list[Place]:
    """The first places where words stand and no letter goes on before or after."""
    at, found = text.find(words) if words else -1, list[Place]()
    while at >= 0 and len(found) < most:
        end = at + len(words)
        if not (_goes_on(text, at - 1, at) or _goes_on(text, end, end - 1)):
            found.append((at, end))
        at = text.find(words, end)
    return found


def _goes_on(text: str, outside: int, inside: int) -> bool:
    """Whether the characters on either side of an edge belong to one word."""
    if not 0 <= outside < len(text) or not (text[outside].isalnum() and text[inside].isalnum()):
        return False
    return not (_UNSPACED.match(text, outside) or _UNSPACED.match(text, inside))


def _widened(text: str, start: int, end: int) -> Place:
    """The place without what is no letter at its ends, and with the rest of the words that it cuts."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    if start == end:
        return start, end
    first, last = max(0, start - _WIDENED), min(len(text), end + _WIDENED)
    while start > first and _goes_on(text, start - 1, start):
        start -= 1
    while end < last and _goes_on(text, end, end - 1):
        end += 1
    return start, end
