"""Sources → the table of documents, what failed, and what a person should know."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from graphrag_engine.hashing import digest
from graphrag_engine.results import Event
from graphrag_engine.schema import TABLES
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import archives, delimited, find, jsonl, kinds, rows, texts, titles
from graphrag_engine.sources.apart import Apart
from graphrag_engine.sources.base import Document, Failed, Finding, Noted, fit, one_line, stated
from graphrag_engine.sources.decode import looks_binary
from graphrag_engine.sources.find import File
from graphrag_engine.sources.opening import Content, opened

_BATCH = 1 << 24
"""Characters of text that are gathered before they move into Arrow."""
_MOST_NAMES = 5
"""Subjects of a warning that are named."""
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
) -> Found:
    """Everything in these sources (as `find.named` gave them), whatever its order on disk."""
    gathered = _Gathered()
    with Apart(settings.seconds) as apart:
        for finding in Reading(settings, apart, on_event).findings(list(find.files(sources, root))):
            gathered.add(finding)
    return Found(
        documents=gathered.documents(),
        failed=tuple(sorted((each.source, each.error) for each in gathered.failed)),
        unreadable=frozenset(each.source if each.hides is None else each.hides for each in gathered.failed),
        warnings=tuple(_warnings(gathered.notes)),
    )


class Reading:
    """One pass over files: with settings, a process for intricate ones, and somebody to tell how far it is."""

    def __init__(self, settings: SourcesSettings, apart: Apart, on_event: Callable[[Event], object]) -> None:
        self._settings = settings
        self._apart = apart
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
            yield from texts.spoken(stream.read(), name)
        else:
            data = stream.read()
            yield from [find.other(name)] if content.guessed and looks_binary(data) else texts.read(data, name)

    def _extracted(self, reader: str, name: str, data: bytes) -> Document:
        """What a reader in a process of its own makes of a file."""
        extract = self._apart.read(reader, data)
        text = fit(extract.text)
        title = one_line(extract.title) or titles.first_line(text) or titles.stem(name)
        return Document(name, title, text, stated(extract.metadata), extract.pages)


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

    def __init__(self) -> None:
        self.failed: list[Failed] = []
        self.notes: dict[str, Counter[str]] = {}
        self._sources: set[str] = set()
        self._waiting: list[Document] = []
        self._characters = 0
        self._batches: list[pa.RecordBatch] = []

    def add(self, finding: Finding) -> None:
        """Take one finding in; of two documents with one source the first stays."""
        if isinstance(finding, Failed):
            self.failed.append(finding)
        elif isinstance(finding, Noted):
            self.notes.setdefault(finding.sentence, Counter())[finding.subject] += 1
        elif finding.source in self._sources:
            again = f"There are two documents {finding.source!r}; one was left out."
            self.failed.append(Failed(finding.source, again))
        else:
            self._sources.add(finding.source)
            self._waiting.append(finding)
            self._characters += len(finding.text)
            if self._characters > _BATCH:
                self._flush()

    def documents(self) -> pa.Table:
        """All documents, sorted by id."""
        self._flush()
        return pa.Table.from_batches(self._batches, TABLES["documents"].schema).sort_by("id")

    def _flush(self) -> None:
        columns = [list(column) for column in zip(*map(_row, self._waiting), strict=True)]
        if columns:
            self._batches.append(pa.record_batch(columns, schema=TABLES["documents"].schema))
        self._waiting.clear()
        self._characters = 0


def _row(document: Document) -> tuple[str | list[int], ...]:
    """The columns of the table `documents`."""
    pages = list(document.pages)
    return (
        digest("document", document.source),
        document.source,
        document.title,
        document.text,
        digest(document.title, document.text, pages, document.metadata),
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
