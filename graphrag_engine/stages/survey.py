"""text_units -> lexicon: what the whole corpus says of a word, quantised, so that an update reads little again."""

from typing import Any

import pyarrow as pa

from graphrag_engine.offline.lexicon import Counts
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Tables, TableStage


def run(tables: Tables, _section: Any) -> Tables:
    """Count the words of all documents, then decide."""
    counts = Counts()
    for document, texts in sorted(_documents(tables["text_units"]).items()):
        counts.add(document, texts)
    columns = list(zip(*counts.lexicon().rows(), strict=True)) or [(), (), ()]
    return {"lexicon": pa.table([pa.array(column, pa.string()) for column in columns], schema=TABLES["lexicon"].schema)}


def _documents(text_units: pa.Table) -> dict[str, list[str]]:
    """Document id -> the texts of its units."""
    found: dict[str, list[str]] = {}
    for document, text in zip(text_units["document_id"].to_pylist(), text_units["text"].to_pylist(), strict=True):
        found.setdefault(document, []).append(text)
    return found


def notes(tables: Tables, _section: Any) -> list[str]:
    """Which documents give no names, because capitals tell nothing there."""
    decided = zip(*(tables["lexicon"][name].to_pylist() for name in ("kind", "decision")), strict=True)
    count = sum(row == ("document", "uncased") for row in decided)
    if not count:
        return []
    documents = "1 document has" if count == 1 else f"{count:,} documents have"
    why = "hardly a capital letter, or hardly another (chats, capitals throughout, bad scans)"
    return [f"{documents} {why}: recurring phrases and what stands together were taken from there, but no names."]


STAGE = TableStage(name="survey", reads=("text_units",), writes=("lexicon",), version=1, run=run, notes=notes)
