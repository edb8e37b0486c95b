"""entity_mentions, text_units -> resolutions: which short name stands for which fuller one in which document."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import pyarrow as pa

from graphrag_engine.offline.aliases import Named, aliases, titled
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Tables, TableStage

_TYPED = ("person", "organisation", "place", "work", "event", "name")
_TITLED = 0.95
"""Confidence that a title before a whole name changes nothing, in whichever document."""
_SPREAD = 3
"""A short name that more documents than these, and more than one in a hundred, use by itself is nobody's alone."""


def run(tables: Tables, _section: Any) -> Tables:
    """Look for aliases in each document by itself, and in all of them for a title before a whole name."""
    documents = _documents(tables)
    used = Counter(one for found in documents.values() for one in found.alone())
    common = frozenset(name for name, count in used.items() if count > max(_SPREAD, len(documents) // 100))
    everywhere = dict(titled(_people(documents.values())))
    rows: list[tuple[str, str, str, str, float, str | None]] = [
        (left, right, "same", "title", _TITLED, None) for left, right in everywhere.items()
    ]
    rows += [
        (alias.left, alias.right, "same", alias.cause, alias.confidence, document)
        for document, found in sorted(documents.items())
        for alias in aliases(list(found.named.values()), common, found.beside)
        if everywhere.get(alias.left) != alias.right
    ]
    rows += [
        (name, everywhere[name], "same", "title", _TITLED, document)
        for document, found in sorted(documents.items())
        for name in everywhere.keys() & found.named.keys()
    ]
    columns = list(zip(*sorted(rows, key=lambda row: (*row[:5], row[5] or "")), strict=True)) or [()] * 6
    schema = TABLES["resolutions"].schema
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return {"resolutions": pa.table(arrays, schema=schema)}


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


def _people(documents: Iterable[_Document]) -> set[str]:
    """All names that may be a person's."""
    return {one.name for found in documents for one in found.named.values() if one.type in ("person", "name")}


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


STAGE = TableStage(name="resolve", reads=("text_units", "entity_mentions"), writes=("resolutions",), version=1, run=run)
