"""The offline extractor alone: words per CPU second, and what a first run does beside.

    python benchmarks/extractor_speed.py [FOLDER]        default examples/harbour; text and Markdown files

The folder is repeated until there are 440,000 words in 400 documents, in text units of about 1,500 characters.
An update surveys and fingerprints little again. Hostile text: `hostile.py`.
"""

import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from graphrag_engine.schema import TABLES, empty
from graphrag_engine.stages import extract as extraction
from graphrag_engine.stages import survey
from graphrag_engine.stages.base import Asking

WORDS, DOCUMENTS, UNIT = 440_000, 400, 1500


def seconds(work: Callable[[], Any]) -> float:
    """CPU seconds that a piece of work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def corpus(folder: Path) -> dict[str, pa.Table]:
    """Documents and text units of 440,000 words."""
    texts = [path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.suffix in (".md", ".txt")]
    pieces = cycle(text[at : at + UNIT] for text in texts for at in range(0, len(text), UNIT))
    units: list[tuple[Any, ...]] = []
    for number in range(DOCUMENTS):
        words = position = 0
        while words < WORDS / DOCUMENTS:
            (text,) = islice(pieces, 1)
            units.append((f"{number:04}/{position}", f"{number:04}", position, 0, 0, 0, "", text))
            words, position = words + len(text.split()), position + 1
    documents = [(f"{number:04}", "", f"Document {number}", "", "", [], "{}") for number in range(DOCUMENTS)]
    return {"documents": _table("documents", documents), "text_units": _table("text_units", units)}


def _table(name: str, rows: list[tuple[Any, ...]]) -> pa.Table:
    schema = TABLES[name].schema
    columns = zip(*rows, strict=True)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def read(tables: dict[str, pa.Table]) -> None:
    """Run every task of `extract`."""
    units = extraction.STAGE.prepare(tables, None)
    for task in extraction.STAGE.tasks(units, Asking(None), tables["text_units"]["id"].to_pylist(), {}):
        next(task.conversation({}), None)


def main() -> None:
    """Print the tables of extractor_speed.md."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "examples" / "harbour"
    tables = corpus(folder)
    words = sum(len(text.split()) for text in tables["text_units"]["text"].to_pylist())
    tables |= {f"last.{name}": empty(name) for name in survey.STAGE.last}
    tables |= survey.STAGE.run(tables, None)
    update = seconds(lambda: survey.STAGE.run(tables, None)) + seconds(
        lambda: list(extraction.STAGE.fingerprints(extraction.STAGE.prepare(tables, None), Asking(None)))
    )
    print("| what | figure |\n|---|---|")
    print(f"| words in text units | {words:,} in {tables['text_units'].num_rows:,} |")
    print(f"| extraction, words per CPU second | {words / seconds(lambda: read(tables)):,.0f} |")
    print(f"| survey and fingerprints | {update:.2f} s |")


if __name__ == "__main__":
    main()
