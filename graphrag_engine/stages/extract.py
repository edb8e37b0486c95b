"""text_units -> mentions of entities, relationships and claims, one text unit at a time."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import fields
from functools import partial
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Conversation, Task, said
from graphrag_engine.offline.claims import ClaimMention
from graphrag_engine.offline.extractor import EntityMention, Mentions, RelationshipMention, Unit, extract
from graphrag_engine.offline.lexicon import Lexicon, from_rows
from graphrag_engine.offline.ragged import one_of
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Changes, RowStage, Tables, chosen

_ROWS = {
    "entity_mentions": (EntityMention, "entities"),
    "relationship_mentions": (RelationshipMention, "relationships"),
    "claim_mentions": (ClaimMention, "claims"),
}


class _Row(NamedTuple):
    """One text unit with the decisions about its own words."""

    id: str
    unit: Unit
    lexicon: Lexicon


def touched(tables: Tables, changes: Changes) -> set[str]:
    """Text units that are new or gone, whose document has another title, or that hold a word decided otherwise."""
    units = tables["text_units"].select(["id", "document_id", "text"])
    flipped = changes.rows("lexicon")
    asked = one_of(units["document_id"], {*changes.rows("documents", "title"), *flipped})
    if flipped:
        pattern = "|".join(sorted({re.escape(max(text.split(), key=len)) for text in flipped}))
        asked = pc.or_(asked, pc.match_substring_regex(units["text"], pattern, ignore_case=True))
    return {*changes.rows("text_units", "heading", "position"), *units["id"].filter(asked).to_pylist()}


class _Units(NamedTuple):
    """The text units to look at, and what is decided about their words."""

    units: pa.Table
    titles: Mapping[str, str]
    lexicon: Lexicon

    def rows(self, among: Collection[str] | None = None) -> Iterator[_Row]:
        """Each, or each of those named, with its own part of the lexicon."""
        columns = chosen(self.units, among).columns
        for id_, document, position, heading, text in zip(*(each.to_pylist() for each in columns), strict=True):
            unit = Unit(text, self.titles.get(document, ""), heading, position == 0)
            yield _Row(id_, unit, self.lexicon.of(text, document))


def prepare(tables: Tables, among: Set[str] | None) -> _Units:
    """Reads the lexicon, once for all."""
    documents = tables["documents"]
    return _Units(
        chosen(tables["text_units"].select(["id", "document_id", "position", "heading", "text"]), among),
        dict(zip(documents["id"].to_pylist(), documents["title"].to_pylist(), strict=True)),
        from_rows(*(tables["lexicon"][name].to_pylist() for name in ("text", "decision"))),
    )


def fingerprints(units: _Units, _section: Any) -> Mapping[str, str]:
    """All that matters to a text unit: its words, where it stands, and the decisions about its own words."""
    return {row.id: _fingerprint(row) for row in units.rows()}


def _fingerprint(row: _Row) -> str:
    unit, lexicon = row.unit, row.lexicon
    names = [word for word, name in lexicon.names.items() if name]
    common = [word for word, name in lexicon.names.items() if not name]
    decided = (
        sorted(lexicon.pairs),
        sorted(lexicon.articled),
        sorted(lexicon.links),
        sorted(lexicon.phrases),
        bool(lexicon.uncased),
    )
    return digest(unit.text, unit.title, unit.heading, unit.opens, names, common, *decided)


def tasks(units: _Units, _section: Any, ids: Collection[str], _kept: Tables) -> Iterable[Task[Mentions]]:
    """One task a text unit, which asks nobody."""
    for row in units.rows(ids):
        yield Task(row.id, (), partial(_converse, row))


def _converse(row: _Row, _results: Mapping[str, Mentions]) -> Conversation[Mentions]:
    return said(extract(row.unit, row.lexicon))


def gather(results: Mapping[str, Any]) -> Tables:
    """Mentions by text unit -> rows of the three tables."""
    return {name: _table(name, results, *rows) for name, rows in _ROWS.items()}


def _table(name: str, results: Mapping[str, Mentions], kind: type, attribute: str) -> pa.Table:
    rows = [(id_, row) for id_, mentions in results.items() for row in getattr(mentions, attribute)]
    columns = {"text_unit_id": [id_ for id_, _ in rows]}
    for column in fields(kind):
        columns[column.name] = [getattr(row, column.name) for _, row in rows]
    return pa.table(columns, schema=TABLES[name].schema)


STAGE = RowStage(
    name="extract",
    reads=("documents", "text_units", "lexicon"),
    writes=("entity_mentions", "relationship_mentions", "claim_mentions"),
    version=2,
    owner="text_unit_id",
    touched=touched,
    prepare=prepare,
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
)
