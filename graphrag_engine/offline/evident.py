"""What the words and titles of names tell: which are one thing in a document or in all, and which only look so."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.aliases import Alias, Named, aliases, titled
from graphrag_engine.offline.elsewhere import Document, elsewhere
from graphrag_engine.offline.homonyms import UNTYPED
from graphrag_engine.offline.lookalikes import lookalikes
from graphrag_engine.offline.passages import LITERAL
from graphrag_engine.offline.ragged import Ints, one_array, positions
from graphrag_engine.offline.rulings import Resolution

UNNAMED = ("concept", *sorted(LITERAL))
"""Types of what no document calls by another name."""
_UNTYPED = UNTYPED[0]
_TITLED = 0.95
"""Confidence that a title before a whole name changes nothing, in whichever document."""
_TOLD_APART = 0.9
"""Confidence that names which differ in a telling word are two."""
_BRACKET = 4
"""Characters from a name to the next from which on there is more than a bracket between them."""
_MANY = 1 << 18
"""Names of documents of which no object is kept."""
_SPREAD = 3
"""A short name that more documents than these, and more than one in a hundred, use by itself is nobody's alone."""


def evident(documents: Mapping[str, "Naming"]) -> list[Resolution]:
    """The aliases of each document by itself, then of all of them, and the names that look like one."""
    return [*_same(documents), *_different(_names(documents.values()))]


