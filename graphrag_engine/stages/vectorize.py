"""text_units, reports -> vectors: one embedding a text, near to those of like texts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Conversation, Task, said
from graphrag_engine.offline.hashing_vectors import embed
from graphrag_engine.schema import TABLES, VECTOR
from graphrag_engine.settings import VectorizeSettings
from graphrag_engine.stages.base import RowStage, Tables

_Vector = npt.NDArray[np.float16]
_Row = tuple[str, _Vector]

_BATCH = 256
"""Texts that are embedded at once."""


def fingerprints(tables: Tables, section: VectorizeSettings) -> Mapping[str, str]:
    """The texts to embed."""
    if section.embedding == "none":
        return {}
    return {name: digest(kind, text) for name, kind, text in _texts(tables)}


def tasks(tables: Tables, section: VectorizeSettings, ids: Collection[str], _kept: Tables) -> Iterator[Task[_Row]]:
    """One task a text; the first of a batch to be driven embeds them all."""
    wanted = set(ids)
    chosen = [row for row in _texts(tables) if row[0] in wanted]
    for at in range(0, len(chosen), _BATCH):
        batch = _Batch([text for _, _, text in chosen[at : at + _BATCH]], section.dimensions)
        for place, (name, kind, _) in enumerate(chosen[at : at + _BATCH]):
            yield Task(name, (), partial(_told, kind, batch, place))


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

    def __init__(self, texts: list[str], dimensions: int) -> None:
        self.texts = texts
        self.dimensions = dimensions

    @cached_property
    def vectors(self) -> npt.NDArray[np.float16]:
        return embed(self.texts, self.dimensions).astype(np.float16)


def _told(kind: str, batch: _Batch, place: int, _results: Mapping[str, Any]) -> Conversation[_Row]:
    return said((kind, batch.vectors[place]))


def _texts(tables: Tables) -> Iterable[tuple[str, str, str]]:
    """Id, kind and text of everything that is embedded: text units below their headings, reports by their findings."""
    units = tables["text_units"]
    for name, heading, text in zip(*(units[column].to_pylist() for column in ("id", "heading", "text")), strict=True):
        yield name, "text_unit", f"{heading}\n{text}"
    reports = tables["reports"]
    rows = zip(*(reports[column].to_pylist() for column in ("id", "title", "findings")), strict=True)
    for name, title, findings in rows:
        yield name, "report", "\n".join([title, *(finding["summary"] for finding in findings)])


STAGE = RowStage(
    name="vectorize",
    reads=("text_units", "reports"),
    writes=("vectors",),
    version=1,
    owner="id",
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
)
