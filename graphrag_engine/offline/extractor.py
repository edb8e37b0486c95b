"""What a model would find in one text unit, found by rules: entities, relationships, claims.

Here it is decided by which rules: a text in letters is read by its capitals, Korean by its morphemes where the library
for that is there, all else by what recurs.
"""

import re
from collections import defaultdict
from itertools import pairwise

from graphrag_engine.offline import german, recurring
from graphrag_engine.offline.aliases import abbreviates
from graphrag_engine.offline.claims import claims
from graphrag_engine.offline.clauses import ALIAS
from graphrag_engine.offline.cues import GENERAL
from graphrag_engine.offline.kinds import may_be_person
from graphrag_engine.offline.korean import morphemes
from graphrag_engine.offline.korean import reading as korean
from graphrag_engine.offline.lexicon import Lexicon
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
from graphrag_engine.offline.names import Span, spans
from graphrag_engine.offline.nouns import head_noun
from graphrag_engine.offline.places import DEMONYMS
from graphrag_engine.offline.pronouns import Referents
from graphrag_engine.offline.prose import prose
from graphrag_engine.offline.relations import Tie, ties
from graphrag_engine.offline.scripts import script
from graphrag_engine.offline.text import sentences, written
from graphrag_engine.offline.topics import named_by, places, type_told, with_topics
from graphrag_engine.offline.votes import Votes

_MOST_YEARS = 4
"""Different years in a unit: with more it is a chronology or a table, and a year alone ties nothing."""
_LONGEST = 1200
"""Characters of a sentence that is quoted whole; of a longer one the part around the names."""
_LISTED = (
    ",",
    "and",
    ", and",
    "&",
    "or",
    ", or",
    "and the",
    ", the",
    ", and the",
    "or the",
    "(",
    "known as",
    "also known as",
    ", also known as",
    "(also known as",
    "/",
)
_TRANSLATES = (":", ': "', ':"', "for", "name", "title:", "title")
"""What stands between the name of a language and what is said in it."""
_ALSO = re.compile(
    r"(?:\(|,\s)(?:also|formerly|originally|spelled|spelt|sometimes|previously|officially|commonly|modern|aka|now|known"
    r"|(?<=\()or)(?:\s(?:known|called|spelled|written|named|as|the))*"
)
"""What stands between a name and another one of the same thing."""
_HE = re.compile(r"(?:He|She)\b")
_DEFINES = re.compile(r"(?:\s?\([^()]{0,160}\))?,?\s(?:is|was|are|were)\s(?:a|an|the|one\sof)\s")


def extract(unit: Unit, lexicon: Lexicon) -> Mentions:
    """Entities, relationships and claims of one text unit, in the order of the text."""
    kind = script(unit.text)
    if kind == "korean" and morphemes.installed():
        return korean.extract(unit)
    if kind != "letters":
        return recurring.extract(unit, lexicon)
    reading = _Reading(unit, lexicon)
    for start, end in prose(unit.text):
        reading.sentence(start, end)
    reading.tie_the_lonely()
    return Mentions(reading.entities(), reading.relationships(), reading.claims)


