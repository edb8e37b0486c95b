"""Names, dates, sums and quoted titles in one sentence: spans of a text, left to right, apart."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from graphrag_engine.offline.cues import (
    FUNCTION,
    HEADS,
    HONORIFICS,
    JOINS_FOR,
    MONTHS,
    OFFICES,
    PARTICLES,
    SPLITS_OF,
    STRIPPED,
    VESSELS,
    UNITS,
    WEEKDAYS,
    words,
)
from graphrag_engine.offline.dates import DATE, YEAR
from graphrag_engine.offline.lexicon import JOINERS, UPPER, Lexicon
from graphrag_engine.offline.people import GIVEN_NAMES
from graphrag_engine.offline.places import DEMONYMS, PLACES


class Span(NamedTuple):
    """One name, date or figure as written: *kind* is name, date, money, quantity or work."""

    start: int
    end: int
    kind: str
    name: str


_TITLES = r"(?:Mr|Mrs|Ms|Dr|St|Prof|Sr|Jr|Lt|Col|Gen|Capt|Cpt|Maj|Sgt|Cmdr|Adm|Rev|Hon|Mt|Ft|Gov|Sen|Rep|Pres)\."
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NUMBERED_HEADS = (
    r"(?:Number|No\.|Nos\.|Warehouse|Route|Highway|Berth|Pier|Platform|Terminal|Section|Article|Chapter|Flight|Class|Tape"
    r"|Apollo|Channel|District|Unit|Room|Gate|Lock|Shed|Hall|Building|Block|Plot|Act|Part|Volume|Phase|Line)\s\d{1,4}(?!\w)"
)
_WORD = (
    rf"(?!{_MONTH}\s\d|\w+day,?\s\d)(?:{_NUMBERED_HEADS}|(?:[{UPPER}]\.){{2,}}(?:[{UPPER}](?!\w))?|[{UPPER}]\.(?=[ \n]?[{UPPER}])|{_TITLES}"
    rf"|(?:[a-z]{{1,2}}(?=[{UPPER}]))?[{UPPER}][\w{JOINERS}]*+(?:(?:['\u2019](?!s\b)|[-\u2010\u2011])[\w{JOINERS}]++)*+)"
)
_GAP = r"[ \t\u00a0]?(?:\r?\n[ \t]*|[ \t\u00a0])"
_PARTICLE = (
    r"(?:de|van|von|bin|ibn|al|el|der|den|la|le|du|da|dos|das|do|di|del|della|dei|delle|degli|des|ben|y|zu|zum|zur|af|av"
    r"|ter|ten|vom|e|et|und|och|og|d['\u2019]|l['\u2019]|al-|el-)"
)
_LINKS = r"(?:of|for|and|on|in|at)"
_SUFFIX = r"(?:Inc|Ltd|LLC|Jr|Sr|L\.P|LP|Co|PLC|III?|IV)\b\.?"
_AFTER_NUMBER = (
    r"[^\w\s]|\Z|\n|\s(?:is|was|were|are|and|or|in|on|at|to|from|of|by|for|with|which|that|has|had|as|burned|stood|lies|runs"
    r"|the|after|before|passes|begins|ends)\b"
)
_RUN = (
    rf"{_WORD}(?:{_GAP}{_WORD}|,\ {_SUFFIX}|['\u2019]s?{_GAP}{_WORD}"
    rf"|\ ?[&+]\ ?{_WORD}|{_GAP}(?:{_PARTICLE}{_GAP}?){{1,2}}(?<=[\s'\u2019-]){_WORD}"
    rf"|{_GAP}{_LINKS}{_GAP}(?:the{_GAP})?{_WORD}|\ (?!{YEAR}\b)\d{{1,4}}(?!['\u2019%]|[\w,.\u2013-]*\d|\w)(?={_AFTER_NUMBER}))*+"
)
_SMALL = (
    r"(?:of|the|a|an|and|in|to|on|for|from|with|at|by|is|or|as|de|la|le|my|your|you|it|me|we|are|into|vs\.?|not|no)"
)
_TITLE_WORD = rf"(?:[{UPPER}\d][\w'\u2019.&-]*+|{_SMALL}\b)"
_QUOTED = rf"[{UPPER}\d][\w'\u2019&-]*+(?:[,:!]?\ {_TITLE_WORD}){{0,7}}+"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:\s(?:thousand|million|billion|trillion|crore|lakh))"
_CURRENCY = r"(?:dollars?|pounds?|euros?|yen|francs?|marks?|rupees?|guilders?|crowns?|shillings?|guineas?|sovereigns?)"
_UNIT = (
    r"(?:kilomet(?:er|re)s|met(?:er|re)s|km2?|miles|mi|feet|acres|hectares|square\s(?:miles|kilomet(?:er|re)s|feet|met(?:er|re)s)"
    r"|tons?|tonnes?|barrels|knots|kHz|MHz|FM|AM|watts|kW|MW|GW|nautical\smiles|fathoms|cc|hp|horsepower|light-years)(?![\w/])"
)
_TOKEN = re.compile(
    rf"(?<![\w$\u20ac\u00a3])(?:"
    rf"(?P<dated>(?:{YEAR}(?:\u2013\d\d(?:\d\d)?)?|\d{{1,3}}(?:st|nd|rd|th))\ {_RUN})"
    rf"|(?P<date>{DATE})"
    rf"|(?P<run>{_RUN})"
    rf"|(?P<money>(?:{_NUMBER}){_SCALE}?\s{_CURRENCY}\b)"
    rf"|(?P<quantity>(?:{_NUMBER}){_SCALE}?[\s-]{_UNIT})"
    rf")|(?P<sum>(?:(?:US|A|C|HK|NZ)?[$]|[\u20ac\u00a3\u00a5\u20a9])\s?(?:{_NUMBER}){_SCALE}?)"
    rf"|[\"\u201c\u00ab](?P<quoted>{_QUOTED})[\"\u201d\u00bb]|``\s?(?P<ticked>{_QUOTED})\s?''"
)
_KINDS = {"sum": "money", "ticked": "work", "quoted": "work"}
_LINK = re.compile(rf"({_GAP}{_LINKS}{_GAP}(?:the{_GAP})?)(?=[{UPPER}])")
_POSSESSIVE = re.compile(rf"['\u2019]s?{_GAP}")
_NUMBERED = re.compile(r"(\S+)\s(.+)", re.DOTALL)
_WORDS = re.compile(r"[^\s]+")
_TAIL = re.compile(r"[-\u2010](?:based|born|style|like|type|era|led|owned|language|speaking|winning|bound|class)$")
_NEVER = MONTHS | WEEKDAYS | UNITS
_CARRIES_ON = re.compile(
    r"['\u2019]s\b|\s(?:is|was|are|were|has|had|have|said|says|will|would|could|did|does|went|came|made|took|gave|wrote|told"
    r"|knew|saw|left|died|became|stood|lies|lay|held|kept|found|\w{3,}ed|and\s[A-Z])\b|,\s(?:a|an|the|who|which)\s|\s\("
)
"""What follows a name at the start of a sentence."""
_LONGEST = 6
"""Words in a name without small words; longer runs are rows of tables."""
_COMMON_ENDING = re.compile(r"(?:ed|ing|ly|tions?|ments?|ness|ers|ors|ies|ists|ages|ities|ings|ful|less|able|ive|ous)$")
_WOMENS = words("Women Men Children King Queen Prince Princess People Workers St Girls Boys Ladies Gentlemen")
_NOBODY = HONORIFICS - {"King", "Queen"}


def spans(text: str, start: int, end: int, lexicon: Lexicon) -> list[Span]:
    """The names, dates, sums and quoted titles of the sentence text[start:end]."""
    found: list[Span] = []
    shouted = text[start:end].isupper() and " " in text[start:end].strip()
    for token in _TOKEN.finditer(text, start, end):
        kind = token.lastgroup or ""
        first, last = token.span(kind)
        if kind == "run" and not shouted:
            found += _names(text, first, last, lexicon, opens=_opens(text, start, first))
        elif kind == "dated":
            found += _dated(text, first, last, lexicon)
        elif kind != "run":
            found.append(Span(first, last, _KINDS.get(kind, kind), text[first:last]))
    return found


def _opens(text: str, start: int, first: int) -> bool:
    """Whether a capital at *first* proves nothing: nothing but marks stand before it, or a quote or colon does."""
    return not text[start:first].strip(" \t\r\n\"'\u201c\u2018\u00ab([*_`>#-\u2013\u2014") or text[
        max(start, first - 2) : first
    ].strip() in (
        '"',
        "\u201c",
        "``",
        ":",
        "*",
        "_",
    )


def _dated(text: str, first: int, last: int, lexicon: Lexicon) -> Iterator[Span]:
    """`2016 Summer Olympics` is one event; `1914 Ford` is a year and a name; `9th Regiment` one name."""
    space = text.index(" ", first)
    inner = list(_names(text, space + 1, last, lexicon, opens=False))
    year = text[first : first + 4].isdigit()
    if inner and inner[0].start == space + 1 and _counts(inner[0].name.split(), year=year):
        yield Span(first, inner[0].end, "name", text[first : inner[0].end])
        yield from inner[1:]
        return
    if year:
        yield Span(first, space, "date", text[first:space])
    yield from inner


def _counts(words: list[str], *, year: bool) -> bool:
    """Whether a year or an ordinal number before these words is a part of the name."""
    head = next((before for before, link in pairwise(words) if link in ("of", "in")), words[-1])
    return head in HEADS["event"] or (not year and (len(words) > 1 or head in HEADS["organisation"]))


def _names(text: str, first: int, last: int, lexicon: Lexicon, *, opens: bool) -> Iterator[Span]:
    """The names in a run of capitalised words and what links them."""
    for at, (start, end) in enumerate(_parts(text, first, last, lexicon)):
        trimmed = _trimmed(text, start, end, lexicon, opens=opens and at == 0)
        if trimmed:
            yield Span(*trimmed, "name", text[trimmed[0] : trimmed[1]])


def _parts(text: str, first: int, last: int, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The run cut at possessives and at links that do not join."""
    pieces = _LINK.split(text[first:last])
    start = first
    end = first + len(pieces[0])
    for link, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if not _joins(text[start:end], link.split()[0], piece, lexicon):
            yield from _owners(text, start, end)
            start = end + len(link)
        end += len(link) + len(piece)
    yield from _owners(text, start, end)


