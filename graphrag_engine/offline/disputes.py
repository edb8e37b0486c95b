"""Where sources give different dates for what happens to a thing once: when it was founded, born, lost."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.descriptions import Said, reading

_SUFFERED = words(
    "born founded established built launched completed constructed erected created formed incorporated chartered "
    "commissioned consecrated inaugurated invented demolished destroyed dissolved abolished wrecked killed executed "
    "murdered assassinated buried baptised baptized opened closed unveiled laid"
)
"""What is done to a thing once; of one that does it to others it says nothing."""
_HAPPENED = words(
    "died sank foundered drowned 태어나다 죽다 사망하다 침몰하다 좌초하다 익사하다 설립되다 창립되다 세워지다 "
    "지어지다 건조되다 진수되다 완공되다 준공되다 발명되다 철거되다 해산되다 폐교되다"
)
"""What happens once to the thing itself."""
_PLAIN = words("opened closed")
"""What happens to it as well, where nothing else is named: `the yard opened in 1840`."""
_MOST = 4
"""Sentences that show the disputes about one thing."""


class Dated(NamedTuple):
    """A claim with a date, in ISO 8601, and where it stands."""

    predicate: str
    start: str
    end: str
    document: str
    said: Said


def disputed(claims: Iterable[Dated]) -> list[Said]:
    """A sentence for each date where different documents give different ones, for claims about one thing."""
    dated = defaultdict[str, list[Dated]](list)
    for claim in claims:
        if (verb := once(claim.predicate)) and _suffered(verb, claim):
            dated[verb].append(claim)
    told = [claim for verb in sorted(dated) for claim in _at_odds(dated[verb])]
    return list(dict.fromkeys(claim.said for claim in told))[:_MOST]


@lru_cache(maxsize=1 << 12)
def once(predicate: str) -> str:
    """The word of a predicate that tells what happens once; empty where none does."""
    return next((word for word in predicate.split() if word in _SUFFERED or word in _HAPPENED), "")


def _suffered(verb: str, claim: Dated) -> bool:
    """Whether a claim tells what was done to its subject, not by it."""
    if verb in _HAPPENED or (verb in _PLAIN and re.fullmatch(rf"{verb} (?:in|on)", claim.predicate)):
        return True
    return bool(re.search(rf"(?:\b(?:was|were|is|been|being)\b(?:\s\w+){{0,3}}\s|,\s){verb}\b", claim.said.text))


def _at_odds(claims: Sequence[Dated]) -> list[Dated]:
    """One claim for each of the dates that exclude each other, the best to read; none where one document gives all."""
    dates: list[list[Dated]] = []
    for claim in sorted(claims, key=lambda claim: (-len(claim.start), claim)):
        alike = next((group for group in dates if _agree(claim, group[0])), None)
        dates.append([claim]) if alike is None else alike.append(claim)
    if len(dates) < 2 or len({claim.document for claim in claims}) < 2:
        return []
    best = [min(group, key=lambda claim: (-reading(claim.said.text), claim)) for group in dates]
    return sorted(best, key=lambda claim: (claim.start, claim))


def _agree(one: Dated, other: Dated) -> bool:
    """Whether two dates can be one, however exact each is."""
    return one.start <= f"{other.end}~" and other.start <= f"{one.end}~"
