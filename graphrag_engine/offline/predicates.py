"""The words between two names, and the readable predicate that they make."""

import re
from collections.abc import Sequence
from functools import lru_cache

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.nouns import TYPE_OF_NOUN
from graphrag_engine.offline.verbs import (
    ADVERBS,
    AUXILIARIES,
    DROPPED,
    IRREGULAR,
    NEGATIONS,
    SUPPORTING,
    is_verb,
)

_TOKENS = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|['\u2019]s\b|[,;:()\"\u2013\u2014\u201c\u201d]")
_LONGEST = 600
"""Characters between two names that are read."""
PREPOSITIONS = words(
    "in on at by of for from to with into onto near under over during since until after before between among "
    "against through throughout across along within upon about as than around behind toward towards via off aboard"
)
DETERMINERS = words("the a an your his its their our my")
_BEING = words("is was are were be been being isn't wasn't aren't weren't")
_TOWARDS = words("to from")
"""Prepositions behind a verb that do not tell who does it: sold to."""
WORD = re.compile(r"\w")


@lru_cache(maxsize=1 << 14)
def tokens(gap: str) -> tuple[str, ...]:
    """The words and marks between two names, of a very long gap the last."""
    gap = gap[-_LONGEST:]
    return tuple(_TOKENS.findall(gap.lower().replace("\u2019", "'")))


@lru_cache(maxsize=1 << 14)
def verb_group(gap: tuple[str, ...]) -> tuple[int, int] | None:
    """First and last place of the last verb group; None where there is no verb."""
    last = len(gap) - 1
    while last >= 0 and not (is_verb(gap[last]) and (not last or gap[last - 1] not in DETERMINERS)):
        last -= 1
    if last < 0:
        return None
    first = last
    while first > 0 and extends(gap[first - 1]):
        first -= 1
    while last + 1 < len(gap) and gap[last] in SUPPORTING and WORD.match(gap[last + 1]):
        last += 1
    return first, last


def extends(word: str) -> bool:
    """Whether a word before a verb belongs to its group."""
    return is_verb(word) or word in NEGATIONS or (word.endswith("ly") and len(word) > 4) or word in ADVERBS


def _plain(words: Sequence[str]) -> list[str]:
    return [w for w in words if w not in DROPPED and WORD.match(w) and not (w.endswith("ly") and len(w) > 4)]


@lru_cache(maxsize=1 << 14)
def predicate(verb: tuple[str, ...], link: tuple[str, ...]) -> str:
    """A readable predicate of at most six words from a verb group and the words up to the object."""
    kept = _plain(verb)
    main = [word for word in kept if word not in AUXILIARIES or word in NEGATIONS]
    if main and main[-1] == kept[-1]:
        kept = main
    kept = (kept or [word for word in verb if word in AUXILIARIES][-1:])[:4]
    if _suffers(verb) and not (link and link[0] in PREPOSITIONS - _TOWARDS):
        kept = ["was", *kept]
    rest = _plain(link)
    if len(rest) > 1 and rest[-1] in TYPE_OF_NOUN and rest[-2] in PREPOSITIONS:
        rest = rest[:-1]
    room = 6 - len(kept)
    return " ".join([*kept, *(rest if len(rest) <= room else [*rest[: room - 1], rest[-1]])])


def _suffers(verb: tuple[str, ...]) -> bool:
    """Whether the subject of a verb group is what the verb is done to."""
    return any(word in _BEING for word in verb[:-1]) and (verb[-1] in IRREGULAR or verb[-1].endswith("ed"))


def listed(gap: tuple[str, ...]) -> tuple[str, ...]:
    """What stands between two names of a list, without a remark in brackets and the last article."""
    if gap and gap[0] == "(" and ")" in gap:
        gap = gap[gap.index(")") + 1 :]
    return gap[:-1] if len(gap) > 1 and gap[-1] in DETERMINERS else gap


def whole(link: tuple[str, ...]) -> tuple[str, ...]:
    """The words between verb and name without an `and` that leads on to another part."""
    while link and (link[-1] in ("and", "or", "but") or not WORD.match(link[-1])):
        link = link[:-1]
    return link