def _joins(left: str, link: str, right: str, lexicon: Lexicon) -> bool:
    """Whether two names and the link between them are one name."""
    before, after = left.split(), right.split()
    if f"{before[-1]} {link} {after[0]}" in lexicon.links:
        return True
    if link == "of":
        return _owns(before, right)
    if link == "and":
        return _coordinates(left, before, after, lexicon)
    return link in ("for", "on") and before[-1] in JOINS_FOR


def _owns(before: list[str], right: str) -> bool:
    """Whether `of` stands inside a name: the Bank of X, not the Mayor of X or Y Software of X."""
    head = before[-1]
    if head in OFFICES or head in SPLITS_OF or head in MONTHS or head in PLACES:
        return False
    return len(before) == 1 or right not in PLACES or head in HEADS["organisation"] or head in HEADS["event"]


def _coordinates(left: str, before: list[str], after: list[str], lexicon: Lexicon) -> bool:
    """Whether `and` stands inside a name: History and Industry, the Stour and Medway Railway."""
    if f"{left} and {after[0]}" in PLACES:
        return True
    common = lexicon.names.get(after[0], True) is False and after[0] not in DEMONYMS
    if (" of " in left or " for " in left) and len(after) == 1 and before[0] not in DEMONYMS:
        return common
    head = len(after) > 1 and after[-1] in HEADS["organisation"]
    if len(before) == 2 and before[0] == "The":
        before = before[1:]
        if head and before[0] not in DEMONYMS and before[0] not in HEADS["organisation"] and not before[0].isupper():
            return True
    return len(before) == 1 and lexicon.names.get(before[0], True) is False and (common or head)


