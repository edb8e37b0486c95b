"""entity_mentions, text_units -> resolutions: which names are one thing, and which only look so, where and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.aliases import Named, aliases, titled
from graphrag_engine.offline.elsewhere import Document, elsewhere
from graphrag_engine.offline.homonyms import UNTYPED
from graphrag_engine.offline.identity import OVERRIDE, Identity, identify
from graphrag_engine.offline.lookalikes import lookalikes
from graphrag_engine.offline.ragged import distinct_pairs, one_array
from graphrag_engine.offline.roots import form
from graphrag_engine.offline.rulings import Resolution, decided, undisputed
from graphrag_engine.overrides import Overrides
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Tables, TableStage

_TYPED = ("person", "organisation", "place", "work", "event", "name")
_TITLED = 0.95
"""Confidence that a title before a whole name changes nothing, in whichever document."""
_TOLD_APART, _HOMONYM = 0.9, 0.8
"""Confidence that names which differ in a telling word, and things of different types, are two."""
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


class _Mention(NamedTuple):
    """One name in its place; names that are not written there come first."""

    document: str
    position: int
    start: int
    end: int
    name: str
    type: str
    unit: str


class _Document:
    """What one document names."""

    def __init__(self) -> None:
        self.named: dict[str, Named] = {}
        self.beside: list[tuple[str, str]] = []

    def alone(self) -> list[str]:
        """The single words that this document names without a fuller name that ends with them."""
        last = {name.rsplit(None, 1)[-1] for name in self.named if " " in name}
        return [name for name in self.named if " " not in name and name not in last]

    def add(self, mention: _Mention) -> None:
        """Note a name; the first mention that knows the type tells it."""
        known = self.named.get(mention.name)
        if known is None:
            self.named[mention.name] = Named(mention.name, mention.type, len(self.named))
        elif known.type == "name":
            self.named[mention.name] = known._replace(type=mention.type)


def _names(documents: Iterable[_Document], types: Sequence[str] = _TYPED) -> set[str]:
    """All names of things of these types."""
    return {one.name for found in documents for one in found.named.values() if one.type in types}


def _documents(tables: Tables) -> dict[str, _Document]:
    """Document id -> its names in the order of the text, and names with a name in brackets right after."""
    texts = dict(zip(*(tables["text_units"][name].to_pylist() for name in ("id", "text")), strict=True))
    found: dict[str, _Document] = defaultdict(_Document)
    before: _Mention | None = None
    for mention in _mentions(tables):
        document = found[mention.document]
        document.add(mention)
        if before and before.unit == mention.unit and _opens_bracket(texts[mention.unit], before.end, mention.start):
            document.beside.append((before.name, mention.name))
        before = mention
    return found


def _opens_bracket(text: str, end: int, start: int) -> bool:
    """Whether nothing but an opening bracket stands between two places of a text."""
    return 0 <= end < start < end + 4 and text[end:start].strip() == "("


def _mentions(tables: Tables) -> list[_Mention]:
    """The mentions of named things in the order of the text."""
    units = (tables["text_units"][name].to_pylist() for name in ("id", "document_id", "position"))
    place = {unit: (document, position) for unit, document, position in zip(*units, strict=True)}
    columns = (tables["entity_mentions"][name].to_pylist() for name in ("text_unit_id", "start", "end", "name", "type"))
    return sorted(
        _Mention(*place[unit], -1 if start is None else start, -1 if end is None else end, name, kind, unit)
        for unit, start, end, name, kind in zip(*columns, strict=True)
        if kind in _TYPED and unit in place
    )


STAGE = TableStage(
    name="resolve",
    reads=("text_units", "entity_mentions"),
    writes=("resolutions",),
    version=2,
    run=run,
    corrected=True,
)
