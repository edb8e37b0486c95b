"""What kind of thing a name is, from the name itself and from what stands beside it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from graphrag_engine.offline.cues import FIRST_HEADS, HEADS, HONORIFICS, MEN, WOMEN, words
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.nouns import TYPE_OF_NOUN
from graphrag_engine.offline.people import FEMALE_NAMES, GIVEN_NAMES
from graphrag_engine.offline.places import DEMONYMS, PLACES

ORDER = ("person", "organisation", "place", "work", "event", "concept", "name")
"""Types of names; the earlier wins a draw."""

_LEFT = re.compile(r"(?:([\w'\u2019-]+)\s+)?([\w'\u2019-]+)\s+\Z")
_IS = re.compile(
    r"(?:\s?\([^()]{0,120}\))?(?:,|,?\s(?P<is>is|was|are|were|became|remains)(?:\salso|\snow)?)"
    r"\s(?:an?|the|one\sof(?:\sthe)?)\s(?P<what>[\w\s'\u2019-]{2,90})"
)
_APPOSED = re.compile(r"(?:\s?\([^()]{0,120}\))?,\s(?P<what>[a-z][\w\s'\u2019-]{2,60})")
_PERSON_NEXT = re.compile(
    r"\s?\((?:born|b\.|n\u00e9e|aged|\d{1,2}\s\w+\s\d{4}|\d{4}\s?[\u2013-])"
    r"|,?\s(?:who|whose|himself|herself|aged|Jr|Sr)\b"
    r"|,?\s(?:said|says|wrote|told|asked|married|died|replied|argued|thought|smiled|answered|resigned|retired|testified"
    r"|swore|signed|swam|spoke|laughed|nodded|recalled|remembered|was\s(?:born|married|elected|appointed)"
    r"|studied|starred)\b"
    r"|['\u2019]s\s(?:father|mother|wife|husband|son|daughter|brother|sister|widow|mind|hand|face|eyes|letter|diary)\b"
)
_STOP = words(
    "of in by for that who which located published released with from at on to as and or based near whose where"
)
_LOCATIVE = {
    "in": 2.0,
    "near": 2.0,
    "at": 1.0,
    "from": 1.0,
    "into": 1.0,
    "to": 0.5,
    "off": 1.0,
    "around": 1.0,
    "across": 1.0,
}
_ACRONYM = re.compile(r"[A-Z][A-Z&.]{2,7}$")
_INITIALS = re.compile(r"(?:[A-Z]\w+\s)?(?:[A-Z]\.\s?){1,3}[A-Z]\w+")
_CHAMBERS = words("Representatives Commons Lords Delegates Assembly Deputies Councillors Keys Burgesses")
"""What `House of` makes an organisation."""
_SURNAMES = words(
    "Hall Hill Park Lake Rivers Banks Street Lane Church Woods Wood Green Field Castle Marsh Grove Heath Point "
    "North West Gates Bay Bank House Mills Mill Rock Stone Fort Port Bridge Forest Garden Temple Abbey Day Battle "
    "Rice Ford Head Way"
)
"""Heads of places that are surnames as well: after a given name they make a person."""


@lru_cache(maxsize=1 << 16)
def from_name(name: str) -> tuple[str, float]:
    """Type and strength of evidence in the name alone; ("name", 0) where it says nothing."""
    if name in DEMONYMS:
        return "concept", 6
    if name in PLACES:
        return "place", 5
    written = name.split()
    if len(written) == 1:
        return (kind, 2) if (kind := _head(name)) else _person(name, written)
    return _titled(name, written) or _headed(written) or _person(name, written)


def _titled(name: str, written: list[str]) -> tuple[str, float] | None:
    """A person with a title, with initials, or with a surname that is a word for a place as well."""
    first, last = written[0], written[-1]
    if first in HONORIFICS and "of" not in written and not _head(last):
        return "person", 5
    if _INITIALS.match(name) or (first in GIVEN_NAMES and last in _SURNAMES and len(written) < 4):
        return "person", 3
    return None


def _headed(written: list[str]) -> tuple[str, float] | None:
    """A name with a telling head: its last word, or the last before `of`, or its first."""
    last = written[-2] if written[-1].isdigit() else written[-1].rstrip(",")
    if "of" in written[1:] and written[-1] in _CHAMBERS:
        return "organisation", 4
    head = written[written.index("of") - 1] if "of" in written[1:] else last
    if kind := _head(head) or _head(last):
        return kind, 4
    for kind, heads in FIRST_HEADS.items():
        if written[0] in heads and written[1] not in GIVEN_NAMES:
            return kind, 3
    return None


def _person(name: str, words: list[str]) -> tuple[str, float]:
    if words[0] in GIVEN_NAMES and 1 < len(words) < 5 and "of" not in words:
        return "person", 3
    if words[0] in GIVEN_NAMES and len(words) == 1:
        return "person", 1
    if " & " in name:
        return "organisation", 3
    if _ACRONYM.match(name):
        return "organisation", 1
    return "name", 0


def _head(word: str) -> str:
    for kind, heads in HEADS.items():
        if word in heads:
            return kind
    return ""


def may_be_person(name: str) -> bool:
    """Whether a name says nothing against being a person's."""
    return from_name(name)[0] in ("person", "name")


