"""text_units, reports, entities -> vectors: one embedding a text or name, near to those of like ones."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from heapq import merge
from itertools import islice, starmap
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from graphrag_engine.errors import UsageError
from graphrag_engine.hashing import digests
from graphrag_engine.llm.base import Conversation, Embedded, Embedder, Task, Texts, embedded
from graphrag_engine.offline.hashing_vectors import embed
from graphrag_engine.offline.passages import LITERAL
from graphrag_engine.schema import TABLES, VECTOR
from graphrag_engine.settings import BUILT_IN, Section, VectorizeSettings
from graphrag_engine.stages.base import Changes, RowStage, Tables, by_block, chosen

_Vector = npt.NDArray[np.float16]
_Row = tuple[str, _Vector]

_BATCH = 256
"""Texts that are embedded at once here."""


class Embedding(Section):
    """What stands in the settings' place where the vectors are made by a model, or an embedder of the caller's own."""

    embedding: str
    """The name of the model or embedder."""
    dimensions: int | None = None
    """Of a vector of the caller's own embedder; a model's are known by its first reply."""
    names: bool = True
    """Whether the names of entities are embedded as well: by one that counts where a question begins."""
    batch: int = Field(default=_BATCH, exclude=True)
    """Texts that are embedded at once."""
    embedder: Any = Field(default=None, exclude=True)
    """The caller's own; None: the model is asked for the vectors."""

    @classmethod
    def of(cls, embedder: Embedder) -> "Embedding":
        """The section for an embedder; raises UsageError where its name is taken."""
        if embedder.name in BUILT_IN:
            raise UsageError(f"An embedder cannot be called {embedder.name!r}: that one is built in.")
        names = embedder.weight > 0
        return cls(embedding=embedder.name, dimensions=embedder.dimension, names=names, embedder=embedder)


_Text = tuple[str, str]
"""Kind and text of something to embed."""
_Block = tuple[list[str], list[str]]
"""Ids, and the text of each."""
_Section = VectorizeSettings | Embedding


@dataclass(frozen=True)
class Prepared:
    """What can be embedded: by kind the rows that it is said in."""

    rows: Mapping[str, pa.Table]

    def blocks(self, section: _Section, kind: str, among: Collection[str] | None = None) -> Iterator[_Block]:
        """Ids and texts of what these settings embed of a kind, or of those *among* it: all of them may not fit."""
        if section.embedding == "none" or (kind == "entity" and not (isinstance(section, Embedding) and section.names)):
            return
        for some in by_block(self.rows[kind], among):
            yield some["id"].to_pylist(), _TEXTS[kind](some)


def touched(_tables: Tables, changes: Changes) -> set[str]:
    """Text units, reports and entities that are new, gone or changed."""
    entities = changes.rows("entities", "name", "type")
    return {*changes.rows("text_units", "heading"), *changes.rows("reports"), *entities}


def fingerprints(prepared: Prepared, section: _Section) -> Iterator[tuple[str, str]]:
    """The texts to embed."""
    for kind in prepared.rows:
        for ids, texts in prepared.blocks(section, kind):
            yield from zip(ids, digests(kind, texts), strict=True)


def tasks(prepared: Prepared, section: _Section, ids: Collection[str], _kept: Tables) -> Iterator[Task[_Row]]:
    """One task a batch of texts."""
    kinds = ((kind, prepared.blocks(section, kind, ids)) for kind in prepared.rows)
    yield from batched(merge(*starmap(_each, kinds)), section, "vectorize")


def _each(kind: str, blocks: Iterable[_Block]) -> Iterator[tuple[str, _Text]]:
    return ((key, (kind, text)) for block in blocks for key, text in zip(*block, strict=True))


def batched(texts: Iterable[tuple[str, _Text]], section: _Section, stage: str) -> Iterator[Task[_Row]]:
    """The tasks of a stage that embeds these texts, given with their ids."""
    rows = iter(texts)
    size = section.batch if isinstance(section, Embedding) else _BATCH
    while batch := list(islice(rows, size)):
        (first, *more), told = zip(*batch, strict=True)
        yield Task(first, (), partial(_told, f"{stage}:{first}", told, section), tuple(more))


def gather(results: Mapping[str, _Row]) -> Tables:
    """The vectors as a table."""
    kinds, vectors = [kind for kind, _ in results.values()], column(vector for _, vector in results.values())
    columns = {"id": list(results), "kind": kinds, "vector": vectors}
    return {"vectors": pa.table(columns, schema=TABLES["vectors"].schema)}


def column(vectors: Iterable[_Vector]) -> pa.ListArray:
    """Vectors as a column of a table."""
    listed = list(vectors)
    offsets = np.cumsum([0, *(len(vector) for vector in listed)])
    flat = pa.array(np.concatenate([np.zeros(0, np.float16), *listed]))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat, type=VECTOR)


def _told(
    task: str, batch: Sequence[_Text], section: _Section, _results: Mapping[str, Any]
) -> Conversation[list[_Row]]:
    """Kind and vector of each text of a batch: as a model gives them, or as they are made here."""
    kinds, texts = zip(*batch, strict=True)
    if not isinstance(section, Embedding):
        vectors = embed(texts, section.dimensions)
    elif section.embedder is not None:
        vectors = embedded(section.embedder, texts)
    else:
        reply: Embedded = yield Texts(texts=texts, task=task)
        vectors = reply.vectors
    return list(zip(kinds, vectors.astype(np.float16), strict=True))


def prepare(tables: Tables, among: Set[str] | None) -> Prepared:
    """What can be embedded of these rows: text units, reports, and entities with a name, not a measure, for it."""
    entities = chosen(tables["entities"].select(["id", "name", "type"]), among)
    literal = pc.is_in(entities["type"], value_set=pa.array(sorted(LITERAL)))
    return Prepared(
        {
            "text_unit": chosen(tables["text_units"].select(["id", "heading", "text"]), among),
            "report": chosen(tables["reports"].select(["id", "title", "findings"]), among),
            "entity": entities.filter(pc.invert(literal)),
        }
    )


def _passages(units: pa.Table) -> list[str]:
    """Text units below their headings."""
    return list(map("\n".join, zip(units["heading"].to_pylist(), units["text"].to_pylist(), strict=True)))


def _findings(reports: pa.Table) -> list[str]:
    """Reports by their findings."""
    said = iter(pc.struct_field(pc.list_flatten(reports["findings"]), "summary").to_pylist())
    counts = pc.list_value_length(reports["findings"]).to_pylist()
    titles = zip(reports["title"].to_pylist(), counts, strict=True)
    return ["\n".join([title, *islice(said, count)]) for title, count in titles]


def _names(entities: pa.Table) -> list[str]:
    names: list[str] = entities["name"].to_pylist()
    return names


_TEXTS: Mapping[str, Callable[[pa.Table], list[str]]] = {"text_unit": _passages, "report": _findings, "entity": _names}


def named(mentions: pa.Table) -> Tables:
    """The names in mentions as entities: one of its names is that of each entity."""
    names = mentions.select(["name", "type"]).group_by(["name", "type"], use_threads=False).aggregate([])
    return {"entities": names.append_column("id", names["name"])}


STAGE = RowStage(
    name="vectorize",
    reads=("text_units", "reports", "entities"),
    writes=("vectors",),
    version=2,
    owner="id",
    early={
        "text_units": lambda rows: {"text_units": rows},
        "entity_mentions": named,
        "reports": lambda rows: {"reports": rows},
    },
    touched=touched,
    prepare=prepare,
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
)
