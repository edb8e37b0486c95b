"""Sources → the table of documents, what failed, and what a person should know. The one place that opens sources."""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from graphrag_engine.hashing import digest
from graphrag_engine.schema import TABLES
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import find, rows, titles
from graphrag_engine.sources.base import Document, Failed, Finding, Noted
from graphrag_engine.sources.decode import decode, looks_binary
from graphrag_engine.sources.find import File

_BATCH = 1 << 24
"""Characters of text that are gathered before they move into Arrow."""
_MOST_NAMES = 5
"""Subjects of a warning that are named."""


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


def read(sources: Sequence[str], settings: SourcesSettings, root: Path) -> Found:
    """Everything in these sources (as `named` gave them), whatever its order on disk."""
    gathered = _Gathered()
    for finding in _findings(sources, settings, root):
        gathered.add(finding)
    return Found(
        documents=gathered.documents(),
        failed=tuple(sorted((each.source, each.error) for each in gathered.failed)),
        unreadable=frozenset(each.source if each.hides is None else each.hides for each in gathered.failed),
        warnings=tuple(_warnings(gathered.notes)),
    )


def _findings(sources: Sequence[str], settings: SourcesSettings, root: Path) -> Iterator[Finding]:
    for found in find.files(sources, root):
        if isinstance(found, File):
            yield from _contents(found, settings)
        else:
            yield found


def _contents(file: File, settings: SourcesSettings) -> Iterator[Finding]:
    """The documents of one file, or why it has none."""
    try:
        if not stat.S_ISREG(os.stat(file.path).st_mode):  # noqa: PTH116 - a path is long to make for each file
            raise ValueError("is not a regular file")
        with open(file.path, "rb") as stream:  # noqa: PTH123 - as above
            if file.suffix in rows.SUFFIXES:
                yield from rows.read(stream, file.name, settings)
            else:
                yield from _text(stream.read(), file)
    except OSError as error:
        yield Failed(file.name, f"{file.name!r} cannot be read: {error.strerror}.")
    except ValueError as error:
        yield Failed(file.name, f"{file.name!r} {error}.")


def _text(data: bytes, file: File) -> Iterator[Finding]:
    """The one document of a text file; raises ValueError, with the reason, where it is none."""
    if file.guessed and looks_binary(data):
        yield find.other(file)
        return
    text, sentence = decode(data)
    if not text or text.isspace():
        raise ValueError("is empty")
    if sentence:
        yield Noted(sentence, repr(file.name))
    yield Document(file.name, titles.of_file(file.name, text), text)


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
    pages: list[int] = []
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
