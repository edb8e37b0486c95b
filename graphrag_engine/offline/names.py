"""Names, dates, sums and quoted titles in one sentence: spans of a text, left to right, apart."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from graphrag_engine.offline.cues import HEADS, words
from graphrag_engine.offline.dates import DATE, YEAR
from graphrag_engine.offline.lexicon import JOINERS, UPPER, Lexicon
from graphrag_engine.offline.people import GIVEN_NAMES
from graphrag_engine.offline.runs import GAP, LINKS, names


class Span(NamedTuple):
    """One name, date or figure on one line; *kind* is name, date, money, quantity or work."""

    start: int
    end: int
    kind: str
    name: str


_TITLES = r"(?:Mr|Mrs|Ms|Dr|St|Prof|Sr|Jr|Lt|Col|Gen|Capt|Cpt|Maj|Sgt|Cmdr|Adm|Rev|Hon|Mt|Ft|Gov|Sen|Rep|Pres)\."
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NUMBERED_HEADS = (
    r"(?:Number|No\.|Nos\.|Warehouse|Route|Highway|Berth|Pier|Platform|Terminal|Section|Article|Chapter|Flight|Class"
    r"|Tape|Apollo|Channel|District|Unit|Room|Gate|Lock|Shed|Hall|Building|Block|Plot|Act|Part|Volume|Phase|Line)"
    r"\s\d{1,4}(?!\w)"
)
_WORD = (
    rf"(?!{_MONTH}\s\d|\w+day,?\s\d)(?:{_NUMBERED_HEADS}|(?:[{UPPER}]\.){{2,}}(?:[{UPPER}](?!\w))?"
    rf"|[{UPPER}]\.(?=[ \n]?[{UPPER}])|{_TITLES}"
    rf"|(?:[a-z]{{1,2}}(?=[{UPPER}]))?[{UPPER}][\w{JOINERS}]*+(?:(?:['\u2019](?!s\b)|[-\u2010\u2011])[\w{JOINERS}]++)*+)"
)
_PARTICLE = (
    r"(?:de|van|von|bin|ibn|al|el|der|den|la|le|du|da|dos|das|do|di|del|della|dei|delle|degli|des|ben|y|zu|zum|zur|af|av"
    r"|ter|ten|vom|e|et|und|och|og|d['\u2019]|l['\u2019]|al-|el-)"
)
_SUFFIX = r"(?:D\.C\.|(?:Inc|Ltd|LLC|Jr|Sr|L\.P|LP|Co|PLC|III?|IV)\b\.?)"
_AFTER_NUMBER = (
    r"[^\w\s]|\Z|\n|\s(?:is|was|were|are|and|or|in|on|at|to|from|of|by|for|with|which|that|has|had|as|burned|stood|lies|runs"
    r"|the|after|before|passes|begins|ends)\b"
)
_RUN = (
    rf"{_WORD}(?:{GAP}{_WORD}|,\ {_SUFFIX}|['\u2019]s?{GAP}{_WORD}"
    rf"|\ ?[&+]\ ?{_WORD}|{GAP}(?:{_PARTICLE}{GAP}?){{1,2}}(?<=[\s'\u2019-]){_WORD}"
    rf"|{GAP}{LINKS}{GAP}(?:the{GAP})?{_WORD}"
    rf"|\ (?!{YEAR}\b)\d{{1,4}}(?!['\u2019%]|[\w,.\u2013-]*\d|\w)(?={_AFTER_NUMBER})){{0,40}}+"
)
_SMALL = (
    r"(?:of|the|a|an|and|in|to|on|for|from|with|at|by|is|or|as|de|la|le|my|your|you|it|me|we|are|into|vs\.?|not|no)"
)
_TITLE_WORD = rf"(?:[{UPPER}\d][\w'\u2019.&-]*+|{_SMALL}\b)"
_QUOTED = rf"[{UPPER}\d][\w'\u2019&-]*+(?:[,:!]?\ {_TITLE_WORD}){{0,7}}+"
_WORKS = "song|single|album|film|novel|book|play|poem|story|episode|essay|article|painting|opera|series|show|game"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:\s(?:thousand|million|billion|trillion|crore|lakh))"
_CURRENCY = r"(?:dollars?|pounds?|euros?|yen|francs?|marks?|rupees?|guilders?|crowns?|shillings?|guineas?|sovereigns?)"
_UNIT = (
    r"(?:met(?:er|re)s|km2|feet|acres|hectares"
    r"|square\s(?:miles|kilomet(?:er|re)s|feet|met(?:er|re)s)"
    r"|(?:kilo|mega)?tons?|tonnes?|kg|kilograms|litres|gallons|[kMGT]Wh|barrels|knots|kHz|MHz|FM|AM|watts|kW|MW|GW|fathoms|cc|hp|horsepower|light-years)(?![\w/])"
)
"""What is measured in these is told of a thing; how many miles lie between two is not."""
_TOKEN = re.compile(
    rf"(?<![\w$\u20ac\u00a3])(?:"
    rf"(?P<dated>(?:{YEAR}(?:\u2013\d\d(?:\d\d)?)?|\d{{1,3}}(?:st|nd|rd|th))\ {_RUN})"
    rf"|(?P<date>{DATE})"
    rf"|(?P<run>{_RUN})"
    rf"|(?P<money>(?:{_NUMBER}){_SCALE}?\s{_CURRENCY}\b)"
    rf"|(?P<quantity>(?:{_NUMBER}){_SCALE}?[\s-]{_UNIT})"
    rf"|(?:{_WORKS})\s[\"\u201c](?P<called>[{UPPER}][^\"\u201c\u201d.\n]{{1,60}}+)[\"\u201d]"
    rf")|(?P<sum>(?:(?:US|A|C|HK|NZ)?[$]|[\u20ac\u00a3\u00a5\u20a9])\s?(?:{_NUMBER}){_SCALE}?)"
    rf"|[\"\u201c\u00ab](?P<quoted>{_QUOTED}[!?]?)[\"\u201d\u00bb]|``\s?(?P<ticked>{_QUOTED}[!?]?)\s?''"
)
_KINDS = {"sum": "money", "called": "work"}
_QUOTES = ("ticked", "quoted")
_MARKS = " \t\r\n\"'\u201c\u2018\u00ab([]x*_`>#-\u2013\u2014"
_SPAN = re.compile(rf"({YEAR})\s?(?:--|[\u2013\u2014-])\s?({YEAR})\Z")
"""The years of a life or a reign."""
_YEARLY = HEADS["event"] | words("Act Acts Bill Constitution Agreement Schism Panic Law Contest Olympiad Code Charter")
"""Last words of a name that a year may follow as a part of it."""
_NICKNAME = "\"\u201c\u201d`'() "
"""Marks around a nickname."""
_TERM = re.compile(
    r"\b(?:terms?|words?|phrases?|slogan|motto|meaning|means|translat(?:es|ed)\sas)\s(?:of\s)?[\"\u201c`]{1,2}\s?\Z"
)
BRANDED = r"\b(?:branded\sas|(?:under|by)\sthe\sname|on-air\sas|FM,|AM,)\s[\"\u201c]?(?:\d[\d.]+\s)?"
"""What stands before the name under which a station sends or a firm sells."""
_BRAND = re.compile(rf"{BRANDED}\Z")
_ALIAS = re.compile(
    r"\b(?:(?:known|referred\sto)\s(?:\w+ly\s)?as|called|renamed|dubbed|[A-Z][a-z]+:)\s(?:the\s)?(?:[\"\u201c]|``\s?)\Z"
)
"""What stands before another name in quotes, of whatever kind."""
_CALLED = re.compile(r"\b(?:nick-?named?|pseudonym|stage\sname|moniker)\s(?:the\s|was\s)?[\"\u201c`]{1,2}\s?\Z")
_NAMED_BEFORE = re.compile(rf"[{UPPER}][\w.-]+\s(?:[\"\u201c]|``\s?)\Z")
_NAME_BEHIND = re.compile(rf"(?:[\"\u201d]|\s?'')\s?[{UPPER}]\w+")
_BEFORE = 30
"""Characters before and behind a quotation that are looked at."""
_DOUBTFUL = ('"', "\u201c", "``", ":", "*", "_", "|")
"""Marks after which a capital proves nothing."""


def spans(text: str, start: int, end: int, lexicon: Lexicon) -> list[Span]:
    """The names, dates, sums and quoted titles of the sentence text[start:end]."""
    found: list[Span] = []
    shouted = text[start:end].isupper() and " " in text[start:end].strip()
    for token in _TOKEN.finditer(text, start, end):
        kind = token.lastgroup or ""
        first, last = token.span(kind)
        if kind == "dated":
            found += _dated(text, first, last, lexicon)
        elif kind == "quantity" and text[first - 1] == "(" and not text.endswith(("FM", "AM", "Hz"), first, last):
            continue
        elif kind == "date" and found and (years := _life(text, found[-1], first, last)):
            found += [named(text, *years.span(1), "date"), named(text, *years.span(2), "date")]
        elif kind != "run":
            found.append(
                named(text, first, last, _quoted(text, first, last) if kind in _QUOTES else _KINDS.get(kind, kind))
            )
        elif not shouted:
            opens = _opens(text, start, first)
            found += [named(text, *name) for name in names(text, first, last, lexicon, opens=opens)]
    return list(_dated_behind(text, _nicknamed(text, found)))


def _dated_behind(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """The spans, where an event or a law and the year behind it (`Panic of 1893`) are one."""
    before: Span | None = None
    for span in found:
        if before and span.kind == "date" and text[before.end : span.start] in (" ", " of ") and _takes(before, span):
            before = named(text, before.start, span.end)
        else:
            if before:
                yield before
            before = span
    if before:
        yield before


def _takes(name: Span, date: Span) -> bool:
    """Whether a name may end with a year."""
    return name.kind == "name" and date.name.isdigit() and name.name.split()[-1] in _YEARLY


def _life(text: str, before: Span, first: int, last: int) -> re.Match[str] | None:
    """The two years in brackets behind a person's name: of birth and death."""
    beside = text[before.end : first].strip() == "(" and before.name.split()[0] in GIVEN_NAMES
    return _SPAN.match(text, first, last) if beside else None


