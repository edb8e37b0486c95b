"""Which of the numbered pairs of names a model takes for one thing: the shape it is asked for, and what is kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from graphrag_engine.llm.base import Shape

_PAIR = {
    "type": "object",
    "properties": {"n": {"type": "integer"}, "same": {"type": "boolean"}},
    "required": ["n", "same"],
    "additionalProperties": False,
}
PAIRS = Shape(
    "pairs",
    {
        "type": "object",
        "properties": {"pairs": {"type": "array", "items": _PAIR}},
        "required": ["pairs"],
        "additionalProperties": False,
    },
)
_OBJECT = re.compile(r"\{[^{}]*\}")
"""The records of a reply that is no JSON as a whole; each is read once, so in linear time."""


@dataclass
class Verdicts:
    """What a reply says of pairs."""

    same: dict[int, bool] = field(default_factory=dict)
    """By number of the pair; one that is judged both ways is not judged."""
    bad: int = 0
    """Records that are no judgement, or of a pair that was not shown, or go against another."""


def verdicts(text: str, shown: int) -> Verdicts:
    """The judgements in a reply on pairs 1 to *shown*, pair by pair."""
    found, torn = Verdicts(), set[int]()
    for row in _rows(text):
        n, same = (row.get("n"), row.get("same")) if isinstance(row, dict) else (None, None)
        if type(n) is not int or not isinstance(same, bool) or not 0 < n <= shown:
            found.bad += 1
        elif found.same.setdefault(n, same) != same:
            torn.add(n)
    for n in torn:
        del found.same[n]
    found.bad += len(torn)
    return found


def _rows(text: str) -> Iterator[Any]:
    """Whatever stands where a judgement should."""
    try:
        reply = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        yield from _saved(text)
        return
    listed = reply.get("pairs") if isinstance(reply, dict) else None
    yield from listed if isinstance(listed, list) else [None]


def _saved(text: str) -> Iterator[Any]:
    """The records of a reply that is cut or broken."""
    for found in _OBJECT.finditer(text):
        try:
            yield orjson.loads(found[0])
        except (orjson.JSONDecodeError, UnicodeEncodeError):
            yield None
