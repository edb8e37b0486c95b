"""text_units, reports, entities -> vectors: one embedding a text or name, near to those of like ones."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from graphrag_engine.errors import UsageError
from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Conversation, Embedded, Embedder, Task, Texts, Vectors, embedded, said
from graphrag_engine.offline.hashing_vectors import embed
from graphrag_engine.offline.passages import LITERAL
from graphrag_engine.schema import TABLES, VECTOR
from graphrag_engine.settings import BUILT_IN, Section, VectorizeSettings
from graphrag_engine.stages.base import Changes, RowStage, Tables, chosen

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
_Section = VectorizeSettings | Embedding


@dataclass(frozen=True)
class Prepared:
    """What can be embedded."""

    texts: Mapping[str, _Text]
    """By id: text units below their headings, reports by their findings."""
    entities: pa.Table
    """Those with a name, not a measure, for it."""

    def wanted(self, section: _Section) -> Mapping[str, _Text]:
        """What these settings embed, by id."""
        if section.embedding == "none":
            return {}
        if not (isinstance(section, Embedding) and section.names):
            return self.texts
        names = zip(self.entities["id"].to_pylist(), self.entities["name"].to_pylist(), strict=True)
        return {**self.texts, **{entity: ("entity", name) for entity, name in names}}


def touched(_tables: Tables, changes: Changes) -> set[str]:
    """Text units, reports and entities that are new, gone or changed."""
    entities = changes.rows("entities", "name", "type")
    return {*changes.rows("text_units", "heading"), *changes.rows("reports"), *entities}


def fingerprints(prepared: Prepared, section: _Section) -> Mapping[str, str]:
    """The texts to embed."""
    return {name: digest(*text) for name, text in prepared.wanted(section).items()}


def tasks(prepared: Prepared, section: _Section, ids: Collection[str], _kept: Tables) -> Iterator[Task[_Row]]:
    """One task a text."""
    texts = prepared.wanted(section)
    yield from batched({name: texts[name] for name in ids}, section, "vectorize")


def batched(texts: Mapping[str, _Text], section: _Section, stage: str) -> Iterator[Task[_Row]]:
    """One task a text of a stage; the first of a batch gets the vectors of all."""
    wanted = list(texts)
    asked = isinstance(section, Embedding) and section.embedder is None
    size = section.batch if isinstance(section, Embedding) else _BATCH
    for at in range(0, len(wanted), size):
        names = wanted[at : at + size]
        batch = _Batch(f"{stage}:{names[0]}", [texts[name][1] for name in names])
        for place, name in enumerate(names):
            first = partial(_ask, batch) if asked else partial(_embed, batch, section)
            yield Task(name, tuple(names[:1]) if place else (), partial(_told, texts[name][0], batch, place, first))


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


@dataclass
class _Batch:
    """Texts that are embedded together."""

    task: str
    """What they are for, as in a Request."""
    texts: list[str]
    vectors: npt.NDArray[np.float16] = field(default_factory=lambda: np.zeros((0, 0), np.float16))


def _ask(batch: _Batch) -> Conversation[Vectors]:
    """The vectors as a model gives them."""
    embedded: Embedded = yield Texts(texts=tuple(batch.texts), task=batch.task)
    return embedded.vectors


def _embed(batch: _Batch, section: _Section) -> Conversation[Vectors]:
    """The vectors as they are made here."""
    if isinstance(section, Embedding):
        return said(embedded(section.embedder, batch.texts))
    return said(embed(batch.texts, section.dimensions))


def _told(
    kind: str, batch: _Batch, place: int, ask: Callable[[], Conversation[Vectors]], _results: Mapping[str, Any]
) -> Conversation[_Row]:
    if place == 0:
        batch.vectors = (yield from ask()).astype(np.float16)
    return kind, batch.vectors[place]


def prepare(tables: Tables, among: Set[str] | None) -> Prepared:
    """What can be embedded of these rows."""
    units = chosen(tables["text_units"], among)
    found = {
        name: ("text_unit", f"{heading}\n{text}")
        for name, heading, text in zip(
            *(units[column].to_pylist() for column in ("id", "heading", "text")), strict=True
        )
    }
    reports = chosen(tables["reports"], among)
    rows = zip(*(reports[column].to_pylist() for column in ("id", "title", "findings")), strict=True)
    for name, title, findings in rows:
        found[name] = "report", "\n".join([title, *(finding["summary"] for finding in findings)])
    entities = chosen(tables["entities"], among).select(["id", "name", "type"])
    literal = pc.is_in(entities["type"], value_set=pa.array(sorted(LITERAL)))
    return Prepared(found, entities.filter(pc.invert(literal)))


STAGE = RowStage(
    name="vectorize",
    reads=("text_units", "reports", "entities"),
    writes=("vectors",),
    version=2,
    owner="id",
    early=("text_units", "entities", "reports"),
    touched=touched,
    prepare=prepare,
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
)