def _nicknamed(text: str, found: list[Span]) -> Iterator[Span]:
    """The spans, where given name, nickname in quotes and surname stand side by side as one."""
    at = 0
    while at < len(found):
        one, *more = found[at : at + 3]
        if len(more) == 2 and one.name.split()[0] in GIVEN_NAMES and _quotes(text, one, *more):
            yield named(text, one.start, more[1].end)
            at += 3
        else:
            yield one
            at += 1


def _quotes(text: str, one: Span, nickname: Span, surname: Span) -> bool:
    """Whether nothing but marks stands around a nickname, between two parts of a name on one line."""
    marks = text[one.end : nickname.start], text[nickname.end : surname.start]
    return (
        one.kind == surname.kind == "name"
        and " " not in nickname.name
        and all(" " in mark and not mark.strip(_NICKNAME) and "\n" not in mark for mark in marks)
        and any(quote in marks[0] for quote in _NICKNAME[:-3])
    )


def _quoted(text: str, first: int, last: int) -> str:
    """The kind of what stands in quotes: most often a work, else a word meant as such or what somebody is called."""
    before = text[max(0, first - _BEFORE) : first]
    called = text.count(" ", first, last) < 2 and is_nickname(before, text[last : last + _BEFORE])
    if called or text[first:last] in GIVEN_NAMES:
        return "name"
    if _BRAND.search(before) or _ALIAS.search(before):
        return "name"
    return "concept" if _TERM.search(before) else "work"


