"""Runs of capitalised words, cut into names: `the Mayor of X and Y's Bank of Z` holds three or four."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from graphrag_engine.offline.cues import (
    FUNCTION,
    GENERAL,
    HEADS,
    HONORIFICS,
    IMPERATIVES,
    JOINS_FOR,
    JOINS_OF_THE,
    LABELS,
    MONTHS,
    NEVER_ALONE,
    OFFICES,
    PARTICLES,
    REMARKS,
    SALUTES,
    SPLITS_OF,
    STRIPPED,
    UNITS,
    VESSELS,
    WEEKDAYS,
    words,
)
from graphrag_engine.offline.lexicon import UPPER, Lexicon
from graphrag_engine.offline.nouns import TYPE_OF_NOUN
from graphrag_engine.offline.people import GIVEN_NAMES
from graphrag_engine.offline.places import DEMONYMS, PLACES
from graphrag_engine.offline.verbs import is_verb

GAP = r"[ \t\u00a0]?(?:\r?\n[ \t]*|[ \t\u00a0])"
"""Space between two words of a name; a line may end there."""
LINKS = r"(?:of|for|and|on|in|at)"
"""Words that may stand inside a name."""
_LINK = re.compile(rf"({GAP}(?:{LINKS}|&){GAP}(?:the{GAP})?)(?=[{UPPER}])")
_POSSESSIVE = re.compile(rf"['\u2019]s?{GAP}")
_LEAD = re.compile(r"\S+")
_WRITTEN = re.compile(r"\S+")
_TAIL = re.compile(
    r"[-\u2010](?:[a-z]+(?:ed|ing|able)|style|like|type|era|language|bound|class|held|born|won|made|built|driven|run|wide"
    r"|only|free|less|friendly|elect)$"
)
_CARRIES_ON = re.compile(
    r"['\u2019]s\b|\s(?:\w{2,}ly\s)?(?:is|was|are|were|has|had|have|said|says|will|would|could|did|does|went|came|made|took|gave|wrote"
    r"|told|knew|saw|left|died|became|stood|lies|lay|held|kept|found|\w{3,}ed|and\s[A-Z])\b"
    r"|,\s(?:a|an|the|who|which)\s|\s\("
)
"""What follows a name at the start of a sentence."""
_LONGEST = 6
"""Words in a name without small words; longer runs are rows of tables."""
_NOUN = re.compile(r"\s([a-z]{3,})\b")
_MISREAD = re.compile(r"[A-Za-z]{2}[01][a-z]|[A-Za-z][01][a-z]{2}")
"""A digit that a scanner took for a letter."""
_COORDINATE = re.compile(r"[NSEW]\s\d+$")
_COMMON_ENDING = re.compile(r"(?:ed|ing|ly|tions?|ments?|ness|ers|ors|ies|ists|ages|ities|ings|ful|less|able|ive|ous)$")
_WOMENS = words("Women Men Children King Queen Prince Princess People Workers St Girls Boys Ladies Gentlemen")
_CROWNED = words("Queen King Prince Princess Lord Lady Master Mother Duke Duchess Star Pride")
"""Words with which ships and works are named: `Queen of the Wend`, where it is seen twice."""
_SAID = re.compile(r"I(?:['\u2019](?:m|ve|ll|d))?$")
"""The word for whoever speaks."""
_SPEAKER = re.compile(
    r"I(?:['\u2019](?:m|ve|ll|d)\b"
    r"|\s(?!(?:of|is|was|were|had|has|and|or|in|by|as|to|on|at|for|from|with|who|which|that|the|era|began|ended)\b)[a-z]{3,}"
    r"(?<!ed)(?<!es)\b)"
)
"""The same where it is no number of a king: what follows is said of oneself."""
_NO_TAIL = PARTICLES | words(
    "The A An In On At By For And Of He She It They We But As Or If To From With This That His Her"
)
"""Words that end no name."""
_NEVER = MONTHS | WEEKDAYS | UNITS | (HONORIFICS - {"King", "Queen"})
"""Words that are no name by themselves."""


class Word(NamedTuple):
    """One word of a run, with its place in the text."""

    start: int
    end: int
    text: str


def names(text: str, first: int, last: int, lexicon: Lexicon, *, opens: bool) -> Iterator[tuple[int, int]]:
    """The names in the run text[first:last]; *opens*: its first capital proves nothing."""
    parts = (part for cell in _cells(text, first, last) for part in _parts(text, *cell, lexicon))
    for start, end in (one for part in parts for one in _people(text, *part)):
        name = _trimmed(text, start, end, lexicon, opens=opens and start == first)
        if name and (lead := _LEAD.match(text, start, name[0])) and (lead[0] in PLACES or lead[0] in DEMONYMS):
            yield lead.span()
        if name:
            yield name


def _cells(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The run, or what stands between the labels of a flattened table in it."""
    labels = [word.span() for word in _WRITTEN.finditer(text, first, last) if word[0] in LABELS]
    for start, end in zip((first, *(end for _, end in labels)), (*(start for start, _ in labels), last), strict=True):
        if cell := _LEAD.search(text, start, end):
            yield cell.start(), end


