"""entity_mentions -> name_vectors: one embedding a name of a thing, where names are compared by their meaning."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Task
from graphrag_engine.offline.evident import UNNAMED
from graphrag_engine.schema import TABLES
from graphrag_engine.settings import NamesSettings
from graphrag_engine.stages.base import RowStage, Tables
from graphrag_engine.stages.vectorize import Embedding, batched, column

_Section = NamesSettings | Embedding
"""The second where names are embedded."""


def fingerprints(tables: Tables, section: _Section) -> Iterable[tuple[str, str]]:
    """The names to embed: those of things that a document may call by another name."""
    if not isinstance(section, Embedding):
        return ()
    mentions = tables["entity_mentions"]
    named = mentions["name"].filter(pc.invert(pc.is_in(mentions["type"], value_set=pa.array(UNNAMED))))
    return ((name, digest(name)) for name in sorted(pc.unique(named).to_pylist()))


def tasks(_tables: Tables, section: Embedding, ids: Collection[str], _kept: Tables) -> Iterator[Task[Any]]:
    """One task a batch of names."""
    yield from batched(((name, ("name", name)) for name in ids), section, "names")


def gather(results: Mapping[str, Any]) -> Tables:
    """The vectors as a table."""
    columns = [pa.array(list(results), pa.string()), column(vector for _, vector in results.values())]
    return {"name_vectors": pa.table(columns, schema=TABLES["name_vectors"].schema)}


STAGE = RowStage(
    name="names",
    reads=("entity_mentions",),
    writes=("name_vectors",),
    version=1,
    owner="name",
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
)
