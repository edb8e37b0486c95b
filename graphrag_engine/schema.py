"""The tables of an index: their columns, types and what they mean. Nothing else defines a column.

Tables are sorted by `id`; those without one by all their columns from left to right (mentions by
text unit and place first). Lists name their item `element`. `null=True` marks the columns that may
be null; all others never are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

FORMAT = 2
"""Number of the on-disk format; an index of another number is refused."""
TYPES = ("person", "organisation", "place", "work", "event", "date", "money", "quantity", "concept", "name")
"""Types of entities; `name` where nothing tells more. A model may give others beside them, in lower case."""


def _strings() -> pa.DataType:
    return pa.list_(pa.field("element", pa.string(), nullable=False))


def _structs(**fields: pa.DataType) -> pa.DataType:
    inner = pa.struct([pa.field(name, kind, nullable=False) for name, kind in fields.items()])
    return pa.list_(pa.field("element", inner, nullable=False))


STRINGS = _strings()
OFFSETS = pa.list_(pa.field("element", pa.int64(), nullable=False))
VECTOR = pa.list_(pa.field("element", pa.float16(), nullable=False))
NUMBERS = pa.list_(pa.field("element", pa.int32(), nullable=False))
FINDINGS = _structs(summary=pa.string(), explanation=pa.string(), citations=NUMBERS)
CITATIONS = _structs(n=pa.int32(), text_unit_id=pa.string(), start=pa.int64(), end=pa.int64())


@dataclass(frozen=True)
class Column:
    """One column: its Arrow type and what it holds, in units."""

    type: pa.DataType
    about: str
    null: bool = False
    large: bool = False
    """Whether it takes too much memory to be held for stages that do not name it."""


@dataclass(frozen=True)
class Table:
    """One table: what a row is, which stage writes it, its columns in order."""

    about: str
    written_by: str
    columns: Mapping[str, Column]
    sort_by: tuple[str, ...] = ()

    @property
    def large(self) -> bool:
        """Whether a column of it is."""
        return any(column.large for column in self.columns.values())

    @property
    def schema(self) -> pa.Schema:
        """The columns as Arrow has them."""
        return pa.schema([pa.field(name, column.type, column.null) for name, column in self.columns.items()])

    @property
    def order(self) -> tuple[str, ...]:
        """The columns that rows are sorted by."""
        if "id" in self.columns and not self.sort_by:
            return ("id",)
        return (*self.sort_by, *(name for name in self.columns if name not in self.sort_by))


def _text(about: str, *, null: bool = False) -> Column:
    return Column(pa.string(), about, null)


def _integer(about: str, *, null: bool = False) -> Column:
    return Column(pa.int64(), about, null)


def _number(about: str) -> Column:
    return Column(pa.float64(), about)


def _ids(about: str) -> Column:
    return Column(STRINGS, about)


_START = _integer("offset of the first character in the text unit; null where it was not found there", null=True)
_END = _integer("offset after the last character in the text unit; null where it was not found there", null=True)
_GROUNDED = Column(pa.bool_(), "whether it was found in the text unit")

_CLAIM = {
    "text_unit_id": _text("text unit the claim stands in"),
    "subject": _text("name of what the claim is about"),
    "object": _text("name of the other side; null where there is none", null=True),
    "type": _text("predicate of the claim"),
    "status": _text("TRUE, FALSE or SUSPECTED"),
    "start_date": _text("ISO 8601 day, month or year; null where none is stated", null=True),
    "end_date": _text("ISO 8601 day, month or year; null where none is stated", null=True),
    "description": _text("the claim in a sentence"),
    "quote": _text("the words of the source"),
    "start": _START,
    "end": _END,
    "grounded": _GROUNDED,
}

TABLES: Mapping[str, Table] = {
    "documents": Table(
        "One document: a file, or one row of a file of rows.",
        "sources",
        {
            "id": _text("hash of the source"),
            "source": _text(
                "path below the SOURCE it was found under, or URL; in an archive its path, `/` and the path there; "
                "for a row the file, `#` and its id"
            ),
            "title": _text("title stated by the document, else its name"),
            "text": Column(
                pa.large_string(),
                "the decoded text, unchanged; of a row its text column; of other formats what the reader extracts",
                large=True,
            ),
            "content_hash": _text("hash of title, text, pages and metadata"),
            "pages": Column(OFFSETS, "offsets in the text at which pages begin; empty where there are none"),
            "metadata": _text("JSON object of what the source states beside title and text"),
        },
    ),
    "text_units": Table(
        "One chunk of a document, with its place there.",
        "chunk",
        {
            "id": _text("hash of document, text and the text's occurrence there"),
            "document_id": _text("document it is a part of"),
            "position": _integer("number within the document, from 0"),
            "start": _integer("offset of the first character in the document's text"),
            "end": _integer("offset after the last character in the document's text"),
            "n_tokens": _integer("estimated tokens"),
            "heading": _text("title of the document, or path of headings, at its start"),
            "text": _text("exactly the document's text from start to end"),
        },
    ),
    "lexicon": Table(
        "One decision about a word or a pair, taken from the whole corpus (offline extraction only).",
        "survey",
        {
            "kind": _text("what is decided: see stage `survey`"),
            "text": _text("the word, pair or name it is about"),
            "decision": _text("the decision, quantised"),
        },
    ),
    "tallies": Table(
        "How often the corpus uses a word, a pair or a phrase: the sums behind `lexicon`, which an update corrects.",
        "survey",
        {
            "kind": _text("what is counted: lower, inside, pair, articled, link, phrase, uncased or followed"),
            "text": _text("the words; for uncased the document"),
            "count": _integer("how often; a phrase once a document, twice where it recurs and capitals say nothing"),
        },
    ),
    "entity_mentions": Table(
        "One entity as a text unit mentions it.",
        "extract",
        {
            "text_unit_id": _text("text unit it stands in"),
            "name": _text("name as written there"),
            "type": _text("type as seen from there"),
            "description": _text("what the text unit says of it; may be empty"),
            "start": _START,
            "end": _END,
            "grounded": _GROUNDED,
        },
        ("text_unit_id", "start"),
    ),
    "relationship_mentions": Table(
        "One relationship as a text unit states it.",
        "extract",
        {
            "text_unit_id": _text("text unit it stands in"),
            "source": _text("name the relationship starts from"),
            "target": _text("name it leads to"),
            "type": _text("predicate"),
            "description": _text("what the text unit says of it; offline the sentence"),
            "strength": _number("1 to 10; offline 1 for co-occurrence"),
        },
        ("text_unit_id",),
    ),
    "claim_mentions": Table("One claim as a text unit states it.", "extract", _CLAIM, ("text_unit_id", "start")),
    "name_vectors": Table(
        "The embedding of one name, where names are embedded to find those that may be one thing.",
        "names",
        {
            "name": _text("the name, as it is written"),
            "vector": Column(VECTOR, "the embedding, of length 1; in its file as in `vectors`"),
        },
    ),
    "comparisons": Table(
        "One judgement of vectors or a model on two names whose words alone leave a doubt.",
        "compare",
        {
            "left": _text("a name"),
            "right": _text("the name it is compared with, the longer one"),
            "verdict": _text("same or different"),
            "cause": _text("vector or model"),
            "confidence": _number("0 to 1"),
            "batch": _text("the first pair of those that were judged together"),
        },
    ),
    "resolutions": Table(
        "One decision that two names are, or are not, one entity.",
        "resolve",
        {
            "left": _text("a name"),
            "right": _text("the name it is compared with, the fuller one"),
            "verdict": _text("same or different"),
            "cause": _text("the evidence: acronym, surname, ..., vector, model, override"),
            "confidence": _number("0 to 1"),
            "document_id": _text("document it holds for; null: everywhere", null=True),
            "left_type": _text("type that tells the left one from its namesakes; null: all of them", null=True),
            "right_type": _text("type that tells the right one from its namesakes; null: all of them", null=True),
        },
    ),
    "entities": Table(
        "One thing that the corpus speaks of, however often it is mentioned.",
        "merge",
        {
            "id": _text("hash of its smallest normalised name and its type; another type in overrides.yaml leaves it"),
            "name": _text("most frequent full name, or the one that overrides.yaml gives"),
            "type": _text(f"{', '.join(TYPES[:-1])} or {TYPES[-1]}; of a model also others, in lower case"),
            "aliases": _ids("other names, sorted"),
            "frequency": _integer("mentions"),
            "degree": _integer("entities it is related to"),
            "rank": _number("importance, from degree and frequency"),
            "text_unit_ids": _ids("text units that mention it, sorted"),
            "note": _text("its description in overrides.yaml; null where it has none there", null=True),
        },
    ),
    "relationships": Table(
        "One kind of tie from one entity to another.",
        "merge",
        {
            "id": _text("hash of source, target and type"),
            "source_id": _text("entity it starts from"),
            "target_id": _text("entity it leads to"),
            "type": _text("predicate"),
            "weight": _number("strength of all its mentions"),
            "rank": _number("importance, from the degrees of its ends"),
            "text_unit_ids": _ids("text units that state it, sorted"),
            "note": _text("its description in overrides.yaml; null where it has none there", null=True),
        },
    ),
    "claims": Table(
        "One dated, attributed assertion, with its quote.",
        "merge",
        {
            "id": _text("hash of text unit, subject, object, type and quote"),
            "subject_id": _text("entity the claim is about"),
            "object_id": _text("entity on the other side; null where there is none", null=True),
            **_CLAIM,
        },
    ),
    "communities": Table(
        "One group of closely tied entities, on one level of the hierarchy.",
        "partition",
        {
            "id": _text("hash of level and members"),
            "level": _integer("0 is the coarsest"),
            "parent_id": _text("community it is a part of; null on level 0", null=True),
            "children_ids": _ids("communities it is split into, sorted"),
            "entity_ids": _ids("members, sorted"),
            "relationship_ids": _ids("relationships between members, sorted"),
            "size": _integer("members"),
            "weight": _number("sum of the weights of the relationships between members"),
        },
    ),
    "descriptions": Table(
        "What is said of one entity or relationship.",
        "refine",
        {
            "id": _text("id of the entity or relationship"),
            "kind": _text("entity or relationship"),
            "text": _text("the description"),
            "n_sources": _integer("text units it was chosen from"),
            "text_unit_ids": _ids("text units it quotes, in order"),
        },
    ),
    "reports": Table(
        "The summary of one community, with findings and citations.",
        "report",
        {
            "id": _text("id of the community"),
            "level": _integer("level of the community"),
            "title": _text("title"),
            "summary": _text("summary in one or two sentences"),
            "full_content": _text("the whole report as Markdown, with citation marks"),
            "findings": Column(FINDINGS, "findings; citations are numbers of this report"),
            "rating": _number("importance, 0 to 10"),
            "rating_explanation": _text("why this rating"),
            "citations": Column(CITATIONS, "what the numbers stand for; offsets in the text unit"),
        },
    ),
    "vectors": Table(
        "One embedding.",
        "vectorize",
        {
            "id": _text("id of the row that was embedded"),
            "kind": _text("text_unit or report; of an embedder with a weight also entity, for its name"),
            "vector": Column(
                VECTOR, 'the embedding, of length 1; in its file bytes: `numpy.frombuffer(value, "<f2")`', large=True
            ),
        },
    ),
    "failures": Table(
        "One row that a stage could not make.",
        "pipeline",
        {
            "stage": _text("stage, or `sources`"),
            "id": _text("what it was made from"),
            "error": _text("why it failed"),
        },
        ("stage",),
    ),
    "fingerprints": Table(
        "What each row-wise result was made from: equal fingerprints are not made again.",
        "pipeline",
        {
            "id": _text("row it was made from"),
            "stage": _text("stage"),
            "fingerprint": _text("hash of everything that matters to the result"),
        },
        ("id", "stage"),
    ),
}


def empty(name: str) -> pa.Table:
    """The table of this name without rows."""
    return TABLES[name].schema.empty_table()
