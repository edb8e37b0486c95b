"""How well Korean questions find their sentence: 40 questions on 200 sentences, with the extra `korean` and without.

python benchmarks/korean_retrieval.py            # prints the lines of korean_retrieval.md
python benchmarks/korean_retrieval.py --missed   # also the questions whose sentence is not first
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from graphrag_engine import Engine
from graphrag_engine.offline.korean import morphemes

HERE = Path(__file__).parent / "korean"
_DEEP = 10


def ranks(engine: Engine, mode: str) -> dict[str, int]:
    """For each question the rank of its sentence among the first ten; 0 where it is not there."""
    found = {}
    for line in (HERE / "questions.tsv").read_text("utf-8").splitlines():
        question, number = line.split("\t")
        hits = [hit.document.rsplit("#", 1)[1] for hit in engine.retrieve(question, mode=mode, k=_DEEP)]
        found[question] = hits.index(number) + 1 if number in hits else 0
    return found


def indexed(root: Path) -> Engine:
    """The sentences, each a document."""
    lines = (HERE / "sentences.txt").read_text("utf-8").splitlines()
    rows = [json.dumps({"id": str(n), "text": line, "title": ""}) for n, line in enumerate(lines, 1)]
    (root / "sentences.jsonl").write_text("\n".join(rows), "utf-8")
    engine = Engine.open(root / "kb")
    engine.index(str(root / "sentences.jsonl"))
    return engine


def measure(how: str, *, missed: bool) -> None:
    """Print one line a mode."""
    with tempfile.TemporaryDirectory() as folder:
        engine = indexed(Path(folder))
        for mode in ("vector", "auto"):
            found = ranks(engine, mode)
            mean = sum(1 / rank for rank in found.values() if rank) / len(found)
            first = sum(rank == 1 for rank in found.values())
            print(f"| {how} | {mode} | {mean:.3f} | {first} of {len(found)} |")
            for question, rank in found.items():
                if missed and rank != 1:
                    print(f"    {rank or 'not found'}: {question}")


def main() -> None:
    """Measure with the library, then as if it were not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missed", action="store_true")
    missed = parser.parse_args().missed
    print("| extra `korean` | mode | MRR@10 | first |\n|---|---|---:|---:|")
    if morphemes.installed():
        measure("with", missed=missed)
    sys.modules["kiwipiepy"] = None  # type: ignore[assignment]  # an import of it fails from here on
    morphemes.installed.cache_clear()
    measure("without", missed=missed)


if __name__ == "__main__":
    main()
