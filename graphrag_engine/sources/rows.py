"""Rows → documents: each row is one, and a bad row does not stop the others."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from graphrag_engine.hashing import digest
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import titles
from graphrag_engine.sources.base import Document, Failed, Finding, Noted, fit, one_line, stated

_REPEATED = "Rows with the title and text of an earlier one were left out ({n}): {names}."
_MOST_FAILED = 100
"""Bad rows of one file that are listed one by one."""


class Row(NamedTuple):
    """One row of a file, as it was parsed."""

    line: int
    """Where it begins, from 1."""
    values: Mapping[str, Any] | ValueError
    """Its values by column, or the reason why it has none."""
    note: str | None = None
    """A sentence to note about the file."""


def read(rows: Iterable[Row], name: str, settings: SourcesSettings) -> Iterator[Finding]:
    """The documents of a file of rows, and `name:LINE` with the reason for each row that is none.

    Raises ValueError, with the reason, where the file as a whole holds no rows.
    """
    lines: dict[str, int] = {}
    failed = 0
    for row in rows:
        try:
            yield from _findings(row, lines, name, settings)
        except ValueError as error:
            failed += 1
            if failed <= _MOST_FAILED:
                yield Failed(f"{name}:{row.line}", f"Line {row.line} of {name!r} {error}.")
    if failed > _MOST_FAILED:
        yield Failed(f"{name}:more", f"{failed - _MOST_FAILED} more lines of {name!r} are not readable rows.")
    if not lines and not failed:
        raise ValueError("is empty")


def _findings(row: Row, lines: dict[str, int], name: str, settings: SourcesSettings) -> Iterator[Finding]:
    """What one row holds; *lines* tells where a source was met first. Raises ValueError, with the reason, for none."""
    if isinstance(row.values, ValueError):
        raise row.values
    key, document = _document(row.values, name, settings)
    first = lines.setdefault(document.source, row.line)
    if first != row.line and key:
        raise ValueError(f"has the id {key!r} of line {first}")
    if row.note:
        yield Noted(row.note, repr(name))
    yield document if first == row.line else Noted(_REPEATED, repr(name))


def _document(values: Mapping[str, Any], name: str, settings: SourcesSettings) -> tuple[str, Document]:
    """The id that a row states, if any, and the document that it is."""
    text = _text(values.get(settings.text_column), settings.text_column)
    key = _label(values.get(settings.id_column))
    if key is None:
        raise ValueError(f"has an {settings.id_column!r} that is neither text nor a number")
    title = _label(values.get(settings.title_column))
    used = {settings.text_column, settings.id_column} | ({settings.title_column} if title is not None else set())
    metadata = stated({name: value for name, value in values.items() if name not in used})
    shown = title or titles.first_line(text) or f"{titles.stem(name)} {key}".strip()
    return key, Document(f"{name}#{key or digest(title or '', text)}", shown, text, metadata)


def _text(value: object, column: str) -> str:
    """The text of a row; raises ValueError, with the reason, where there is none."""
    if value is None:
        raise ValueError(f"has no {column!r} (settings can name another column: sources.text_column)")
    if not isinstance(value, str):
        raise ValueError(f"has a {column!r} that is not text")
    if not value.strip():
        raise ValueError(f"has an empty {column!r}")
    return fit(value)


def _label(value: object) -> str | None:
    """A title or id as one line; empty where none is stated, None where it is neither text nor a number."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return one_line(str(value))
