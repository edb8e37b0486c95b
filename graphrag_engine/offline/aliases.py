"""Shorter names of one document that stand for a fuller one there, on the evidence of their words alone."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from graphrag_engine.offline.cues import GENERAL, HONORIFICS, WOMEN, words
from graphrag_engine.offline.kinds import gender
from graphrag_engine.offline.places import DEMONYMS, PLACES

_LEGAL = tuple(sorted(words("Inc Inc. Ltd Ltd. LLC Limited Co Co. Corp Corp. Corporation Company plc PLC GmbH AG")))
_ACRONYM = re.compile(r"[A-Z][A-Z.&]{1,7}$")
_NO_FIRMS = ("event", "person", "place", "work")
_SMALL = words("of the and for in on at de la le du & a")
_KNOWN = {
    "US": "United States",
    "U.S.": "United States",
    "USA": "United States",
    "UK": "United Kingdom",
    "U.K.": "United Kingdom",
    "EU": "European Union",
    "UN": "United Nations",
    "USSR": "Soviet Union",
}
_MARKS = "\"\u201c\u201d`'()"
_PERSONAL = ("person", "name")
TITLES = HONORIFICS - WOMEN
SURNAME_TITLES = TITLES - words(
    "Sir Lord King Prince Duke Earl Count Baron Emperor Sultan Pope Saint Cardinal Bishop Archbishop Brother Father "
    "Uncle Don Dona Sheikh Rabbi Imam Master Premier Prime Minister Secretary Chief"
)
"""Titles that go with a surname; others stand before given names, places and offices, too."""


class Named(NamedTuple):
    """A name as one document uses it."""

    name: str
    type: str
    first: int
    """Its place in the order in which the document names things."""


class Alias(NamedTuple):
    """*left* stands for *right* in one document."""

    left: str
    right: str
    cause: str
    confidence: float


@lru_cache(maxsize=1 << 16)
def plain(name: str) -> tuple[str, ...]:
    """The words of a name without honorifics before it and without marks around a nickname."""
    words = [word.strip(_MARKS) or word for word in name.split()]
    while len(words) > 1 and words[0] in HONORIFICS:
        words = words[1:]
    return tuple(words)


@lru_cache(maxsize=1 << 16)
def initials(name: str) -> str:
    """The capital letters of a name's words, small words left out."""
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word and word not in _SMALL and word[0].isupper())


def aliases(named: Sequence[Named], common: Iterable[str], beside: Iterable[tuple[str, str]]) -> list[Alias]:
    """The aliases of one document, given its names in the order of the text.

    *common* are names that other documents use by themselves too often; *beside* are (name, name in
    brackets right after it).
    """
    found = {alias.left: alias for alias in _acronyms(named, beside)}
    found |= {alias.left: alias for alias in (*_heads(named), *_legal(named), *_known(named))}
    people = _People([one for one in named if may_be_a_person(one)])
    for alias in (*people.fuller(), *people.single(frozenset(common))):
        found.setdefault(alias.left, alias)
    return sorted(found.values())


def may_be_a_person(one: Named) -> bool:
    """Whether nothing says that a name is another thing's."""
    return one.type in _PERSONAL and one.name not in PLACES and one.name not in DEMONYMS


def titled(people: Collection[str]) -> list[tuple[str, str]]:
    """Names of two words or more with a title before them, each with the same name without, if that is there too."""
    pairs = ((name, " ".join(plain(name))) for name in sorted(people))
    return [(name, plain) for name, plain in pairs if plain != name and plain in people and _bears(name, plain)]


def _bears(name: str, plain: str) -> bool:
    """Whether a titled name is the plain one's own: not of initials alone, not a wife under her husband's name."""
    first, *more = plain.split()
    return bool(more) and not first.endswith(".") and not (name.split()[0] in WOMEN and gender(plain) == "he")


def _acronyms(named: Sequence[Named], beside: Iterable[tuple[str, str]]) -> Iterable[Alias]:
    """Short forms in brackets beside their expansion, either way round."""
    known = {one.name for one in named}
    for left, right in beside:
        full, short = (left, right) if len(left) > len(right) else (right, left)
        if short in known and full in known and abbreviates(short, full):
            yield Alias(short, full, "acronym", 0.95)


def abbreviates(short: str, full: str) -> bool:
    """Whether a name is made of the initials of another, or of letters of it in their order."""
    if not _ACRONYM.match(short):
        return False
    letters = short.replace(".", "").replace("&", "")
    of = initials(full)
    return (
        len(letters) > 1
        and letters[0] == full[0]
        and (letters == of or (_within(letters, full.upper()) and len(of) > 1))
    )


