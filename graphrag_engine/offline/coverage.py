"""The few sentences that say most about a group of entities: greedy weighted coverage."""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from functools import lru_cache
from heapq import heapify, heappop, heapreplace
from itertools import chain, repeat
from math import sqrt
from typing import NamedTuple

from graphrag_engine.offline.scripts import IDEOGRAPHS, SYLLABLES

_WORD = re.compile(r"\w+")
_SPACED = bytes(at if _WORD.match(chr(at)) else ord(" ") for at in range(1 << 7)).ljust(1 << 8)
"""ASCII with a space for all that is no part of a word."""
_DENSE = re.compile(f"[{SYLLABLES}{IDEOGRAPHS}]")
_A_WORD = 2
"""Syllables and characters that say as much as an English word."""
_DANGLING = re.compile(
    r"(?:he|she|it|they|we|i|you|his|her|its|their|our|my|this|that|these|those|such|and|but|or|so|yet|then|thus|"
    r"however|moreover|furthermore|also|therefore|hence|instead|meanwhile|afterwards|later|nevertheless|nonetheless|"
    r"otherwise|besides|consequently|similarly|both|neither|there|here)\b",
    re.IGNORECASE,
)
_ENDS = frozenset((".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f"))
_SHORT, _LONG = 6, 45
"""Words between which a sentence is of good length."""
_CELLS = 2
"""Bars that make a sentence the row of a table."""
_SMOOTHING = 12
"""Words added to a sentence's length, so that a short one does not win by being short."""


class Candidate(NamedTuple):
    """One sentence that could be chosen."""

    unit: str
    at: int
    """Its number in the text unit."""
    entities: Sequence[str]
    form: float
    """What `measured` tells of its text."""


Said = Callable[[str, int], str]
"""Gives the words of a sentence, by text unit and number there: few of those that could be chosen are compared."""


def choose(
    candidates: Sequence[Candidate], weights: Mapping[str, float], said: Said, most: int, least: int = 0
) -> list[int]:
    """The places of up to *most* candidates, best first; of equals the earlier.

    Each choice has the highest gain: weight of entities not yet covered / sqrt(words + 12) x quality
    x (1 - similarity to those chosen / 2). It ends when nothing is left to cover; to reach *least* it then
    begins to cover everything once more. Gains only fall, so only the best of the old ones are worked out
    again (Minoux, "Accelerated greedy algorithms", 1978).
    """
    choice = _Choice(candidates, weights, said)
    while (before := len(choice.made)) < most:
        choice.cover(least if before else most)
        if len(choice.made) == before or len(choice.made) >= least:
            break
    return choice.made


class _Choice:
    """Candidates that are chosen one by one."""

    def __init__(self, candidates: Sequence[Candidate], weights: Mapping[str, float], said: Said) -> None:
        self.made: list[int] = []
        """The places of those that are chosen, best first."""
        self._candidates = candidates
        self._weights = weights
        self._said = said
        self._worths = [worth(each, weights) for each in candidates]
        self._named = len(set(chain.from_iterable([each.entities for each in candidates])))
        self._words: dict[int, frozenset[str]] = {}
        """Those of each that was compared."""
        self._likeness = [0.0] * len(candidates)
        """To the one most like it of those it was compared with."""
        self._compared = [0] * len(candidates)
        """With how many of those that are chosen."""

    def cover(self, most: int) -> None:
        """Choose of the rest, until all that they name is covered or there are *most*."""
        covered, made, worths, likeness = set[str](), self.made, self._worths, self._likeness
        heap = [(-worth, at) for at, worth in enumerate(worths) if at not in made]
        heapify(heap)
        while heap and len(made) < most and len(covered) < self._named:
            loss, at = heap[0]
            entities = self._candidates[at].entities
            if covered.issuperset(entities):
                heappop(heap)
                continue
            gain = worths[at] if covered.isdisjoint(entities) else self._rest(at, covered)
            now = gain * (0.5 * likeness[at] - 1)
            if now == loss and self._compared[at] < len(made):
                now = gain * (0.5 * self._compare(at) - 1)
            if now != loss:
                heapreplace(heap, (now, at))
            elif now < 0:
                heappop(heap)
                made.append(at)
                covered.update(entities)
            else:
                return

    def _rest(self, at: int, covered: Set[str]) -> float:
        """What one would add, were it like none of those chosen, of which some is *covered*."""
        each, weights = self._candidates[at], self._weights
        return sum([weights.get(entity, 0.0) for entity in each.entities if entity not in covered]) * each.form

    def _compare(self, at: int) -> float:
        """How like it is to those chosen; it is compared with those since the last time."""
        words, others = self._words, self.made[self._compared[at] :]
        for each in (at, *others):
            if each not in words:
                words[each] = _words(self._said(*self._candidates[each][:2]))
        found = self._likeness[at] = max(self._likeness[at], *[_alike(words[at], words[other]) for other in others])
        self._compared[at] = len(self.made)
        return found


def worth(candidate: Candidate, weights: Mapping[str, float]) -> float:
    """The gain of a candidate while nothing is chosen."""
    return sum(map(weights.get, candidate.entities, repeat(0.0))) * candidate.form


def quality(text: str, length: int | None = None) -> float:
    """1 for a sentence that can stand alone; less if short, long, unended, or hanging on the one before.

    *length* is its size, where that is known.
    """
    length = size(text) if length is None else length
    ended = text.rstrip("\"'\u2019\u201d\u00bb)]*_")[-1:] in _ENDS
    right = 1.0 if _SHORT <= length <= _LONG else 0.5
    whole = 1.0 if ended and text.count("|") < _CELLS else 0.25
    return right * whole * (0.6 if _DANGLING.match(text) else 1.0)


def measured(text: str) -> tuple[float, float]:
    """The quality of a sentence, alone and by its length: a long one tells more, but is more to read."""
    length = size(text)
    found = quality(text, length)
    return found, found / sqrt(length + _SMOOTHING)


def size(text: str) -> int:
    """The words of a text, however it is written: two syllables of Korean count as one."""
    dense = 0 if text.isascii() else len(_DENSE.findall(text))
    return max(dense // _A_WORD, len(text.split()))


def similarity(one: str, other: str) -> float:
    """Cosine of the sets of words: 0 for none in common, 1 for the same words."""
    return _alike(_known_words(one), _known_words(other))


def _alike(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / sqrt(len(left) * len(right)) if left and right else 0.0


def _words(text: str) -> frozenset[str]:
    lower = text.lower()
    if lower.isascii():  # the same in less than half the time
        return frozenset(lower.encode().translate(_SPACED).decode().split())
    return frozenset(_WORD.findall(lower))


_known_words = lru_cache(maxsize=1 << 12)(_words)
"""Of texts each of which is compared with many."""
