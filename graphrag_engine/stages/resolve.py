"""entity_mentions, text_units -> resolutions: which names are one thing, and which only look so, where and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.aliases import Named, aliases, titled
from graphrag_engine.offline.elsewhere import Document, elsewhere
from graphrag_engine.offline.homonyms import UNTYPED
from graphrag_engine.offline.identity import OVERRIDE, Identity, identify
from graphrag_engine.offline.lookalikes import lookalikes
from graphrag_engine.offline.passages import LITERAL
from graphrag_engine.offline.ragged import Ints, distinct_pairs, one_array, positions
from graphrag_engine.offline.roots import form
from graphrag_engine.offline.rulings import Resolution, decided, undisputed
from graphrag_engine.overrides import Overrides
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Tables, TableStage

_UNNAMED = ("concept", *sorted(LITERAL))
"""Types of what no document calls by another name."""
_UNTYPED = UNTYPED[0]
_TITLED = 0.95
"""Confidence that a title before a whole name changes nothing, in whichever document."""
_TOLD_APART, _HOMONYM = 0.9, 0.8
"""Confidence that names which differ in a telling word, and things of different types, are two."""
_BRACKET = 4
"""Characters from a name to the next from which on there is more than a bracket between them."""
_SPREAD = 3
"""A short name that more documents than these, and more than one in a hundred, use by itself is nobody's alone."""


def run(tables: Tables, overrides: Overrides) -> Tables:
    """Look for aliases in each document by itself, then in all of them; what people say goes before all evidence."""
    documents = _documents(tables)
    mentioned = pc.unique(tables["entity_mentions"]["name"]).to_pylist()
    names = {form(name): name for name in sorted(mentioned, reverse=True)}
    evident = [*_same(documents), *_different(_names(documents.values()))]
    rows = [*decided(overrides, names.keys()), *undisputed(evident, overrides)]
    identity = identify(_doubtful(tables["entity_mentions"], rows), _table(rows), tables["text_units"])
    return {"resolutions": _table([*rows, *_namesakes(identity, names, overrides)])}


def _same(documents: Mapping[str, "_Document"]) -> Iterator[Resolution]:
    """Names that stand for fuller ones, by their words and titles."""
    used = Counter(one for found in documents.values() for one in found.alone())
    common = frozenset(name for name, count in used.items() if count > max(_SPREAD, len(documents) // 100))
    everywhere = dict(titled(_names(documents.values(), ("person", "name"))))
    for left, right in everywhere.items():
        yield Resolution(left, right, "same", "title", _TITLED)
    own = {
        document: [
            alias
            for alias in aliases(list(found.named.values()), common, found.beside)
            if everywhere.get(alias.left) != alias.right
        ]
        for document, found in sorted(documents.items())
    }
    others = elsewhere(
        [Document(name, documents[name].named.values(), {alias.left for alias in found}) for name, found in own.items()]
    )
    for document, alias in (*((name, alias) for name, found in own.items() for alias in found), *others):
        yield Resolution(alias.left, alias.right, "same", alias.cause, alias.confidence, document)


def _different(names: Iterable[str]) -> Iterator[Resolution]:
    """Names that look like one."""
    for left, right, cause in lookalikes(names):
        yield Resolution(left, right, "different", cause, _TOLD_APART)


def _namesakes(identity: Identity, names: Mapping[str, str], overrides: Overrides) -> Iterator[Resolution]:
    """What bears one name and is of different types, unless people give all of it one type."""
    retyped = {name.text: identity.bearing(name.text) for name, _ in overrides.retype if name.type is None}
    for text, bearers in retyped.items():
        if len(bearers) > 1:
            yield Resolution(text, text, "same", OVERRIDE, 1.0)
    for root, bearers in identity.namesakes():
        usual, *others = (identity.types[entity] for entity in bearers)
        for kind in others if bearers not in retyped.values() else ():
            yield Resolution(names[root], names[root], "different", "homonym", _HOMONYM, None, usual, kind)


def _doubtful(mentions: pa.Table, rows: Iterable[Resolution]) -> pa.Table:
    """All mentions of names that are joined with others, or that mentions give different types."""
    names, types = (one_array(mentions[column]).dictionary_encode() for column in ("name", "type"))
    forms: dict[str, int] = {}
    number = np.array([forms.setdefault(form(name), len(forms)) for name in names.dictionary.to_pylist()], np.int64)
    of_name = number[names.indices.to_numpy()]
    telling = pc.invert(pc.is_in(mentions["type"], value_set=pa.array(UNTYPED))).to_numpy()
    owner, _ = distinct_pairs(of_name[telling], types.indices.to_numpy()[telling].astype(np.int64))
    doubtful = np.bincount(owner, minlength=len(forms)) > 1
    doubtful[[forms[each] for row in rows for name in row[:2] if (each := form(name)) in forms]] = True
    return mentions.filter(pa.array(doubtful[of_name]))


def _table(rows: Iterable[Resolution]) -> pa.Table:
    ordered = sorted(rows, key=lambda row: [value if value is not None else "" for value in row])
    columns = list(zip(*ordered, strict=True)) or [()] * len(Resolution._fields)
    schema = TABLES["resolutions"].schema
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


class _Document:
    """What one document names."""

    def __init__(self) -> None:
        self.named: dict[str, Named] = {}
        self.beside: list[tuple[str, str]] = []

    def alone(self) -> list[str]:
        """The single words that this document names without a fuller name that ends with them."""
        last = {name.rsplit(None, 1)[-1] for name in self.named if " " in name}
        return [name for name in self.named if " " not in name and name not in last]


def _names(documents: Iterable[_Document], types: Sequence[str] = ()) -> set[str]:
    """All names of things, or of things of these types."""
    return {one.name for found in documents for one in found.named.values() if not types or one.type in types}


def _documents(tables: Tables) -> dict[str, _Document]:
    """Document id -> its names in the order of the text, and names with a name in brackets right after.

    A name has the type of the first mention that knows one.
    """
    mentions = _Mentions.of(tables)
    names, documents = mentions.names.to_pylist(), mentions.documents.to_pylist()
    width = max(len(names), 1)
    pair = mentions.document * width + mentions.name
    pairs, first = np.unique(pair, return_index=True)
    untyped = mentions.types.index(_UNTYPED)
    typed = np.flatnonzero(mentions.type != untyped)
    known, at = np.unique(pair[typed], return_index=True)
    kind = np.full(len(pairs), untyped)
    kind[np.searchsorted(pairs, known)] = mentions.type[typed[at]]
    order = np.argsort(first)
    document, name = np.divmod(pairs[order], width)
    found: dict[str, _Document] = defaultdict(_Document)
    for where, what, number in zip(document.tolist(), name.tolist(), kind[order].tolist(), strict=True):
        named = found[documents[where]].named
        named[names[what]] = Named(names[what], mentions.types[number], len(named))
    for at in mentions.before_brackets(tables["text_units"]["text"]):
        left, right = (names[number] for number in mentions.name[at : at + 2].tolist())
        found[documents[mentions.document[at]]].beside.append((left, right))
    return found


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
    def of(cls, tables: Tables) -> "_Mentions":
        """Those of things that a document may call by another name."""
        units, mentions = tables["text_units"], tables["entity_mentions"]
        unit = positions(mentions["text_unit_id"], units["id"])
        types = sorted({_UNTYPED, *pc.unique(mentions["type"]).to_pylist()} - {*_UNNAMED})
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


STAGE = TableStage(
    name="resolve",
    reads=("text_units", "entity_mentions"),
    writes=("resolutions",),
    version=2,
    run=run,
    corrected=True,
)
