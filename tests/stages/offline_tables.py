"""Small tables for the stages that need no model."""

from collections.abc import Mapping

import pyarrow as pa
from graph_tables import fingerprints

from graphrag_engine.overrides import NONE
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.stages import extract, merge, resolve, survey
from graphrag_engine.stages.base import Asking, Tables


def corpus(texts: Mapping[str, str | list[str]]) -> dict[str, pa.Table]:
    """Documents and text units: title -> text, or the texts of its units. A document's id is its title.

    Of a last version, the tables that survey and merge read, without rows.
    """
    documents = [(title, title, title, "", "", [], "{}") for title in texts]
    units = []
    for title, held in texts.items():
        for at, text in enumerate([held] if isinstance(held, str) else held):
            units.append((f"{title}/{at}", title, at, 0, len(text), 1, title, text))
    last = {f"last.{name}": empty(name) for stage in (survey.STAGE, merge.STAGE) for name in stage.last}
    return last | {
        "comparisons": empty("comparisons"),
        "documents": rows("documents", documents),
        "text_units": rows("text_units", units),
    }


def rows(name: str, values: list[tuple[object, ...]]) -> pa.Table:
    """A table of the schema from its rows."""
    schema = TABLES[name].schema
    columns = zip(*values, strict=True) if values else ([] for _ in schema)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def extracted(tables: Tables) -> dict[str, pa.Table]:
    """The tables with what survey, extract and resolve make of them."""
    made = {**tables, **survey.STAGE.run(tables, None)}
    made |= extract.STAGE.gather(results(made, list(fingerprints(extract.STAGE, made, Asking(None)))))
    return made | resolve.STAGE.run(made, NONE)


def results(tables: Tables, ids: list[str]) -> dict[str, object]:
    """What the tasks of `extract` give for these text units."""
    found = {}
    for task in extract.STAGE.tasks(extract.STAGE.prepare(tables, None), Asking(None), sorted(ids), {}):
        try:
            next(task.conversation({}))
        except StopIteration as end:
            found[task.id] = end.value
    return found
