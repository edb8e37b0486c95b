"""The type of a name by what stands beside it, mention by mention: evidence, added up for one text unit."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise

from graphrag_engine.offline import beside
from graphrag_engine.offline.cues import OFFICES, PARTICLES, words
from graphrag_engine.offline.kinds import from_name, headed
from graphrag_engine.offline.leads import led, type_before
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.names import is_nickname
from graphrag_engine.offline.nouns import TYPE_OF_NOUN, noun_type
from graphrag_engine.offline.people import GIVEN_NAMES
from graphrag_engine.offline.places import DEMONYMS, PLACES

ORDER = ("person", "organisation", "place", "work", "event", "concept", "name")
"""Types of names; the earlier wins a draw."""

_LEFT = re.compile(r"(?:([\w'\u2019-]+)\s+)?([\w'\u2019-]+)\s+\Z")
_NAMELY = re.compile(
    r"\b([a-z]+)(?:\s(?:such\sas|including|like|named|called|is|are|was|were)|,\s(?:namely|including|such\sas))\s(?:the\s)?\Z"
)
_APPOSED_TO = re.compile(r"\ban?\s(?:[\w-]+\s)?([a-z]+),\s\Z")
"""A common noun before a name, which tells what it is."""
_MEASURED = re.compile(r"\(\d[\d,.]*\s\Z")
_INITIALLED = re.compile(r"(?:\s|-)([a-z]{3,})\s\(\Z")
"""A common noun before a bracket, in which an acronym stands."""
_OF_PEOPLE = PARTICLES - words("of and the for in on at e et und och og a")
"""Small words inside the names of people."""
_ROLE = re.compile(r"\b([a-z]+),\s\Z")
_IS = re.compile(
    r"(?:\s?''|[\"\u201d*_])?(?:\s?\([^()]{0,120}\))?(?:,|,?\s?(?:(?:which|who)\s)?(?P<is>is|was|are|were|became|remains)(?:\s(?:also|now|often|still|\w+ly))?)"
    r"\s(?:an?|the|one\sof(?:\sthe)?)\s(?P<what>[\w\s,'\u2019-]{2,90})"
)
_APPOSED = re.compile(r"(?:\s?\([^()]{0,120}\))?,\s(?P<what>[a-z][\w\s'\u2019-]{2,60})")
_BORN_NEXT = re.compile(r"(?:,\s[A-Z][\w-]+){0,2},\s(?:[A-Z][a-z]+\s\d{1,2},\s\d{4}|\d{1,2}\s[A-Z][a-z]+\s\d{4})")
_IMPRINT_NEXT = re.compile(r",\s\d{4}\)")
_DEEDS = ("tions", "ments", "ness", "ities", "cies", "isms", "ships", "ances", "ences")
"""Endings of a last word that no name of a person has."""
_SAINTS = ("Saint ", "St. ")
_ARTICLES = words("La Le Les Il El Los Las Der Die Das Un Une Het")
"""First words of titles and places that are seldom people."""
_NOUN_BEFORE = {"work": 4.5, "person": 3.9}
"""Strength of a common noun right before a name, where it is not 3: `the novelist X`."""
_SURE = 2
"""Strength of evidence with which a name tells that of others in its list, though these look like people."""
_QUOTES = frozenset("\"\u201c\u201d\u2018*_`'")
_CLOSED = re.compile(r"\s?(?:[\"\u201d*_`]|''|['\u2019](?!s?\s[a-z]+s?\b))")


def _spreads(kind: str, one: str, other: str) -> bool:
    """Whether the type of *other* tells that of *one* beside it: a single word beside a whole name may be anything."""
    if kind == "concept":
        return other in DEMONYMS and " " not in one
    return kind in ("place", "organisation", "work") or (kind == "person" and (" " in one or " " not in other))


class Votes:
    """Evidence for the types of the names of one text unit."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)
        self._lexicon = lexicon
        self._listed: list[tuple[str, str]] = []
        self._equal: dict[str, str] = {}
        self._weak: set[str] = set()
        self._faint: dict[str, str] = {}
        self._working: set[tuple[str, str]] = set()

    def add(self, name: str, kind: str, weight: float) -> None:
        """Count one piece of evidence."""
        self._votes[name][kind] += weight  # type: ignore[assignment]  # typeshed knows Counter of int only

    def list(self, left: str, right: str, *, bracket: bool = False) -> None:
        """Note two names side by side in a list: they are of one kind; in a *bracket* may be an employer."""
        self._listed.append((left, right))
        if bracket:
            self._working.add((left, right))

    def equate(self, name: str, other: str) -> None:
        """Note that a name is another one in a different language."""
        self._equal[name] = other

    def see(self, text: str, start: int, end: int, name: str) -> None:
        """Count what stands beside one mention."""
        before, after = text[max(0, start - 40) : start], text[end : end + 160]
        self._bracketed(before, after[:40], name)
        self._before(before, name, owns=after.startswith(("'s", "\u2019s")))
        self._apposed(before, name, speaks=after.startswith(":") and (not start or text[start - 1] == "\n"))
        for kind, weight in beside.after(after, name):
            self.add(name, kind, weight)
        if " " not in name and name not in self._faint:
            self._faint[name] = beside.faintly(before, after)
        self._quoted(before, after, name)
        stated = _IS.match(after) or _APPOSED.match(after)
        if stated and (kind := noun_type(stated["what"])):
            several = kind == "person" and stated.groupdict().get("is") == "were"
            kind = "organisation" if several else kind
            self.add(name, kind, 4 if stated.groupdict().get("is") else 2)

    def _apposed(self, before: str, name: str, *, speaks: bool) -> None:
        """Count the noun that a name is apposed to, or that lists it; *speaks*: it opens a line of a dialogue."""
        apposed = before.rstrip().endswith(",")
        if apposed and (role := _ROLE.search(before)) and TYPE_OF_NOUN.get(role[1]) == "person":
            self.add(name, "person", 1)
        elif (noun := _NAMELY.search(before) or (apposed and _APPOSED_TO.search(before))) and (
            kind := type_before(noun[1])
        ):
            self.add(name, kind, 2)
        elif speaks:
            self.add(name, "person", 1)

    def _quoted(self, before: str, after: str, name: str) -> None:
        """Count quotation marks: a work, or what somebody is called."""
        if before[-2:].strip()[-1:] in _QUOTES and _CLOSED.match(after):
            self.add(name, "work", 0.5)
        if name.count(" ") < 2 and is_nickname(before, after):
            self.add(name, "person", 2)

    def _bracketed(self, before: str, after: str, name: str) -> None:
        """Count what a bracket says: where one was born, who published a book, what letters stand for."""
        if before.endswith(("(", "(b. ")):
            self.add(name, "place", 2 if _BORN_NEXT.match(after) else 0)
            self.add(name, "organisation", 1.5 if _IMPRINT_NEXT.match(after) else 0)
        if name.isupper() and (noun := _INITIALLED.search(before)):
            self.add(name, TYPE_OF_NOUN.get(noun[1], "concept"), 2)
        elif name.isupper() and _MEASURED.search(before):
            self.add(name, "concept", 2)

    def _before(self, text: str, name: str, *, owns: bool) -> None:
        """Count what stands before a name; *owns*: something of its own follows, so `in` is not said of it."""
        for kind, weight in beside.before(text):
            self.add(name, kind, weight)
        left = _LEFT.search(text)
        if left is None:
            return
        lead, word = left.groups("")
        if word.lower() == "the":
            self._articled(name, owns=owns)
        elif kind := type_before(word):
            self.add(name, kind, _NOUN_BEFORE.get(kind, 3) if word.islower() else 3)
        elif word in ("a", "an"):
            self.add(name, "concept", 0 if " " in name else 0.6)
        elif lead.lower() != "according":
            self.add(name, *led(lead.lower(), word, loosely=owns or name.startswith("The ")))

    def _articled(self, name: str, *, owns: bool) -> None:
        """Count the article before a name, which people have not and teams have; it may be that of what one *owns*."""
        self.add(name, "person", 0 if owns else -4)
        if " " not in name and name.endswith("s"):
            self.add(name, "organisation", 0.4)
        elif " " in name and name.split()[0] in PLACES:
            self.add(name, "organisation", 0.6)

    def decide(self, names: Iterable[str]) -> dict[str, str]:
        """The type of each name."""
        decided = {name: self._best(name) for name in names}
        self._spread(decided)
        self._share(decided)
        self._equate(decided)
        full = [
            name.split() for name, kind in decided.items() if kind == "person" and " " in name and " of " not in name
        ]
        parts = {words[-1] for words in full} | {words[0] for words in full if words[0] in GIVEN_NAMES}
        for name, kind in decided.items():
            if name in parts and name not in PLACES and name not in DEMONYMS and not self._is_told(name, "person"):
                decided[name] = "person"
            elif kind == "name":
                decided[name] = self._faint.get(name) or ("concept" if name.split()[0] in DEMONYMS else kind)
        return decided

    def _equate(self, decided: dict[str, str]) -> None:
        """Give other names of a thing its type; who has an acronym is no person."""
        for name, other in self._equal.items():
            kind = decided.get(other, "name")
            if kind == "person" and name.isupper() and other in self._weak:
                kind = decided[other] = "organisation"
            if kind == "name" and other in decided:
                decided[other] = decided[name]
            elif kind != "name" and (name.isupper() or not self._is_sure(name)):
                decided[name] = kind

    def _spread(self, decided: dict[str, str]) -> None:
        """Give names of no type that of what they are listed with; between two people stands a third."""
        for left, right in (*self._listed, *reversed(self._listed)):
            for one, other in ((left, right), (right, left)):
                if self._takes(decided, one, other):
                    decided[one] = decided[other]
        for (left, one), (again, right) in pairwise(self._listed):
            if one != again:
                continue
            if decided.get(one) == "name" and decided.get(left) == decided.get(right) == "person":
                decided[one] = "person"
            elif decided.get(right) == "name" and decided.get(left) == decided.get(one) == "person":
                decided[right] = "person"

    def _takes(self, decided: dict[str, str], one: str, other: str) -> bool:
        """Whether a name of no type, or one that only looks like a person, is what the other one of a list is."""
        kind = decided.get(other, "")
        if decided.get(one) == "name":
            return _spreads(kind, one, other) or (kind == "person" and (one, other) in self._working)
        if one not in self._weak or (one, other) in self._working:
            return False
        kinds = ("place",) if one.startswith(_SAINTS) else ("place", "organisation")
        return kind in kinds and self._is_sure(other)

    def _share(self, decided: dict[str, str]) -> None:
        """Give single words of no type that of the longer names of places and bodies that hold them."""
        holding: dict[str, set[str]] = defaultdict(set)
        for name, kind in decided.items():
            for word in name.split() if " " in name else ():
                holding[word].add(kind)
        for name, kind in decided.items():
            if kind == "name" and len(kinds := holding.get(name, set())) == 1 and kinds <= {"place", "organisation"}:
                decided[name] = min(kinds)

    def _is_told(self, name: str, kind: str) -> bool:
        """Whether much beside a name tells that it is not of this *kind*."""
        votes = self._votes.get(name, Counter())
        return max((votes[other] for other in ORDER if other != kind), default=0) > max(_SURE, votes[kind] + 1)

    def _is_sure(self, name: str) -> bool:
        """Whether a name itself, or much beside it, tells its type."""
        return from_name(name)[1] >= _SURE or max(self._votes[name].values(), default=0) >= _SURE

    def _best(self, name: str) -> str:
        kind, weight = from_name(name)
        votes = self._votes.get(name, Counter()).copy()
        weight += 0.1 * (weight > 0)
        if kind == "person" and weight < 5 and name in self._lexicon.articled:
            kind, weight = headed(name.split()) or ("work", 1)
        elif kind == "person" and weight < 5 and votes["person"] < 0:
            kind, weight = ("concept", 5) if name.split()[-1] in OFFICES else headed(name.split()) or (kind, weight)
        if kind == "person" and name.startswith(_SAINTS):
            self._weak.add(name)
        if weight:
            votes[kind] += weight  # type: ignore[assignment]  # as above
        elif self._like_person(name):
            if max(votes.values(), default=0) <= 0:
                self._weak.add(name)
            votes["person"] += 0.95  # type: ignore[assignment]  # as above
        elif " of " in name:
            votes[self._told_of(*name.split(" of ", 1))] += 0.5  # type: ignore[assignment]
        top = max(votes.values(), default=0)
        return next((kind for kind in ORDER if votes[kind] == top), "name") if top > 0 else "name"

    def _told_of(self, left: str, right: str) -> str:
        """Type of two names with `of` between them: a part of a place, `Liutbert of Mainz`, or something else."""
        if right in PLACES:
            return "place" if not self._is_proper(left) or left in PLACES else "person"
        return "person" if self._is_proper(left) and self._is_proper(right) else "concept"

    def _is_proper(self, word: str) -> bool:
        """Whether a word may be a given name, as far as the corpus knows: the first of `Liutbert of Mainz`."""
        return self._lexicon.names.get(word, True) and not word.endswith("s") and " " not in word

    def _like_person(self, name: str) -> bool:
        """Two to four words that are no common words: most often a person."""
        words = [word for word in name.split() if word not in _OF_PEOPLE]
        return (
            1 < len(words) < 5
            and not any(word in PLACES or word in DEMONYMS for word in words)
            and name not in self._lexicon.articled
            and not words[-1].endswith(_DEEDS)
            and words[0] not in _ARTICLES
            and all(word[0].isupper() and self._lexicon.names.get(word) is not False for word in words)
            and not any(word.isupper() and len(word) > 1 for word in words)
            and any(map(self._lexicon.names.get, words))
        )
