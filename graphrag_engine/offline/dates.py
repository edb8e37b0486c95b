"""Dates in English text: the pattern that finds them and their ISO 8601 form."""

import re
from functools import lru_cache

_MONTH_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|March|Mar\.|April|Apr\.?|May|June|Jun\.|July|Jul\.|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?:1\d\d\d|20\d\d)"
_DASH = r"\s?(?:--|[\u2013\u2014-])\s?"
_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Ss]ixth|[Ss]eventh|[Ee]ighth|[Nn]inth"
    r"|[Tt]enth|[Ee]leventh|[Tt]welfth|[Tt]hirteenth|[Ff]ourteenth|[Ff]ifteenth|[Ss]ixteenth|[Ss]eventeenth"
    r"|[Ee]ighteenth|[Nn]ineteenth|[Tt]wentieth|[Tt]wenty-first)"
)
_ERA = r"(?:\s(?:BCE?|B\.C\.(?:E\.)?|AD|A\.D\.|CE))"

DATE = (
    rf"{_DAY}(?:\sof)?\s{_MONTH}(?:,?\s{YEAR})?(?!\w)"
    rf"|{_MONTH}\s(?:the\s)?{_DAY}(?:,?\s{YEAR})?(?![\w\u2013]|,\d)"
    rf"|{_MONTH}(?:\sof)?,?\s{YEAR}(?!\w)"
    rf"|{YEAR}-[01]\d-[0-3]\d(?!\w)|\d\d?/\d\d?/(?:\d\d)?\d\d(?!\w)"
    rf"|(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)(?:\sof)?\s{YEAR}(?!\w)"
    rf"|{YEAR}{_DASH}(?:{YEAR}|\d\d)(?![\w-])"
    rf"|{YEAR}s\b"
    rf"|{_ORDINAL}[\s-]century{_ERA}?"
    rf"|\d{{1,4}}{_ERA}(?!\w)|(?:AD|A\.D\.)\s\d{{1,4}}(?!\w|,\d)"
    rf"|{YEAR}(?![\w%]|[,.]\d|\s(?:people|men|women|[a-z]?m|km|feet|metres|meters|miles|tons|tonnes|acres|copies|ships)\b)"
)
"""One date as written; to be tried where no word or number is just before. Years alone from 1000 to 2099."""

_PARTS = re.compile(r"\d+|[^\W\d_]+")
_ISO = re.compile(rf"({YEAR})-(\d\d)-(\d\d)\Z")
_RANGE = re.compile(rf"({YEAR}){_DASH}({YEAR}|\d\d)\Z")
_AFTER_CHRIST = re.compile(r"\b(?:AD|A\.D\.|CE)(?!\w)")
_CENTURY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)[\s-]century\Z")


@lru_cache(maxsize=1 << 16)
def iso(written: str) -> tuple[str, str] | None:
    """First and last day, month or year of a date as written, in ISO 8601; None where that has no year."""
    if known := _ISO.match(written):
        return (known.group(), known.group())
    if span := _RANGE.match(written):
        first, last = span.groups()
        return (first, last if len(last) == 4 else first[:2] + last)
    if century := _CENTURY.match(written):
        number = int(century[1])
        return (f"{number * 100 - 99:04}", f"{number * 100:04}")
    return _from_parts(written)


def _from_parts(written: str) -> tuple[str, str] | None:
    """A date of day, month and year in any order, a decade or a year."""
    year = month = day = 0
    for part in _PARTS.findall(written):
        if part.isdigit():
            year, day = (int(part), day) if len(part) == 4 or _AFTER_CHRIST.search(written) else (year, int(part))
        else:
            month = _MONTH_NUMBERS.get(part.lower(), month)
    if not year or "BC" in written or "/" in written:
        return None
    if written.endswith("0s"):
        return (str(year), str(year + 9))
    text = f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if month and day else "")
    return (text, text)
