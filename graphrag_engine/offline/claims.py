"""Claims: what a sentence asserts with a verb, with its status and its date."""

import re
from collections.abc import Sequence

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.dates import iso
from graphrag_engine.offline.mentions import ClaimMention
from graphrag_engine.offline.places import DEMONYMS
from graphrag_engine.offline.relations import Tie
from graphrag_engine.offline.verbs import HEARSAY, REPORTED, REPORTING

_WORDS = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_OBJECTS = ("name", "work", "money", "quantity")
_MEASURING = words(
    "of at for is was has had cost paid weighed measured measures borrowed raised lent spent bid offered"
)
_THAT = re.compile(r"((?:\w+\s){1,3})that\s")
_TRUE = re.compile(r"\b(?:true|certain|clear|known)\s(?:\w+\s)?that\s")
_LONGEST = 1200
"""Characters of a sentence that can be quoted."""
_MOST = 4
"""Claims of one sentence: with more it is a list."""


def claims(text: str, start: int, end: int, stated: Sequence[Tie]) -> list[ClaimMention]:
    """The claims of the sentence text[start:end] among its ties."""
    if text[end - 1] == "?" or "|" in text[start:end]:
        return []
    plain = [tie for tie in stated if tie.clear and tie.source.kind == "name" and tie.source.name not in DEMONYMS]
    if len(plain) > 6 * _MOST or end - start > _LONGEST:
        return []
    found = []
    dated: set[tuple[str, tuple[str, ...]]] = set()
    for tie in plain:
        if _asserts(tie):
            dated.add((tie.source.name, tie.verb))
            found.append(_claim(text, start, end, tie, tie.target.name, _when(tie, plain)))
    for tie in plain:
        date = iso(tie.target.name) if tie.target.kind == "date" else None
        if date and (tie.source.name, tie.verb) not in dated and " " in tie.predicate:
            dated.add((tie.source.name, tie.verb))
            found.append(_claim(text, start, end, tie, None, date))
    return found if len(found) <= _MOST else []


def _asserts(tie: Tie) -> bool:
    """Whether the object of a tie can be the object of a claim."""
    if tie.target.kind not in _OBJECTS or tie.target.name in DEMONYMS:
        return False
    return tie.target.kind in ("name", "work") or tie.predicate.split()[-1] in _MEASURING


def _when(tie: Tie, others: Sequence[Tie]) -> tuple[str, str] | None:
    """The date that the same verb has for the same subject: of several the first behind the object."""
    dates = [
        other.target
        for other in others
        if other.target.kind == "date" and other.source.name == tie.source.name and other.verb == tie.verb
    ]
    behind = [date for date in dates if date.start > tie.target.start]
    if len(dates) > 1 and behind:
        dates = behind
    return iso(dates[0].name) if dates else None


def _claim(text: str, start: int, end: int, tie: Tie, what: str | None, when: tuple[str, str] | None) -> ClaimMention:
    described = " ".join(f"{tie.source.name} {tie.predicate} {tie.target.name}".split())
    first, last = when or (None, None)
    status = _status(text, start, tie)
    return ClaimMention(
        tie.source.name, what, tie.predicate, status, first, last, described, text[start:end], start, end
    )


def _before(text: str, start: int, tie: Tie) -> str:
    """The words up to the object, in lower case but for the month of May."""
    return text[start : max(start, tie.target.start)].replace("May", "").lower()


def _status(text: str, start: int, tie: Tie) -> str:
    """SUSPECTED where it is hearsay, planned or guessed, FALSE where it is denied, else TRUE."""
    words = _WORDS.findall(_before(text, start, tie))
    if HEARSAY.intersection(words):
        return "SUSPECTED"
    if tie.negated:
        return "FALSE"
    if REPORTED.intersection(words):
        return "SUSPECTED"
    upto = max(start, tie.target.start)
    said = None if _TRUE.search(text, start, upto) else _THAT.search(text, start, upto)
    return "SUSPECTED" if said and REPORTING.intersection(said[1].lower().split()) else "TRUE"
