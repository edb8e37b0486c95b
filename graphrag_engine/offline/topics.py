"""What a document's title and headings name, and where a text writes it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from graphrag_engine.offline.cues import GENERAL, NEVER_ALONE, PARTICLES, VESSELS
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.names import Span, named, spans
from graphrag_engine.offline.nouns import noun_type
from graphrag_engine.offline.text import written

_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_STATED = re.compile(r"\s(?:is|was|are|were)\s(?:an?|the|one\sof)\s")
_ASIDE = re.compile(r"\([^()]*\)")
_FAR = 40
"""Characters, without brackets, between a title and what is said of it."""
_MARKS = " #*_`\"'\u201c\u201d"
_LISTS = re.compile(r"[:;,]|\d{4}")
_REGION = re.compile(r"([^,]{2,40}), ([^,]{2,40})$")
_LETTER = re.compile(r"[^\W\d_]")
_FILE = (".md", ".txt", ".pdf", ".docx", ".html", ".csv", ":")
_LONGEST = 100
"""Characters of a title that can be a name."""


def named_by(title: str, text: str, lexicon: Lexicon) -> list[str]:
    """The names that a title stands for; one that is no name and not written in the text gives the names in it."""
    found = _whole(title)
    if all(_is_name(name) or _runs_inside(text, name) for name in found):
        return list(found)
    inner = dict.fromkeys(span.name for span in spans(title, 0, len(title), lexicon) if span.kind == "name")
    return [
        name for name in inner if name not in GENERAL and not name.isupper() and any(places(text, name, 0, len(text)))
    ]


@lru_cache(maxsize=1 << 12)
def _whole(title: str) -> tuple[str, ...]:
    """A title as one name, `Place, Region` as two, a sentence or a file's name as none."""
    plain = _without_craft(" ".join(_BRACKET.sub("", title).strip(_MARKS).split()))
    letter = _LETTER.search(plain)
    if letter is None or not letter.group().isupper() or len(plain) > _LONGEST or plain.endswith(_FILE):
        return ()
    written = plain.split()
    if (
        plain in GENERAL
        or plain in NEVER_ALONE
        or (plain.isupper() and len(written) > 1)
        or (len(written) > 6 and _lower(written) * 2 > len(written))
    ):
        return ()
    place = _REGION.match(plain)
    if place and " and " not in plain and place[2][0].isupper():
        return place[1], place[2]
    return (plain,)


def _without_craft(title: str) -> str:
    """`The Tug Ada Pell` is the Ada Pell."""
    written = title.split()
    at = 1 if written[:1] == ["The"] else 0
    return " ".join(written[at + 1 :]) if len(written) > at + 1 and written[at] in VESSELS else title


def _lower(written: list[str]) -> int:
    return sum(word[0].islower() for word in written)


def type_told(title: str, opening: str) -> str:
    """The type that the bracket behind a title tells (`Kestrel (ship)`), else what the *opening* says a thing is."""
    bracket = _BRACKET.search(title)
    told = noun_type(bracket.group().strip(" ()[]")) if bracket else ""
    stated = None if told else _STATED.search(opening)
    if stated and len(_ASIDE.sub("", opening[: stated.start()])) > len(title) + _FAR:
        stated = None
    return noun_type(opening[stated.end() : stated.end() + 90]) if stated else told


def _is_name(title: str) -> bool:
    """Whether a title is written like a name: capitals but for small words, no colon, comma or date."""
    return not _LISTS.search(title) and not _lower([word for word in title.split() if word not in PARTICLES])


def _runs_inside(text: str, name: str) -> bool:
    """Whether a text writes a name inside a line, not as its heading."""
    return any(text[stop : stop + 1] not in ("", "\n", "\r") for _, stop in places(text, name, 0, len(text)))


def places(text: str, name: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where a name is written in text[start:end]: as it is, or in any case if it has several words."""
    if " " in name:
        for match in _any_case(name).finditer(text, start, end):
            yield match.span()
        return
    yield from written(text, name, start, end)


@lru_cache(maxsize=1 << 10)
def _any_case(name: str) -> re.Pattern[str]:
    written = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w){written}(?!\w)", re.IGNORECASE)


def with_topics(found: list[Span], topics: list[Span], text: str, start: int, end: int) -> list[Span]:
    """The spans of a sentence with the document's own names where they are written out."""
    for topic in topics:
        own: list[Span] = []
        for at, stop in places(text, topic.name, start, end):
            if text.startswith(("the ", "The "), at) and " " in topic.name[4:]:
                at += 4
            own.append(named(text, at, stop))
        if own:
            found = _laid_over(found, own)
    return found


def _laid_over(found: list[Span], own: list[Span]) -> list[Span]:
    """Both lists in order; where two overlap the longer stays, of equals the one of *own*."""
    kept: list[Span] = []
    first = frozenset(own)
    for span in sorted([*found, *own], key=lambda one: (one.start, -one.end, one not in first)):
        while kept and kept[-1].end > span.start and kept[-1].end - kept[-1].start < span.end - span.start:
            kept.pop()
        if not kept or kept[-1].end <= span.start:
            kept.append(span)
    return kept
