"""Small tables by hand: only the columns that a test is about, defaults for the rest."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from graphrag_engine.executors import local
from graphrag_engine.llm.base import NOBODY, Models
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.stages.base import Asking, RowStage, Tables

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "documents": {"title": "", "text": "", "content_hash": "", "pages": [], "metadata": "{}"},
    "text_units": {"document_id": "d", "position": 0, "start": 0, "end": 0, "n_tokens": 1, "heading": "", "text": ""},
    "entity_mentions": {"type": "name", "description": "", "start": 0, "end": 1, "grounded": True},
    "relationship_mentions": {"description": "", "strength": 4.0},
    "claim_mentions": {"object": None, "status": "TRUE", "description": "", "quote": "", "grounded": True},
    "resolutions": {"verdict": "same", "cause": "", "confidence": 1.0, "document_id": None},
    "entities": {"type": "name", "aliases": [], "frequency": 1, "degree": 1, "rank": 1.0, "text_unit_ids": []},
    "relationships": {"type": "met", "weight": 1.0, "rank": 1.0, "text_unit_ids": []},
    "descriptions": {"kind": "relationship", "n_sources": 1, "text_unit_ids": []},
    "reports": {
        "level": 0,
        "summary": "",
        "full_content": "",
        "findings": [],
        "rating": 1.0,
        "rating_explanation": "",
        "citations": [],
    },
}


def table(name: str, *rows: Mapping[str, Any]) -> pa.Table:
    """A table of the index from rows that leave out what does not matter, sorted as it must be."""
    schema = TABLES[name].schema
    filled = [dict.fromkeys(schema.names) | dict(_DEFAULTS.get(name, {})) | dict(row) for row in rows]
    found = pa.Table.from_pylist(filled, schema)
    return found.sort_by(
        [(column, "ascending") for column in TABLES[name].order if not pa.types.is_list(schema.field(column).type)]
    )


def tables(**rows: list[Mapping[str, Any]]) -> Tables:
    """All tables of the index, and of a last version that has no rows; those not named are empty."""
    last = {f"last.{name}": empty(name) for name in TABLES}
    return last | {name: table(name, *rows[name]) if name in rows else empty(name) for name in TABLES}


def made(
    stage: RowStage,
    given: Tables,
    section: Any,
    kept: Tables | None = None,
    only: list[str] | None = None,
    models: Models = NOBODY,
) -> Tables:
    """What a row-wise stage makes: all its rows, or *only* some beside those *kept*."""
    wanted = sorted(fingerprints(stage, given, section)) if only is None else only
    prepared = stage.prepare(given, None)
    kept = kept or {name: empty(name) for name in stage.writes}
    results = local.run(stage.tasks(prepared, asking(stage, section), wanted, kept), models)
    assert not results.failed
    return stage.gather({row: results.done[row] for row in wanted})


def fingerprints(stage: RowStage, given: Tables, section: Any) -> Mapping[str, str]:
    """What all rows of a row-wise stage are made from."""
    return dict(stage.fingerprints(stage.prepare(given, None), asking(stage, section)))


def asking(stage: RowStage, section: Any) -> Any:
    """What a stage is given: a section in which no model is named, where it may ask one."""
    return Asking(section) if stage.prompts and not isinstance(section, Asking) else section


def well_formed(name: str, found: pa.Table) -> bool:
    """Whether a table has exactly the columns and the order of the schema."""
    ids = found["id"].to_pylist()
    return bool(found.schema.equals(TABLES[name].schema)) and ids == sorted(set(ids))
