"""Dates in Korean text: where they stand, and their ISO 8601 form."""

import re
from collections.abc import Iterator

from graphrag_engine.offline.names import Span, named

_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>1\d{3}|20\d\d)(?:년(?:\s?(?P<month>1[0-2]|0?[1-9])월(?:\s?(?P<day>3[01]|[12]\d|0?[1-9])일)?)?"
    r"|[-.]\s?(?P<m>1[0-2]|0?[1-9])[-.]\s?(?P<d>3[01]|[12]\d|0?[1-9])(?!\d))"
    r"(?!도대|간|째|대)(?P<decade>)"
    r"|(?P<tens>1\d\d0|20\d0)년대|(?:1[0-2]|[1-9])월\s?(?:3[01]|[12]\d|[1-9])일)"
)
_AMOUNT = re.compile(
    r"(?<![\d.,])\d[\d,.]*\s?(?:[만억조천백]\s?)*(?P<unit>원|달러|엔|유로|파운드"
    r"|km|m|킬로미터|미터|톤|kg|킬로그램|평|리터|헥타르)(?![A-Za-z])"
)
_MONEY = ("원", "달러", "엔", "유로", "파운드")


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