class _Reading:
    """One pass over one unit, sentence by sentence."""

    def __init__(self, unit: Unit, lexicon: Lexicon) -> None:
        self.text = unit.text
        self.lexicon = lexicon
        self.german = german.is_german(unit.text)
        self.topics = [_unwritten(name) for name in named_by(unit.title, self.text, lexicon)]
        headings = [part.strip() for part in unit.heading.split(" > ") if part.strip() not in ("", unit.title)]
        self.headings = [_unwritten(name) for part in headings for name in named_by(part, self.text, lexicon)]
        self.votes = Votes(lexicon)
        topic = next((topic for topic in self.topics if self._writes(topic.name)), None)
        told = self._entitle(unit)
        person = topic is not None and told in ("", "person") and may_be_person(topic.name)
        self.referents = Referents(topic, person=person)
        self.spans: list[Span] = []
        self.ending: dict[str, set[str]] = defaultdict(set)
        self.described: dict[str, str] = {}
        self.ties: list[tuple[Tie, str]] = []
        self.claims: list[ClaimMention] = []
        for one in self.topics:
            self.ending[one.name.split()[-1]].add(one.name)

    def _entitle(self, unit: Unit) -> str:
        """Take what title and first sentence say of the one thing that a document is about."""
        opening = self.text[slice(*next(iter(sentences(self.text[:_LONGEST])), (0, 0)))] if unit.opens else ""
        kind = type_told(unit.title, opening) if len(self.topics) == 1 else ""
        if kind:
            self.votes.add(self.topics[0].name, kind, 2)
        return kind

    def _writes(self, name: str) -> bool:
        """Whether the text writes a name, or the surname of what may be a person."""
        if next(places(self.text, name, 0, len(self.text)), None):
            return True
        return name.split()[-1] in self.text and may_be_person(name)

    def sentence(self, start: int, end: int) -> None:
        """Read one sentence."""
        found = with_topics(self._spans(start, end), self.topics, self.text, start, end)
        found = [span for span in found if not self._is_general(span)]
        self.spans += found
        for span in found:
            if span.kind == "name":
                self.votes.see(self.text, span.start, span.end, span.name)
                self._define(span, start, end)
        for left, right in pairwise(found):
            if left.kind == right.kind == "name":
                self._compare(left, right)
        found = self._translated(found)
        subject = self.referents.of(self.text, start, end)
        if subject and subject.clear and _HE.match(self.text, start, end):
            self.votes.add(subject.span.name, "person", 1)
        stated = ties(self.text, start, end, found, subject)
        self.ties += [(tie, self._quote(tie, start, end)) for tie in stated]
        self.claims += claims(self.text, start, end, stated)
        self.referents.follow(found, stated)

    def _compare(self, left: Span, right: Span) -> None:
        """Note that two names side by side are of one kind, or of one thing."""
        between = self.text[left.end : right.start].strip()
        if between in _LISTED:
            self.votes.list(left.name, right.name, bracket=between == "(")
        if _ALSO.fullmatch(between) or (between.startswith("(") and abbreviates(right.name, left.name)):
            self.votes.equate(right.name, left.name)

    def _translated(self, found: list[Span]) -> list[Span]:
        """The spans, where what a bracket gives in another language is of the kind of what stands before it."""
        spans = list(found)
        for at, (one, language, other) in enumerate(zip(found, found[1:], found[2:], strict=False)):
            before, between = self.text[one.end : language.start].strip(), self.text[language.end : other.start].strip()
            if language.name in DEMONYMS and before.endswith(("(", "(in")) and between in _TRANSLATES:
                self.votes.equate(other.name, one.name)
                spans[at + 2] = other._replace(kind=one.kind)
        return spans

    def _spans(self, start: int, end: int) -> list[Span]:
        """What the sentence names; where capitals say nothing, known names and concepts only."""
        found = spans(self.text, start, end, self.lexicon)
        found = list(german.names(self.text, found)) if self.german else found
        if self.lexicon.uncased:
            found = [span for span in found if span.kind != "name" or self.lexicon.names.get(span.name.split()[0])]
        free = [
            Span(at, stop, "concept", name)
            for name in self.lexicon.phrases
            for at, stop in written(self.text, name, start, end)
        ]
        return sorted([*found, *free]) if free else found

    def _is_general(self, span: Span) -> bool:
        """Whether it is a general word (`the Board`) for which no one fuller name was read before."""
        last = span.name.rsplit(None, 1)[-1]
        if span.kind == "name" and last != span.name:
            self.ending[last].add(span.name)
        return span.kind == "name" and span.name in GENERAL and len(self.ending[span.name]) != 1

    def _define(self, span: Span, start: int, end: int) -> None:
        """Keep the sentence that says what a name is."""
        stated = _DEFINES.match(self.text, span.end, end)
        if stated and span.name not in self.described and end - start <= _LONGEST:
            self.described[span.name] = self.text[start:end]
            self.referents.define(span.name, head_noun(self.text[stated.end() : stated.end() + 90]))

    def _quote(self, tie: Tie, start: int, end: int) -> str:
        """The sentence, or of a very long one the part around the two names."""
        if end - start > _LONGEST:
            near = [span for span in (tie.source, tie.target) if span.start >= start]
            start = max(start, min(span.start for span in near) - _LONGEST // 4)
            end = min(end, start + _LONGEST)
        return self.text[start:end]

    def tie_the_lonely(self) -> None:
        """Tie every name that nothing else ties to the document's topic; without one, to the name before."""
        tied = {name for tie, _ in self.ties for name in (tie.source.name, tie.target.name)}
        topic = next(iter(self.topics), None)
        for span in [*self.headings, *self.spans, *self.topics[1:]]:
            if (
                topic
                and span.kind != "date"
                and span.name not in DEMONYMS
                and span.name not in tied
                and span.name != topic.name.removeprefix("The ")
            ):
                tied.add(span.name)
                self.ties.append((Tie(topic, "mentioned with", span), ""))
        if self.lexicon.uncased:
            for left, right in pairwise(self.spans):
                self.ties.append((Tie(left, "mentioned with", right), ""))

    def entities(self) -> list[EntityMention]:
        """The mentions, first those of title and headings that the text does not write."""
        types = self.votes.decide(dict.fromkeys(span.name for span in (*self.topics, *self.headings, *self.spans)))
        here = {span.name for span in self.spans}
        unwritten = [span for span in dict.fromkeys([*self.topics, *self.headings]) if span.name not in here]
        found = [EntityMention(span.name, types[span.name], "", None, None, False) for span in unwritten]
        crowded = self._crowded()
        for span in self.spans:
            kind = types[span.name] if span.kind == "name" else span.kind
            if span.name not in crowded:
                described = self.described.pop(span.name, "")
                found.append(EntityMention(span.name, kind, described, span.start, span.end, True))
        return found

    def relationships(self) -> list[RelationshipMention]:
        """What was read between two names, once each."""
        crowded = self._crowded()
        rows = (
            RelationshipMention(tie.source.name, tie.target.name, tie.predicate, quote, _strength(tie, quote))
            for tie, quote in self.ties
            if tie.target.name not in crowded and tie.source.name not in crowded and not _same(tie)
        )
        return list(dict.fromkeys(rows))

    def _crowded(self) -> frozenset[str]:
        """The years of a chronology or table."""
        years = frozenset(span.name for span in self.spans if span.kind == "date" and span.name[:4].isdigit())
        return years if len(years) > _MOST_YEARS else frozenset()


def _unwritten(name: str) -> Span:
    """A name that stands in no place of the text."""
    return Span(-1, -1, "name", name)


def _same(tie: Tie) -> bool:
    """Whether a tie only says that two names are one: what `resolve` makes of an acronym in brackets."""
    source, target = tie.source.name, tie.target.name
    return source == target or (tie.predicate == ALIAS and (abbreviates(target, source) or abbreviates(source, target)))


def _strength(tie: Tie, quote: str) -> float:
    if tie.verb:
        return VERBAL
    return NOMINAL if quote else TOGETHER
