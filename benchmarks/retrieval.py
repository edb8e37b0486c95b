"""How much of the evidence for a question is found: the walk against BM25 alone, on any set in a plain layout.

    python benchmarks/retrieval.py FOLDER [--root DIR] [--modes local,path] [--ablate] [--embedder MODULE:FACTORY]

FOLDER holds corpus.jsonl (rows of title and text) and questions.jsonl (rows of question and titles, the gold
ones); plain.py brings published sets into this form. Recall is over titles; the intervals are paired bootstraps of
95 %. --ablate leaves out one kind of edge at a time. --embedder adds rows with the vectors of an embedder of your own.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa

from graphrag_engine import Engine, query
from graphrag_engine.llm.base import Embedder
from graphrag_engine.stores import derived
from graphrag_engine.stores.base import Store
from graphrag_engine.stores.reader import MappedStore, save
from graphrag_engine.stores.vectors import Vectors

_RESAMPLES = 2_000
_K = 10
_NAMES = {"local": "walk"}
_HEAD = "| evidence by | recall@2 | recall@5 | recall@10 | all gold in 5 | over BM25, recall@5 | ms a question |"


@dataclass(frozen=True)
class Asked:
    """One question and the titles that hold its evidence."""

    question: str
    titles: Sequence[str]


@dataclass(frozen=True)
class Measured:
    """The titles found for each question, best first, and the CPU time it took."""

    found: Sequence[Sequence[str]]
    seconds: float


def ask(store: Store, questions: Sequence[Asked], mode: str, embedder: Embedder | None = None) -> Measured:
    """Ask all questions in one mode."""
    began = time.process_time()
    hits = [query.retrieve(store, each.question, mode=mode, k=_K, embedder=embedder) for each in questions]
    return Measured([[hit.title for hit in found] for found in hits], time.process_time() - began)


def recall(found: Sequence[str], gold: Sequence[str], k: int) -> float:
    """Share of the gold titles among the first *k* hits."""
    return len(set(found[:k]) & set(gold)) / len(set(gold))


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Where the mean difference lies in 95 of 100 resamples of the questions."""
    draw = random.Random(7)
    means = sorted(sum(draw.choices(differences, k=len(differences))) / len(differences) for _ in range(_RESAMPLES))
    return means[int(0.025 * _RESAMPLES)], means[int(0.975 * _RESAMPLES)]


def row(name: str, questions: Sequence[Asked], measured: Measured, words: Measured) -> str:
    """One line of the table; *words* is what BM25 found."""
    pairs = [(found, each.titles) for found, each in zip(measured.found, questions, strict=True)]
    cells = [f"{sum(recall(*pair, k) for pair in pairs) / len(pairs):.3f}" for k in (2, 5, _K)]
    cells.append(f"{sum(recall(*pair, 5) == 1 for pair in pairs) / len(pairs):.2f}")
    gains = [recall(*pair, 5) - recall(other, pair[1], 5) for pair, other in zip(pairs, words.found, strict=True)]
    low, high = interval(gains)
    cells.append(f"{sum(gains) / len(gains):+.3f} ({low:+.3f} to {high:+.3f})" if measured is not words else "")
    return f"| {name} | {' | '.join(cells)} | {measured.seconds / len(questions) * 1000:.0f} |"


def without(engine: Engine) -> Iterator[tuple[str, Mapping[str, pa.Table | Vectors]]]:
    """What questions read, with one kind of edge left out at a time."""
    tables = {name: engine.table(name) for name in derived.READS}
    whole = dict(derived.build(tables))

    def less(kind: str, **changed: Any) -> Mapping[str, pa.Table | Vectors]:
        made = dict(derived.build({**tables, **changed}))
        return {name: made[name] if name.split(".")[0] in kind.split() else table for name, table in whole.items()}

    units, entities = tables["text_units"], tables["entities"]
    untitled = units.set_column(units.column_names.index("heading"), "heading", pa.array([""] * units.num_rows))
    nowhere = pa.array([[]] * entities.num_rows, entities.schema.field("text_unit_ids").type)
    unseen = entities.set_column(entities.column_names.index("text_unit_ids"), "text_unit_ids", nowhere)
    yield "mentions", less("mentions mentioned", entities=unseen)
    yield "links of titles", less("mentions mentioned", text_units=untitled)
    yield "relationships", less("related", relationships=tables["relationships"].slice(0, 0))
    if whole["similar"].num_rows:
        yield "similar names", less("similar", vectors=tables["vectors"].slice(0, 0))


def reader(tables: Mapping[str, pa.Table | Vectors]) -> MappedStore:
    """A store over these derived tables."""
    folder = Path(tempfile.mkdtemp())
    save(folder, tables.items())
    return MappedStore(folder)


def main(folder: Path, root: Path, modes: Sequence[str], ablate: bool, embedder: Embedder | None) -> None:
    """Index the set, ask all questions in each way, print a table."""
    engine = Engine.open(root, embedder=embedder)
    engine.index(folder / "corpus.jsonl")
    rows = (json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").split("\n") if line)
    questions = [Asked(each["question"], each["titles"]) for each in rows]
    store = reader(dict(derived.build({name: engine.table(name) for name in derived.READS})))
    words = ask(store, questions, "vector")
    print(f"{engine.table('documents').num_rows} passages, {len(questions)} questions\n\n{_HEAD}\n|{'---|' * 7}")
    print(row("BM25", questions, words, words))
    for mode in modes:
        print(row(_NAMES.get(mode, mode), questions, ask(store, questions, mode), words))
    for mode in ("vector", "local") if embedder else ():
        name = f"{_NAMES.get(mode, mode)} with {embedder.name}" if embedder else mode
        print(row(name, questions, ask(store, questions, mode, embedder), words))
    for kind, tables in without(engine) if ablate else ():
        print(row(f"walk without {kind}", questions, ask(reader(tables), questions, "local", embedder), words))


def made(name: str | None) -> Embedder | None:
    """The embedder that MODULE:FACTORY makes."""
    if not name:
        return None
    module, _, factory = name.partition(":")
    embedder: Embedder = getattr(import_module(module), factory)()
    return embedder


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--modes", default="local")
    parser.add_argument("--ablate", action="store_true")
    parser.add_argument("--embedder", metavar="MODULE:FACTORY")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = given.root or Path(scratch)
        main(given.folder, root, given.modes.split(","), given.ablate, made(given.embedder))
