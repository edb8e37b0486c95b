"""CSV and TSV → rows: the first line names the columns; streamed."""

import csv
import io
from collections.abc import Iterator

from graphrag_engine.sources.decode import MENDED, Lines, decode, looks_binary, marked
from graphrag_engine.sources.rows import Row

_LONGEST, _ENDLESS = 4 << 20, 32 << 20
"""Characters from which on a field is no text to be read, and from which on its quote was never closed."""
_TOO_LONG = f"is no row (a field of it has more than {_LONGEST >> 20} MB; perhaps its quote is never closed)"
_HEAD = 1 << 16
_DELIMITERS = ",;\t|"


def rows(file: io.BufferedReader, suffix: str) -> Iterator[Row]:
    """The rows of an open file, by line. Raises ValueError, with the reason, where the file as a whole holds none."""
    head = file.peek(_HEAD)[:_HEAD]
    if looks_binary(head):
        raise ValueError("looks binary")
    notes: list[str] = []
    lines = _lines(file, notes)
    first = next((line for line in lines if line.strip()), "")
    delimiter = "\t" if suffix == ".tsv" else max(_DELIMITERS, key=first.count)
    try:
        names = next(csv.reader([first], delimiter=delimiter), [])
    except csv.Error as error:
        raise ValueError(f"has no line that names its columns ({error})") from None
    for number, fields in _fields(lines, delimiter):
        if isinstance(fields, ValueError):
            yield Row(number, fields)
        elif any(fields):
            yield Row(number, _values(names, fields), notes.pop() if notes else None)


def _lines(file: io.BufferedReader, notes: list[str]) -> Iterator[str]:
    """The lines of a file; what is to be noted about one is added to *notes*."""
    head = file.peek(_HEAD)
    wide, known = marked(head)[1] != "utf-8", Lines(head)
    lines = decode(file.read())[0].encode().splitlines(keepends=True) if wide else file
    for line in lines:
        try:
            text, note = known.decode(line)
        except ValueError:
            text, note = line.decode("utf-8", "replace"), MENDED
        notes += [note] if note else []
        yield from io.StringIO(text, newline="") if "\r" in text[:-2] else [text]


def _fields(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str] | ValueError]]:
    """The fields of each row, or why it is none, and the line where it begins.

    Behind a quote that is never closed nothing can be trusted, and reading ends.
    """
    csv.field_size_limit(_ENDLESS)
    reader = csv.reader(lines, delimiter=delimiter)
    number = 2
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            if reader.line_num + 2 > number + 1:
                raise ValueError(f"has a quote in line {number} that is never closed; the rest was left out") from None
            yield number, ValueError(f"is no row ({error})")
        else:
            if fields is None:
                return
            long = max(map(len, fields), default=0) > _LONGEST
            yield number, ValueError(_TOO_LONG) if long else fields
        number = reader.line_num + 2


def _values(names: list[str], fields: list[str]) -> dict[str, str] | ValueError:
    """A row by its columns, without what is empty."""
    if len(fields) > len(names):
        return ValueError(f"has {len(fields)} fields, but there are {len(names)} columns")
    return {name: field for name, field in zip(names, fields, strict=False) if field}
