"""question -> entities: the names that it holds, by longest match over names and aliases."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graphrag_engine.offline.cues import HONORIFICS
from graphrag_engine.offline.korean.particles import is_tail
from graphrag_engine.offline.scripts import SYLLABLES
from graphrag_engine.offline.words import normalise
from graphrag_engine.query.question import Question
from graphrag_engine.stores.base import Rows, Store

_HANGUL = re.compile(f"[{SYLLABLES}]+")
_LONGEST = 12
"""Words of the longest name looked for."""
_FEW = 3
"""A part of a name links to the entities that have it if there are no more than these."""

_TITLES = frozenset(title.lower().rstrip(".") for title in HONORIFICS)


@dataclass(frozen=True)
class Link:
    """One name in the question and the entity it stands for."""

    said: str
    entity: int
    how: str
    """exact (its name), alias (another name of it), token (a part of a name)."""
    frequency: int
    """Text units that mention the entity."""


@dataclass(frozen=True)
class Links:
    """What was understood of the names in a question."""

    found: tuple[Link, ...]
    missing: tuple[str, ...]
    """Capitalised words of the question that name nothing in the index."""

    @property
    def entities(self) -> Rows:
        """The entities linked, each once, ascending."""
        return np.unique(np.array([link.entity for link in self.found], np.int64))


def link(store: Store, question: Question) -> Links:
    """Longest matches from left to right; what is capitalised and left over, by parts of names."""
    named = _longest(_by_span(store, question))
    taken = {number for start, end, _ in named for number in range(start, end)}
    found = [(question, start, end, matches) for start, end, matches in named]
    missing: list[str] = []
    for start, end in _capitalised(question, taken):
        entities = _sharing(store, _said(question, start, end))
        if len(entities):
            found.append((question, start, end, [(int(entity), "token") for entity in entities]))
        elif not _TITLES.issuperset(_words(_said(question, start, end))):
            missing.append(_said(question, start, end))
    return Links(_links(store, found), tuple(dict.fromkeys(missing)))


def _links(store: Store, found: Sequence[tuple[Question, int, int, list[tuple[int, str]]]]) -> tuple[Link, ...]:
    """One link an entity, in the order of the question."""
    first: dict[int, tuple[str, str]] = {}
    for question, start, end, matches in sorted(found, key=lambda each: each[1]):
        for entity, how in matches:
            first.setdefault(entity, (_said(question, start, end), how))
    often = store.degrees("mentions", np.array(list(first), np.int64))
    return tuple(
        Link(said, entity, how, int(count)) for (entity, (said, how)), count in zip(first.items(), often, strict=True)
    )


def _stands_alone(question: Question, start: int, end: int) -> bool:
    """Whether a span begins a Korean word and leaves no more of it than a particle; of other scripts any does."""
    first, last = question.words[start][0], question.words[end - 1][1]
    if not _HANGUL.match(question.text, last - 1):
        return True
    tail = _HANGUL.match(question.text, last)
    begins = first == 0 or not _HANGUL.match(question.text, first - 1)
    return begins and (tail is None or is_tail(tail.group()))


def _by_span(store: Store, question: Question) -> dict[tuple[int, int], list[tuple[int, str]]]:
    """For each span of words that is a name: the entities that bear it, and how."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for start in range(len(question.words)):
        for end in range(start + 1, min(start + _LONGEST, len(question.words)) + 1):
            if _may_be_name(question, start, end) and _stands_alone(question, start, end):
                for form in _forms(_said(question, start, end)):
                    spans.setdefault(form, []).append((start, end))
    forms = list(spans)
    bearers = store.names(forms)
    found: dict[tuple[int, int], list[tuple[int, str]]] = {}
    proper = _proper(store, bearers.entity)
    for asked, entity, alias in zip(bearers.asked, bearers.entity, bearers.alias, strict=True):
        for start, end in spans[forms[asked]]:
            if proper[entity] or end - start > 1 or not question.word(start)[0].islower():
                found.setdefault((start, end), []).append((int(entity), "alias" if alias else "exact"))
    return found


def _proper(store: Store, entities: Rows) -> dict[int, bool]:
    """For each entity, whether its name is written with a capital or in a script without."""
    rows = store.rows("entities", entities, ("name",))
    return {int(entity): not row["name"][:1].islower() for entity, row in zip(entities, rows, strict=True)}


def _longest(found: dict[tuple[int, int], list[tuple[int, str]]]) -> list[tuple[int, int, list[tuple[int, str]]]]:
    """From left to right, the longest span that begins behind the last one taken."""
    ends: dict[int, int] = {}
    for start, end in found:
        ends[start] = max(end, ends.get(start, 0))
    chosen: list[tuple[int, int, list[tuple[int, str]]]] = []
    for start in sorted(ends):
        if not chosen or start >= chosen[-1][1]:
            chosen.append((start, ends[start], found[start, ends[start]]))
    return chosen


def _may_be_name(question: Question, start: int, end: int) -> bool:
    """Whether a span is worth looking up: it holds a word with meaning, and is capitalised, a number or a phrase."""
    if question.word(end - 1) in question.function_words:
        return False
    while start < end - 1 and question.word(start).lower() in question.function_words:
        start += 1
    if question.word(start).lower() in question.function_words:
        return False
    return end - start > 1 or not question.word(start)[0].islower() or not _has_capitals(question)


def _has_capitals(question: Question) -> bool:
    """Whether capital letters tell anything: some stand behind the first one."""
    first = question.words[0][0] + 1
    return question.text[first:] != question.text[first:].lower()


def _said(question: Question, start: int, end: int) -> str:
    return question.text[question.words[start][0] : question.words[end - 1][1]]


def _forms(said: str) -> list[str]:
    """A name as it is, and without the possessive ending."""
    form = normalise(said)
    return [each for each in dict.fromkeys((form, form.removesuffix("'s"))) if each]


def _capitalised(question: Question, taken: set[int]) -> list[tuple[int, int]]:
    """Runs of capitalised words that no name has taken."""
    runs: list[tuple[int, int]] = []
    for number in range(len(question.words)):
        word = question.word(number)
        if number in taken or not word[0].isupper():
            continue
        if runs and runs[-1][1] == number and _joined(question, number):
            runs[-1] = (runs[-1][0], number + 1)
        elif word.lower() not in question.function_words:
            runs.append((number, number + 1))
    return runs


def _joined(question: Question, number: int) -> bool:
    """Whether only a space or hyphen stands before this word."""
    return question.text[question.words[number - 1][1] : question.words[number][0]] in (" ", "-")


def _words(said: str) -> list[str]:
    return normalise(said).removesuffix("'s").split(" ")


def _sharing(store: Store, said: str) -> Rows:
    """The few entities whose name has all words of *said*; none where there are more than a few."""
    words = [word for word in _words(said) if word not in _TITLES] or _words(said)
    return store.bearing(words, _FEW)
