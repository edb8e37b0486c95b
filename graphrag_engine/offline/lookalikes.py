"""Names that are alike but for one telling word: a number, a part of the compass, old or new."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from graphrag_engine.offline.roots import form

_TELLING = re.compile(
    r"(?<!\S)(?:(?P<number>(?!1\d{3}\b|20\d\d\b)\d+(?:st|nd|rd|th)?|(?<!^)[ivx]+|first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth|tenth)|(?P<compass>(?:north|south)?(?:east|west)(?:ern)?|(?:north|south)(?:ern)?|upper|lower)"
    r"|(?P<age>new|old))(?!\S)"
)
"""In a normalised name; a year tells nothing, since nobody takes two of them for one."""
_CAUSES = {"number": "number", "compass": "compass", "age": "new or old"}


def lookalikes(names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Pairs of names that nobody should take for one, each with what tells them apart; fewer pairs than names.

    Of more than two that are alike each is paired with the next one.
    """
    families: dict[str, dict[str, str]] = defaultdict(dict)
    for name in sorted(names, reverse=True):
        plain = form(name)
        family = _TELLING.sub(lambda word: f"<{word.lastgroup}>", plain)
        if family != plain and any(not word.startswith("<") for word in family.split()):
            families[family][plain] = name
    for family in sorted(families):
        for (one, left), (other, right) in pairwise(sorted(families[family].items())):
            yield left, right, _told(one, other)


def told_apart(one: str, other: str) -> bool:
    """Whether each of two names has a number or telling word that the other lacks: 1902 or 1903, north or south."""
    mine, theirs = _telling(one), _telling(other)
    return bool(mine - theirs and theirs - mine)


@lru_cache(maxsize=1 << 16)
def _telling(name: str) -> frozenset[str]:
    """Whatever in a name can tell it from another."""
    plain = form(name)
    words = (word for word in plain.split() if any(letter.isdigit() for letter in word))
    return frozenset([*words, *(word[0] for word in _TELLING.finditer(plain))])


def _told(one: str, other: str) -> str:
    """What tells two names of a family apart."""
    pairs = zip(_TELLING.finditer(one), _TELLING.finditer(other), strict=True)
    return next(_CAUSES[mine.lastgroup or ""] for mine, theirs in pairs if mine[0] != theirs[0])
