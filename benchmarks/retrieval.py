"""How much of the evidence for a question is found: the walk against BM25 alone, on any set in a plain layout.

    python benchmarks/retrieval.py FOLDER [ROOT]

FOLDER holds corpus.jsonl (rows of title and text) and questions.jsonl (rows of question and titles, the
gold ones). Offline, no vectors. Recall is over titles; the intervals are paired bootstraps of 95 %.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from graphrag_engine import Engine

_RESAMPLES = 2_000
_K = 10


def ranked(engine: Engine, question: str, mode: str) -> list[str]:
    """The titles found, best first."""
    return [hit.title for hit in engine.retrieve(question, mode=mode, k=_K)]


def recall(found: Sequence[str], gold: Sequence[str], k: int) -> float:
    """Share of the gold titles among the first *k* hits."""
    return len(set(found[:k]) & set(gold)) / len(set(gold))


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Where the mean difference lies in 95 of 100 resamples of the questions."""
    draw = random.Random(7)
    means = sorted(sum(draw.choices(differences, k=len(differences))) / len(differences) for _ in range(_RESAMPLES))
    return means[int(0.025 * _RESAMPLES)], means[int(0.975 * _RESAMPLES)]


def main(folder: Path, root: Path) -> None:
    """Index the set, ask all questions in both modes, print a table."""
    engine = Engine.open(root)
    engine.index(folder / "corpus.jsonl")
    questions = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
    found: dict[str, list[list[str]]] = {}
    print("| mode | recall@2 | recall@5 | recall@10 | all gold in 5 | ms a question |\n|---|---|---|---|---|---|")
    for mode, name in (("vector", "BM25"), ("local", "walk")):
        began = time.process_time()
        found[mode] = [ranked(engine, row["question"], mode) for row in questions]
        spent = (time.process_time() - began) / len(questions) * 1000
        pairs = list(zip(found[mode], (row["titles"] for row in questions), strict=True))
        cells = [f"{sum(recall(*pair, k) for pair in pairs) / len(pairs):.3f}" for k in (2, 5, _K)]
        whole = sum(recall(*pair, 5) == 1 for pair in pairs) / len(pairs)
        print(f"| {name} | {' | '.join(cells)} | {whole:.2f} | {spent:.0f} |")
    gold = [row["titles"] for row in questions]
    gains = [
        recall(walk, titles, 5) - recall(words, titles, 5)
        for walk, words, titles in zip(found["local"], found["vector"], gold, strict=True)
    ]
    low, high = interval(gains)
    mean = sum(gains) / len(gains)
    print(f"\nWalk over BM25, recall@5: {mean:+.3f} ({low:+.3f} to {high:+.3f}), {len(gold)} questions.")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else scratch))
