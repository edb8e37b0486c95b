"""The sentences of a text unit, and which of the entities known to be there each of them names."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, reduce
from typing import NamedTuple

from graphrag_engine.offline.coverage import measured
from graphrag_engine.offline.text import sentences, written

_PERSON = frozenset(("he", "she", "his", "her"))
_THING = frozenset(("it", "its"))
_OWNING = frozenset(("his", "her", "its"))
_PRONOUN = re.compile(r"(he|she|it|his|her|its)(?= [a-z])", re.IGNORECASE)
_EMPTY_IT = re.compile(
    r"It (?:rained|snowed|froze|thundered|(?:\w+ ){0,2}(?:is|was|been|be|seems|seemed|took|takes|turned) "
    r"(?:(?:\S+ ){0,6}(?:that|who|which|to|when|where)\b|(?:late|early|dark|light|cold|hot|said|raining|\d)))"
)
_BLANKS = "\n\r\t\f\u00a0\u2028\u2029"
LITERAL = frozenset(("date", "money", "quantity"))
"""Types of values: they are no actors, and nothing is named after them."""


class Parted(NamedTuple):
    """The sentences of a text unit, column by column."""

    starts: "array[int]"
    ends: "array[int]"
    quality: "array[float]"
    form: "array[float]"
    """The second of what `measured` tells, after the quality."""


@lru_cache(maxsize=1 << 13)
def parted(text: str) -> Parted:
    """The sentences of a text unit, and how each reads: worked out ahead where there is time to."""
    spans = sentences(text)
    read = [measured(text[start:end]) for start, end in spans]
    starts, ends = (array("i", [span[side] for span in spans]) for side in (0, 1))
    quality, form = (array("d", [each[which] for each in read]) for which in (0, 1))
    return Parted(starts, ends, quality, form)


class Passage:
    """One text unit in sentences; entities are known by their ids, and looked for when they are asked for."""

    def __init__(self, text: str, there: Iterable[str], names: Callable[[str], Iterable[str]]) -> None:
        """*names* gives the names to look for of an entity that is *there*, as they are written, with single spaces."""
        self.text = text
        self.parted = parted(text)
        self._starts, self._ends, _, _ = self.parted
        self._names = names
        self._plain = reduce(lambda plain, blank: plain.replace(blank, " "), _BLANKS, text)
        self._where: dict[str, Sequence[int] | None] = dict.fromkeys(there)

    def __len__(self) -> int:
        """How many sentences there are."""
        return len(self._starts)

    def span(self, at: int) -> tuple[int, int]:
        """Where a sentence begins and ends."""
        return self._starts[at], self._ends[at]

    def naming(self, entities: Iterable[str]) -> dict[int, list[str]]:
        """The sentences that name one of these, each with all of these that it names."""
        found = dict[int, list[str]]()
        for entity in entities:
            for at in self._where.get(entity) or self.where(entity):
                if at in found:
                    found[at].append(entity)
                else:
                    found[at] = [entity]
        return found

    def where(self, entity: str) -> Sequence[int]:
        """The sentences that name an entity, in order."""
        found = self._where.get(entity, ())
        if found is None:
            found = self._where[entity] = self._naming(self._names(entity))
        return found

    def _naming(self, names: Iterable[str]) -> Sequence[int]:
        """The sentences in which one of these names is written."""
        plain, starts = self._plain, self._starts
        found = [bisect_right(starts, at) - 1 for name in names for at, _ in written(plain, name)]
        return tuple(found if len(found) == 1 and found[0] >= 0 else sorted({*found} - {-1}))

    def held(self, at: int) -> list[str]:
        """The entities that a sentence names, in the order in which they were given."""
        return [entity for entity in self._where if at in self.where(entity)]

    def said(self, at: int) -> str:
        """The words of a sentence."""
        return self.text[self._starts[at] : self._ends[at]]

    def number(self, start: int) -> int:
        """The sentence in which this character stands; -1 before the first."""
        return bisect_right(self._starts, start) - 1

    def readable(
        self, at: int, name: Callable[[str], str], kind: Callable[[str], str], topic: Callable[[], str | None]
    ) -> str:
        """A sentence that can stand alone: a leading pronoun becomes the name it must mean, in brackets.

        It means the one entity of the right type in the sentence before, or the *topic* (an entity) where that
        sentence names none. Where this leaves a doubt the pronoun stays. *name* and *kind* tell of an entity.
        """
        said = self.said(at)
        pronoun = _PRONOUN.match(said)
        if not pronoun or _EMPTY_IT.match(said):
            return said
        word = pronoun[1].lower()
        before = [each for each in (self.held(at - 1) if at else []) if _fits(word, kind(each))]
        if not before and (about := topic()) is not None and _fits(word, kind(about)):
            before = [about]
        if len(before) != 1:
            return said
        return f"[{name(before[0])}{chr(39) + 's' if word in _OWNING else ''}]{said[pronoun.end() :]}"


def speaks_of_a_person(sentence: str) -> bool:
    """Whether a sentence opens with a pronoun that stands for a person."""
    pronoun = _PRONOUN.match(sentence)
    return pronoun is not None and pronoun[1].lower() in _PERSON


def _fits(pronoun: str, kind: str) -> bool:
    """Whether a pronoun may stand for an entity of this type."""
    return kind == "person" if pronoun in _PERSON else kind not in LITERAL and kind != "person"