def gender(name: str) -> str:
    """`he` or `she` where a title or given name tells; empty where none does."""
    words = name.split()
    if words[0] in WOMEN or (len(words) > 1 and words[1] in FEMALE_NAMES) or words[0] in FEMALE_NAMES:
        return "she"
    return "he" if words[0] in MEN or words[0] in GIVEN_NAMES else ""


def head_noun(phrase: str) -> str:
    """The noun that a describing phrase is about (`an American film director`); empty where none is known."""
    found = ""
    for word in phrase.split()[:9]:
        if word.lower() in TYPE_OF_NOUN:
            found = word.lower()
        elif word in _STOP:
            break
        elif word.endswith("s") and word[:-1] in TYPE_OF_NOUN:
            found = word[:-1]
    return found


def noun_type(phrase: str) -> str:
    """Type that a describing phrase gives; empty where it tells none."""
    return TYPE_OF_NOUN.get(head_noun(phrase), "")


class Votes:
    """Evidence for the types of the names of one text unit."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)
        self._lexicon = lexicon
        self._listed: list[tuple[str, str]] = []

    def add(self, name: str, kind: str, weight: float) -> None:
        """Count one piece of evidence."""
        self._votes[name][kind] += weight  # type: ignore[assignment]  # typeshed knows Counter of int only

    def list(self, left: str, right: str) -> None:
        """Note two names side by side in a list: they are of one kind."""
        self._listed.append((left, right))

    def see(self, text: str, start: int, end: int, name: str) -> None:
        """Count what stands beside one mention."""
        self._before(text[max(0, start - 32) : start], name)
        after = text[end : end + 160]
        if _PERSON_NEXT.match(after):
            self.add(name, "person", 2)
        stated = _IS.match(after) or _APPOSED.match(after)
        if stated and (kind := noun_type(stated["what"])):
            self.add(name, kind, 4 if stated.groupdict().get("is") else 2)

    def _before(self, text: str, name: str) -> None:
        left = _LEFT.search(text)
        if left is None:
            return
        lead, word = left.groups("")
        if word.lower() == "the":
            self.add(name, "person", -4)
            return
        if kind := TYPE_OF_NOUN.get(word):
            self.add(name, kind, 3)
        elif word == "of" and TYPE_OF_NOUN.get(lead) == "place":
            self.add(name, "place", 3)
        elif weight := _LOCATIVE.get(word):
            self.add(name, "place", weight)

    def decide(self, names: Iterable[str]) -> dict[str, str]:
        """The type of each name."""
        decided = {name: self._best(name) for name in names}
        for left, right in self._listed:
            for one, other in ((left, right), (right, left)):
                if decided.get(one) == "name" and decided.get(other) in ("place", "person", "organisation"):
                    decided[one] = decided[other]
        full = [name.split() for name, kind in decided.items() if kind == "person" and " " in name]
        parts = {words[-1] for words in full} | {words[0] for words in full if words[0] in GIVEN_NAMES}
        for name in decided:
            if name in parts and name not in PLACES and name not in DEMONYMS:
                decided[name] = "person"
        return decided

    def _best(self, name: str) -> str:
        kind, weight = from_name(name)
        if kind == "person" and weight < 5 and name in self._lexicon.articled:
            kind, weight = "name", 0
        votes = self._votes.get(name, Counter()).copy()
        if weight:
            votes[kind] += weight  # type: ignore[assignment]  # as above
        elif self._like_person(name):
            votes["person"] += 1
        top = max(votes.values(), default=0)
        return next((kind for kind in ORDER if votes[kind] == top), "name") if top > 0 else "name"

    def _like_person(self, name: str) -> bool:
        """Two or three words that are no common words: most often a person."""
        words = name.split()
        return (
            1 < len(words) < 4
            and name not in self._lexicon.articled
            and all(word[0].isupper() and self._lexicon.names.get(word) for word in words)
        )
