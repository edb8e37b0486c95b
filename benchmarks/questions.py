"""What a question costs in a large index: a generated world, written as an index, asked in a fresh process.

    python benchmarks/questions.py [ENTITIES]        default 1000000; the last result stands in questions.md

`large_world.py` says what the world is like. Four kinds of questions are asked in turn: two names, one name, a name
in part, no name. Opening is `Engine.open` and the first question, which pays for what is loaded late; the times are CPU
time of the process. With a second argument the index is kept in that folder, and used again if it is there.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from large_world import World

from graphrag_engine.stores import caches
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore

_QUESTIONS = 401
_VERBS = {"retrieve": "a local question (`Engine.retrieve`)", "query": "an answer (`Engine.query`)"}
ASK = """
import json, re, sys, time
from graphrag_engine import Engine
root, verb = sys.argv[1:]
questions = json.load(open(root + "/questions.json"))
began = time.process_time()
engine = Engine.open(root)
ask = getattr(engine, verb)
ask(questions[0])
opening = time.process_time() - began
spent = []
for question in questions[1:]:
    began = time.process_time()
    ask(question)
    spent.append((time.process_time() - began) * 1000)
peak = int(re.search(r"VmHWM:\\s+([0-9]+)", open("/proc/self/status").read())[1]) / 1024
print(json.dumps({"opening": opening, "ms": spent, "mb": peak}))
"""


def write(n: int, folder: Path) -> None:
    """An index of *n* entities and questions about it."""
    world = World(n)
    store = ParquetStore(folder)
    with store.locked():
        entries = {name: store.write(name, table)[0] for name, table in world.tables().items()}
        manifest = Manifest(version=1, tables=entries)
        caches.folder(store, manifest)
        store.commit(manifest)
    (folder / "questions.json").write_text(json.dumps(world.questions(_QUESTIONS)))


def ask(folder: Path, verb: str) -> None:
    """Ask all questions in a fresh process and print a row for each kind."""
    done = subprocess.run([sys.executable, "-c", ASK, str(folder), verb], check=True, stdout=subprocess.PIPE)
    result = json.loads(done.stdout)
    kinds = {"all": result["ms"]} | {kind: result["ms"][at::4] for at, kind in enumerate(World.KINDS)}
    for kind, spent in kinds.items():
        ordered = sorted(spent)
        half, most = (ordered[len(ordered) * share // 100] for share in (50, 95))
        print(f"| {_VERBS[verb]} | {kind} | {half:.1f} | {most:.1f} | {ordered[-1]:.1f} |")
    print(f"| opening, with the first question | | {result['opening'] * 1000:.0f} | | |")
    print(f"| peak memory, MB | | {result['mb']:.0f} | | |", flush=True)


def main(n: int, folder: Path) -> None:
    """Write the index where it is not there, ask, print a table."""
    if not (folder / "questions.json").exists():
        write(n, folder)
    print(f"{n:,} entities, {World.units_of(n):,} text units\n")
    print("| what | questions | median ms | 95 of 100 at most | slowest |\n|---|---|---|---|---|", flush=True)
    for verb in _VERBS:
        ask(folder, verb)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, Path(sys.argv[2] if len(sys.argv) > 2 else name))
