"""text_units, reports -> vectors: one embedding a text, near to those of like texts."""

from collections.abc import Collection, Iterator, Mapping, Set
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
from graphrag_engine.stages.base import Changes, RowStage, Tables, chosen

_Vector = npt.NDArray[np.float16]
_Row = tuple[str, _Vector]

_BATCH = 256
"""Texts that are embedded at once."""


_Text = tuple[str, str]
"""Kind and text of something to embed."""


def touched(_tables: Tables, changes: Changes) -> set[str]:
    """Text units and reports that are new, gone or changed."""
    return {*changes.rows("text_units", "heading"), *changes.rows("reports")}


def fingerprints(texts: Mapping[str, _Text], section: VectorizeSettings) -> Mapping[str, str]:
    """The texts to embed."""
    if section.embedding == "none":
        return {}
    return {name: digest(*text) for name, text in texts.items()}


def tasks(
    texts: Mapping[str, _Text], section: VectorizeSettings, ids: Collection[str], _kept: Tables
) -> Iterator[Task[_Row]]:
    """One task a text; the first of a batch to be driven embeds them all."""
    wanted = list(ids)
    for at in range(0, len(wanted), _BATCH):
        names = wanted[at : at + _BATCH]
        batch = _Batch([texts[name][1] for name in names], section.dimensions)
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

    def __init__(self, texts: list[str], dimensions: int) -> None:
        self.texts = texts
        self.dimensions = dimensions

    @cached_property
    def vectors(self) -> npt.NDArray[np.float16]:
        return embed(self.texts, self.dimensions).astype(np.float16)


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