def _within(letters: str, text: str) -> bool:
    """Whether the letters stand in the text in this order."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


class _People:
    """The names of one document that may be a person's."""

    def __init__(self, named: Sequence[Named]) -> None:
        self._named = named
        self._sirs: set[str] = set()
        self._titled: dict[str, list[Named]] = defaultdict(list)
        self._full: dict[str, list[Named]] = defaultdict(list)
        for one in named:
            words, parts = one.name.split(), plain(one.name)
            if words[0] in TITLES:
                self._sirs.add(words[-1])
            if len(parts) > 1 and "of" not in words:
                self._full[parts[-1]].append(one)
            elif len(parts) == 1 and one.type == "person" and words[0] in SURNAME_TITLES:
                self._titled[parts[0]].append(one)

    def fuller(self) -> list[Alias]:
        """Names of two or more words that shorten a fuller one; those are no candidates for shorter ones after."""
        found = [
            alias
            for others in self._full.values()
            if len(others) > 1
            for one in others
            if (alias := _fuller(one, [other for other in others if other is one or not self._mistaken(one, other)]))
        ]
        short = {alias.left for alias in found}
        for surname, others in self._full.items():
            self._full[surname] = [one for one in others if one.name not in short]
        return found

    def _mistaken(self, one: Named, other: Named) -> bool:
        """Whether initials are rather those of a man whom the document also calls by title and surname."""
        first, surname = plain(one.name)[0], plain(one.name)[-1]
        return first.endswith(".") and gender(other.name) == "she" and surname in self._sirs

    def single(self, common: frozenset[str]) -> Iterable[Alias]:
        """Surnames, with a title or without, and given names, for the one person they can mean."""
        given: dict[str, list[Named]] = defaultdict(list)
        for one in (one for others in self._full.values() for one in others if one.type == "person"):
            given[plain(one.name)[0]].append(one)
        for one in self._named:
            word, *more = plain(one.name)
            titled = not more and len(one.name.split()) > 1
            if more or (titled and one.name.split()[0] in WOMEN) or (not titled and one.name in common):
                continue
            if bearer := _only(self._full.get(word) or ([] if titled else self._titled[word]), one):
                yield _by_surname(one, bearer, titled=titled)
            elif titled or word in self._full:
                continue
            elif (bearer := _only(given.get(word, []), one)) and bearer.name.split()[0] not in WOMEN:
                yield Alias(one.name, bearer.name, "given name", 0.75)


def _by_surname(one: Named, bearer: Named, *, titled: bool) -> Alias:
    if titled:
        return Alias(one.name, bearer.name, "title and surname", 0.9)
    return Alias(one.name, bearer.name, "surname", 0.85)


def _only(candidates: Sequence[Named], one: Named) -> Named | None:
    """The one candidate, if the document named it first."""
    return candidates[0] if len(candidates) == 1 and candidates[0].first < one.first else None


def _fuller(one: Named, others: Sequence[Named]) -> Alias | None:
    """The one fuller name that differs by a title, by initials or by middle names."""
    words = plain(one.name)
    titled = len(words) < len(one.name.split())
    matches: dict[tuple[str, ...], Named] = {}
    for other in others:
        theirs = plain(other.name)
        if titled and theirs == words and len(theirs) == len(other.name.split()):
            return Alias(one.name, other.name, "title", 0.95)
        if shortens(words, theirs) and not (
            titled and one.name.split()[0] not in WOMEN and gender(other.name) == "she"
        ):
            matches.setdefault(theirs, other)
    return Alias(one.name, next(iter(matches.values())).name, "initials", 0.85) if len(matches) == 1 else None


def shortens(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether the words before the surname are initials or a part of the fuller ones, in order."""
    if len(short) > len(full) or short == full:
        return False
    mine, theirs = short[0], full[0]
    if len(short) < len(full) and (mine == theirs or mine in full[:-1]):
        return True
    return is_initial(mine) and theirs[0] == mine[0] and theirs[-1] != "."


def is_initial(word: str) -> bool:
    """Whether a word is one letter with a dot."""
    return len(word) == 2 and word[1] == "."


def _heads(named: Sequence[Named]) -> Iterable[Alias]:
    """General words (`the Board`) that stand for the one fuller name before that ends with them."""
    for one in named:
        if one.name in GENERAL:
            fuller = [other for other in named if other.name.endswith(" " + one.name)]
            if len(fuller) == 1 and fuller[0].first < one.first:
                yield Alias(one.name, fuller[0].name, "general word", 0.8)


def _known(named: Sequence[Named]) -> Iterable[Alias]:
    """Short forms that everybody knows, where the document writes the full one too."""
    names = {one.name for one in named}
    for short, full in _KNOWN.items():
        if short in names and full in names:
            yield Alias(short, full, "known abbreviation", 0.95)


def _legal(named: Sequence[Named]) -> Iterable[Alias]:
    """Firms' names without their legal form."""
    known = {one.name: one for one in named}
    for other in named:
        name = other.name.replace(",", "")
        if not name.endswith(_LEGAL):
            continue
        words = name.split()
        bare = known.get(" ".join(words[:-1]))
        if len(words) > 2 and words[-1] in _LEGAL and bare and bare.type not in _NO_FIRMS:
            yield Alias(bare.name, other.name, "legal form", 0.9)
