"""Passages of a reference, through the stages that extract."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from graphrag_engine.overrides import NONE
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.stages import extract, resolve, survey
from graphrag_engine.stages.base import Asking


def tables(docs: Sequence[Mapping[str, Any]]) -> dict[str, pa.Table]:
    """Each passage as a document of one text unit."""
    ids = [f"{number:05}" for number, _ in enumerate(docs)]
    none = [""] * len(docs)
    documents = {"id": ids, "source": none, "title": [doc["title"] for doc in docs], "text": none, "content_hash": none}
    units = {"id": ids, "document_id": ids, "heading": none, "text": [doc["text"] for doc in docs]}
    numbers = dict.fromkeys(("position", "start", "end", "n_tokens"), [0] * len(docs))
    return {
        "documents": _table("documents", {**documents, "pages": [[] for _ in docs], "metadata": ["{}"] * len(docs)}),
        "text_units": _table("text_units", {**units, **numbers}),
    }


def _table(name: str, columns: Mapping[str, Any]) -> pa.Table:
    schema = TABLES[name].schema
    return pa.table([pa.array(columns[field.name], field.type) for field in schema], schema=schema)


def extracted(docs: Sequence[Mapping[str, Any]]) -> dict[str, pa.Table]:
    """What survey, extract and resolve make of the passages."""
    made = tables(docs)
    made |= {f"last.{name}": empty(name) for name in survey.STAGE.last}
    made |= survey.STAGE.run(made, None)
    results = {}
    units = extract.STAGE.prepare(made, None)
    for task in extract.STAGE.tasks(units, Asking(None), made["text_units"]["id"].to_pylist(), {}):
        try:
            next(task.conversation({}))
        except StopIteration as end:
            results[task.id] = end.value
    made |= extract.STAGE.gather(results)
    return made | resolve.STAGE.run(made | {"comparisons": empty("comparisons")}, NONE)
