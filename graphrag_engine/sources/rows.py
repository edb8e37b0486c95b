"""JSON Lines → documents: each row is one, and a bad row does not stop the others."""

import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphrag_engine.hashing import digest
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import titles
from graphrag_engine.sources.base import Document, Failed, Finding, Noted, fit
from graphrag_engine.sources.decode import decode, looks_binary, marked

SUFFIXES = (".jsonl", ".ndjson")

_REPEATED = "Rows with the title and text of an earlier one were left out ({n}): {names}."
_MOST_FAILED = 100
"""Bad rows of one file that are listed one by one."""
_HEAD = 512
"""Bytes that tell whether a file holds rows at all; damage further down costs single rows."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, as it states itself."""

    id: str | None
    title: str
    text: str
    metadata: str


def read(file: io.BufferedReader, name: str, settings: SourcesSettings) -> Iterator[Finding]:
    """The documents of an open file of rows, and `name:LINE` with the reason for each row that is none.

    Raises ValueError, with the reason, where the file as a whole holds no rows.
    """
    lines: dict[str, int] = {}
    failed = 0
    for number, data in _lines(file):
        try:
            yield from _findings(data, number, lines, name, settings)
        except ValueError as error:
            failed += 1
            if failed <= _MOST_FAILED:
                yield Failed(f"{name}:{number}", f"Line {number} of {name!r} {error}.")
    if failed > _MOST_FAILED:
        yield Failed(f"{name}:more", f"{failed - _MOST_FAILED} more lines of {name!r} are not readable rows.")
    if not lines and not failed:
        raise ValueError("is empty")


def _findings(
    data: bytes, number: int, lines: dict[str, int], name: str, settings: SourcesSettings
) -> Iterator[Finding]:
    """What one line holds; *lines* tells on which line a source was met first. Raises ValueError as `_row` does."""
    text, sentence = decode(data)
    row = _row(text, settings)
    document = _document(row, name)
    first = lines.setdefault(document.source, number)
    if first != number and row.id:
        raise ValueError(f"has the id {row.id!r} of line {first}")
    if sentence:
        yield Noted(sentence, repr(name))
    yield document if first == number else Noted(_REPEATED, repr(name))


def _lines(file: io.BufferedReader) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, each with its number from 1; one at a time unless the file is UTF-16 or UTF-32."""
    head = file.peek(_HEAD)[:_HEAD]
    if looks_binary(head):
        raise ValueError("looks binary")
    wide = marked(head)[1] != "utf-8"
    lines = decode(file.read())[0].encode().split(b"\n") if wide else file
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, line


def _row(line: str, settings: SourcesSettings) -> _Row:
    """One row from its line; raises ValueError, with the reason, where it is none."""
    values = _parsed(line)
    text = values.pop(settings.text_column, None)
    if text is None:
        raise ValueError(f"has no {settings.text_column!r} (settings can name another column: sources.text_column)")
    if not isinstance(text, str):
        raise ValueError(f"has a {settings.text_column!r} that is not text")
    if not text.strip():
        raise ValueError(f"has an empty {settings.text_column!r}")
    key = _label(values.pop(settings.id_column, None))
    if key is None:
        raise ValueError(f"has an {settings.id_column!r} that is neither text nor a number")
    title = _label(values.get(settings.title_column))
    if title is not None:
        values.pop(settings.title_column, None)
    metadata = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _Row(key or None, title or "", fit(text), fit(metadata))


def _parsed(line: str) -> dict[str, Any]:
    """The JSON object of a line; numbers that JSON does not know become null."""
    try:
        values = json.loads(line, parse_constant=lambda _: None, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON ({error.msg} at character {error.pos + 1})") from error
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    if not isinstance(values, dict):
        raise ValueError("is not a JSON object")
    return values


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


def _label(value: object) -> str | None:
    """A title or id as one line; empty where none is stated, None where it is neither text nor a number."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return " ".join(fit(str(value)).split())


def _document(row: _Row, name: str) -> Document:
    """The document that a row of this file is."""
    key = row.id or digest(row.title, row.text)
    title = row.title or titles.first_line(row.text) or f"{titles.stem(name)} {row.id or ''}".strip()
    return Document(f"{name}#{key}", title, row.text, row.metadata)