def is_nickname(before: str, after: str) -> bool:
    """Whether something in quotes is what people call somebody, by what stands *before* and *after* it."""
    between = _NAMED_BEFORE.search(before) and _NAME_BEHIND.match(after)
    return bool(between or _CALLED.search(before))


def named(text: str, start: int, end: int, kind: str = "name") -> Span:
    """The span of a name, which is one line wherever it is written."""
    return Span(start, end, kind, " ".join(text[start:end].split()))


def _opens(text: str, start: int, first: int) -> bool:
    """Whether a capital at *first* proves nothing: nothing but marks stand before it, or a quote or colon does."""
    if first - start < 20 and not text[start:first].strip(_MARKS):
        return True
    return text[max(start, first - 2) : first].strip() in _DOUBTFUL


def _dated(text: str, first: int, last: int, lexicon: Lexicon) -> Iterator[Span]:
    """`2016 Summer Olympics` is one event; `1914 Ford` is a year and a name; `9th Regiment` one name."""
    space = text.index(" ", first)
    inner = [named(text, *name) for name in names(text, space + 1, last, lexicon, opens=False)]
    year = text[first : first + 4].isdigit()
    if inner and inner[0].start == space + 1 and _counts(inner[0].name.split(), year=year):
        yield named(text, first, inner[0].end)
        yield from inner[1:]
        return
    if year:
        yield named(text, first, space, "date")
    yield from inner


def _counts(written: list[str], *, year: bool) -> bool:
    """Whether a year or an ordinal number before these words is a part of the name."""
    head = next((before for before, link in pairwise(written) if link in ("of", "in")), written[-1])
    return head in HEADS["event"] or (not year and (len(written) > 1 or head in HEADS["organisation"]))
