"""text_units, reports -> vectors: one embedding a text, near to those of like texts."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import Field

from graphrag_engine.errors import UsageError
from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Conversation, Embedder, Task, Vectors, embedded, said
from graphrag_engine.offline.hashing_vectors import embed
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
    embedder: Any = Field(default=None, exclude=True)
    """None where it is only remembered."""

    @classmethod
    def of(cls, embedder: Embedder) -> "Embedding":
        """The section for an embedder; raises UsageError where its name is taken."""
        if embedder.name in BUILT_IN:
            raise UsageError(f"An embedder cannot be called {embedder.name!r}: that one is built in.")
        return cls(embedding=embedder.name, dimensions=embedder.dimension, embedder=embedder)


_Text = tuple[str, str]
"""Kind and text of something to embed."""


def touched(_tables: Tables, changes: Changes) -> set[str]:
    """Text units and reports that are new, gone or changed."""
    return {*changes.rows("text_units", "heading"), *changes.rows("reports")}


def fingerprints(texts: Mapping[str, _Text], section: VectorizeSettings | Embedding) -> Mapping[str, str]:
    """The texts to embed."""
    if section.embedding == "none":
        return {}
    return {name: digest(*text) for name, text in texts.items()}


def tasks(
    texts: Mapping[str, _Text], section: VectorizeSettings | Embedding, ids: Collection[str], _kept: Tables
) -> Iterator[Task[_Row]]:
    """One task a text; the first of a batch to be driven embeds them all."""
    wanted = list(ids)
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


def prepare(tables: Tables, among: Set[str] | None) -> dict[str, _Text]:
    """What is embedded, by id: text units below their headings, reports by their findings."""
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
    return found


STAGE = RowStage(
    name="vectorize",
    reads=("text_units", "reports"),
    writes=("vectors",),
    version=1,
    owner="id",
    touched=touched,
    prepare=prepare,
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
)