def _parts(text: str, first: int, last: int, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The run cut at possessives and at links that do not join."""
    pieces = _LINK.split(text[first:last])
    start = first
    end = first + len(pieces[0])
    for link, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if not _joins(text[start:end], link.split(), piece, lexicon):
            yield from _owners(text, start, end)
            start = end + len(link)
        end += len(link) + len(piece)
    yield from _owners(text, start, end)


def _people(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The piece, or the people in it where it is a row of full names and nothing else: a cast, a list of players."""
    run = [Word(match.start(), match.end(), match.group()) for match in _WRITTEN.finditer(text, start, end)]
    first = [at for at, word in enumerate(run) if word.text in GIVEN_NAMES]
    full = list(pairwise([*first, len(run)]))
    if len(run) <= _LONGEST or not full or not all(to - at in (2, 3) for at, to in full):
        yield start, end
        return
    for at, to in full:
        yield run[at].start, run[to - 1].end


def _joins(left: str, links: list[str], right: str, lexicon: Lexicon) -> bool:
    """Whether two names and the link between them, *links*, are one name."""
    before, after, link = left.split(), right.split(), links[0]
    if link == "&":
        return len(before) == 1 or len(after) == 1 or before[0] == "The" or after[0] in _NO_TAIL
    if link == "of":
        if len(before) > 1 and (len(links) > 1 or after[0] == "The") and before[-1] not in JOINS_OF_THE:
            return False
        seen = f"{before[-1]} of {after[0]}" in lexicon.links
        return (seen and len(before) == 1 and before[0] in _CROWNED) or _owns(before, right)
    if link == "and" and ((before[-1] in PLACES and after[0] in PLACES) or "&" in before):
        return False
    if link not in ("in", "at") and f"{before[-1]} {link} {after[0]}" in lexicon.links:
        return True
    if link == "and":
        return _coordinates(left, before, after, lexicon)
    return link in ("for", "on") and before[-1] in JOINS_FOR


def _owns(before: list[str], right: str) -> bool:
    """Whether `of` stands inside a name: the Bank of X, not the Mayor of X or Y Software of X."""
    head = before[-1]
    if f"{head} of {right}" in PLACES:
        return True
    if head in OFFICES or head in SPLITS_OF or head in MONTHS or head in PLACES:
        return False
    if len(before) > 1 and before[0] in GIVEN_NAMES and head not in GENERAL:
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
    if before[0] == "The" and len(before) == 2:
        return head and not (before[1] in DEMONYMS or before[1] in HEADS["organisation"] or before[1].isupper())
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
    run = [Word(match.start(), match.end(), match.group()) for match in _WRITTEN.finditer(text, start, end)]
    if any(_MISREAD.search(word.text) for word in run):
        return None
    if _is_row(run) or _is_shouted(run, lexicon, opens=opens):
        return None
    run = _without_salute(text, run, lexicon, opens=opens)
    if opens and run:
        told = run[0].text in IMPERATIVES
        run = _without_opener(run, lexicon)
        if len(run) == 1 and not _opens_as_name(text, run[0], end, lexicon, told=told):
            return None
    run = _without_tail(_without_office(_without_lead(run)))
    if not run:
        return None
    name = text[run[0].start : run[-1].end]
    if tail := _TAIL.search(name):
        name = name[: tail.start()]
    if (len(run) == 1 and not _stands_alone(name, lexicon)) or _COORDINATE.match(name):
        return None
    return run[0].start, run[0].start + len(name)


def _opens_as_name(text: str, word: Word, end: int, lexicon: Lexicon, *, told: bool) -> bool:
    """Whether a single word at the start of a sentence is a name; behind an imperative (*told*) it must be known."""
    if told or _describes(word, text):
        return lexicon.names.get(word.text, False) and not _describes(word, text)
    return word.text in lexicon.names or word.text in GIVEN_NAMES or _CARRIES_ON.match(text, end) is not None


def _describes(word: Word, text: str) -> bool:
    """Whether the first word of a sentence only describes the noun behind it: `Regional history`."""
    noun = _NOUN.match(text, word.end)
    if noun is None or word.text in PLACES or word.text in DEMONYMS or word.text in GIVEN_NAMES:
        return False
    return not (noun[1] in FUNCTION or is_verb(noun[1]) or noun[1] in TYPE_OF_NOUN or noun[1].endswith("ly"))


def _is_row(run: list[Word]) -> bool:
    """Whether a run is too long for a name: the cells of a table row."""
    return len(run) > _LONGEST and not any(word.text[0].islower() for word in run)


def _is_shouted(run: list[Word], lexicon: Lexicon, *, opens: bool) -> bool:
    """Whether a run is in capitals and no acronym; inside a sentence one may be longer (CARICOM)."""
    letters = [word.text for word in run if word.text.isalpha()]
    if not letters or not all(word.isupper() for word in letters):
        return False
    longest = max(map(len, letters))
    if len(run) == 1 and not opens and lexicon.names.get(letters[0].capitalize()) is None:
        return longest > 9
    return longest > (3 if len(letters) > 1 else 6)


def _without_salute(text: str, run: list[Word], lexicon: Lexicon, *, opens: bool) -> list[Word]:
    """The run without a greeting or a connective before the name, and without the word for whoever speaks."""
    if _SPEAKER.match(text, run[-1].start) or (opens and len(run) == 2 and _is_said(run, lexicon)):
        run = run[:-1]
    at = 0
    while at < len(run) and (
        _SAID.match(run[at].text)
        or (opens and run[at].text in SALUTES)
        or (run[at].text in SALUTES | REMARKS and (at + 1 == len(run) or run[at + 1].text in GIVEN_NAMES))
    ):
        at += 1
    return run[at:]


def _is_said(run: list[Word], lexicon: Lexicon) -> bool:
    """Whether a sentence opens with a common word and `I`."""
    return run[1].text == "I" and not lexicon.names.get(run[0].text, False)


def _without_opener(run: list[Word], lexicon: Lexicon) -> list[Word]:
    """The run without a first word that is capitalised only because the sentence begins."""
    first = run[0].text
    if first.isupper() and len(first) > 1:
        return run
    if first in IMPERATIVES and f"{first} {run[-1].text}" not in lexicon.pairs:
        return run[1:]
    if first.lower() not in FUNCTION:
        plain = len(run) > 1 or first in lexicon.names or not _COMMON_ENDING.search(first)
        return run if plain else []
    if (
        len(run) > 1
        and first not in ("The", "In", "A")
        and run[1].text not in WEEKDAYS
        and f"{first} {run[1].text}" in lexicon.pairs
    ):
        return run
    return _without_opener(run[1:], lexicon) if len(run) > 1 and run[1].text.lower() in FUNCTION else run[1:]


def _without_lead(run: list[Word]) -> list[Word]:
    """The run without weekdays, links and kinds of craft before the name, and without a people before an office."""
    at = 0
    while at < len(run) and (run[at].text in WEEKDAYS or run[at].text in PARTICLES):
        at += 1
    while at < len(run) - 1 and run[at].text in VESSELS:
        at += 1
    if at < len(run) - 1 and run[at].text in DEMONYMS and run[at + 1].text in OFFICES:
        at += 1
    said = (place + 1 for place in range(len(run) - 2, at - 1, -1) if _TAIL.search(run[place].text))
    return run[next(said, at) :]


def _without_office(run: list[Word]) -> list[Word]:
    """`US President Bill Clinton` is Bill Clinton; titles that are worn as a name stay."""
    for at, word in enumerate(run[:-2]):
        following = run[at + 1].text
        if word.text in STRIPPED and (following in GIVEN_NAMES or (len(following) == 2 and following[1] == ".")):
            return run[at + 1 :]
    return run


def _without_tail(run: list[Word]) -> list[Word]:
    """The run without function words behind the name."""
    end = len(run)
    while end and run[end - 1].text in _NO_TAIL:
        end -= 1
    return run[:end]


def _stands_alone(word: str, lexicon: Lexicon) -> bool:
    """Whether a single word is a name by itself."""
    if word in DEMONYMS or word in PLACES:
        return True
    if (
        word in _NEVER
        or word in NEVER_ALONE
        or len(word) < 2
        or word.lower().replace("\u2019", "'").split("'")[0] in FUNCTION
    ):
        return False
    return lexicon.names.get(word) is not False
