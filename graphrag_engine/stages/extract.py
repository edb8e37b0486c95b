"""text_units -> mentions of entities, relationships and claims, one text unit at a time."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.errors import ModelError
from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Conversation, Message, Request, Task, said
from graphrag_engine.offline.extractor import extract
from graphrag_engine.offline.korean import morphemes
from graphrag_engine.offline.lexicon import Lexicon, from_rows
from graphrag_engine.offline.mentions import ClaimMention, EntityMention, Mentions, RelationshipMention, Unit
from graphrag_engine.offline.ragged import Ints, Texts, one_of, positions
from graphrag_engine.prompts import enclosed, fill
from graphrag_engine.replies.kinds import ASKED_FOR, Ontology
from graphrag_engine.replies.mentions import BAD, DATES, NAMES, OUTSIDE, QUOTES, Read, Reading
from graphrag_engine.replies.quotes import Text
from graphrag_engine.replies.records import SHAPE
from graphrag_engine.replies.thin import is_thin
from graphrag_engine.schema import TABLES
from graphrag_engine.settings import ExtractSettings
from graphrag_engine.stages.base import Asked, Asking, Changes, RowStage, Tables, by_block, chosen

_ROWS = {
    "entity_mentions": (EntityMention, "entities"),
    "relationship_mentions": (RelationshipMention, "relationships"),
    "claim_mentions": (ClaimMention, "claims"),
}


_NOTES = {
    BAD: "{n:,} records of replies were of no use, and left out.",
    OUTSIDE: "{n:,} records of replies were of no type that the settings list, and left out.",
    NAMES: "{n:,} names that the model gave are not in their text; they are kept as ungrounded and count less.",
    QUOTES: "{n:,} quotes that the model gave are not in their text; their claims are kept as ungrounded.",
    DATES: "{n:,} dates that the model gave are none, and left out.",
}


class _Row(NamedTuple):
    """One text unit."""

    id: str
    document: str
    unit: Unit


def touched(tables: Tables, changes: Changes) -> set[str]:
    """Text units that are new or gone, whose document has another title, or that hold a word decided otherwise."""
    units = tables["text_units"].select(["id", "document_id", "text"])
    flipped = changes.rows("lexicon")
    asked = one_of(units["document_id"], {*changes.rows("documents", "title"), *flipped})
    if flipped:
        pattern = "|".join(sorted({re.escape(max(text.split(), key=len)) for text in flipped}))
        asked = pc.or_(asked, pc.match_substring_regex(units["text"], pattern, ignore_case=True))
    return {*changes.rows("text_units", "heading", "position"), *units["id"].filter(asked).to_pylist()}


@dataclass(frozen=True)
class _Units:
    """The text units to look at, and what is decided about their words."""

    units: pa.Table
    document: Ints
    """Of each text unit the row of its document; -1 where that is not there."""
    titles: Texts
    decisions: pa.Table

    def rows(self, among: Collection[str] | None = None) -> Iterator[_Row]:
        """Each, or each of those named."""
        units = self.units.append_column("at", pa.array(self.document))
        for some in by_block(units, among):
            columns = (each.to_pylist() for each in some.columns)
            for id_, document, position, heading, text, at in zip(*columns, strict=True):
                title = self.titles[at] if at >= 0 else ""
                yield _Row(id_, document, Unit(text, title, heading, position == 0))

    def lexicon(self, row: _Row) -> Lexicon:
        """The decisions about the words of a text unit."""
        return self._lexicon.of(row.unit.text, row.document)

    @cached_property
    def _lexicon(self) -> Lexicon:
        """All decisions, read once; with a model never."""
        return from_rows(*(self.decisions[name].to_pylist() for name in ("text", "decision")))


def prepare(tables: Tables, among: Set[str] | None) -> _Units:
    """The text units with the titles of their documents."""
    documents = tables["documents"]
    units = chosen(tables["text_units"].select(["id", "document_id", "position", "heading", "text"]), among)
    of_units = positions(units["document_id"], documents["id"])
    return _Units(units, of_units, Texts(documents["title"]), tables["lexicon"])


def fingerprints(units: _Units, asking: Asking) -> Iterator[tuple[str, str]]:
    """All that matters to a text unit: its words, where it stands; to rules also the decisions about its own words."""
    if asking.model:
        return ((row.id, digest(row.unit.text, row.unit.title, row.unit.heading)) for row in units.rows())
    return ((row.id, _fingerprint(row.unit, units.lexicon(row))) for row in units.rows())


def _fingerprint(unit: Unit, lexicon: Lexicon) -> str:
    names = [word for word, name in lexicon.names.items() if name]
    common = [word for word, name in lexicon.names.items() if not name]
    decided = (
        sorted(lexicon.pairs),
        sorted(lexicon.articled),
        sorted(lexicon.links),
        sorted(lexicon.phrases),
        sorted(lexicon.stems),
        bool(lexicon.uncased),
    )
    return digest(unit.text, unit.title, unit.heading, unit.opens, names, common, *decided)


def tasks(units: _Units, asking: Asking, ids: Collection[str], _kept: Tables) -> Iterable[Task[Mentions]]:
    """One task a text unit, which asks the model or nobody."""
    if asking.model:
        questions = _Questions(asking.section, asking.model)
        return (Task(row.id, (), partial(_converse, row, questions)) for row in units.rows(ids))
    return (Task(row.id, (), partial(_rules, row.unit, units.lexicon(row))) for row in units.rows(ids))


def _rules(unit: Unit, lexicon: Lexicon, _results: Mapping[str, Mentions]) -> Conversation[Mentions]:
    return said(extract(unit, lexicon))


class _Questions:
    """What the model is asked of each text unit, the instructions first and always the same."""

    def __init__(self, section: ExtractSettings, model: Asked) -> None:
        self.model = model
        self.ontology = Ontology.of(section)
        self.gleanings = section.max_gleanings
        self.instructions = fill(
            model.prompts["extract"],
            entity_types=", ".join(section.entity_types or ASKED_FOR),
            relationship_types=", ".join(section.relationship_types) or "any",
            triples=", ".join(map(" - ".join, section.triples)) or "any",
            force="binding" if section.strict else "suggestions",
        )
        self.told = Text(f"{self.instructions}\n{model.prompts['extract_more']}")

    def first(self, row: _Row) -> Request:
        """All that the text says."""
        return self._request(row, _shown(row.unit))

    def more(self, row: _Row, names: Sequence[str]) -> Request:
        """What was missed, beside these names. It begins as the first question, for the provider's cache."""
        known = enclosed("\n".join(names))
        return self._request(row, fill(self.model.prompts["extract_more"], text=_shown(row.unit), known=known))

    def _request(self, row: _Row, words: str) -> Request:
        messages = Message("system", self.instructions), Message("user", words)
        return Request(
            messages=messages, shape=SHAPE, max_tokens=self.model.sampling["max_tokens"], task=f"extract:{row.id}"
        )


