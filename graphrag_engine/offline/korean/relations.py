"""Who does what to whom in a Korean sentence: nouns with their particles, up to the next verb."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.korean.morphemes import Morpheme
from graphrag_engine.offline.korean.nouns import KIND, RELATIONS, TITLES
from graphrag_engine.offline.korean.particles import object_particle
from graphrag_engine.offline.korean.phrases import Phrase, Reader, Verb
from graphrag_engine.offline.names import Span

_TOPIC = ("은", "는", "도")
_EMPTY = words(
    "하다 되다 없다 같다 위하다 대하다 관하다 통하다 인하다 비롯하다 따르다 의하다 말하다 밝히다 전하다 알려지다 "
    "보다 주다 두다 이러하다 그러하다 어떠하다 크다 작다 많다 적다 좋다 나쁘다 높다 낮다 가지다 갖다 보이다 "
    "나타나다 생각하다 주장하다 설명하다 앞두다 둘러싸다 비롯되다 불구하다 관련하다 기하다 향하다"
)
"""Verbs that tie nothing by themselves, and those that only lead to what is said."""
_GOING_ON = "잇다"
"""Behind `에` it only leads on: `부산에 이어`."""
_BY = "의하다"
_VALUES = ("date", "money", "quantity")
_OF = "의 "
_OWNING = ("organisation", "work", "place")
"""What has captains and chairmen: where their rank alone is the subject, of what was spoken of before."""
_BE = "이다"
_MADE = words(
    "만들다 세우다 쓰다 그리다 짓다 설계하다 건조하다 설립하다 창립하다 창업하다 발견하다 사다 사들이다 인수하다 "
    "매입하다 소유하다 운영하다 이끌다 감독하다 연출하다 맡다 지휘하다 발명하다 건설하다 편집하다 작곡하다 "
    "조각하다"
)
"""Verbs that act on a thing: where it is the topic and another the subject, the topic is what they act on."""
_MOST = 4
"""Names on one side of a tie; of more it is a list of everybody."""


class Tie(NamedTuple):
    """One stated tie, read from *source* to *target*; the predicate reads on from the target, as Korean does."""

    source: Span
    predicate: str
    target: Span
    verb: bool
    """Whether a verb or `이다` states it."""
    negated: bool = False
    unsure: bool = False
    clause: int = 0
    """The clause that states it, by its number in the sentence."""


class Told(NamedTuple):
    """What a sentence states, and what it is about."""

    ties: list[Tie]
    about: Span | None
    """Its topic, to which a next sentence without one goes on."""
    defined: list[tuple[Span, str]]
    """Names, and the noun that it says they are."""


@dataclass
class _Clause:
    """What was read since the last verb."""

    topic: tuple[Span, ...] = ()
    subject: tuple[Span, ...] = ()
    said: bool = False
    """Whether there is a subject or topic, of whatever kind."""
    title: Phrase | None = None
    """A topic that is what somebody is: `항만위원회의 위원장은`."""
    others: list[Phrase] = field(default_factory=list)

    @property
    def doer(self) -> tuple[Span, ...]:
        return self.subject or self.topic


def told(parts: Sequence[Morpheme], spans: Sequence[Span], before: Span | None) -> Told:
    """The ties of one sentence; *before* is what the last one was about."""
    reader = Reader(parts, spans)
    items = reader.read()
    reading = _Reading(before)
    for item in items:
        if isinstance(item, Phrase):
            reading.phrase(item)
        else:
            reading.verb(item)
    nominal = [Tie(name, f"{what}{_BE}", other, verb=False) for name, what, other in reader.appositions]
    ties = [tie for tie in (*nominal, *reading.ties) if tie.source.name != tie.target.name]
    return Told(list(dict.fromkeys(ties)), reading.about or reading.kept, reading.defined)


class _Reading:
    """Reads phrases and verbs from left to right."""

    def __init__(self, before: Span | None) -> None:
        self.before = before
        self.about: Span | None = None
        self.defined: list[tuple[Span, str]] = []
        self.now = _Clause()
        self.ties: list[Tie] = []
        self.number = 0

    def phrase(self, phrase: Phrase) -> None:
        """Take a phrase for what its particle tells."""
        if phrase.tag == "VCP":
            self._is(phrase)
        elif phrase.tag == "JKS" or (phrase.tag == "JX" and phrase.particle in _TOPIC):
            self._subject(phrase)
        elif phrase.tag == "JKC" or phrase.tag in ("JKO", "JKB", "JKQ", "JX", ""):
            self.now.others.append(phrase)

    def _subject(self, phrase: Phrase) -> None:
        names = _named(phrase)
        if phrase.pointed and not names:
            names = self._meant(phrase)
        topic = phrase.tag == "JX"
        if topic and self.now.topic:
            self.now.others = _dates(self.now.others)
        self.now = replace(
            self.now,
            topic=names if topic else self.now.topic,
            subject=() if topic else names,
            said=True,
            title=phrase if phrase.owner or (phrase.noun in TITLES and not names) else None,
        )
        if not names and not topic:
            self.now.topic = ()
        if topic:
            self.about = names[0] if len(names) == 1 else None

    @property
    def kept(self) -> Span | None:
        """What was spoken of before, where this sentence has no subject of its own."""
        return None if self.now.said else self.before

    def _meant(self, phrase: Phrase) -> tuple[Span, ...]:
        """What `그는` or `이 조선소는` stands for: what was spoken of before, if it is of that kind."""
        last = self.about or self.before
        if last is None:
            return ()
        if phrase.noun in ("그", "그녀"):
            fits = last.kind in ("person", "name")
        else:
            fits = last.name.endswith(phrase.noun) or KIND.get(phrase.noun, "") == last.kind
        return (last,) if fits else ()

    def _is(self, phrase: Phrase) -> None:
        """`X는 Y의 N이다`, `Y의 N은 X이다`, `X는 Y이다`."""
        self.number += 1
        title = self.now.title
        self.defined += [(span, phrase.noun) for span in self._doer() if phrase.noun]
        if title and phrase.names:
            owner = title.owner or (self.before if self.before and self.before.kind in _OWNING else None)
            self._tie(_named(phrase)[:1], f"{title.joint or _OF}{title.noun}{_BE}", (owner,) if owner else ())
        elif phrase.owner and phrase.noun and phrase.owner.kind not in _VALUES:
            self._tie(self._doer(), f"{phrase.joint}{phrase.noun}{_BE}", (phrase.owner,))
        elif phrase.names and not phrase.noun:
            self._tie(self._doer(), _BE, tuple(span for span in phrase.names if span.kind != "date"))
        self.now = replace(self.now, others=[], title=None)

    def verb(self, verb: Verb) -> None:
        """Tie subject and objects where a clause ends with this verb."""
        if verb.word == _BY:
            self.now.others[-1:] = [replace(each, particle="에 의해") for each in self.now.others[-1:]]
        elif verb.tag == "serial":
            return
        elif verb.tag == "ETM":
            self.now = _Clause(self.now.topic, (), self.now.said, None, _dates(self.now.others))
        elif verb.tag == "ETN" or (verb.word in _EMPTY and not self._does()):
            self.now.others = _dates(self.now.others)
        else:
            self._state(verb)
            self.now = replace(self.now, others=[], title=None)

    def _does(self) -> bool:
        """Whether a noun before an empty verb tells what is done: `침몰을 하다`, `사장이 되다`."""
        return any(each.owner and each.noun for each in self.now.others) or any(
            each.tag in ("JKO", "JKC") and each.noun and not each.names for each in self.now.others[-1:]
        )

    def _state(self, verb: Verb) -> None:
        self.number += 1
        done = _done(self.now.others)
        for phrase in self.now.others:
            for names, predicate in _objects(phrase, verb, done):
                self._tie(self._doer(), predicate, names, verb)
        acted_on = self.now.topic and self.now.subject and verb.word in _MADE
        if acted_on and not any(each.tag == "JKO" for each in self.now.others):
            self._tie(self.now.subject, verb.word, self.now.topic, verb)

    def _doer(self) -> tuple[Span, ...]:
        if self.now.doer or self.now.said:
            return self.now.doer
        return (self.before,) if self.before else ()

    def _tie(self, sources: Sequence[Span], predicate: str, targets: Sequence[Span], verb: Verb | None = None) -> None:
        if len(sources) > _MOST or len(targets) > _MOST:
            return
        negated, unsure = (verb.negated, verb.unsure) if verb else (False, False)
        if negated and not predicate.endswith("아니다"):
            predicate = predicate.removesuffix("다") + "지 않다"
        self.ties += [
            Tie(source, predicate.strip(), target, True, negated, unsure, self.number)
            for source in sources
            for target in targets
            if source.kind not in _VALUES
        ]


def _named(phrase: Phrase) -> tuple[Span, ...]:
    """The things that a phrase stands for; a place with `앞바다` behind it is not that place."""
    return () if phrase.noun else tuple(span for span in phrase.names if span.kind != "date")


def _dates(phrases: Sequence[Phrase]) -> list[Phrase]:
    """The phrases that tell when, which hold for the verb behind the next as well."""
    return [each for each in phrases if each.names and all(span.kind == "date" for span in each.names)]


def _done(phrases: Sequence[Phrase]) -> str:
    """The plain noun that a verb acts on, with its particle; empty where there is none or a name."""
    objects = [each for each in phrases if each.tag == "JKO"]
    if len(objects) != 1 or objects[0].names or objects[0].owner or objects[0].pointed:
        return ""
    return f"{objects[0].noun}{object_particle(objects[0].noun)}"


def _objects(phrase: Phrase, verb: Verb, done: str) -> Iterator[tuple[tuple[Span, ...], str]]:
    """The names that a phrase ties to the subject of a verb, with the predicate."""
    particle = "" if phrase.tag in ("JKO", "JKC", "") else phrase.particle
    if phrase.names:
        if verb.word in _EMPTY or not _fits(phrase) or (verb.word == _GOING_ON and particle == "에"):
            return
        head = f"{phrase.noun}{phrase.written}" if phrase.noun and particle else f"{phrase.noun}{particle}"
        yield phrase.names, " ".join(filter(None, (head, done if phrase.tag == "JKB" else "", verb.word)))
    elif phrase.owner and phrase.noun and phrase.tag in ("JKO", "JKC", "JKB") and _owned(phrase, verb):
        yield (phrase.owner,), f"{phrase.joint}{phrase.noun}{phrase.written} {verb.word}"


def _fits(phrase: Phrase) -> bool:
    """Whether names with this particle can be what a verb ties its subject to."""
    kind = phrase.names[-1].kind
    if kind in _VALUES[1:]:
        return kind == "money" and phrase.tag == "JKO" and not phrase.noun
    return phrase.tag != "" or (kind == "date" and not phrase.noun)


def _owned(phrase: Phrase, verb: Verb) -> bool:
    """Whether what belongs to a name is tied to it plainly: `태백조선소의 문을 닫다`, `항만위원회 위원장이 되다`."""
    if phrase.owner is None or phrase.owner.kind in _VALUES or (verb.word in _EMPTY and verb.word != "되다"):
        return False
    return bool(phrase.joint) or phrase.noun in TITLES | RELATIONS
