"""What one Korean text unit says, sentence by sentence: entities, relationships and claims."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from graphrag_engine.offline.korean.dates import iso, values
from graphrag_engine.offline.korean.morphemes import Morpheme, morphemes
from graphrag_engine.offline.korean.names import names
from graphrag_engine.offline.korean.nouns import FULL_NAME, KIND, RELATIONS, TITLES, kind_by_ending
from graphrag_engine.offline.korean.particles import told_of
from graphrag_engine.offline.korean.relations import Tie, Told, told
from graphrag_engine.offline.mentions import (
    NOMINAL,
    TOGETHER,
    VERBAL,
    ClaimMention,
    EntityMention,
    Mentions,
    RelationshipMention,
    Unit,
)
from graphrag_engine.offline.names import Span, named
from graphrag_engine.offline.prose import prose
from graphrag_engine.offline.scripts import is_korean
from graphrag_engine.offline.text import written
from graphrag_engine.offline.ties import LOOSE

_LONGEST = 1200
"""Characters of a sentence that is read; a longer one is no sentence."""
_MOST_CLAIMS = 4
"""Claims of one sentence: with more it is a list."""
_MOST_YEARS = 4
"""Different dates in a unit: with more it is a chronology or a table, and a date alone ties nothing."""
_MOST_KNOWN = 100
"""Names that are looked for in every sentence."""
_TITLE = 40
"""Characters of a title that can be a name."""
_VALUES = ("date", "money", "quantity")


def extract(unit: Unit) -> Mentions:
    """Entities, relationships and claims of one text unit, in the order of the text."""
    reading = _Reading(unit)
    parsed = [_Parsed.of(unit.text, start, end) for start, end in prose(unit.text) if end - start <= _LONGEST]
    reading.know(name for sentence in parsed for name in sentence.names)
    for sentence in parsed:
        reading.sentence(sentence)
    return Mentions(reading.entities(), reading.relationships(), reading.claims)


class _Parsed(NamedTuple):
    """A sentence with its morphemes, and the names that these alone tell."""

    start: int
    end: int
    parts: list[Morpheme]
    names: list[Span]

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "_Parsed":
        """The sentence text[start:end]."""
        found = morphemes(text[start:end])
        parts = [part._replace(start=part.start + start, end=part.end + start) for part in found]
        return cls(start, end, parts, names(text, parts))


class _Reading:
    """One pass over one unit."""

    def __init__(self, unit: Unit) -> None:
        self.text = unit.text
        self.topics = _titled(unicodedata.normalize("NFC", unit.title), unit.text)
        parts = [part for part in unit.heading.split(" > ") if part not in ("", unit.title)]
        self.headings = [name for part in parts for name in _titled(part, unit.text)]
        self.votes: dict[str, Counter[str]] = defaultdict(Counter)
        self.spans: list[Span] = []
        self.described: dict[str, str] = {}
        self.ties: dict[tuple[str, str, str], RelationshipMention] = {}
        self.claims: list[ClaimMention] = []
        written = (name for name in self.topics if any(_places(self.text, name, 0, len(self.text))))
        self.known = list(self.topics)
        self.before: Span | None = next((Span(-1, -1, kind_by_ending(name), name) for name in written), None)

    def know(self, found: Iterable[Span]) -> None:
        """Names to look for in every sentence: the library may part one in this sentence and not in the next."""
        longer = dict.fromkeys(span.name for span in found if len(span.name) >= FULL_NAME)
        self.known += [name for name in islice(longer, _MOST_KNOWN) if name not in self.topics]

    def sentence(self, sentence: _Parsed) -> None:
        """Read one sentence."""
        start, end, parts, _ = sentence
        found = self._spans(sentence)
        said = told(parts, found, self.before)
        self.spans += found
        for span in found:
            self.votes[span.name][span.kind] += span.kind != "name"
        self._define(said, start, end)
        quote = self.text[start:end]
        for tie in said.ties:
            row = RelationshipMention(
                tie.source.name, tie.target.name, tie.predicate, quote, VERBAL if tie.verb else NOMINAL
            )
            self.ties.setdefault((row.source, row.target, row.type), row)
        self._claim(said.ties, start, end)
        self.before = said.about

    def _spans(self, sentence: _Parsed) -> list[Span]:
        """Values and names of a sentence, what is known from elsewhere too; of those that overlap the first kind."""
        start, end = sentence.start, sentence.end
        topics, known = (
            [
                named(self.text, at, at + len(name), kind_by_ending(name))
                for name in each
                for at in _places(self.text, name, start, end)
            ]
            for each in (self.topics, self.known)
        )
        kept: list[Span] = []
        for span in (*values(self.text, start, end), *topics, *sentence.names, *known):
            if not any(span.start < other.end and other.start < span.end for other in kept):
                kept.append(span)
        return sorted(kept)

    def _define(self, said: Told, start: int, end: int) -> None:
        """Take what a sentence says that a thing is."""
        for span, noun in said.defined:
            kind = "person" if noun in TITLES | RELATIONS else KIND.get(noun) or kind_by_ending(noun)
            if kind not in ("name", *_VALUES):
                self.votes[span.name][kind] += 2
            if span.start - start < _TITLE:
                self.described.setdefault(span.name, self.text[start:end])

    def _claim(self, ties: Sequence[Tie], start: int, end: int) -> None:
        """The claims of a sentence among its ties."""
        stated = [tie for tie in ties if tie.verb and tie.source.start >= start]
        if self.text[end - 1] == "?" or len(stated) > 2 * _MOST_CLAIMS:
            return
        found = [self._claimed(tie, stated, start, end) for tie in stated if _asserts(tie, stated)]
        self.claims += found if len(found) <= _MOST_CLAIMS else []

    def _claimed(self, tie: Tie, others: Sequence[Tie], start: int, end: int) -> ClaimMention:
        dates = [other.target.name for other in others if _when(other, tie)]
        first, last = next(filter(None, map(iso, dates)), None) or (None, None)
        status = "SUSPECTED" if tie.unsure else "FALSE" if tie.negated else "TRUE"
        what = None if tie.target.kind == "date" else tie.target.name
        described = f"{tie.source.name}: {told_of(tie.target.name, tie.predicate)}"
        quote = self.text[start:end]
        return ClaimMention(tie.source.name, what, tie.predicate, status, first, last, described, quote, start, end)

    def entities(self) -> list[EntityMention]:
        """The mentions, first those of title and headings that the text does not write."""
        here = {span.name for span in self.spans}
        unwritten = [name for name in dict.fromkeys((*self.topics, *self.headings)) if name not in here]
        found = [EntityMention(name, self._kind(name), "", None, None, False) for name in unwritten]
        crowded = self._crowded()
        for span in self.spans:
            if span.name not in crowded:
                kind = span.kind if span.kind in _VALUES else self._kind(span.name)
                described = self.described.pop(span.name, "")
                found.append(EntityMention(span.name, kind, described, span.start, span.end, True))
        return found

    def _kind(self, name: str) -> str:
        """What most of the evidence says; of equals the first in the alphabet."""
        votes = +self.votes[name]
        return min(votes, key=lambda kind: (-votes[kind], kind)) if votes else kind_by_ending(name)

    def relationships(self) -> list[RelationshipMention]:
        """What was read between two names, once each; every other name is tied to the title."""
        crowded = self._crowded()
        rows = [row for row in self.ties.values() if row.target not in crowded]
        return [*rows, *self._lonely({name for row in rows for name in (row.source, row.target)})]

    def _lonely(self, tied: set[str]) -> Iterator[RelationshipMention]:
        topic = next(iter(self.topics), None)
        others = dict.fromkeys(
            [*self.headings, *(span.name for span in self.spans if span.kind != "date"), *self.topics]
        )
        for name in others if topic else ():
            if topic and name != topic and name not in tied:
                yield RelationshipMention(topic, name, LOOSE, "", TOGETHER)

    def _crowded(self) -> frozenset[str]:
        """The dates of a chronology or table."""
        dates = frozenset(span.name for span in self.spans if span.kind == "date")
        return dates if len(dates) > _MOST_YEARS else frozenset()


def _asserts(tie: Tie, others: Sequence[Tie]) -> bool:
    """Whether a tie is a claim: it has an object, or a date and no tie of the same clause has an object."""
    if tie.target.kind != "date":
        return True
    return not any(
        other.clause == tie.clause and other.source == tie.source and other.target.kind != "date" for other in others
    )


def _when(other: Tie, tie: Tie) -> bool:
    """Whether a tie tells the date of another."""
    return other.target.kind == "date" and other.clause == tie.clause and other.source == tie.source


def _titled(title: str, text: str) -> list[str]:
    """The names in a title; a short title that the text writes out is one."""
    plain = " ".join(title.split())
    found = list(dict.fromkeys(span.name for span in names(plain, morphemes(plain))))
    if 1 < len(plain) <= _TITLE and found != [plain] and any(_places(text, plain, 0, len(text))):
        return [plain]
    return found if is_korean(plain) else []


def _places(text: str, name: str, start: int, end: int) -> Iterator[int]:
    """Where a text writes a name as a word, with no more than a particle behind it."""
    return (at for at, _ in written(text, name, start, end))
