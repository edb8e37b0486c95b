"""text_units, reports, entities -> vectors: one embedding a text or name, near to those of like ones."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from graphrag_engine.errors import UsageError
from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Conversation, Embedder, Task, Vectors, embedded, said
from graphrag_engine.offline.hashing_vectors import embed
from graphrag_engine.offline.passages import LITERAL
from graphrag_engine.schema import TABLES, VECTOR
from graphrag_engine.settings import Section, VectorizeSettings
from graphrag_engine.stages.base import Changes, RowStage, Tables, chosen

_Vector = npt.NDArray[np.float16]
_Row = tuple[str, _Vector]

BUILT_IN = ("hashing", "none")
"""What `vectorize.embedding` can be without an embedder of the caller's own."""
_BATCH = 256
"""Texts that are embedded at once."""


class Embedding(Section):
    """What stands in the settings' place where the vectors are made by an embedder of the caller's own."""

    embedding: str
    """The name of the embedder."""
    dimensions: int
    names: bool = False
    """Whether the names of entities are embedded as well: by one that counts where a question begins."""
    embedder: Any = Field(default=None, exclude=True)
    """None where it is only remembered."""

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
    """One task a text; the first of a batch to be driven embeds them all."""
    texts, wanted = prepared.wanted(section), list(ids)
    made = partial(embedded, section.embedder) if isinstance(section, Embedding) else partial(_hashed, section)
    for at in range(0, len(wanted), _BATCH):
        names = wanted[at : at + _BATCH]
        batch = _Batch([texts[name][1] for name in names], made)
        for place, name in enumerate(names):
            yield Task(name, (), partial(_told, texts[name][0], batch, place))


def gather(results: Mapping[str, _Row]) -> Tables:
    """The vectors as a table."""
    vectors = [vector for _, vector in results.values()]
    offsets = np.cumsum([0, *(len(vector) for vector in vectors)])
    flat = pa.array(np.concatenate([np.zeros(0, np.float16), *vectors]))
    columns = {
        "id": list(results),
        "kind": [kind for kind, _ in results.values()],
        "vector": pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat, type=VECTOR),
    }
    return {"vectors": pa.table(columns, schema=TABLES["vectors"].schema)}


class _Batch:
    """Texts that are embedded together when the first of them is wanted."""

    def __init__(self, texts: list[str], embed: Callable[[Sequence[str]], Vectors]) -> None:
        self.texts = texts
        self.embed = embed

    @cached_property
    def vectors(self) -> npt.NDArray[np.float16]:
        return self.embed(self.texts).astype(np.float16)


def _hashed(section: VectorizeSettings, texts: Sequence[str]) -> Vectors:
    return embed(texts, section.dimensions)


def _told(kind: str, batch: _Batch, place: int, _results: Mapping[str, Any]) -> Conversation[_Row]:
    return said((kind, batch.vectors[place]))


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
    version=1,
    owner="id",
    touched=touched,
    prepare=prepare,
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
)
