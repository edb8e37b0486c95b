"""Dates in Korean text: where they stand, and their ISO 8601 form."""

import re
from collections.abc import Iterator

from graphrag_engine.offline.names import Span, named

_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>1\d{3}|20\d\d)(?:\ub144(?:\s?(?P<month>1[0-2]|0?[1-9])\uc6d4(?:\s?(?P<day>3[01]|[12]\d|0?[1-9])\uc77c)?)?"
    r"|[-.]\s?(?P<m>1[0-2]|0?[1-9])[-.]\s?(?P<d>3[01]|[12]\d|0?[1-9])(?!\d))"
    r"(?!\ub3c4\ub300|\uac04|\uc9f8|\ub300)(?P<decade>)"
    r"|(?P<tens>1\d\d0|20\d0)\ub144\ub300|(?:1[0-2]|[1-9])\uc6d4\s?(?:3[01]|[12]\d|[1-9])\uc77c)"
)
_AMOUNT = re.compile(
    r"(?<![\d.,])\d[\d,.]*\s?(?:[\ub9cc\uc5b5\uc870\ucc9c\ubc31]\s?)*(?P<unit>\uc6d0|\ub2ec\ub7ec|\uc5d4|\uc720\ub85c|\ud30c\uc6b4\ub4dc"
    r"|km|m|\ud0ac\ub85c\ubbf8\ud130|\ubbf8\ud130|\ud1a4|kg|\ud0ac\ub85c\uadf8\ub7a8|\ud3c9|\ub9ac\ud130|\ud5e5\ud0c0\ub974)(?![A-Za-z])"
)
_MONEY = ("\uc6d0", "\ub2ec\ub7ec", "\uc5d4", "\uc720\ub85c", "\ud30c\uc6b4\ub4dc")


def values(text: str, start: int, end: int) -> Iterator[Span]:
    """The dates, sums and measures of text[start:end]."""
    for found in _DATE.finditer(text, start, end):
        yield named(text, *found.span(), "date")
    for found in _AMOUNT.finditer(text, start, end):
        yield named(text, *found.span(), "money" if found["unit"] in _MONEY else "quantity")


def iso(written: str) -> tuple[str, str] | None:
    """First and last day, month or year of a date as written, in ISO 8601; None where it has no year."""
    found = _DATE.match(written)
    if found is None or not (found["year"] or found["tens"]):
        return None
    if found["tens"]:
        return found["tens"], str(int(found["tens"]) + 9)
    parts = (found["year"], found["month"] or found["m"], found["day"] or found["d"])
    text = "-".join(f"{int(part):02}" for part in parts if part)
    return text, text
