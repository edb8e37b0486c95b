"""JSON Lines → rows: one object a line, streamed."""

import io
import json
import math
from collections.abc import Iterator
from typing import Any

from graphrag_engine.sources.decode import Lines, decode, looks_binary, marked
from graphrag_engine.sources.rows import Row

_HEAD = 512
"""Bytes that tell whether a file holds rows at all; damage further down costs single rows."""


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


_DECODER = json.JSONDecoder(parse_constant=lambda _: None, parse_float=_finite)


def rows(file: io.BufferedReader) -> Iterator[Row]:
    """The rows of an open file. Raises ValueError, with the reason, where the file as a whole holds none."""
    known = Lines(file.peek(_HEAD))
    for number, data in _lines(file):
        try:
            text, note = known.decode(data)
            yield Row(number, _parsed(text), note)
        except ValueError as error:
            yield Row(number, error)


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


def _parsed(line: str) -> dict[str, Any]:
    """The JSON object of a line; numbers that JSON does not know become null."""
    try:
        values = _DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON ({error.msg} at character {error.pos + 1})") from error
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    if not isinstance(values, dict):
        raise ValueError("is not a JSON object")
    return values
