"""A text with its outline, page by page: what of both is needed to cut one stretch after the other."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from operator import attrgetter, itemgetter
from typing import NamedTuple

from graphrag_engine.layouts import outline
from graphrag_engine.longtext import Text
from graphrag_engine.markdown import Heading, Outline

AROUND = 160
"""Characters before and behind a stretch that its page shows as well."""
_PAGE = 1 << 20
"""Characters of a long text that are looked at together."""
_STEP = 80
"""Characters in which words are looked for first."""
_SOLID = re.compile(r"\S")

Span = tuple[int, int]
_start: Callable[[Heading], int] = attrgetter("start")


class Page(NamedTuple):
    """A text, what it is made of, and where it must not be cut: between a heading and what it heads."""

    text: str
    outline: Outline
    held: list[Span]
    base: int = 0
    """Where the page begins in the whole text; what it holds counts from here."""


class Book(NamedTuple):
    """The same of a text that may be too long for one page."""

    text: Text
    outline: Outline
    held: list[Span]

    @classmethod
    def of(cls, source: str, text: Text) -> "Book":
        """The text of a document, by its source."""
        shape = outline(source, text)
        return cls(text, shape, list(_held(text, shape.headings)))

    def page(self, span: Span) -> Page:
        """All that is needed to cut a stretch."""
        if isinstance(self.text, str):
            return Page(self.text, self.outline, self.held)
        base = max(0, span[0] - AROUND)
        shape = Outline(
            headings=[replace(each, start=each.start - base) for each in self._headings(span)],
            paragraphs=[each - base for each in _between(self.outline.paragraphs, span)],
            code=_moved(self.outline.code, span, base),
        )
        return Page(self.text[base : span[1] + AROUND], shape, _moved(self.held, span, base), base)

    def stretches(self) -> Iterator[Span]:
        """The text from page to page: all of it in one, or cut where it may be cut anyway."""
        places = merge(self.outline.paragraphs, map(_start, self.outline.headings))
        free = (place for place in places if place < len(self.text) and not within(self.held, place))
        ends = [self.outline.body, *([] if isinstance(self.text, str) else free), len(self.text)]
        return ((group[0], group[-1]) for group in by_page(ends))

    def _headings(self, span: Span) -> list[Heading]:
        first, last = (bisect_left(self.outline.headings, offset, key=_start) for offset in span)
        return self.outline.headings[first:last]


def by_page(cuts: Iterable[int]) -> Iterator[list[int]]:
    """The cuts in groups that have the text of a page between their ends; each begins with the last of the one before.

    They are in order, and two at least.
    """
    group: list[int] = []
    for cut in cuts:
        group.append(cut)
        if cut - group[0] >= _PAGE:
            yield group
            group = [cut]
    if len(group) > 1:
        yield group


def within(spans: list[Span], offset: int) -> bool:
    """Whether an offset lies inside one of these spans, which are sorted and apart."""
    number = bisect_left(spans, (offset, 0)) - 1
    return number >= 0 and offset < spans[number][1]


def _between(offsets: Sequence[int], span: Span) -> Sequence[int]:
    """The offsets from the start of a span on and before its end; they are sorted."""
    first, last = (bisect_left(offsets, end) for end in span)
    return offsets[first:last]


def _moved(spans: list[Span], among: Span, base: int) -> list[Span]:
    """The spans that reach into another, counted from *base*; they are sorted and apart."""
    first, last = bisect_right(spans, among[0], key=itemgetter(1)), bisect_left(spans, among[1], key=itemgetter(0))
    return [(start - base, end - base) for start, end in spans[first:last]]


def _held(text: Text, headings: Sequence[Heading]) -> Iterator[Span]:
    """From behind the start of each heading to the first words under it, or to the next heading of its rank."""
    for heading, after in zip(headings, [*headings[1:], None], strict=False):
        end = min(_solid(text, heading.end) + 1, len(text))
        empty = after and after.start < end and after.level <= heading.level
        yield heading.start, after.start if after and empty else end


def _solid(text: Text, at: int) -> int:
    """The first place from *at* on that is no white space, or the end."""
    step = _STEP
    while at < len(text):
        if found := _SOLID.search(text[at : at + step]):
            return at + found.start()
        at, step = at + step, step * 2
    return len(text)