def _owners(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The piece cut at possessives, but for those inside a name (Women's Cup)."""
    begin = start
    for mark in _POSSESSIVE.finditer(text, start, end):
        owner = text[begin : mark.start()].split()
        if owner[-1] in _WOMENS or (text[mark.start() - 1] == "s" and text[mark.start() + 1] != "s"):
            continue
        yield begin, mark.start()
        begin = mark.end()
    yield begin, end


def _trimmed(text: str, start: int, end: int, lexicon: Lexicon, *, opens: bool) -> tuple[int, int] | None:
    """The name without words that only look like a part of it; None where nothing is left."""
    words = [(match.start(), match.end(), match.group()) for match in _WORDS.finditer(text, start, end)]
    if len(words) > _LONGEST and not any(word[0].islower() for _, _, word in words):
        return None
    if _shouted(words):
        return None
    if opens:
        words = _without_opener(words, lexicon)
        if len(words) == 1 and words[0][2] not in lexicon.names and not _CARRIES_ON.match(text, end):
            return None
    while words and (words[0][2] in WEEKDAYS or words[0][2][0].islower() and words[0][2] in PARTICLES):
        words = words[1:]
    words = _without_office(words)
    while len(words) > 1 and words[0][2] in VESSELS:
        words = words[1:]
    while words and words[-1][2].lower() in FUNCTION and not words[-1][2].isupper():
        words = words[:-1]
    if len(words) > 1 and words[0][2] in DEMONYMS and words[1][2] in OFFICES:
        words = words[1:]
    if not words:
        return None
    stop = words[-1][1]
    if tail := _TAIL.search(text[words[0][0] : stop]):
        stop = words[0][0] + tail.start()
    name = text[words[0][0] : stop]
    if len(words) == 1 and not _stands_alone(name, lexicon):
        return None
    return words[0][0], stop


def _shouted(words: list[tuple[int, int, str]]) -> bool:
    """Whether a run is in capitals and no acronym."""
    letters = [word for _, _, word in words if word.isalpha()]
    return bool(letters) and all(word.isupper() for word in letters) and max(map(len, letters)) > (3 if len(letters) > 1 else 6)


def _without_office(words: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """`US President Bill Clinton` is Bill Clinton; titles that are worn as a name stay."""
    for at, (_, _, word) in enumerate(words[:-2]):
        following = words[at + 1][2]
        if word in STRIPPED and (following in GIVEN_NAMES or (len(following) == 2 and following[1] == ".")):
            return words[at + 1 :]
    return words


def _stands_alone(word: str, lexicon: Lexicon) -> bool:
    """Whether a single word is a name by itself."""
    if word in _NEVER or word in _NOBODY or len(word) < 2 or word.lower().split("'")[0] in FUNCTION:
        return False
    return lexicon.names.get(word) is not False or word in DEMONYMS or word in PLACES


def _without_opener(words: list[tuple[int, int, str]], lexicon: Lexicon) -> list[tuple[int, int, str]]:
    """A sentence's first words without one that is there only because the sentence begins."""
    first = words[0][2]
    if first.isupper() and len(first) > 1:
        return words
    if len(words) == 1:
        plain = first in lexicon.names or not _COMMON_ENDING.search(first)
        return words if plain and first.lower() not in FUNCTION else []
    if first.lower() in FUNCTION:
        words = words if f"{first} {words[1][2]}" in lexicon.pairs and first not in ("The", "In", "A") else words[1:]
        return _without_opener(words, lexicon) if words[0][2] != first and words[0][2].lower() in FUNCTION else words
    return words
