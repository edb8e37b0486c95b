"""What a model would find in one text unit, found by rules: entities, relationships, claims."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from graphrag_engine.offline.claims import ClaimMention, claims
from graphrag_engine.offline.cues import HEADS, PARTICLES, words
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.names import Span, spans
from graphrag_engine.offline.places import PLACES
from graphrag_engine.offline.relations import HE, Subject, Tie, ties
from graphrag_engine.offline.text import sentences
from graphrag_engine.offline.kinds import Votes, from_name, head_noun, from_name, head_noun

VERBAL, NOMINAL, TOGETHER = 4.0, 2.0, 1.0
"""Strength of a tie that a verb states, that apposition, place or bracket states, and of standing together."""


@dataclass(frozen=True)
class Unit:
    """One text unit and where it stands."""

    text: str
    title: str = ""
    heading: str = ""
    opens: bool = False
    """Whether it is the first unit of its document."""


@dataclass(frozen=True)
class EntityMention:
    """A row of `entity_mentions` without its text unit."""

    name: str
    type: str
    description: str
    start: int | None
    end: int | None
    grounded: bool


@dataclass(frozen=True)
class RelationshipMention:
    """A row of `relationship_mentions` without its text unit."""

    source: str
    target: str
    type: str
    description: str
    strength: float


@dataclass(frozen=True)
class Mentions:
    """All that one text unit says."""

    entities: list[EntityMention] = field(default_factory=list)
    relationships: list[RelationshipMention] = field(default_factory=list)
    claims: list[ClaimMention] = field(default_factory=list)


_MOST_YEARS = 4
"""Different years in a unit: with more it is a chronology or a table, and a year alone ties nothing."""
_GENERAL = frozenset().union(*HEADS.values()) - words("Congress Parliament Senate United Reformation Renaissance Bible East West") - PLACES
"""Heads of names that by themselves name nothing."""
_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_LISTS = re.compile(r"[:;,]|\d{4}")
_REGION = re.compile(r"([^,]{2,40}), ([^,]{2,40})$")
_CAPITAL = re.compile(r"[^\W\d_]")
_OPENING = re.compile(r"(?:(?:[Tt]he|[Tt]his)\s([a-z]+)|([^\W\d_]+))")
_DEFINES = re.compile(r"(?:\s?\([^()]{0,160}\))?,?\s(?:is|was|are|were)\s(?:a|an|the|one\sof)\s")


@lru_cache(maxsize=1 << 12)
def title_names(title: str) -> tuple[str, ...]:
    """The names that a title stands for: `Place, Region` two, a sentence or a file name none."""
    plain = _BRACKET.sub("", title).strip(" #*_`\"'\u201c\u201d")
    letters = _CAPITAL.search(plain)
    if plain.isupper() and " " in plain:
        return ()
    if not letters or not letters.group().isupper() or len(plain) > 100 or plain.endswith((".md", ".txt", ":")):
        return ()
    written = plain.split()
    if len(written) > 6 and sum(word[0].islower() for word in written) * 2 > len(written):
        return ()
    place = _REGION.match(plain)
    if place and " and " not in plain and place[2][0].isupper():
        return place[1], place[2]
    return (plain,)


def extract(unit: Unit, lexicon: Lexicon) -> Mentions:
    """Entities, relationships and claims of one text unit, in the order of the text."""
    return _Extraction(unit, lexicon).mentions()


class _Extraction:
    """One pass over one unit."""

    def __init__(self, unit: Unit, lexicon: Lexicon) -> None:
        self.text = unit.text
        self.lexicon = lexicon
        self.topics = [Span(-1, -1, "name", name) for name in _titled(unit.title, self.text, lexicon)]
        self.headings = [Span(-1, -1, "name", name) for name in _heading_names(unit, lexicon)]
        self.votes = Votes(lexicon)
        self.spans: list[Span] = []
        self.described: dict[str, str] = {}
        self.ties: list[tuple[Tie, str]] = []
        self.claims: list[ClaimMention] = []
        self.topic = next((topic for topic in self.topics if self._mentions(topic.name)), None)
        self.noun = ""
        self.person: Span | None = self.topic
        self.subject: Span | None = self.topic

    def mentions(self) -> Mentions:
        for start, end in sentences(self.text):
            self._sentence(start, end)
        self._link_lonely()
        types = self.votes.decide(
            list(dict.fromkeys(span.name for span in [*self.topics, *self.headings, *self.spans]))
        )
        return Mentions(self._entities(types), self._relationships(), self.claims)

    def _sentence(self, start: int, end: int) -> None:
        found = self._with_topic(spans(self.text, start, end, self.lexicon), start, end)
        found = self._without_heads(found)
        self.spans += found
        for span in found:
            if span.kind == "name":
                self.votes.see(self.text, span.start, span.end, span.name)
                if span.name not in self.described and _DEFINES.match(self.text, span.end, end):
                    self.described[span.name] = self.text[start:end]
                    self._define(span, end)
                    self._define(span, end)
        subject = self._referent(start, end)
        stated = ties(self.text, start, end, found, subject)
        quote = self.text[start:end]
        self.ties += [(tie, quote) for tie in stated]
        self.claims += claims(self.text, start, end, stated)
        self._remember(found, stated, start)

    def _define(self, span: Span, end: int) -> None:
        """Remember the noun that defines the topic: `the journal` stands for it later."""
        stated = _DEFINES.match(self.text, span.end, end)
        if stated and self.topic and span.name == self.topic.name:
            self.noun = head_noun(self.text[stated.end() : stated.end() + 90])

    def _define(self, span: Span, end: int) -> None:
        """Remember the noun that defines the topic: `the journal` stands for it later."""
        stated = _DEFINES.match(self.text, span.end, end)
        if stated and self.topic and span.name == self.topic.name:
            self.noun = head_noun(self.text[stated.end() : stated.end() + 90])

    def _mentions(self, name: str) -> bool:
        """Whether the unit's text writes the name or its last word."""
        return next(_places(self.text, name, 0, len(self.text)), None) is not None or (
            name.split()[-1] in self.text and from_name(name)[0] == "person"
        )

    def _define(self, span: Span, end: int) -> None:
        """Remember the noun that defines the topic: `the journal` stands for it later."""
        stated = _DEFINES.match(self.text, span.end, end)
        if stated and self.topic and span.name == self.topic.name:
            self.noun = head_noun(self.text[stated.end() : stated.end() + 90])

    def _mentions(self, name: str) -> bool:
        """Whether the unit's text writes the name or its last word."""
        return next(_places(self.text, name, 0, len(self.text)), None) is not None or (
            name.split()[-1] in self.text and from_name(name)[0] == "person"
        )

    def _with_topic(self, found: list[Span], start: int, end: int) -> list[Span]:
        """The spans, with the document's own title where it is written out."""
        for topic in self.topics:
            for at, stop in _places(self.text, topic.name, start, end):
                if self.text.startswith(("the ", "The "), at) and " " in topic.name[4:]:
                    at += 4
                if not any(span.start <= at and stop <= span.end for span in found):
                    own = Span(at, stop, "name", self.text[at:stop])
                    found = sorted([span for span in found if span.end <= at or span.start >= stop] + [own])
        return found

    def _without_heads(self, found: list[Span]) -> list[Span]:
        """The spans but for general words (`the Board`), unless one fuller name before can be meant."""
        kept: list[Span] = []
        for span in found:
            if span.kind == "name" and span.name in _GENERAL:
                before = {one.name for one in (*self.topics, *self.spans, *kept) if one.name.endswith(" " + span.name)}
                if len(before) != 1:
                    continue
            kept.append(span)
        return kept

    def _referent(self, start: int, end: int) -> Subject | None:
        """What a pronoun or `the <noun>` at the start of this sentence stands for; else the document's topic."""
        opening = _OPENING.match(self.text, start, end)
        word = opening[1].lower() if opening else ""
        if word in HE:
            return Subject(self.person, True) if self.person else self.topic and Subject(self.topic, False)
        if word in ("it", "its", "they", "their"):
            return Subject(self.subject, word in ("it", "its")) if self.subject else self.topic and Subject(self.topic, False)
        if opening and opening[2] and self.topic and opening[2] == self.noun:
            return Subject(self.topic, True)
        return self.topic and Subject(self.topic, False)

    def _remember(self, found: list[Span], stated: list[Tie], start: int) -> None:
        """Keep what later pronouns may stand for: the subject of the last sentence, the last person that was one."""
        opening = next((span for span in found if span.kind == "name"), None)
        if opening is None:
            return
        subject = next((tie.source for tie in stated if tie.verb), opening)
        self.subject = subject
        if from_name(subject.name)[0] not in ("place", "organisation", "work", "event", "concept"):
            self.person = subject

    def _link_lonely(self) -> None:
        """Tie every name that nothing else ties to the document's topic."""
        topic = next(iter(self.topics), None)
        if topic is None:
            return
        tied = {name for tie, _ in self.ties for name in (tie.source.name, tie.target.name)}
        for span in [*self.headings, *self.spans, *self.topics[1:]]:
            if span.name not in tied and span.name != topic.name:
                tied.add(span.name)
                self.ties.append((Tie(topic, "mentioned with", span), ""))

    def _crowded(self) -> frozenset[str]:
        """Years of a chronology or table: where there are many, each says nothing of the others."""
        years = {span.name for span in self.spans if span.kind == "date" and len(span.name) == 4}
        return frozenset(years) if len(years) > _MOST_YEARS else frozenset()

    def _entities(self, types: dict[str, str]) -> list[EntityMention]:
        here = {span.name for span in self.spans}
        found = [
            EntityMention(span.name, types[span.name], "", None, None, False)
            for span in dict.fromkeys([*self.topics, *self.headings])
            if span.name not in here
        ]
        crowded = self._crowded()
        for span in self.spans:
            if span.name in crowded:
                continue
            kind = types[span.name] if span.kind == "name" else span.kind
            described = self.described.pop(span.name, "") if span.kind == "name" else ""
            found.append(EntityMention(span.name, kind, described, span.start, span.end, True))
        return found

    def _relationships(self) -> list[RelationshipMention]:
        crowded = self._crowded()
        rows = (
            RelationshipMention(
                tie.source.name,
                tie.target.name,
                tie.predicate,
                quote,
                VERBAL if tie.verb else NOMINAL if quote else TOGETHER,
            )
            for tie, quote in self.ties
            if tie.target.name not in crowded and tie.source.name not in crowded
        )
        return list(dict.fromkeys(rows))


