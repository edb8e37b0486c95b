"""Who does what to whom: the ties that one sentence states between its names."""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from graphrag_engine.offline.clauses import (
    HE_OR_IT,
    PRONOUNS,
    Sentence,
    apposes,
    beside,
    goes_on,
    is_thing,
    life,
    other_subject,
    says_that,
)
from graphrag_engine.offline.cues import words
from graphrag_engine.offline.kinds import from_name
from graphrag_engine.offline.names import Span
from graphrag_engine.offline.nouns import noun_type
from graphrag_engine.offline.predicates import (
    PREPOSITIONS,
    WORD,
    extends,
    listed,
    predicate,
    tokens,
    verb_group,
    whole,
)
from graphrag_engine.offline.verbs import AUXILIARIES, COPULAS, NEGATIONS, REPORTED, REPORTING, is_verb

_LISTING = frozenset(("", ",", "and", ", and", "or", ", or", "&", "as well as", ", as well as", "and also", "/"))
_DENYING = words("not never no nobody hardly false untrue incorrect wrong myth lie")
"""Words before `that` which deny what follows."""
_YEARS = re.compile(r"\s?\(\s?\d{4}\s?[\u2013\u2014-]+\s?\d{4}\)")
_TAIL = 12
"""Words behind the last name among which a verb is looked for."""
_AT = ("in", "at")
_MOST = 24
"""Names in a sentence; with more it is the row of a table or a list of everybody."""
_RELATIVE = frozenset(("who", "which", "whose", "whom"))
_SETTING = PREPOSITIONS | words("according besides despite unlike like thanks owing due including except")
"""Words with which a sentence opens before its subject."""
_CLAUSES = words("when where while because although though whereas if what how why whether whenever")
"""Words between a verb and a name after which another clause begins."""


class Tie(NamedTuple):
    """One stated tie, read from *source* to *target*."""

    source: Span
    predicate: str
    target: Span
    verb: tuple[str, ...] = ()
    """The verb that states it; none where apposition, a bracket or a preposition does."""
    clear: bool = False
    """Whether source, verb and target plainly stand in one clause as subject, verb and object."""

    @property
    def negated(self) -> bool:
        """Whether the verb is denied."""
        return any(word in NEGATIONS for word in self.verb)


class Subject(NamedTuple):
    """What a sentence is about before it names anything; *clear* where a pronoun plainly stands for it."""

    span: Span
    clear: bool


