"""Who does what to whom: the ties that one sentence states between its names."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.kinds import from_name
from graphrag_engine.offline.names import Span
from graphrag_engine.offline.nouns import TYPE_OF_NOUN
from graphrag_engine.offline.verbs import (
    ADVERBS,
    AUXILIARIES,
    COPULAS,
    DROPPED,
    NEGATIONS,
    REPORTED,
    REPORTING,
    SUPPORTING,
    is_verb,
)

_TOKENS = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|['\u2019]s\b|[,;:()\"\u2013\u2014\u201c\u201d]")
_LISTING = frozenset(("", ",", "and", ", and", "or", ", or", "&", "as well as", ", as well as", "and also", "/"))
_CLAUSE = words("and but while where when that ; because as after before if although since until")
HE = frozenset(("he", "she", "his", "her"))
IT = frozenset(("it", "its", "they", "their", "this"))
_PRONOUNS = words(
    "it him her them us me you himself herself itself themselves what how why that whether who which whom there "
    "where when"
)
_LONGEST = 600
"""Characters between two names that are read."""
_TAIL = 12
"""Words behind the last name among which a verb is looked for."""
_RELATIVE = frozenset(("who", "which", "whose", "whom"))
_PREPOSITIONS = words(
    "in on at by of for from to with into onto near under over during since until after before between among "
    "against through throughout across along within upon about as than around behind toward towards via off aboard"
)
_WORD = re.compile(r"\w")
_AFTER = re.compile(r"(?:\s|['\u2019])+([a-z]+)")
_FOLLOWS = _PREPOSITIONS | words(
    "and or but who which that where when while because so if although the a an his her its their he she it they we "
    "again too also alone instead together there then once twice first last each all both not nor yet until whose"
)
"""Words after a name that show that the name is complete."""


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


@lru_cache(maxsize=1 << 14)
def _tokens(gap: str) -> tuple[str, ...]:
    """The words and marks between two names, of a very long gap the last."""
    gap = gap[-_LONGEST:]
    return tuple(_TOKENS.findall(gap.lower().replace("\u2019", "'")))


@lru_cache(maxsize=1 << 14)
def _group(tokens: tuple[str, ...]) -> tuple[int, int] | None:
    """First and last place of the last verb group; None where there is no verb."""
    last = len(tokens) - 1
    while last >= 0 and not is_verb(tokens[last]):
        last -= 1
    if last < 0:
        return None
    first = last
    while first > 0 and _extends(tokens[first - 1]):
        first -= 1
    while last + 1 < len(tokens) and tokens[last] in SUPPORTING and _WORD.match(tokens[last + 1]):
        last += 1
    return first, last


def _extends(word: str) -> bool:
    return is_verb(word) or word in NEGATIONS or (word.endswith("ly") and len(word) > 4) or word in ADVERBS


def _plain(words: Sequence[str]) -> list[str]:
    return [w for w in words if w not in DROPPED and _WORD.match(w) and not (w.endswith("ly") and len(w) > 4)]


@lru_cache(maxsize=1 << 14)
def predicate(verb: tuple[str, ...], link: tuple[str, ...]) -> str:
    """A readable predicate of at most six words from a verb group and the words up to the object."""
    kept = _plain(verb)
    main = [word for word in kept if word not in AUXILIARIES or word in NEGATIONS]
    if main and main[-1] == kept[-1]:
        kept = main
    kept = (kept or [word for word in verb if word in AUXILIARIES][-1:])[:4]
    rest = _plain(link)
    if len(rest) > 1 and rest[-1] in TYPE_OF_NOUN and rest[-2] in _PREPOSITIONS:
        rest = rest[:-1]
    room = 6 - len(kept)
    return " ".join([*kept, *(rest if len(rest) <= room else [*rest[: room - 1], rest[-1]])])


def _life(gap: tuple[str, ...], date: Span) -> str:
    """What a date in brackets behind a name is: of a birth, of a death, or just a date."""
    if "born" in gap or "b" in gap:
        return "born"
    if "died" in gap or "d" in gap:
        return "died"
    if not any(letter.isalpha() for letter in date.name):
        return "dated"
    return "died" if gap and gap[-1] in "\u2013\u2014-" else "born" if gap == ("(",) else "dated"


class _Reader:
    """Reads one sentence from left to right."""

    def __init__(self, text: str, start: int, end: int, spans: Sequence[Span], subject: Subject | None) -> None:
        self.text = text
        self.end = end
        self.spans = spans
        self.start = start
        self.given = subject
        self.subjects: list[Span] = []
        self.clear = False
        self.lost = False
        self.near = False
        self.owner: Span | None = None
        self.verb: tuple[str, ...] = ()
        self.link: tuple[str, ...] = ()
        self.settings: list[tuple[Span, tuple[str, ...]]] = []
        self.ties: list[Tie] = []

    def read(self) -> list[Tie]:
        end = self.start
        before: Span | None = None
        for span in self.spans:
            gap = _tokens(self.text[end : span.start])
            if before is None:
                self._first(span, gap)
            else:
                self._next(before, span, gap)
            before, end = span, span.end
        if before is not None and self.settings:
            self._finish(before)
        return self.ties

    def _first(self, span: Span, gap: tuple[str, ...]) -> None:
        group = _group(gap)
        if group and self.given:
            self.subjects, self.clear = [self.given.span], self.given.clear and not self._pleonastic(gap, group)
            self._state(span, gap, group)
        elif group:
            self.lost = True
        elif gap and gap[0] in ("his", "her", "its", "their") and self.given and span.kind == "name":
            self._tie(self.given.span, "has " + predicate((), gap[1:]), span)
            self.subjects = [span]
        elif span.kind in ("name", "work") and not (gap and gap[0] in _PREPOSITIONS and gap[-1] != ","):
            self.subjects, self.clear = [span], not self._governed(span)
        else:
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
        if ")" in gap and self.subjects:
            before = self.subjects[-1]
        group = _group(gap)
        if gap and gap[0] == "'s" and not group:
            self._owned(before, span, gap)
        elif group:
            self._move(before, gap, group)
            self._state(span, gap, group)
        elif not self.subjects:
            self._open(span, gap)
        elif " ".join(gap) in _LISTING:
            self._list(before, span, gap)
        else:
            self._attach(before, span, gap)

    def _pleonastic(self, gap: tuple[str, ...], group: tuple[int, int]) -> bool:
        """Whether `it` stands for what follows: it was proposed that."""
        return gap[0] == "it" and (gap[group[1]] in REPORTING or gap[group[1]] in REPORTED or "that" in gap)

    def _owned(self, before: Span, span: Span, gap: tuple[str, ...]) -> None:
        self._tie(before, "has " + (predicate((), gap[1:]) or "part"), span)
        if not self.verb:
            self.subjects, self.clear = [span], len(gap) < 5

    def _move(self, before: Span, gap: tuple[str, ...], group: tuple[int, int]) -> None:
        """Take the subject of the verb group that stands in this gap."""
        lead = gap[: group[0]]
        named = before.kind in ("name", "work")
        if not self.subjects and named:
            self.subjects, self.clear = [before], not lead and not self._governed(before)
        elif lead and lead[-1] in _RELATIVE and named:
            self._relate(before, lead[-1])
        elif not lead and named and before not in self.subjects:
            if self._opens_clause(before):
                self.subjects, self.clear = [before], True
            elif not self.verb:
                self.clear = False
        elif lead and lead[-1] in HE | IT:
            self.subjects = [self.given.span] if self.given else self.subjects[:1]
            self.clear = False
        elif lead:
            self.clear = self.clear and self._goes_on(lead)

    def _relate(self, before: Span, pronoun: str) -> None:
        """`X met Y, who` is about Y; `X is a player from Y who` about X."""
        if pronoun in ("which", "whom") or not (self.verb and self.verb[-1] in COPULAS):
            self.subjects, self.clear = [before], pronoun != "whose"

    def _goes_on(self, lead: tuple[str, ...]) -> bool:
        """Whether what stands before a verb leaves the subject as it is: an aside, or `and` before a second verb."""
        if lead[0] in ("(", ",") and lead[-1] in (")", ","):
            return True
        return all(
            word in ("and", "but", ",", "then", "also", "later", "has", "or", "(", ")") or _extends(word)
            for word in lead
        )

    def _governed(self, span: Span) -> bool:
        """Whether a preposition stands before this name."""
        words = _tokens(self.text[max(self.start, span.start - 16) : span.start])
        return bool(words) and (
            words[-1] in _PREPOSITIONS or (len(words) > 1 and words[-1] == "the" and words[-2] in _PREPOSITIONS)
        )

    def _opens_clause(self, before: Span) -> bool:
        """Whether a clause begins just before this name."""
        words = _tokens(self.text[max(self.start, before.start - 16) : before.start])
        return bool(words) and (
            words[-1] in _CLAUSE or (len(words) > 1 and words[-1] in ("the", "a", "an") and words[-2] in _CLAUSE)
        )

    def _state(self, span: Span, gap: tuple[str, ...], group: tuple[int, int]) -> None:
        first, last = group
        self.verb, self.link = gap[first : last + 1], gap[last + 1 :]
        self.near = len(self.link) < 6 and not any(word in _PRONOUNS or word in ',;:()"' for word in self.link)
        for subject in self.subjects:
            self._tie(subject, predicate(self.verb, self.link), span, self.verb, self.near)
        self._set(self.link)

    def _set(self, link: tuple[str, ...]) -> None:
        """Tie the settings read before (`In 1890 ...`) to the verb that has now come."""
        while link and link[-1] in _PREPOSITIONS:
            link = link[:-1]
        for setting, place in self.settings:
            for subject in self.subjects:
                self._tie(
                    subject, predicate(self.verb, (*link, *place[-2:])), setting, self.verb, setting.kind == "date"
                )
        self.settings = []

    def _finish(self, before: Span) -> None:
        """Read on behind the last name, for the verb that the settings belong to."""
        tail = _tokens(self.text[before.end : self.end])[:_TAIL]
        clause = tuple(takewhile(lambda word: _WORD.match(word), tail))
        first = next((at for at, word in enumerate(clause) if is_verb(word)), None)
        if self.settings and first is not None and self.subjects and not self.verb:
            last = next((at for at in range(first, len(clause)) if not _extends(clause[at])), len(clause))
            self.verb = clause[first:last]
            self.clear = self.clear and (first == 0 or self._goes_on(clause[:first]))
            self._set(tuple(takewhile(lambda word: word not in _PREPOSITIONS, clause[last : last + 4])))

    def _open(self, span: Span, gap: tuple[str, ...]) -> None:
        """No subject yet: a setting was read before."""
        if span.kind in ("name", "work") and not (gap and gap[-1] in _PREPOSITIONS):
            self.subjects, self.clear = [span], "," in gap or len(gap) < 2
        else:
            self.settings.append((span, gap))

    def _list(self, before: Span, span: Span, gap: tuple[str, ...]) -> None:
        if self.verb:
            for subject in self.subjects:
                self._tie(subject, predicate(self.verb, self.link), span, self.verb, self.near and gap != (",",))
        elif gap == (",",) and span.kind == before.kind == "name" and not _person(before, span):
            self._tie(before, "located in", span)
        elif span.kind in ("name", "work"):
            self.subjects = [*self.subjects, span][-4:]

    def _attach(self, before: Span, span: Span, gap: tuple[str, ...]) -> None:
        while gap and gap[0] in ("and", ",", "or"):
            gap = gap[1:]
        if not self.verb:
            self._tie(before, predicate((), gap[-5:]) or "with", span)
            return
        self.link = gap
        self.near = 0 < len(gap) < 4 and gap[0] in _PREPOSITIONS and gap[0] != "of" and span.kind != "name"
        for subject in self.subjects:
            self._tie(subject, predicate(self.verb, gap), span, self.verb, self.near)

    def _bracket(self, before: Span, span: Span, gap: tuple[str, ...]) -> None:
        if span.kind == "date":
            self._tie(before, _life(gap, span), span)
        else:
            self._tie(before, "also known as" if gap == ("(",) else predicate((), gap) or "with", span)

    def _tie(self, source: Span, what: str, target: Span, verb: tuple[str, ...] = (), near: bool = False) -> None:
        if source.name != target.name:
            clear = near and self.clear and not self.lost and what not in COPULAS and self._ends_phrase(target)
            self.ties.append(Tie(source, what.strip() or "with", target, verb, clear))

    def _ends_phrase(self, target: Span) -> bool:
        """Whether a name stands for itself, not before a noun (`a Stroud vessel`) or as its owner."""
        after = _AFTER.match(self.text, target.end, self.end)
        return after is None or after[1] in _FOLLOWS or is_verb(after[1]) or after[1].endswith(("ing", "ly"))


def _person(*named: Span) -> bool:
    """Whether one of these is a person by its name."""
    return any(from_name(one.name)[0] == "person" for one in named)


def ties(text: str, start: int, end: int, spans: Sequence[Span], subject: Subject | None) -> list[Tie]:
    """The ties of the sentence text[start:end]; *subject* is what it is about before it names anything, if known."""
    return _Reader(text, start, end, spans, subject).read()
