"""Filters by what documents state: `source=letters/`, `kind=ship`, `date=1920..1930`. The same on every store."""

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

from graphrag_engine.errors import UsageError
from graphrag_engine.offline.dates import iso

_BETWEEN = ".."
_END = re.compile(r"(?:-?\d+(?:\.\d+)?|\d{4}-\d\d(?:-\d\d)?)?\Z")
"""A number, or a date as year, year and month, or day."""
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def check(wanted: Mapping[str, str]) -> None:
    """Raise UsageError for a range that no value can lie in."""
    for key, value in wanted.items():
        if key == "source" or _BETWEEN not in value:
            continue
        low, _, high = value.partition(_BETWEEN)
        if not (low or high) or not (_END.match(low) and _END.match(high)):
            raise UsageError(
                f"{value!r} is no range for {key!r}: write FROM..TO with numbers or dates, "
                "such as 1920..1930, 1920-05.. or ..1930-12-31."
            )
        if low and high and not _reaches(low, high):
            raise UsageError(f"The range {value!r} for {key!r} ends before it begins.")


def matches(source: str, metadata: str, wanted: Mapping[str, str]) -> bool:
    """Whether a document has every wanted value; a list in its metadata has each of its items."""
    stated = json.loads(metadata or "{}") if wanted.keys() - {"source"} else {}
    return all(
        _is_under(source, value) if key == "source" else any(_fits(text, value) for text in _texts(stated.get(key)))
        for key, value in wanted.items()
    )


def _is_under(source: str, pattern: str) -> bool:
    whole = pattern.rstrip("/")
    return source == whole or source.startswith((f"{whole}/", f"{whole}#")) or fnmatchcase(source, pattern)


def _fits(stated: str, value: str) -> bool:
    """Whether a stated value is the one wanted, or lies in it: a year, a month, or a range with both its ends."""
    low, between, high = value.partition(_BETWEEN)
    if stated == value or not between:
        return stated == value or _is_in(stated, value)
    first, last = iso(stated) or (stated, stated)
    return (not low or _reaches(low, last)) and (not high or _reaches(first, high))


def _is_in(stated: str, value: str) -> bool:
    """Whether a stated date is one of the year or month that is wanted."""
    first, last = (stated, stated) if _DATE.fullmatch(stated) else iso(stated) or ("", "")
    return bool(_DATE.fullmatch(value)) and first.startswith(f"{value}-") and last.startswith(f"{value}-")


def _reaches(low: str, high: str) -> bool:
    """Whether one end is not behind the other: as dates, where both are, as far as both are told; else as numbers."""
    if _DATE.fullmatch(low) and _DATE.fullmatch(high):
        told = min(len(low), len(high))
        return low[:told] <= high[:told]
    left, right = _number(low), _number(high)
    return left is not None and right is not None and left <= right


def _number(text: str) -> float | None:
    return float(text) if text and _END.match(text) and text.count("-") <= text.startswith("-") else None


def _texts(value: object) -> list[str]:
    """A value of metadata as people write it after KEY=."""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if value is None:
        return []
    return [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)]
