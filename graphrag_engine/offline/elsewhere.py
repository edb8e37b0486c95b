"""Short names of documents that never say the full one: whom the other documents know by them.

Weaker evidence than that of one document, so it needs a full name in the corpus that fits and no other, and
joins only what says more than a surname: initials, or a title that goes with a surname.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Protocol

from graphrag_engine.offline.aliases import SURNAME_TITLES, TITLES, Alias, Named, is_initial, may_be_a_person, plain
from graphrag_engine.offline.cues import HONORIFICS, WOMEN
from graphrag_engine.offline.kinds import gender
from graphrag_engine.offline.people import GIVEN_NAMES
from graphrag_engine.offline.places import DEMONYMS, PLACES
from graphrag_engine.offline.roots import form

_INITIALS, _TITLE = 0.7, 0.6
_LARGE = 100
"""Documents from which they may speak of different worlds: a title and a surname alone join none."""
_LOOKED_AT = 50
"""Documents with the full name that are held against the one without."""


@dataclass(frozen=True)
class Document:
    """What one document names, and the names that stand for fuller ones there."""

    id: str
    named: Collection[Named]
    aliases: Collection[str]

    def people(self) -> Iterator[Named]:
        """Names that may be a person's and stand for themselves."""
        return (one for one in self.named if one.name not in self.aliases and may_be_a_person(one))

    @cached_property
    def telling(self) -> frozenset[str]:
        """Names that not every document knows."""
        return frozenset(one.name for one in self.named) - PLACES - DEMONYMS

    @cached_property
    def sirs(self) -> frozenset[str]:
        """Surnames, by their forms, that a title of no woman stands before."""
        return frozenset(form(plain(one.name)[-1]) for one in self.named if one.name.split()[0] in TITLES)


@dataclass
class _Full:
    """A full name of the corpus, without titles."""

    words: tuple[str, ...]
    names: set[str] = field(default_factory=set)
    """All ways to write it."""
    documents: dict[str, Document] = field(default_factory=dict)
    is_person: bool = False

    @property
    def name(self) -> str:
        """The shortest way to write it."""
        return min(self.names, key=lambda name: (len(name), name))


class Documents(Protocol):
    """All documents, which are gone through twice: there may be a million."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Document]: ...


def elsewhere(documents: Documents) -> Iterator[tuple[str, Alias]]:
    """Short names with the one full name that other documents have for them, by document."""
    short = [(document, one, parts) for document, one, parts in _people(documents) if _is_short(one, parts)]
    bearers = _Bearers(_people(documents), {form(parts[-1]) for _, _, parts in short}, len(documents))
    for document, one, parts in short:
        if alias := bearers.alias(one, parts, document):
            yield document.id, alias


def _people(documents: Documents) -> Iterator[tuple[Document, Named, tuple[str, ...]]]:
    """All that may be people, with the words of their names."""
    return ((document, one, plain(one.name)) for document in documents for one in document.people())


def _is_short(one: Named, parts: tuple[str, ...]) -> bool:
    """Whether a name is initials or a title with a surname, of nobody's wife."""
    title = one.name.split()[0]
    if len(parts) > 1:
        return is_initial(parts[0]) and title not in WOMEN
    return title in SURNAME_TITLES and parts[0] not in GIVEN_NAMES and parts[0] not in HONORIFICS


class _Bearers:
    """The people of the corpus by surname, as far as it is wanted."""

    def __init__(
        self, people: Iterable[tuple[Document, Named, tuple[str, ...]]], wanted: Collection[str], n: int
    ) -> None:
        self._large = n > _LARGE
        self._full: dict[str, dict[str, _Full]] = {surname: {} for surname in wanted}
        self._initials: dict[str, set[str]] = {surname: set() for surname in wanted}
        for document, one, parts in people:
            if len(parts) > 1 and "of" not in parts and (surname := form(parts[-1])) in wanted:
                self._add(surname, document, one, parts)

    def _add(self, surname: str, document: Document, one: Named, parts: tuple[str, ...]) -> None:
        if is_initial(parts[0]):
            self._initials[surname].add(parts[0][0])
            return
        full = self._full[surname].setdefault(form(" ".join(parts)), _Full(parts))
        full.names.add(one.name)
        full.documents[document.id] = document
        full.is_person |= one.type == "person"

    def alias(self, one: Named, parts: tuple[str, ...], document: Document) -> Alias | None:
        """What a short name stands for, if one full name fits and no other."""
        surname, titled = form(parts[-1]), len(parts) == 1
        full = list(self._full[surname].values())
        if titled:
            fitting = full if self._initials[surname] <= {each.words[0][0] for each in full} else []
        else:
            fitting = [each for each in full if _fits(parts, each.words)]
        if len(fitting) != 1 or not self._may_be(fitting[0], surname, document, titled=titled):
            return None
        evidence = ("title and surname", _TITLE) if titled else ("initials", _INITIALS)
        return Alias(one.name, fitting[0].name, f"{evidence[0]}, other documents", evidence[1])

    def _may_be(self, full: _Full, surname: str, document: Document, *, titled: bool) -> bool:
        """Whether a document that does not say a full name may mean it."""
        if (
            not full.is_person
            or document.id in full.documents
            or (gender(full.name) == "she" and surname in document.sirs)
        ):
            return False
        return not (self._large and titled) or any(
            document.telling & each.telling for each in islice(full.documents.values(), _LOOKED_AT)
        )


def _fits(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether the words before a surname, initials for some, stand before the other in this order, the first first."""
    rest = iter(full[:-1])
    return short[0][0] == full[0][0] and all(
        any(word == other or (is_initial(word) and other.startswith(word[0])) for other in rest) for word in short[:-1]
    )
