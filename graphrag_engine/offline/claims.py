"""Claims: what a sentence asserts with a verb, with its status and its date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graphrag_engine.offline.dates import iso
from graphrag_engine.offline.places import DEMONYMS
from graphrag_engine.offline.relations import Tie
from graphrag_engine.offline.verbs import REPORTED

_WORDS = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_OBJECTS = ("name", "work", "money", "quantity")


@dataclass(frozen=True)
class ClaimMention:
    """A row of `claim_mentions` without its text unit."""

    subject: str
    object: str | None
    type: str
    status: str
    start_date: str | None
    end_date: str | None
    description: str
    quote: str
    start: int
    end: int
    grounded: bool = True


def claims(text: str, start: int, end: int, stated: Sequence[Tie]) -> list[ClaimMention]:
    """The claims of the sentence text[start:end] among its ties."""
    found: list[ClaimMention] = []
    dated: set[tuple[str, tuple[str, ...]]] = set()
    plain = [
        tie
        for tie in stated
        if tie.verbal and tie.near and tie.source.kind == "name" and tie.source.name not in DEMONYMS
    ]
    for tie in plain:
        if tie.target.kind in _OBJECTS and tie.target.name not in DEMONYMS:
            dated.add((tie.source.name, tie.verb))
            found.append(_claim(text, start, end, tie, tie.target.name, _when(tie, plain)))
    for tie in plain:
        if tie.target.kind == "date" and (tie.source.name, tie.verb) not in dated and iso(tie.target.name):
            dated.add((tie.source.name, tie.verb))
            found.append(_claim(text, start, end, tie, None, iso(tie.target.name)))
    return found


def _when(tie: Tie, others: Sequence[Tie]) -> tuple[str, str] | None:
    """The date that the same verb has for the same subject."""
    for other in others:
        if other.target.kind == "date" and other.source.name == tie.source.name and other.verb == tie.verb:
            return iso(other.target.name)
    return None


def _claim(text: str, start: int, end: int, tie: Tie, what: str | None, when: tuple[str, str] | None) -> ClaimMention:
    described = f"{tie.source.name} {tie.predicate} {tie.target.name}"
    first, last = when or (None, None)
    return ClaimMention(
        tie.source.name,
        what,
        tie.predicate,
        _status(text, start, tie),
        first,
        last,
        described,
        text[start:end],
        start,
        end,
    )


def _status(text: str, start: int, tie: Tie) -> str:
    """FALSE where it is denied, SUSPECTED where it is reported, planned or guessed, else TRUE."""
    if tie.negated:
        return "FALSE"
    before = _WORDS.findall(text[start : max(start, tie.target.start)].lower())
    return "SUSPECTED" if any(word in REPORTED for word in before) else "TRUE"
