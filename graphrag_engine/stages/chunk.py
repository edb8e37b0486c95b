"""documents → text_units: cut where the content suggests it, so that an edit changes the units around it alone.

The rule: a stretch that is too long is cut at its best place, and so are both parts. The best place has the best
rank (a heading, a paragraph, a sentence, ...), and among equals the smallest hash of the text around it; a place
near an end of the stretch does not count. So a place is chosen for what stands there and not for how far it is
from the top: content-defined chunking, as in Muthitacharoen, Chen and Mazières, "A low-bandwidth network file
system" (2001), with ranks for what the hash alone cannot see.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableSequence, Sequence, Set
from functools import partial
from itertools import accumulate, chain, islice, pairwise, tee
from typing import NamedTuple
from zlib import crc32

import numpy as np
import pyarrow as pa

from graphrag_engine.book import AROUND, Book, Page, Span, by_page, within
from graphrag_engine.costs import estimate_tokens
from graphrag_engine.hashing import digest, digest_long
from graphrag_engine.llm.base import Conversation, Task, said
from graphrag_engine.longtext import LONG, LongText, Text
from graphrag_engine.markdown import Heading
from graphrag_engine.offline.text import sentences
from graphrag_engine.offline.tokens import tokens_between
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
_AT_ONCE = 256
"""Parts whose tokens are counted at once."""

_LINE_START = re.compile(r"\n\s*+")
_ROW = re.compile(r"^[ \t]*+(\|[^\n]*+)", re.MULTILINE)
_GAP = re.compile(r"([,;:\u2013\u2014])\s++|([\u3001\uff0c\uff1a\uff1b])|\s++")
_BREAK = re.compile(r"\W")
_ENDS = tuple(".?!\u2026\u3002\uff01\uff1f")
_CLOSERS = "\"'\u2019\u201d\u00bb)]*_"
_LABEL = 80
"""Most characters of a line that, alone and without an end mark, names what follows it."""

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


class _Places(NamedTuple):
    """The places of one stretch, between its two ends: offsets, tokens before them, keys (smallest is best)."""

    at: MutableSequence[int]
    tokens: MutableSequence[int]
    keys: MutableSequence[int]

    def best(self, first: int, last: int, least: int) -> int | None:
        """The best place between two, at least *least* tokens from both; of equal ones the middle one."""
        low = bisect_left(self.tokens, self.tokens[first] + least, first + 1, last)
        high = bisect_right(self.tokens, self.tokens[last] - least, low, last)
        if low == high:
            return None
        smallest = min(self.keys[low:high])
        equal = [number for number in range(low, high) if self.keys[number] == smallest]
        return equal[len(equal) // 2]


_BATCH = 1 << 12
"""Text units that are moved into Arrow together."""
_SIZE = 400
"""Most tokens of a text unit where nothing is set."""


def units(document_id: str, title: str, text: Text, size: int, source: str = "") -> list[TextUnit]:
    """The text units of one document: in order, apart, all of its words but front matter, none over *size* tokens."""
    return list(_units(document_id, title, text, size, source))


def _units(document_id: str, title: str, text: Text, size: int, source: str) -> Iterator[TextUnit]:
    """The same, made when they are asked for."""
    book = Book.of(source, text)
    spans, again = tee(_spans(book, size))
    paths = _paths(title, book.outline.headings, (start for start, *_ in again))
    seen: Counter[str] = Counter()
    for position, ((start, end, tokens, piece), path) in enumerate(zip(spans, paths, strict=True)):
        first = digest("text_unit", document_id, piece, 0)
        key = digest("text_unit", document_id, piece, seen[first]) if first in seen else first
        seen[first] += 1
        yield TextUnit(key, document_id, position, start, end, tokens, path, piece)


def _spans(book: Book, size: int) -> Iterator[tuple[int, int, int, str]]:
    """Where the text units begin and end, without the white space around them, their tokens and texts."""
    cuts, sizes = [book.outline.body, len(book.text)], dict[int, int]()
    _cut(_joined(_places(book.page(span), span, _blocks) for span in book.stretches()), size, cuts, sizes)
    for some in by_page(sorted(cuts)):
        page = book.page((some[0], some[-1]))
        for start, end in pairwise(_finer(page, some, size, sizes)):
            first, last = _trimmed(page.text, start - page.base, end - page.base)
            if first < last:
                piece = page.text[first:last]
                tokens = sizes[start] if start in sizes else estimate_tokens(piece)
                yield first + page.base, last + page.base, tokens, piece


def _finer(page: Page, cuts: list[int], size: int, sizes: dict[int, int]) -> list[int]:
    """The cuts of a page with those between them by which no part is over *size* tokens."""
    waiting = [span for span in pairwise(cuts) if span[0] not in sizes]
    for find in (_sentences, _words):
        waiting = [rest for span in waiting for rest in _cut(_places(page, span, find), size, cuts, sizes)]
    for start, end in waiting:
        cuts += [cut + page.base for cut in _strides(page.text, start - page.base, end - page.base, size)]
    return sorted(cuts)


def _cut(places: _Places, size: int, cuts: list[int], sizes: dict[int, int]) -> list[Span]:
    """Add to *cuts* until no part is over *size* tokens, and to *sizes* the tokens of each such part, by its start.

    Returns the parts that these places cannot cut.
    """
    stuck: list[Span] = []
    waiting = [(0, len(places.at) - 1)]
    while waiting:
        first, last = waiting.pop()
        if (tokens := places.tokens[last] - places.tokens[first]) <= size:
            sizes[places.at[first]] = tokens
            continue
        best = places.best(first, last, size // 4)
        if best is None:
            stuck.append((places.at[first], places.at[last]))
        else:
            cuts.append(places.at[best])
            waiting += [(first, best), (best, last)]
    return stuck


def _places(page: Page, span: Span, find: Callable[[Page, Span], Iterable[Place]]) -> _Places:
    """The places that *find* knows in a stretch, with what is needed to choose among them."""
    start, end = span[0] - page.base, span[1] - page.base
    found = [place for place in find(page, (start, end)) if start <= place[0] < end]
    found = [place for place in found if not within(page.held, place[0])]
    if not found or found[0][0] > start:
        found.insert(0, (start, 0))
    at = [*(offset for offset, _ in found), end]
    tokens = accumulate(_counts(page.text, at), initial=0)
    keys = [*(rank << 32 | _hash(page.text, offset) for offset, rank in found), 0]
    return _Places([offset + page.base for offset in at] if page.base else at, list(tokens), keys)


def _joined(pages: Iterable[_Places]) -> _Places:
    """The places of stretches that follow one another; kept as numbers, of which there may be many."""
    whole = _Places(array("q", [0]), array("q", [0]), array("q", [0]))
    for more in pages:
        before = whole.tokens.pop()
        whole.tokens.extend(before + tokens for tokens in more.tokens)
        for known, new in ((whole.at, more.at), (whole.keys, more.keys)):
            known.pop()
            known.extend(new)
    return whole


def _blocks(page: Page, _: Span) -> Iterable[Place]:
    """Headings and paragraphs of a page."""
    ranks = {place: _LED if _leads(page.text, place) else _PARAGRAPH for place in page.outline.paragraphs}
    ranks |= {heading.start: heading.level - 1 for heading in page.outline.headings}
    return sorted(ranks.items())


def _sentences(page: Page, span: Span) -> Iterable[Place]:
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
        if place in ranks or not (within(code, place) or within(rows, place)):
            ranks[place] = _ITEM if place in ranks else _SENTENCE
        before = start + stop
    ranks |= {place: _CODE_PART if parted[place] else _CODE_LINE for place in lines if within(code, place)}
    return sorted(ranks.items())


def _words(page: Page, span: Span) -> Iterator[Place]:
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


def _leads(text: str, place: int) -> bool:
    """Whether the line before a paragraph belongs to it: it ends with a colon, or stands alone and is no sentence."""
    above, _, line = text[max(0, place - AROUND) : place].rstrip().rpartition("\n")
    if line.endswith((":", "\uff1a")):
        return True
    alone = not above or above.rstrip(" \t\r").endswith("\n")
    return alone and len(line) <= _LABEL and not line.rstrip(_CLOSERS).endswith(_ENDS)


def _rows(page: Page, span: Span) -> list[Span]:
    return [row.span(1) for row in _ROW.finditer(page.text, *span)]


def _hash(text: str, offset: int) -> int:
    return crc32(text[max(0, offset - _BEFORE) : offset + _AFTER].encode())


def _counts(text: str, at: Sequence[int]) -> Iterator[int]:
    """Estimated tokens between each two places, many at once where these are near."""
    for first in range(0, len(at) - 1, _AT_ONCE):
        some = at[first : first + _AT_ONCE + 1]
        found = tokens_between(text, some) if some[-1] - some[0] <= _STRETCH else None
        yield from (_count(text, *part) for part in pairwise(some)) if found is None else found.tolist()


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


def _fingerprints(documents: pa.Table, _: ChunkSettings) -> Iterator[tuple[str, str]]:
    rows = zip(documents["id"], documents["title"], _utf8(documents["text"]), strict=True)
    return ((key.as_py(), _fingerprint(title.as_py(), _text(data))) for key, title, data in rows)


def _fingerprint(title: str, text: Text) -> str:
    return digest(title, text) if isinstance(text, str) else digest_long(title, text.pieces())


def _text(data: memoryview) -> Text:
    """The text of a document, decoded unless it is long."""
    return str(data, "utf-8") if len(data) < LONG else LongText(data)


def _utf8(texts: pa.ChunkedArray) -> Iterator[memoryview]:
    """The bytes of each text, where they are: as a scalar it would be a copy."""
    for chunk in filter(len, texts.chunks):
        _, ends, data = chunk.buffers()
        whole = memoryview(data or b"")
        for start, end in pairwise(np.frombuffer(ends, np.int64)[chunk.offset :][: len(chunk) + 1].tolist()):
            yield whole[start:end]


def _tasks(
    documents: pa.Table, settings: ChunkSettings, ids: Collection[str], _: Tables
) -> Iterator[Task[Iterable[TextUnit]]]:
    rows, size = chosen(documents, ids), settings.size or _SIZE
    stated = (rows[name] for name in ("id", "source", "title"))
    for key, source, title, data in zip(*stated, _utf8(rows["text"]), strict=True):
        yield Task(key.as_py(), (), partial(_conversation, key, source, title, data, size))


def _conversation(
    key: pa.Scalar, source: pa.Scalar, title: pa.Scalar, data: memoryview, size: int, _: Mapping[str, object]
) -> Conversation[Iterable[TextUnit]]:
    """Those of a long text are made when they are gathered, so that they are never all there as objects."""
    text = _text(data)
    made = _units(key.as_py(), title.as_py(), text, size, source.as_py())
    return said(list(made) if isinstance(text, str) else made)


def _gather(results: Mapping[str, Iterable[TextUnit]]) -> Tables:
    rows = chain.from_iterable(results.values())
    batches = [_batch(some) for some in iter(lambda: list(islice(rows, _BATCH)), [])]
    return {"text_units": pa.Table.from_batches(batches, TABLES["text_units"].schema)}


def _batch(rows: Iterable[TextUnit]) -> pa.RecordBatch:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.record_batch(columns, schema=TABLES["text_units"].schema)


STAGE = RowStage(
    name="chunk",
    reads=("documents",),
    large=("documents.text",),
    writes=("text_units",),
    version=2,
    owner="document_id",
    touched=lambda _, changes: changes.rows("documents", "content_hash"),
    prepare=_prepare,
    fingerprints=_fingerprints,
    tasks=_tasks,
    gather=_gather,
)
