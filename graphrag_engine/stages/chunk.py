"""documents → text_units: cut where the content suggests it, so that an edit changes the units around it alone.

The rule: a stretch that is too long is cut at its best place, and so are both parts. The best place has the best
rank (a heading, a paragraph, a sentence, ...), and among equals the smallest hash of the text around it; a place
near an end of the stretch does not count. So a place is chosen for what stands there and not for how far it is
from the top: content-defined chunking, as in Muthitacharoen, Chen and Mazières, "A low-bandwidth network file
system" (2001), with ranks for what the hash alone cannot see.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import accumulate, pairwise
from typing import NamedTuple
from zlib import crc32

import pyarrow as pa

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.hashing import digest
from graphrag_engine.layouts import outline
from graphrag_engine.llm.base import Conversation, Task, said
from graphrag_engine.markdown import Heading, Outline
from graphrag_engine.offline.text import sentences
from graphrag_engine.schema import TABLES
from graphrag_engine.settings import ChunkSettings
from graphrag_engine.stages.base import RowStage, Tables, chosen

_PARAGRAPH, _LED, _ITEM, _SENTENCE, _LINE, _CODE_PART, _CODE_LINE, _CLAUSE, _SPACE = range(6, 15)
"""Ranks of places, best first. 0 to 5 are headings of levels 1 to 6, `_LED` is a paragraph that a line leads to,
`_ITEM` a sentence at the start of a line."""
_BEFORE, _AFTER = 16, 48
"""Characters around a place that its hash is made of."""
_THINNED = 16
"""One space in so many, chosen by hash, is a place: enough for any stretch that has only spaces to be cut at."""
_STRETCH = 1 << 16
"""Characters whose tokens are counted at once; a word of three quarters of this is over any size, however counted."""

_LINE_START = re.compile(r"\n\s*+")
_ROW = re.compile(r"^[ \t]*+(\|[^\n]*+)", re.MULTILINE)
_GAP = re.compile(r"([,;:\u2013\u2014])\s++|([\u3001\uff0c\uff1a\uff1b])|\s++")
_BREAK = re.compile(r"\W")
_ENDS = tuple(".?!\u2026\u3002\uff01\uff1f")
_CLOSERS = "\"'\u2019\u201d\u00bb)]*_"
_LABEL = 80
"""Most characters of a line that, alone and without an end mark, names what follows it."""
_SOLID = re.compile(r"\S")

Span = tuple[int, int]
Place = tuple[int, int]
"""Offset at which the text may be cut, and rank."""


class TextUnit(NamedTuple):
    """A row of `text_units`, in the order of its columns."""

    id: str
    document_id: str
    position: int
    start: int
    end: int
    n_tokens: int
    heading: str
    text: str


class _Page(NamedTuple):
    """A text, what it is made of, and where it must not be cut: between a heading and what it heads."""

    text: str
    outline: Outline
    held: list[Span]


class _Places(NamedTuple):
    """The places of one stretch, between its two ends: offsets, tokens before them, keys (smallest is best)."""

    at: list[int]
    tokens: list[int]
    keys: list[int]

    def best(self, first: int, last: int, least: int) -> int | None:
        """The best place between two, at least *least* tokens from both; of equal ones the middle one."""
        low = bisect_left(self.tokens, self.tokens[first] + least, first + 1, last)
        high = bisect_right(self.tokens, self.tokens[last] - least, low, last)
        if low == high:
            return None
        smallest = min(self.keys[low:high])
        equal = [number for number in range(low, high) if self.keys[number] == smallest]
        return equal[len(equal) // 2]


_SIZE = 400
"""Most tokens of a text unit where nothing is set."""


def units(document_id: str, title: str, text: str, size: int, source: str = "") -> list[TextUnit]:
    """The text units of one document: in order, apart, all of its words but front matter, none over *size* tokens."""
    shape = outline(source, text)
    spans = list(_spans(_Page(text, shape, list(_held(text, shape.headings))), size))
    paths = _paths(title, shape.headings, [start for start, *_ in spans])
    seen: Counter[str] = Counter()
    made = []
    for position, ((start, end, tokens), path) in enumerate(zip(spans, paths, strict=True)):
        piece = text[start:end]
        key = digest("text_unit", document_id, piece, seen[piece])
        seen[piece] += 1
        made.append(TextUnit(key, document_id, position, start, end, tokens, path, piece))
    return made


def _spans(page: _Page, size: int) -> Iterator[tuple[int, int, int]]:
    """Where the text units begin and end, without the white space around them, and their tokens."""
    cuts = [page.outline.body, len(page.text)]
    waiting, sizes = [(page.outline.body, len(page.text))], dict[Span, int]()
    for find in (_blocks, _sentences, _words):
        waiting = [rest for span in waiting for rest in _cut(_places(page, span, find), size, cuts, sizes)]
    for start, end in waiting:
        cuts += _strides(page.text, start, end, size)
    for span in pairwise(sorted(cuts)):
        start, end = _trimmed(page.text, *span)
        if start < end:
            yield start, end, sizes[span] if span in sizes else estimate_tokens(page.text[start:end])


def _cut(places: _Places, size: int, cuts: list[int], sizes: dict[Span, int]) -> list[Span]:
    """Add to *cuts* until no part is over *size* tokens, and to *sizes* the tokens of each such part.

    Returns the parts that these places cannot cut.
    """
    stuck: list[Span] = []
    waiting = [(0, len(places.at) - 1)]
    while waiting:
        first, last = waiting.pop()
        if (tokens := places.tokens[last] - places.tokens[first]) <= size:
            sizes[places.at[first], places.at[last]] = tokens
            continue
        best = places.best(first, last, size // 4)
        if best is None:
            stuck.append((places.at[first], places.at[last]))
        else:
            cuts.append(places.at[best])
            waiting += [(first, best), (best, last)]
    return stuck


def _places(page: _Page, span: Span, find: Callable[[_Page, Span], Iterable[Place]]) -> _Places:
    """The places that *find* knows in a stretch, with what is needed to choose among them."""
    start, end = span
    found = [place for place in find(page, span) if start < place[0] < end and not _within(page.held, place[0])]
    at = [start, *(offset for offset, _ in found), end]
    tokens = accumulate((_count(page.text, *piece) for piece in pairwise(at)), initial=0)
    keys = [0, *(rank << 32 | _hash(page.text, offset) for offset, rank in found), 0]
    return _Places(at, list(tokens), keys)


def _blocks(page: _Page, _: Span) -> Iterable[Place]:
    """Headings and paragraphs of the whole text."""
    ranks = {place: _LED if _leads(page.text, place) else _PARAGRAPH for place in page.outline.paragraphs}
    ranks |= {heading.start: heading.level - 1 for heading in page.outline.headings}
    return sorted(ranks.items())


def _sentences(page: _Page, span: Span) -> Iterable[Place]:
    """Sentences and lines; in code and tables only lines."""
    start, end = span
    code, rows = page.outline.code, _rows(page, span)
    parted = {start: False}
    parted |= {line.end(): line.group().count("\n") > 1 for line in _LINE_START.finditer(page.text, start, end)}
    lines = list(parted)
    ranks = dict.fromkeys(lines, _LINE)
    before = start
    for begin, stop in sentences(page.text[start:end]):
        line = lines[bisect_right(lines, start + begin) - 1]
        place = line if line >= before else start + begin  # a list mark is no part of the sentence behind it
        if place in ranks or not (_within(code, place) or _within(rows, place)):
            ranks[place] = _ITEM if place in ranks else _SENTENCE
        before = start + stop
    ranks |= {place: _CODE_PART if parted[place] else _CODE_LINE for place in lines if _within(code, place)}
    return sorted(ranks.items())


def _words(page: _Page, span: Span) -> Iterator[Place]:
    """Clauses, and some of the spaces."""
    for gap in _GAP.finditer(page.text, *span):
        if gap.lastindex or not _hash(page.text, gap.end()) % _THINNED:
            yield gap.end(), _CLAUSE if gap.lastindex else _SPACE


def _strides(text: str, start: int, end: int, size: int) -> list[int]:
    """Places by distance alone, for a stretch with nothing else to go by; behind a mark or space if one is near."""
    tokens = _count(text, start, end)
    if tokens <= size:
        return []
    parts = -(-tokens * 4 // (size * 3))
    step = (end - start) // parts
    ends = [start, *(_soft(text, start + step * number, step // 4) for number in range(1, parts)), end]
    deeper = [cut for first, last in pairwise(ends) for cut in _strides(text, first, last, size)]
    return ends[1:-1] + deeper


def _soft(text: str, at: int, reach: int) -> int:
    """The last place within *reach* characters before *at* that does not part a word, or *at*."""
    return max((found.end() for found in _BREAK.finditer(text, at - reach, at)), default=at)


def _held(text: str, headings: Sequence[Heading]) -> Iterator[Span]:
    """From behind the start of each heading to the first words under it, or to the next heading of its rank."""
    for heading, after in zip(headings, [*headings[1:], None], strict=False):
        words = _SOLID.search(text, heading.end)
        end = words.start() + 1 if words else len(text)
        empty = after and after.start < end and after.level <= heading.level
        yield heading.start, after.start if after and empty else end


def _leads(text: str, place: int) -> bool:
    """Whether the line before a paragraph belongs to it: it ends with a colon, or stands alone and is no sentence."""
    above, _, line = text[max(0, place - 2 * _LABEL) : place].rstrip().rpartition("\n")
    if line.endswith((":", "\uff1a")):
        return True
    alone = not above or above.rstrip(" \t\r").endswith("\n")
    return alone and len(line) <= _LABEL and not line.rstrip(_CLOSERS).endswith(_ENDS)


def _rows(page: _Page, span: Span) -> list[Span]:
    return [row.span(1) for row in _ROW.finditer(page.text, *span)]


def _within(spans: list[Span], offset: int) -> bool:
    """Whether an offset lies inside one of these spans, which are sorted and apart."""
    number = bisect_left(spans, (offset, 0)) - 1
    return number >= 0 and offset < spans[number][1]


def _hash(text: str, offset: int) -> int:
    return crc32(text[max(0, offset - _BEFORE) : offset + _AFTER].encode())


def _count(text: str, start: int, end: int) -> int:
    """Estimated tokens; a long stretch is counted bit by bit to spare memory."""
    tokens = 0
    while end - start > _STRETCH:
        gap = _BREAK.search(text, start + _STRETCH // 4, start + _STRETCH)
        stop = gap.start() if gap else start + _STRETCH
        tokens += estimate_tokens(text[start:stop])
        start = stop
    return tokens + estimate_tokens(text[start:end])


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _paths(title: str, headings: Iterable[Heading], starts: Iterable[int]) -> Iterator[str]:
    """For each of these offsets, title and headings in force there, `Title > Section > Subsection`."""
    coming = deque(headings)
    path: list[Heading] = []
    for start in starts:
        while coming and coming[0].start <= start:
            heading = coming.popleft()
            path = [above for above in path if above.level < heading.level] + [heading]
        names = [heading.text for heading in path]
        yield " > ".join([title, *names[names[:1] == [title] :]])


def _prepare(tables: Tables, among: Set[str] | None) -> pa.Table:
    """The documents to look at."""
    documents = tables["documents"].select(["id", "source", "title", "text"])
    return chosen(documents, among)


def _fingerprints(documents: pa.Table, _: ChunkSettings) -> Mapping[str, str]:
    rows = zip(*documents.columns, strict=True)
    return {key.as_py(): digest(title.as_py(), text.as_py()) for key, _, title, text in rows}


def _tasks(
    documents: pa.Table, settings: ChunkSettings, ids: Collection[str], _: Tables
) -> Iterator[Task[list[TextUnit]]]:
    for key, source, title, text in zip(*chosen(documents, ids).columns, strict=True):
        yield Task(key.as_py(), (), partial(_conversation, key, source, title, text, settings.size or _SIZE))


def _conversation(
    key: pa.Scalar, source: pa.Scalar, title: pa.Scalar, text: pa.Scalar, size: int, _: Mapping[str, object]
) -> Conversation[list[TextUnit]]:
    return said(units(key.as_py(), title.as_py(), text.as_py(), size, source.as_py()))


def _gather(results: Mapping[str, list[TextUnit]]) -> Tables:
    rows = [unit for made in results.values() for unit in made]
    columns = list(zip(*rows, strict=True)) or [()] * len(TextUnit._fields)
    return {"text_units": pa.table([list(column) for column in columns], schema=TABLES["text_units"].schema)}


STAGE = RowStage(
    name="chunk",
    reads=("documents",),
    writes=("text_units",),
    version=2,
    owner="document_id",
    touched=lambda _, changes: changes.rows("documents", "content_hash"),
    prepare=_prepare,
    fingerprints=_fingerprints,
    tasks=_tasks,
    gather=_gather,
)
