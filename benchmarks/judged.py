"""What a reader judged of the offline extractor's work, and what is still there of it.

    python benchmarks/judged.py REFERENCE.json types|claims|aliases [--count 100] [--seed 1]

draws rows of passages 901 to 1,890 at random and prints each with its text, to be read. The verdicts are kept in
`judged_types.csv`, `judged_claims.csv` and `judged_aliases.csv`: passage, start, end and a hash of what was judged, so
no text of the passages is in them. A row whose hash is no longer made has lapsed: `extraction.py` counts the others.
"""

import argparse
import csv
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from passages import extracted

from graphrag_engine.hashing import digest
from graphrag_engine.overrides import NONE
from graphrag_engine.schema import empty
from graphrag_engine.stages import merge

FIRST, LAST = 901, 1890
KINDS = ("types", "claims", "aliases")
_PLAIN = ("date", "money", "quantity")
_AROUND = 90


class Row(NamedTuple):
    """One thing to be judged; *shown* is what the reader reads, and is not kept."""

    passage: int
    start: int
    end: int
    hash: str
    shown: str


def rows(kind: str, made: Mapping[str, pa.Table], docs: Sequence[Mapping[str, Any]]) -> list[Row]:
    """All that can be judged of this kind, in order; *docs* are passages from FIRST on, their ids numbers from 0."""
    return sorted(set({"types": _types, "claims": _claims, "aliases": _aliases}[kind](made, docs)))


def _types(made: Mapping[str, pa.Table], docs: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Each named entity where it is first mentioned, with its type."""
    first: dict[tuple[str, str], tuple[int, int]] = {}
    for row in made["entity_mentions"].to_pylist():
        if row["grounded"]:
            first.setdefault((row["text_unit_id"], row["name"]), (row["start"], row["end"]))
    found = []
    last = {f"last.{name}": empty(name) for name in merge.STAGE.last}
    for entity in merge.STAGE.run({**made, **last}, NONE)["entities"].to_pylist():
        unit = next((unit for unit in entity["text_unit_ids"] if (unit, entity["name"]) in first), None)
        if unit is not None and entity["type"] not in _PLAIN:
            what = f"{entity['name']} = {entity['type']}"
            found.append(_row(docs, int(unit), *first[unit, entity["name"]], what))
    return found


def _claims(made: Mapping[str, pa.Table], docs: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Each claim with its status and date."""
    columns = ("subject", "type", "object", "status", "start_date", "end_date")
    return [
        _row(docs, int(row["text_unit_id"]), row["start"], row["end"], " | ".join(str(row[name]) for name in columns))
        for row in made["claim_mentions"].to_pylist()
    ]


def _aliases(made: Mapping[str, pa.Table], docs: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Each short name of a passage with the fuller one that it is taken for."""
    return [
        _row(
            docs,
            int(row["document_id"]),
            0,
            len(docs[int(row["document_id"])]["text"]),
            f"{row['left']} = {row['right']}",
        )
        for row in made["resolutions"].to_pylist()
        if row["document_id"]
    ]


def _row(docs: Sequence[Mapping[str, Any]], number: int, start: int, end: int, what: str) -> Row:
    text = docs[number]["text"]
    shown = f"{what}\n    {text[max(0, start - _AROUND) : start]}[{text[start:end]}]{text[end : end + _AROUND]}"
    return Row(FIRST + number, start, end, digest(str(number), str(start), what), shown)


def verdicts(kind: str) -> dict[str, bool]:
    """Hash of what was judged -> whether it was right."""
    with (Path(__file__).parent / f"judged_{kind}.csv").open(newline="", encoding="utf-8") as file:
        return {row["hash"]: row["verdict"] == "right" for row in csv.DictReader(file)}


def share(kind: str, made: Mapping[str, pa.Table], docs: Sequence[Mapping[str, Any]]) -> str:
    """A line of the table: how many of the judged rows were right, and how many of those still made."""
    judged = verdicts(kind)
    here = {row.hash for row in rows(kind, made, docs)}
    still = [right for hash_, right in judged.items() if hash_ in here]
    lapsed = len(judged) - len(still)
    told = f"{sum(still)} of {len(still)}" if lapsed * 2 <= len(judged) else "too few left: judge anew"
    return f"| {kind} | {sum(judged.values())} of {len(judged)} | {told} | {lapsed} |"


def main() -> None:
    """Print rows to be judged."""
    parser = argparse.ArgumentParser(description="Rows of the extraction to be judged by reading.")
    parser.add_argument("reference", type=Path)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    docs = json.loads(options.reference.read_text("utf-8"))["docs"][FIRST - 1 : LAST]
    every = rows(options.kind, extracted(docs), docs)
    for row in random.Random(options.seed).sample(every, options.count):  # a sample, not a secret
        print(f"{row.passage},{row.start},{row.end},{row.hash}, {row.shown}")


if __name__ == "__main__":
    main()