def _shown(unit: Unit) -> str:
    """A text unit as the model sees it, title and heading first."""
    return enclosed(f"{_about(unit)}\n\n{unit.text}")


def _about(unit: Unit) -> str:
    """Title and path of headings, each once."""
    return " > ".join(dict.fromkeys(part for part in (unit.title, *unit.heading.split(" > ")) if part))


def _converse(row: _Row, questions: _Questions, _results: Mapping[str, Mentions]) -> Conversation[Mentions]:
    """Ask once, then for what is missing where the reply was cut or is thin."""
    reading = Reading(row.unit.text, _about(row.unit), questions.ontology, questions.told)
    reply = yield questions.first(row)
    reading.add(reply.text)
    for _ in range(questions.gleanings):
        if not (reply.capped or reply.broken or not reading.readable or is_thin(row.unit.text, reading.names)):
            break
        reply = yield questions.more(row, reading.names)
        if not reading.add(reply.text):
            break
    if not reading.readable:
        raise ModelError("No reply could be read: none was the JSON that was asked for.")
    return reading.mentions()


def gather(results: Mapping[str, Any]) -> Tables:
    """Mentions by text unit -> rows of the three tables."""
    return {name: _table(name, results, *rows) for name, rows in _ROWS.items()}


def _table(name: str, results: Mapping[str, Mentions], kind: type[NamedTuple], attribute: str) -> pa.Table:
    lists = [getattr(mentions, attribute) for mentions in results.values()]
    rows = list(chain.from_iterable(lists))
    unit = np.repeat(np.arange(len(lists)), np.fromiter(map(len, lists), np.int64, len(lists)))
    columns = {"text_unit_id": pa.array(list(results), pa.string()).take(pa.array(unit))}
    columns |= {column: list(map(itemgetter(at), rows)) for at, column in enumerate(kind._fields)}
    return pa.table(columns, schema=TABLES[name].schema)


def counts(mentions: Mentions) -> Mapping[str, int]:
    """What was counted while replies were read."""
    return mentions.counted if isinstance(mentions, Read) else {}


STAGE = RowStage(
    name="extract",
    reads=("documents", "text_units", "lexicon"),
    writes=("entity_mentions", "relationship_mentions", "claim_mentions"),
    version=3,
    owner="text_unit_id",
    made_with=morphemes.versions(),
    touched=touched,
    prepare=prepare,
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
    prompts=("extract", "extract_more"),
    counts=counts,
    notes=_NOTES,
)