def _places(text: str, name: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where a name is written in a sentence, in any case if it has several words."""
    if " " not in name:
        at = text.find(name, start, end)
        while at >= 0:
            if not (text[at - 1 : at].isalnum() or text[at + len(name) : at + len(name) + 1].isalnum()):
                yield at, at + len(name)
            at = text.find(name, at + len(name), end)
    else:
        for match in _any_case(name).finditer(text, start, end):
            yield match.span()


@lru_cache(maxsize=1 << 10)
def _any_case(name: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _titled(title: str, text: str, lexicon: Lexicon) -> list[str]:
    """The names that a title stands for; one that is no name and not written in the text gives the names in it."""
    names = title_names(title)
    if all(_is_name(name) or _within(text, name) for name in names):
        return list(names)
    found = dict.fromkeys(span.name for span in spans(title, 0, len(title), lexicon) if span.kind == "name")
    return [name for name in found if name not in _GENERAL and not name.isupper()]


def _within(text: str, name: str) -> bool:
    """Whether a text writes a name inside a line, not as its heading."""
    return any(text[stop : stop + 1] not in ("", "\n", "\r") for _, stop in _places(text, name, 0, len(text)))


def _is_name(title: str) -> bool:
    """Whether a title is written like a name: capitals but for small words, no colon, comma or date."""
    content = [word for word in title.split() if word not in PARTICLES]
    return not _LISTS.search(title) and all(not word[0].islower() for word in content)


def _heading_names(unit: Unit, lexicon: Lexicon) -> list[str]:
    """Names in the path of headings, the document's title aside."""
    parts = [part.strip() for part in unit.heading.split(" > ")]
    return [name for part in parts if part and part != unit.title for name in _titled(part, unit.text, lexicon)]
