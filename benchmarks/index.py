"""The whole offline `index` on generated prose: words per CPU second, memory, growth, and the second run.

    python benchmarks/index.py [WORDS]        default 450000; the last result stands in index.md

Each run is a process of its own. CPU seconds are user and system time of that process, without the
imports of the engine and of what Arrow loads when it is first used; memory is its peak. Growth compares WORDS with
a tenth of them.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from prose import write

RUN = """
import json, resource, sys, time
import dateutil.relativedelta, numpy.ma
import graphrag_engine.indexing
from graphrag_engine import Engine
root, source = sys.argv[1:]
before = time.process_time()
report = Engine.open(root).index(*[source] if source else [])
used = time.process_time() - before
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
seconds = {stage.name: stage.seconds for stage in report.stages}
print(json.dumps({"cpu": used, "imports": before, "mb": peak, "tables": report.tables, "stages": seconds}))
"""


def run(root: Path, source: Path) -> dict:
    """One indexing run in a fresh process."""
    done = subprocess.run([sys.executable, "-c", RUN, str(root), str(source)], check=True, capture_output=True)
    return json.loads(done.stdout)


def words_in(folder: Path) -> int:
    """Words of all documents, split at white space."""
    return sum(len(path.read_text("utf-8").split()) for path in folder.iterdir())


def main(words: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        documents = write(folder / "large", words)
        write(folder / "small", words // 10)
        small = run(folder / "index-small", folder / "small")
        first = run(folder / "index", folder / "large")
        again = run(folder / "index", folder / "large")
        edited = folder / "large" / "document-00000.md"
        edited.write_text(edited.read_text("utf-8").replace(".", ". Ada Corliss sailed to Riga in 1911.", 1), "utf-8")
        update = run(folder / "index", folder / "large")
        total, tenth = words_in(folder / "large"), words_in(folder / "small")
    rows = {
        "words, documents": f"{total:,}, {documents}",
        "words per CPU second (with imports)": f"{total / (first['cpu'] + first['imports']):,.0f}",
        "CPU seconds, without imports": f"{first['cpu']:.2f}",
        "peak memory, MB": f"{first['mb']:.0f}",
        f"CPU against {total / tenth:.1f} times less text": f"{first['cpu'] / small['cpu']:.1f} x",
        "second run, nothing changed": f"{again['cpu'] / first['cpu']:.1%}",
        "one document edited": f"{update['cpu'] / first['cpu']:.1%}",
        "seconds by stage": ", ".join(f"{name} {seconds:.1f}" for name, seconds in first["stages"].items()),
        "seconds by stage, one document edited": ", ".join(f"{k} {v:.2f}" for k, v in update["stages"].items()),
        "rows": ", ".join(f"{name} {rows:,}" for name, rows in first["tables"].items()),
    }
    print("| what | result |\n|---|---|")
    for what, result in rows.items():
        print(f"| {what} | {result} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 450_000)
