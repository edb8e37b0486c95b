"""Long texts → strings, piece by piece: whole, a string takes up to four bytes for what UTF-8 has in one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

LONG = 1 << 22
"""Bytes from which on a text is better not decoded whole."""
_PIECE = 1 << 16
"""Bytes that are decoded at once at least."""
_RUN = 1 << 20
"""Characters of lines that are looked at together, unless one line has more."""


class LongText:
    """The text that some UTF-8 stands for; its length and slices are those of the string."""

    def __init__(self, data: bytes | memoryview) -> None:
        """Raises UnicodeDecodeError where it is no UTF-8."""
        self.data = memoryview(data)
        self._bytes = list(_starts(self.data))
        self._characters = [0]
        for piece in self.pieces():
            self._characters.append(self._characters[-1] + len(piece))
        self._last = (0, 0), ""

    def __len__(self) -> int:
        return self._characters[-1]

    def __getitem__(self, span: slice) -> str:
        start, end, _ = span.indices(len(self))
        first = bisect_right(self._characters, start) - 1
        last = bisect_left(self._characters, end, first)
        if start >= end:
            return ""
        if self._last[0] != (first, last):
            self._last = (first, last), str(self.data[self._bytes[first] : self._bytes[last]], "utf-8")
        before = self._characters[first]
        return self._last[1][start - before : end - before]

    def pieces(self) -> Iterator[str]:
        """All of it, in order."""
        return (str(self.data[start:end], "utf-8") for start, end in pairwise(self._bytes))

    def runs(self, start: int) -> Iterator[tuple[int, str]]:
        """The lines from *start* on, many at a time: where each run begins, and its text but for its last newline."""
        size = _RUN
        while start + size < len(self):
            run = self[start : start + size]
            if (end := run.rfind("\n")) < 0:
                size *= 2
            else:
                yield start, run[:end]
                start, size = start + end + 1, _RUN
        yield start, self[start:]


Text = str | LongText


def pieces(text: Text) -> Iterator[str]:
    """All of a text; a string is one piece."""
    return iter([text]) if isinstance(text, str) else text.pieces()


def runs(text: Text, start: int) -> Iterator[tuple[int, str]]:
    """The lines of a text as `LongText.runs` gives them; a string is one run."""
    return iter([(start, text[start:])]) if isinstance(text, str) else text.runs(start)


def _starts(data: memoryview) -> Iterator[int]:
    """Where pieces begin, none inside a character, and where the last one ends."""
    at = 0
    while at < len(data):
        yield at
        at += _PIECE
        while at < len(data) and data[at] & 0xC0 == 0x80:
            at += 1
    yield len(data)
