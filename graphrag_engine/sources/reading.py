"""Sources → the table of documents, what failed, and what a person should know."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest, digest_long
from graphrag_engine.longtext import LongText, Text
from graphrag_engine.offline.ragged import Ints, one_array
from graphrag_engine.results import Event
from graphrag_engine.schema import TABLES
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import archives, delimited, find, jsonl, kinds, rows, texts, titles
from graphrag_engine.sources.apart import Apart
from graphrag_engine.sources.base import Document, Failed, Finding, Noted, fit, one_line, stated
from graphrag_engine.sources.decode import looks_binary
from graphrag_engine.sources.find import File
from graphrag_engine.sources.opening import Content, opened
from graphrag_engine.spool import LARGE, Growing, Spool
from graphrag_engine.thrift import give_back

_BATCH = 1 << 24
"""Characters of text that are gathered before they move into Arrow."""
_TEXT = TABLES["documents"].schema.get_field_index("text")
_TEXT_FIELD = TABLES["documents"].schema.field(_TEXT)
_MOST_NAMES = 5
"""Subjects of a warning that are named."""
_LONG_ROW = 1 << 16
"""Bytes of a row from which on it is not worth a copy to have it in one piece with others."""
_ROWS = 1 << 16
"""Rows that are put in order at once."""
_PIECE = 1 << 20
"""Bytes of a long text that are read at once."""
_STEP = 1 << 18
"""Bytes after which progress is told again."""


@dataclass(frozen=True)
class Found:
    """What the sources hold."""

    documents: pa.Table
    """The table `documents`, sorted by id."""
    failed: tuple[tuple[str, str], ...]
    """(source, sentence) of what could not be read: a file, a row as `file:LINE`, or a folder."""
    unreadable: frozenset[str]
    """What documents are called by, or below, that may only be hidden; empty for any."""
    warnings: tuple[str, ...]


def read(
    sources: Sequence[str],
    settings: SourcesSettings,
    root: Path,
    on_event: Callable[[Event], object] = lambda _: None,
    spool: Spool | None = None,
) -> Found:
    """Everything in these sources (as `find.named` gave them), whatever its order on disk.

    Many documents and long ones lie in the *spool*, if only in the system's folder for temporary files.
    """
    spool = spool or Spool()
    gathered = _Gathered(spool)
    with Apart(settings.seconds) as apart:
        for finding in Reading(settings, apart, spool, on_event).findings(list(find.files(sources, root))):
            gathered.add(finding)
    return Found(
        documents=gathered.documents(),
        failed=tuple(sorted((each.source, each.error) for each in gathered.failed)),
        unreadable=frozenset(each.source if each.hides is None else each.hides for each in gathered.failed),
        warnings=tuple(_warnings(gathered.notes)),
    )


class Reading:
    """One pass over files: with settings, a process for intricate ones, and somebody to tell how far it is."""

    def __init__(
        self, settings: SourcesSettings, apart: Apart, spool: Spool, on_event: Callable[[Event], object]
    ) -> None:
        self._settings = settings
        self._apart = apart
        self._spool = spool
        self._on_event = on_event

    def findings(self, files: Sequence[find.Found]) -> Iterator[Finding]:
        """What these files hold; how far reading is, is told in kilobytes."""
        sizes = [_size(file) for file in files]
        total, done, told = sum(sizes), 0, 0
        for file, size in zip(files, sizes, strict=True):
            for finding, passed in self._contents(file) if isinstance(file, File) else [(file, 0)]:
                yield finding
                if done + passed - told >= _STEP:
                    told = done + passed
                    self._on_event(Event(stage="sources", done=told // 1000, total=max(total, told) // 1000))
            done += size

    def _contents(self, file: File) -> Iterator[tuple[Finding, int]]:
        """The documents of one file, or why it has none, with the bytes that were read up to there."""
        try:
            with opened(file, self._settings) as content:
                for finding in self._unpacked(content):
                    yield finding, content.stream.passed
        except OSError as error:
            yield Failed(file.name, f"{file.name!r} cannot be read: {error.strerror or error}."), 0
        except ValueError as error:
            yield Failed(file.name, f"{file.name!r} {error}."), 0

    def _unpacked(self, content: Content) -> Iterator[Finding]:
        """The documents of an open file, or of those that it holds. Raises ValueError as `_read` does."""
        if kinds.packed(content.name):
            if content.suffix == kinds.ARCHIVE:
                yield find.other(content.name)
                return
            with archives.unpacking():
                yield from self._read(archives.unpacked(content, self._settings))
        elif content.suffix == kinds.ARCHIVE:
            with archives.unpacking():
                yield from self._members(content)
        else:
            yield from self._read(content)

    def _members(self, archive: Content) -> Iterator[Finding]:
        """The documents of the files in an archive; one that cannot be read does not stop the others."""
        for member in archives.members(archive, self._settings):
            if not isinstance(member, Content):
                yield member
                continue
            try:
                with archives.unpacking():
                    yield from self._read(member)
            except ValueError as error:
                yield Failed(member.name, f"{member.name!r} {error}.")

    def _read(self, content: Content) -> Iterator[Finding]:
        """The documents of one open file, no archive; raises ValueError, with the reason, where it has none."""
        name, stream = content.name, content.stream
        if content.suffix in kinds.ROWS:
            yield from rows.read(jsonl.rows(stream), name, self._settings)
        elif content.suffix in kinds.TABLES:
            yield from rows.read(delimited.rows(stream, content.suffix), name, self._settings)
        elif content.suffix in kinds.APART:
            yield self._extracted(kinds.APART[content.suffix], name, stream.read())
        elif content.suffix in kinds.SUBTITLES:
            yield from texts.spoken(*texts.decoded(stream.read()), name)
        else:
            found = self._text(content)
            yield from [find.other(name)] if found is None else texts.read(*found, name)

    def _extracted(self, reader: str, name: str, data: bytes) -> Document:
        """What a reader in a process of its own makes of a file."""
        extract = self._apart.read(reader, data)
        text = fit(extract.text)
        title = one_line(extract.title) or titles.first_line(text) or titles.stem(name)
        return Document(name, title, text, stated(extract.metadata), extract.pages)

    def _text(self, content: Content) -> tuple[Text, str | None] | None:
        """The text of a file, with what to note about it; None where it turns out to be none."""
        stream = content.stream
        long = content.size >= LARGE
        data = self._spool.text(iter(partial(stream.read, _PIECE), b"")) if long else stream.read()
        return None if content.guessed and looks_binary(data) else texts.decoded(data)


def _size(file: find.Found) -> int:
    """Bytes of a file, as far as they are known before it is read."""
    if not isinstance(file, File) or file.size:
        return file.size if isinstance(file, File) else 0
    try:
        return os.stat(file.path).st_size  # noqa: PTH116 - a path is long to make for each file
    except (OSError, ValueError):
        return 0


class _Gathered:
    """What was found so far; texts move into Arrow bit by bit, so that they are not held twice."""

    def __init__(self, spool: Spool) -> None:
        self.failed: list[Failed] = []
        self.notes: dict[str, Counter[str]] = {}
        self._spool = spool
        self._waiting: list[Document] = []
        self._characters = 0
        self._rows = Growing(spool, TABLES["documents"].schema)

    def add(self, finding: Finding) -> None:
        """Take one finding in."""
        if isinstance(finding, Failed):
            self.failed.append(finding)
        elif isinstance(finding, Noted):
            self.notes.setdefault(finding.sentence, Counter())[finding.subject] += 1
        elif isinstance(finding.text, LongText):
            self._flush()
            add = self._rows.add_mapped if len(finding.text.data) >= LARGE else self._rows.add
            add(_long_row(finding, finding.text))
        else:
            self._take(finding)

    def documents(self) -> pa.Table:
        """All documents, sorted by id; they are let go of here. Of two with one source the first stays."""
        self._flush()
        give_back()
        rows = self._rows.table()
        order = pc.sort_indices(rows["id"]).to_numpy().astype(np.int64)
        ids = one_array(rows["id"]).take(pa.array(order))
        again = np.flatnonzero(pc.equal(ids[1:], ids[:-1])) + 1
        for source in rows["source"].take(pa.array(order[again])).to_pylist():
            self.failed.append(Failed(source, f"There are two documents {source!r}; one was left out."))
        found = _picked(rows, np.delete(order, again), self._spool)
        del rows
        give_back()
        return found

    def _take(self, document: Document) -> None:
        self._waiting.append(document)
        self._characters += len(document.text)
        if self._characters > _BATCH or len(self._waiting) == _ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._rows.add(_batch(self._waiting))
        self._waiting.clear()
        self._characters = 0


def _picked(table: pa.Table, order: Ints, spool: Spool) -> pa.Table:
    """These rows of a table, so many at a time; long ones are not copied.

    Arrow takes rows from what is in one piece: it would put all pieces together for each of these times.
    """
    if table.nbytes >= _LONG_ROW * len(table):
        return pa.concat_tables([table.slice(0, 0), *(table.slice(row, 1) for row in order.tolist())])
    batches = table.to_batches()
    firsts = np.cumsum([0, *map(len, batches)])
    picked = Growing(spool, table.schema)
    for at in range(0, len(order), _ROWS):
        rows = order[at : at + _ROWS]
        pieces = np.searchsorted(firsts, rows, "right") - 1
        by_piece = np.argsort(pieces, kind="stable")
        taken = [batches[piece].take(pa.array(rows[pieces == piece] - firsts[piece])) for piece in np.unique(pieces)]
        picked.add(pa.Table.from_batches(taken).take(pa.array(np.argsort(by_piece))))
    return picked.table()


def _batch(documents: Sequence[Document]) -> pa.Table:
    """These rows of the table `documents`; where a text is long, nothing stands in its place."""
    columns = [list(column) for column in zip(*map(_row, documents), strict=True)]
    return pa.table(columns, schema=TABLES["documents"].schema)


def _long_row(document: Document, text: LongText) -> pa.Table:
    """The row of a long text, which shares its bytes."""
    ends = pa.array([0, len(text.data)], pa.int64()).buffers()[1]
    column = pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(text.data))
    return _batch([document]).set_column(_TEXT, _TEXT_FIELD, column)


def _row(document: Document) -> tuple[str | list[int], ...]:
    """The columns of the table `documents`."""
    pages, text = list(document.pages), document.text
    hashed = digest if isinstance(text, str) else digest_long
    return (
        digest("document", document.source),
        document.source,
        document.title,
        text if isinstance(text, str) else "",
        hashed(document.title, text if isinstance(text, str) else text.pieces(), pages, document.metadata),
        pages,
        document.metadata,
    )


def _warnings(notes: Mapping[str, Counter[str]]) -> Iterator[str]:
    """One sentence for each kind of note."""
    for sentence in sorted(notes):
        counted = notes[sentence]
        names = [f"{name} ({times})" if times > 1 else name for name, times in sorted(counted.items())]
        listed = ", ".join(names[:_MOST_NAMES])
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        yield sentence.format(n=counted.total(), names=listed + more)