def _same(documents: Mapping[str, "Naming"]) -> Iterator[Resolution]:
    """Names that stand for fuller ones, by their words and titles."""
    used = Counter(one for found in documents.values() for one in found.alone())
    common = frozenset(name for name, count in used.items() if count > max(_SPREAD, len(documents) // 100))
    everywhere = dict(titled(_names(documents.values(), ("person", "name"))))
    for left, right in everywhere.items():
        yield Resolution(left, right, "same", "title", _TITLED)
    own = defaultdict[str, list[Alias]](list)
    for document, found in documents.items():
        for alias in aliases(list(found.named.values()), common, found.beside):
            if everywhere.get(alias.left) != alias.right:
                own[document].append(alias)
    others = elsewhere(_Documents(documents, own))
    for document, alias in (*((name, alias) for name in sorted(own) for alias in own[name]), *others):
        yield Resolution(alias.left, alias.right, "same", alias.cause, alias.confidence, document)


@dataclass(frozen=True)
class _Documents:
    """What each document names, and what stands for fuller names there, made whenever it is looked at."""

    namings: Mapping[str, "Naming"]
    own: Mapping[str, Sequence[Alias]]

    def __len__(self) -> int:
        return len(self.namings)

    def __iter__(self) -> Iterator[Document]:
        for name in sorted(self.namings):
            yield Document(name, self.namings[name].named.values(), {alias.left for alias in self.own.get(name, ())})


def _different(names: Iterable[str]) -> Iterator[Resolution]:
    """Names that look like one."""
    for left, right, cause in lookalikes(names):
        yield Resolution(left, right, "different", cause, _TOLD_APART)


@dataclass(slots=True)
class Naming:
    """What one document names."""

    named: dict[str, Named] = field(default_factory=dict)
    beside: list[tuple[str, str]] = field(default_factory=list)

    def alone(self) -> list[str]:
        """The single words that this document names without a fuller name that ends with them."""
        last = {name.rsplit(None, 1)[-1] for name in self.named if " " in name}
        return [name for name in self.named if " " not in name and name not in last]


def _names(documents: Iterable[Naming], types: Sequence[str] = ()) -> set[str]:
    """All names of things, or of things of these types."""
    return {one.name for found in documents for one in found.named.values() if not types or one.type in types}


class _Namings(Mapping[str, Naming]):
    """What all documents name, as columns: made again for each look at a document."""

    def __init__(self, mentions: "_Mentions", document: Ints, name: Ints, kind: Ints) -> None:
        """*document*, *name* and *kind* of all names, those of one document side by side, in the order of its text."""
        self._names, self._name = mentions.names.to_pylist(), name
        self._types, self._kind = mentions.types, kind
        starts = np.flatnonzero(np.diff(document, prepend=-1))
        ids = mentions.documents.take(pa.array(document[starts])).to_pylist()
        self._ends = dict(zip(ids, pairwise([*starts.tolist(), len(document)]), strict=True))
        self._beside = defaultdict[str, list[tuple[str, str]]](list)

    def add_beside(self, document: str, left: int, right: int) -> None:
        """Note that of two names the second stands in brackets right after the first."""
        self._beside[document].append((self._names[left], self._names[right]))

    def __getitem__(self, document: str) -> Naming:
        own = slice(*self._ends[document])
        names = map(self._names.__getitem__, self._name[own].tolist())
        kinds = map(self._types.__getitem__, self._kind[own].tolist())
        named = {name: Named(name, kind, place) for place, (name, kind) in enumerate(zip(names, kinds, strict=True))}
        return Naming(named, self._beside.get(document, []))

    def __iter__(self) -> Iterator[str]:
        return iter(self._ends)

    def __len__(self) -> int:
        return len(self._ends)


def naming(tables: Mapping[str, pa.Table]) -> Mapping[str, Naming]:
    """Document id -> its names in the order of the text, and names with a name in brackets right after.

    A name has the type of the first mention that knows one.
    """
    mentions = _Mentions.of(tables)
    width = max(len(mentions.names), 1)
    pair = mentions.document * width + mentions.name
    pairs, first = np.unique(pair, return_index=True)
    untyped = mentions.types.index(_UNTYPED)
    typed = np.flatnonzero(mentions.type != untyped)
    known, at = np.unique(pair[typed], return_index=True)
    kind = np.full(len(pairs), untyped)
    kind[np.searchsorted(pairs, known)] = mentions.type[typed[at]]
    order = np.argsort(first)
    document, name = np.divmod(pairs[order], width)
    found = _Namings(mentions, document, name, kind[order])
    for at in mentions.before_brackets(tables["text_units"]["text"]):
        found.add_beside(mentions.documents[mentions.document[at]].as_py(), *mentions.name[at : at + 2].tolist())
    return found if len(pairs) > _MANY else dict(found)


@dataclass(frozen=True)
class _Mentions:
    """The mentions of named things in the order of the text, column by column; unwritten names come first."""

    documents: pa.Array
    names: pa.Array
    types: list[str]
    document: Ints
    """Row of *documents*."""
    unit: Ints
    """Row of the text units."""
    start: Ints
    """-1 where a name is not written there."""
    end: Ints
    name: Ints
    """Row of *names*."""
    type: Ints
    """Place among *types*."""

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table]) -> "_Mentions":
        """Those of things that a document may call by another name."""
        units, mentions = tables["text_units"], tables["entity_mentions"]
        unit = positions(mentions["text_unit_id"], units["id"])
        types = sorted({_UNTYPED, *pc.unique(mentions["type"]).to_pylist()} - {*UNNAMED})
        kind = positions(mentions["type"], pa.chunked_array([types]))
        kept = np.flatnonzero((unit >= 0) & (kind >= 0))
        mentions, unit, kind = mentions.select(["name", "start", "end"]).take(pa.array(kept)), unit[kept], kind[kept]
        start, end = (pc.fill_null(mentions[side], -1).to_numpy() for side in ("start", "end"))
        of_unit = one_array(units["document_id"]).dictionary_encode()
        encoded = one_array(mentions["name"]).dictionary_encode()
        document = of_unit.indices.to_numpy().astype(np.int64)[unit]
        name = encoded.indices.to_numpy().astype(np.int64)
        alphabetical = pc.rank(encoded.dictionary).to_numpy()[name]
        place = np.argsort(np.lexsort((units["position"].to_numpy(), of_unit.indices.to_numpy())))[unit]
        order = np.lexsort((kind, alphabetical, end, place * (int(start.max(initial=0)) + 2) + start))
        columns = (document, unit, start, end, name, kind)
        return cls(of_unit.dictionary, encoded.dictionary, types, *(column[order] for column in columns))

    def before_brackets(self, texts: pa.ChunkedArray) -> Iterator[int]:
        """The mentions between which and the next one nothing but an opening bracket stands."""
        gap = self.start[1:] - self.end[:-1]
        near = (self.unit[1:] == self.unit[:-1]) & (self.end[:-1] >= 0) & (gap > 0) & (gap < _BRACKET)
        for at in np.flatnonzero(near).tolist():
            if texts[self.unit[at]].as_py()[self.end[at] : self.start[at + 1]].strip() == "(":
                yield at
