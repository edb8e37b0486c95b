"""What is said of an entity or a relationship, in sentences of the sources: chosen, never written."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from graphrag_engine.offline.coverage import quality, similarity, size
from graphrag_engine.offline.lexicon import UPPER

_DEFINES = re.compile(
    r"(?:\s?\([^()]{0,160}\))?,?\s(?:is|was|are|were|has been|had been)\s(?:also\s|once\s|now\s|still\s)?"
    r"(?:an?|the|one\sof|\w+'s)\s"
    r"|(?:\([^()]{0,80}\))?(?:은|는|이란|란)\s[^.]{2,160}(?:이|였|이었|입니)다\.?\s*\Z"
)
_SEVERAL = 3
"""Most definitions of one thing."""
_ALIKE = 0.6
"""Definitions with more in common say the same, unless each has names or figures that the other has not."""
_TELLING = re.compile(rf"(?<=\s)[^\w\s]*(\w*\d\w*|[{UPPER}]\w*)")
"""Names and figures behind the first word."""
_IDEAL = 18
"""Words of a sentence that says enough and not too much."""


class Said(NamedTuple):
    """A sentence and the text unit it stands in."""

    unit: str
    text: str


class Description(NamedTuple):
    """The chosen sentences, one after the other, and where they stand."""

    text: str
    units: tuple[str, ...]


def define(names: Sequence[str], definitions: Sequence[Said]) -> list[Said]:
    """Up to three definitions that differ, the most direct first."""
    distinct, chosen = _distinct(definitions), list[Said]()
    if len(distinct) < 2:
        return list(distinct)
    for said in sorted(distinct, key=lambda said: (-directness(names, said.text), *_order(said))):
        if len(chosen) == _SEVERAL:
            break
        if not any(_says_the_same(said.text, other.text) for other in chosen):
            chosen.append(said)
    return chosen


def best(names: Sequence[str], candidates: Sequence[Said]) -> list[Said]:
    """The one sentence that reads best and names the thing earliest; none where there are none.

    None reads better than 1, so of most it is enough to see how early they name the thing.
    """
    distinct = _distinct(candidates)
    if len(distinct) < 2:
        return list(distinct)
    least = (1.0, 0, "", "")
    for said in distinct:
        early, order = naming(names, said.text), _order(said)
        if (-early, *order) < least:
            least = min(least, (-early * reading(said.text), *order))
    return [Said(least[3], least[2])]


def _distinct(sentences: Sequence[Said]) -> Sequence[Said]:
    """Each sentence once, of several text units the one with the smallest id."""
    if len({said.text for said in sentences}) == len(sentences):
        return sentences
    units = dict[str, str]()
    for unit, text in sentences:
        if unit <= units.setdefault(text, unit):
            units[text] = unit
    return [Said(unit, text) for text, unit in units.items()]


def describe(chosen: Sequence[Said]) -> Description:
    """The sentences one after the other."""
    return Description(" ".join(said.text for said in chosen), tuple(dict.fromkeys(said.unit for said in chosen)))


def _says_the_same(one: str, other: str) -> bool:
    """Whether two definitions differ in words only, not in the names and figures that they tell."""
    if similarity(one, other) <= _ALIKE:
        return False
    mine, theirs = _telling(one), _telling(other)
    return mine <= theirs or theirs <= mine


@lru_cache(maxsize=1 << 12)
def _telling(sentence: str) -> frozenset[str]:
    return frozenset(_TELLING.findall(sentence))


def naming(names: Sequence[str], sentence: str) -> float:
    """How early a sentence names a thing: 1 at its start, less later, least nowhere; 1 for a thing without names."""
    first = len(sentence) if names else 0
    for name in names:
        if 0 <= (at := sentence.find(name)) < first:
            first = at
    return 1.0 if first < 5 else 0.7 if first < len(sentence) else 0.4


def directness(names: Sequence[str], sentence: str) -> float:
    """How directly a sentence says what a thing is: most for "X is a ..." at its start, times how it reads."""
    defines = any((at := sentence.find(name)) >= 0 and _DEFINES.match(sentence, at + len(name)) for name in names)
    return naming(names, sentence) * (1.0 if defines else 0.5) * reading(sentence)


@lru_cache(maxsize=1 << 14)
def reading(sentence: str) -> float:
    """How well a sentence reads alone: its quality, less where it is far from a good length."""
    words = size(sentence)
    return quality(sentence, words) * min(1.0, words / _IDEAL) * min(1.0, 2 * _IDEAL / max(words, 1))


def _order(said: Said) -> tuple[int, str, str]:
    return len(said.text), said.text, said.unit
