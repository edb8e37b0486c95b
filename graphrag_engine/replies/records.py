"""The records of a reply that should be JSON: all of them where it is, those that can be saved where it is not."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import orjson

from graphrag_engine.llm.base import Shape

_TEXT = {"type": "string"}
_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "entities": {"name": _TEXT, "type": _TEXT, "description": _TEXT},
    "relationships": {
        "source": _TEXT,
        "target": _TEXT,
        "type": _TEXT,
        "description": _TEXT,
        "strength": {"type": "integer"},
    },
    "claims": {
        "subject": _TEXT,
        "object": _TEXT,
        "type": _TEXT,
        "status": {"type": "string", "enum": ["TRUE", "FALSE", "SUSPECTED"]},
        "start_date": _TEXT,
        "end_date": _TEXT,
        "description": _TEXT,
        "quote": _TEXT,
    },
}
_TOLD_BY = {"source": "relationships", "subject": "claims", "name": "entities"}
"""The key that tells what kind of record one is."""
_BEGINS = re.compile(r'\{\s*"\w+"\s*:')
"""Within a text of JSON a quote is escaped, so this begins an object, never a part of a text."""
_lenient = json.JSONDecoder(strict=False).raw_decode


def _object(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


SHAPE = Shape(
    "extraction", _object({kind: {"type": "array", "items": _object(fields)} for kind, fields in _FIELDS.items()})
)
"""The JSON that is asked for."""


@dataclass
class Records:
    """What a reply holds; a record is any object of the right place."""

    entities: list[Mapping[str, Any]] = field(default_factory=list)
    relationships: list[Mapping[str, Any]] = field(default_factory=list)
    claims: list[Mapping[str, Any]] = field(default_factory=list)
    bad: int = 0
    """What stands where a record should, or begins as one, and is none."""
    readable: bool = True
    """Whether it is a reply to what was asked at all, were it an empty one."""


def records(text: str) -> Records:
    """The records of a reply, in linear time."""
    try:
        return _whole(orjson.loads(text))
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return _saved(text)


def _whole(found: Any) -> Records:
    """The records of a reply that is JSON."""
    if not isinstance(found, dict) or not _FIELDS.keys() & found.keys():
        return Records(bad=1, readable=False)
    read = Records()
    for kind in _FIELDS:
        rows = found.get(kind)
        if isinstance(rows, list):
            good = [row for row in rows if isinstance(row, dict)]
            setattr(read, kind, good)
            read.bad += len(rows) - len(good)
        elif rows is not None:
            read.bad += 1
    return read


def _saved(text: str) -> Records:
    """The records of a reply that is cut or broken: what begins as one and is whole."""
    read = Records()
    for piece in _pieces(text):
        row = _decoded(piece)
        kind = next((_TOLD_BY[key] for key in _TOLD_BY if row and key in row), None)
        if row is None or kind is None:
            read.bad += 1
        else:
            getattr(read, kind).append(row)
    read.readable = bool(read.entities or read.relationships or read.claims)
    read.bad = max(read.bad, int(not read.readable))
    return read


def _pieces(text: str) -> Iterator[str]:
    """From the beginning of each object to that of the next, but for the one that holds them all."""
    starts = [match.start() for match in _BEGINS.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        if not _HOLDS_ALL.match(text, start, end):
            yield text[start:end]


_HOLDS_ALL = re.compile(rf'\{{\s*"(?:{"|".join(_FIELDS)})"\s*:\s*\[')


def _decoded(piece: str) -> Mapping[str, Any] | None:
    """The object at the start of a text; None where it is not whole."""
    try:
        row, _ = _lenient(piece)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
