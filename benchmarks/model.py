"""Building an index with a language model: the program itself, against the fake server of the tests, each a process.

    python benchmarks/model.py [PART...]        cost, span, memory, faults, kills; default: all
    python benchmarks/model.py cost --words 76000

No model and no network beyond this machine; the last result stands in model.md. The text is generated. Tokens of text
and prompts are counted alike, four characters each, as the server does. CPU seconds are user and system time of all
threads of the program, without its imports: the least of three runs less the least of three times to import, since what
else a machine does only adds to them. `extraction` is a model that reads, with claims, one gleaning where an answer is
thin, vectors by a model and reports from rules; `everything` has it write descriptions and reports as well.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.request import urlopen

from prose import write

from graphrag_engine.hashing import digest, digests
from graphrag_engine.llm.base import Message, Request, Shape
from graphrag_engine.llm.cache import FILE, key
from graphrag_engine.models import sampled
from graphrag_engine.settings import ChatSettings

SERVER = Path(__file__).parent.parent / "tests" / "llm" / "server.py"
MODEL, EMBEDDER = "reader-1", "vectors-1"
WORDS, LARGE, SMALL, KILLED = 760_000, 940_000, 76_000, 260_000
LATENCY, SLOTS = 0.3, 32
WITHHELD = 2
"""The server leaves one name in so many for a second asking."""
KILLS = 30
IMPORTS = (
    "import graphrag_engine.cli.index, graphrag_engine.engine, graphrag_engine.indexing, graphrag_engine.llm.openai\n"
    "import dateutil.relativedelta, httpcore2, numpy.ma, pyarrow.dataset  # which these import when they are first used"
)
RUNS = 3
OFFLINE = "report: {model: offline}\nrefine: {model: offline}\n"
SETTINGS = {"extraction": OFFLINE, "everything": ""}


class Ran(NamedTuple):
    """How the program did."""

    code: int
    cpu: float
    """Seconds, imports included."""
    mb: float
    report: Mapping[str, Any]


class Service(NamedTuple):
    """A server."""

    address: str

    def ask(self, what: str) -> Any:
        """What it tells of itself."""
        with urlopen(f"{self.address}/_{what}") as answer:  # noqa: S310 - our own server
            return json.load(answer)


@contextmanager
def served(latency: float = 0.0, *more: str) -> Iterator[Service]:
    """A server that needs so many seconds for an answer."""
    options = ("--profile", "vllm", "--latency", str(latency), "--dimension", "384", "--withheld", str(WITHHELD))
    command = [sys.executable, str(SERVER), *options, *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline() if server.stdout else ""
        try:
            yield Service(f"http://127.0.0.1:{line.split()[-1]}")
        finally:
            server.kill()


def started(server: Service, root: Path, source: Path) -> subprocess.Popen[str]:
    """The program, at work."""
    named = ("--root", str(root), "--model", MODEL, "--embedding", EMBEDDER, "--json", "--quiet")
    command = [sys.executable, "-m", "graphrag_engine", "index", str(source), *named]
    environ = {**os.environ, "OPENAI_BASE_URL": f"{server.address}/v1"}
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(program: subprocess.Popen[str]) -> Ran:
    """Wait for the program, and read what it did."""
    out = program.stdout.read() if program.stdout else ""
    told = program.stderr.read() if program.stderr else ""
    _, status, used = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode not in (0, -signal.SIGKILL):
        sys.stderr.write(told)
    report = json.loads(out) if out else {}
    return Ran(program.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, report)


def run(server: Service, root: Path, source: Path, settings: str) -> Ran:
    """One index from the start."""
    root.mkdir(parents=True)
    (root / "settings.yaml").write_text(settings)
    return ended(started(server, root, source))


def imports() -> float:
    """CPU seconds of the imports of the program."""
    done = subprocess.Popen([sys.executable, "-c", IMPORTS])
    _, _, used = os.wait4(done.pid, 0)
    done.returncode = 0
    return used.ru_utime + used.ru_stime


def tokens_in(folder: Path) -> int:
    """Tokens of all documents, as the server counts."""
    return sum(len(path.read_text("utf-8")) // 4 for path in folder.iterdir())


def cost(folder: Path, source: Path, chosen: Sequence[str]) -> None:
    """CPU and prompt tokens for a token of text."""
    tokens = tokens_in(source)
    for name in chosen:
        used, before = list[float](), [imports() for _ in range(RUNS)]
        for number in range(RUNS):
            with served() as server:
                ran = run(server, folder / f"cost-{name}-{number}", source, SETTINGS[name])
                stats = server.ask("stats")
            used.append(ran.cpu)
        least = (min(used) - min(before)) / tokens * 1e6
        runs, alone = (" ".join(f"{seconds:.1f}" for seconds in times) for times in (used, before))
        print(f"| CPU seconds for a million tokens, {name} | {least:.1f} (in all {runs}, imports {alone}) |")
        print(f"| prompt tokens for a token, {name} | {stats['chat_tokens'] / tokens:.2f} |", flush=True)
        stages = ", ".join(f"{each['name']} {each['seconds']:.1f}" for each in ran.report["stages"])
        print(f"| seconds by stage, {name} | {stages} |")
        print(f"| requests, {name} | {stats['completions']:,} and {stats['embeddings']:,} for vectors |", flush=True)


def span(folder: Path, source: Path, chosen: Sequence[str]) -> None:
    """From the first request to the last."""
    for name in chosen:
        with served(LATENCY) as server:
            root = folder / f"span-{name}"
            ran = run(server, root, source, f"{SETTINGS[name]}chat: {{concurrency: {SLOTS}}}\n")
            stats = server.ask("stats")
        rounds = 4 if name == "extraction" else levels(root) + 5
        ideal = stats["requests"] * LATENCY / SLOTS + rounds * LATENCY
        print(f"| span at 300 ms, {SLOTS} slots, {name} | {stats['span'] / ideal:.2f} of the ideal {ideal:.1f} s |")
        stages = ", ".join(f"{each['name']} {each['seconds']:.1f}" for each in ran.report["stages"])
        print(f"| requests; seconds by stage, {name} | {stats['requests']:,}; {stages} |", flush=True)


def levels(root: Path) -> int:
    """Levels of communities."""
    from graphrag_engine import Engine

    return len(set(Engine.open(root).table("communities")["level"].to_pylist()))


def memory(folder: Path, source: Path, chosen: Sequence[str]) -> None:
    """The peak over 5 MB."""
    size = sum(path.stat().st_size for path in source.iterdir())
    for name in chosen:
        with served() as server:
            ran = run(server, folder / f"memory-{name}", source, SETTINGS[name])
        print(f"| peak memory on {size / 1e6:.1f} MB, {name} | {ran.mb:.0f} MB |", flush=True)


def faults(folder: Path, source: Path, chosen: Sequence[str]) -> None:
    """The tables of a faulty server against those of a good one."""
    kinds = ("--faults", "0.15", "--kinds", "error500", "error503", "reset", "halved", "broken", "cut")
    for name in chosen:
        found = []
        for more in ((), kinds):
            with served(0.02, *more) as server:
                root = folder / f"faults-{name}-{len(found)}"
                run(server, root, source, SETTINGS[name])
                found.append((parts(root), server.ask("stats")))
        (good, _), (bad, stats) = found
        other = [table for table in good if good[table] != bad.get(table)]
        told = f"{stats['faults']:,} of {stats['requests']:,} calls failed"
        print(f"| faults, {name}: {told} | {', '.join(other) or 'no table'} differs |", flush=True)


def parts(root: Path) -> dict[str, Any]:
    """The parts of each table in force; their names are hashes of what they hold."""
    home = root / ".graphrag"
    manifest = json.loads((home / "versions" / f"{(home / 'CURRENT').read_text().strip()}.json").read_text())
    return {name: entry["parts"] for name, entry in manifest["tables"].items()}


def kills(folder: Path, source: Path, chosen: Sequence[str]) -> None:
    """Killed at random times and run again until it is done: what is kept is never asked again."""
    chance, root = random.Random(5), folder / "kills"
    root.mkdir()
    (root / "settings.yaml").write_text(SETTINGS[chosen[0]])
    killed = asked = again = flying = 0
    latency = 0.1
    with served(latency, "--keep") as server:
        while True:
            kept, program = kept_keys(root), started(server, root, source)
            while killed < KILLS and _runs(program) and server.ask("stats").get("requests", 0) <= asked:
                time.sleep(0.02)
            if killed < KILLS:
                time.sleep(chance.uniform(0.0, 0.8))
                os.kill(program.pid, signal.SIGKILL)  # Popen.kill would first take note of an end, for itself alone
            ran = ended(program)
            time.sleep(2 * latency)
            bodies = server.ask("bodies")[asked:]
            asked += len(bodies)
            fresh = {name for body in bodies for name in keys(body)}
            again += len(kept & fresh)
            flying += len(fresh - kept_keys(root))
            killed += ran.code == -signal.SIGKILL
            if ran.code == 0:
                break
    print(f"| {killed} kills; {asked:,} requests, {flying:,} answers on their way when killed | {again} asked again |")


def _runs(program: subprocess.Popen[str]) -> bool:
    """Whether the program is at work still; how it ends is left for others to see."""
    return os.waitid(os.P_PID, program.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def keys(body: Mapping[str, Any]) -> list[str]:
    """What the replies to a request are kept by."""
    if "input" in body:
        return digests(digest("vectors", body["model"], {}), body["input"])
    form = body.get("response_format", {}).get("json_schema")
    request = Request(
        messages=tuple(Message(each["role"], each["content"]) for each in body["messages"]),
        shape=Shape(form["name"], form["schema"]) if form else None,
        max_tokens=body.get("max_tokens"),
    )
    return [key(body["model"], sampled(ChatSettings()), request)]


def kept_keys(root: Path) -> set[str]:
    """What is kept of replies and vectors."""
    path = root / ".graphrag" / FILE
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path, timeout=60)) as file:
        known = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
        tables = [name for name in ("replies", "vectors") if name in known]
        return {name for table in tables for (name,) in file.execute(f"SELECT key FROM {table}")}  # noqa: S608


PARTS = {
    "cost": (cost, WORDS),
    "span": (span, WORDS),
    "memory": (memory, LARGE),
    "faults": (faults, SMALL),
    "kills": (kills, KILLED),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--words", type=int, help="words of text, if not those that the figures are for")
    parser.add_argument("--settings", nargs="*", choices=SETTINGS, default=list(SETTINGS))
    given = parser.parse_args()
    print("| what | result |\n|---|---|", flush=True)
    for name in given.parts:
        measure, words = PARTS[name]
        with TemporaryDirectory() as folder:
            source = Path(folder) / "text"
            write(source, given.words or words)
            measure(Path(folder), source, given.settings)


if __name__ == "__main__":
    main()