class _Reader:
    """Reads one sentence from left to right."""

    def __init__(self, sentence: Sentence, spans: Sequence[Span], subject: Subject | None) -> None:
        self.sentence = sentence
        self.text, self.start, self.end = sentence
        self.spans = spans
        self.given = subject
        self.subjects: list[Span] = []
        self.clear = False
        self.lost = False
        self.denied = False
        self.near = False
        self.owner: Span | None = None
        self.verb: tuple[str, ...] = ()
        self.link: tuple[str, ...] = ()
        self.links: dict[bool, tuple[str, ...]] = {}
        self.settings: list[tuple[Span, tuple[str, ...]]] = []
        self.ties: list[Tie] = []

    def read(self) -> list[Tie]:
        end = self.start
        before: Span | None = None
        for span in self.spans:
            gap = tokens(self.text[end : span.start])
            if self.sentence.modifies(span):
                self._describe(before, span, gap)
                continue
            if before is None:
                self._first(span, gap)
            else:
                self._next(before, span, gap)
            before, end = span, span.end
        if before is not None and self.settings:
            self._finish(before)
        return self.ties

    def _describe(self, before: Span | None, people: Span, gap: tuple[str, ...]) -> None:
        """`X is a Swedish painter` says of a person only that the people is Swedish."""
        group = verb_group(gap)
        if group and gap[group[1]] in COPULAS and noun_type(self.text[people.end : people.end + 60]) == "person":
            subject = self.subjects[:1] or ([before] if before else [self.given.span] if self.given else [])
            for source in subject:
                self._tie(source, "is", people, gap[group[0] : group[1] + 1])

    def _first(self, span: Span, gap: tuple[str, ...]) -> None:
        group = verb_group(gap)
        if group and says_that(gap):
            self.subjects, self.clear, self.denied = [span], True, bool(_DENYING.intersection(gap))
        elif group and self.given:
            self.subjects, self.clear = [self.given.span], self.given.clear and not self._pleonastic(gap, group)
            self._state(span, gap, group)
        elif group:
            self.lost = True
        elif gap and gap[0] in ("his", "her", "its", "their") and self.given and span.kind == "name":
            self._tie(self.given.span, "has " + predicate((), gap[1:]), span)
            self.subjects = [span]
        elif span.kind in ("name", "work") and not (gap and gap[0] in _SETTING and gap[-1] != ","):
            self.subjects, self.clear = [span], not self.sentence.governed(span)
        elif gap[:1] != ("according",):
            self.settings.append((span, gap))

    def _in_brackets(self, before: Span, gap: tuple[str, ...]) -> bool:
        """Whether the next name stands in brackets, and whose brackets they are."""
        if "(" in gap and self.owner is None:
            self.owner = before
        if self.owner and ")" in gap and gap.count("(") <= gap.count(")"):
            self.owner = None
        return self.owner is not None

    def _next(self, before: Span, span: Span, gap: tuple[str, ...]) -> None:
        if self._in_brackets(before, gap):
            self._bracket(self.owner or before, span, gap)
            return
        if ";" in gap:
            self._restart(span, gap[len(gap) - gap[::-1].index(";") :])
            return
        if ")" in gap and self.subjects:
            before = self.subjects[-1]
        group = verb_group(gap)
        if gap and gap[0] == "'s" and not group:
            self._owned(before, span, gap)
        elif group:
            self._move(before, gap, group)
            self._state(span, gap, group)
        elif not self.subjects:
            self._open(span, gap)
        elif " ".join(listed(gap)) in _LISTING:
            self._list(before, span, listed(gap))
        else:
            self._attach(before, span, gap)

    def _restart(self, span: Span, gap: tuple[str, ...]) -> None:
        """Read a clause of its own, in which a pronoun may stand for the last subject."""
        while gap and gap[0] in ("and", "but"):
            gap = gap[1:]
        if gap and gap[0] in HE_OR_IT and self.subjects:
            self.given = Subject(self.subjects[0], False)
        self.subjects, self.settings, self.verb, self.link, self.clear, self.lost = [], [], (), (), False, False
        self._first(span, gap)

    def _pleonastic(self, gap: tuple[str, ...], group: tuple[int, int]) -> bool:
        """Whether `it` stands for what follows: it was proposed that."""
        return gap[0] == "it" and (gap[group[1]] in REPORTING or gap[group[1]] in REPORTED or "that" in gap)

    def _owned(self, before: Span, span: Span, gap: tuple[str, ...]) -> None:
        if "," in gap and self.sentence.governed(before):
            self.subjects, self.clear = [span], True
            return
        self._tie(before, "has " + (predicate((), gap[1:]) or "part"), span)
        if not self.verb:
            self.subjects, self.clear = [span], len(gap) < 5

    def _move(self, before: Span, gap: tuple[str, ...], group: tuple[int, int]) -> None:
        """Take the subject of the verb group that stands in this gap."""
        lead = gap[: group[0]]
        named = before.kind in ("name", "work")
        if lead and lead[-1] in _RELATIVE and named:
            self._relate(before, lead)
        elif not self.subjects and self.given and other_subject(lead):
            self.subjects, self.clear = [self.given.span], False
        elif not self.subjects and named:
            self.subjects, self.clear = [before], not lead and not self.sentence.governed(before)
        elif lead and lead[-1] in HE_OR_IT:
            self.subjects = [self.given.span] if self.given else self.subjects[:1]
            self.clear = False
        elif lead:
            self.clear = self.clear and goes_on(lead)
        elif named and before not in self.subjects:
            self._renew(before, gap[0])

    def _renew(self, before: Span, verb: str) -> None:
        """Take a name with a verb right behind it as the subject, where that is likelier than the one so far."""
        governed = self.sentence.governed(before)
        if self.sentence.opens_clause(before):
            self.subjects, self.clear = [before], True
        elif not self.verb and self.subjects and self.sentence.governed(self.subjects[0]):
            self.subjects, self.clear = [before], not governed
        elif verb in AUXILIARIES and not governed:
            self.subjects, self.clear = [before], False
        elif not self.verb:
            self.clear = False

    def _relate(self, before: Span, lead: tuple[str, ...]) -> None:
        """`X met Y, who` is about Y; `X is a player from Y who` about X."""
        pronoun = lead[-1]
        if not self.subjects or pronoun in ("which", "whom") or not (self.verb and self.verb[-1] in COPULAS):
            self.subjects, self.clear = [before], pronoun != "whose"

    def _state(self, span: Span, gap: tuple[str, ...], group: tuple[int, int]) -> None:
        first, last = group
        self.verb, self.link = gap[first : last + 1], whole(gap[last + 1 :])
        if self.denied:
            self.verb = ("not", *self.verb)
        ends = len(self.link) < len(gap) - last - 1
        if _CLAUSES.intersection(self.link[-2:]) or (ends and is_thing(span) and self.sentence.before_verb(span)):
            self.subjects, self.clear, self.verb, self.link = [span], True, (), ()
            return
        self.links = {is_thing(span): self.link}
        self.near = (
            not ends and len(self.link) < 6 and not any(word in PRONOUNS or word in ',;:()"' for word in self.link)
        )
        for subject in self.subjects:
            self._tie(subject, predicate(self.verb, self.link), span, self.verb, self.near)
        self._set(self.link)

    def _set(self, link: tuple[str, ...]) -> None:
        """Tie the settings read before (`In 1890 ...`) to the verb that has now come."""
        while link and link[-1] in PREPOSITIONS:
            link = link[:-1]
        for setting, place in self.settings:
            if is_thing(setting) and len(place) > 2:
                continue
            for subject in self.subjects:
                self._tie(
                    subject, predicate(self.verb, (*link, *place[-2:])), setting, self.verb, setting.kind == "date"
                )
        self.settings = []

    def _finish(self, before: Span) -> None:
        """Read on behind the last name, for the verb that the settings belong to."""
        tail = tokens(self.text[before.end : self.end])[:_TAIL]
        clause = tuple(takewhile(lambda word: WORD.match(word), tail))
        first = next((at for at, word in enumerate(clause) if is_verb(word)), None)
        if not self.subjects and self.given and clause and (clause[0] in HE_OR_IT or clause[0] == "the"):
            self.subjects, self.clear = [self.given.span], self.given.clear
            clause = clause[2 if clause[0] == "the" else 1 :]
            first = next((at for at, word in enumerate(clause) if is_verb(word)), None)
        if self.settings and first is not None and self.subjects and not self.verb:
            last = next((at for at in range(first, len(clause)) if not extends(clause[at])), len(clause))
            self.verb = clause[first:last]
            self.clear = self.clear and (first == 0 or goes_on(clause[:first]))
            self._set(tuple(takewhile(lambda word: word not in PREPOSITIONS, clause[last : last + 4])))

    def _open(self, span: Span, gap: tuple[str, ...]) -> None:
        """No subject yet: a setting was read before."""
        if span.kind in ("name", "work") and not (gap and gap[-1] in PREPOSITIONS):
            self.subjects, self.clear = [span], "," in gap or len(gap) < 2
        else:
            self.settings.append((span, gap))

    def _list(self, before: Span, span: Span, gap: tuple[str, ...]) -> None:
        if not gap:
            return
        if self.verb and gap == (",", "and") and is_thing(span) and self.sentence.before_verb(span):
            self.subjects, self.clear, self.verb, self.link = [span], True, (), ()
            return
        last = self.ties[-1] if self.ties else None
        if (
            last
            and last.target == before
            and last.source not in self.subjects
            and not last.verb
            and last.predicate in _AT
        ):
            self._tie(last.source, last.predicate, span)
        elif self.verb:
            link = self.links.get(is_thing(span), ())
            for subject in self.subjects:
                self._tie(subject, predicate(self.verb, link), span, self.verb, self.near and gap != (",",))
        elif gap == (",",) and span.kind == before.kind == "name" and self._place_in(before, span):
            self._tie(before, "located in", span)
        elif span.kind in ("name", "work"):
            self.subjects = [*self.subjects, span][-4:]

    def _place_in(self, before: Span, span: Span) -> bool:
        """Whether a name and the one behind its comma are a place and its region."""
        kinds = {from_name(before.name)[0], from_name(span.name)[0]}
        return kinds <= {"place", "name"} and ("place" in kinds or self.sentence.governed(before))

    def _attach(self, before: Span, span: Span, gap: tuple[str, ...]) -> None:
        joined = gap[:1] == ("and",)
        apposed = is_thing(before) and apposes(gap)
        while gap and gap[0] in ("and", ",", "or"):
            gap = gap[1:]
        if not self.verb and joined and not PREPOSITIONS.intersection(gap[:1]):
            self.subjects = [*self.subjects, span][-4:]
            return
        if not self.verb:
            self._tie(before, predicate((), gap[-5:]) or "with", span)
        elif apposed:
            self._tie(before, "is " + predicate((), gap), span)
        elif " ".join(gap) in _AT and from_name(before.name)[0] == "event" and is_thing(span):
            self._tie(before, " ".join(gap), span)
        else:
            self._tie_all(span, gap)

    def _tie_all(self, span: Span, gap: tuple[str, ...]) -> None:
        """Tie the subjects by their verb to one more object."""
        self.link = self.links[is_thing(span)] = gap
        self.near = 0 < len(gap) < 4 and gap[0] in PREPOSITIONS and gap[0] != "of" and span.kind != "name"
        for subject in self.subjects:
            self._tie(subject, predicate(self.verb, gap), span, self.verb, self.near)

    def _bracket(self, before: Span, span: Span, gap: tuple[str, ...]) -> None:
        if span.kind == "date":
            self._tie(before, life(gap, span, person=self._lives(before, span)), span)
        else:
            self._tie(before, beside(before, span) if gap == ("(",) else predicate((), gap) or "with", span)

    def _lives(self, name: Span, date: Span) -> bool:
        """Whether two years stand behind the name of a person."""
        years = _YEARS.match(self.text, name.end, self.end)
        return years is not None and date.end <= years.end() and from_name(name.name)[0] in ("person", "name")

    def _tie(self, source: Span, what: str, target: Span, verb: tuple[str, ...] = (), near: bool = False) -> None:
        if source.name != target.name:
            clear = near and self.clear and not self.lost and what not in COPULAS and self.sentence.ends_phrase(target)
            self.ties.append(Tie(source, what.strip() or "with", target, verb, clear))


def ties(text: str, start: int, end: int, spans: Sequence[Span], subject: Subject | None) -> list[Tie]:
    """The ties of the sentence text[start:end]; *subject* is what it is about before it names anything, if known."""
    return _Reader(Sentence(text, start, end), spans, subject).read() if len(spans) <= _MOST else []
