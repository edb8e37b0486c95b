"""entity_mentions, text_units -> resolutions: which short name stands for which fuller one in which document."""

from collections import Counter, defaultdict
from typing import Any

import pyarrow as pa

from graphrag_engine.offline.aliases import Alias, Named, aliases
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Tables, TableStage

_TYPED = ("person", "organisation", "place", "work", "event", "name")
_SPREAD = 3
"""A short name that more other documents than these use by itself is nobody's alone."""


def run(tables: Tables, _section: Any) -> Tables:
    """Look for aliases in each document by itself."""
    documents = _documents(tables)
    used = Counter(one.name for named, _ in documents.values() for one in named if " " not in one.name)
    common = {name for name, count in used.items() if count > _SPREAD}
    rows = [
        (alias.left, alias.right, "same", alias.cause, alias.confidence, document)
        for document, (named, beside) in sorted(documents.items())
        for alias in aliases(named, common, beside)
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 6
    schema = TABLES["resolutions"].schema
    return {
        "resolutions": pa.table(
            [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema
        ).sort_by([(n, "ascending") for n in schema.names])
    }


def _documents(tables: Tables) -> dict[str, tuple[list[Named], list[tuple[str, str]]]]:
    """Document id -> its names in the order of the text, and names with a name in brackets right after."""
    units = tables["text_units"]
    place = {
        id_: (document, position, text)
        for id_, document, position, text in zip(
            *(units[n].to_pylist() for n in ("id", "document_id", "position", "text")), strict=True
        )
    }
    columns = (tables["entity_mentions"][name].to_pylist() for name in ("text_unit_id", "name", "type", "start", "end"))
    rows = [
        (*place[unit][:2], -1 if start is None else start, end, name, kind, place[unit][2])
        for unit, name, kind, start, end in zip(*columns, strict=True)
        if kind in _TYPED and unit in place
    ]
    rows.sort(key=lambda row: row[:3])
    found: dict[str, tuple[dict[str, Named], list[tuple[str, str]]]] = defaultdict(lambda: ({}, []))
    before: tuple[Any, ...] = ()
    for row in rows:
        document, position, start, end, name, kind, text = row
        named, beside = found[document]
        known = named.get(name)
        if known is None or (known.type == "name" and kind != "name"):
            named[name] = Named(name, kind, len(named) if known is None else known.first)
        if (
            before
            and before[:2] == (document, position)
            and before[3] is not None
            and text[before[3] : start].strip() == "("
        ):
            beside.append((before[4], name))
        before = row
    return {document: (list(named.values()), beside) for document, (named, beside) in found.items()}


STAGE = TableStage(name="resolve", reads=("text_units", "entity_mentions"), writes=("resolutions",), version=1, run=run)
