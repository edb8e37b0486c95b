"""What tests of the command line share: a document, runs, what must hold after each of them."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from graphrag_engine.cli import cli

SHIP = """The Gannet

The Gannet was a steamer that belonged to Jonas Reed. She sank off Mere Point in 1884.
Captain Otto Brandt, the master of the Gannet, never returned to Pell Harbour.
"""
QUESTION = "Who was Otto Brandt?"


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        """What was said on stderr, without progress."""
        return [line for line in self.err.splitlines() if not line.endswith(" ...")]

    @property
    def report(self):
        return json.loads(self.out)

    @property
    def failed(self):
        return {failure["id"]: failure["error"] for failure in self.report["failed"]}


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


def program(*arguments, prefix=()):
    return [*prefix, sys.executable, "-m", "graphrag_engine", *map(str, arguments)]


def started(*arguments, **options):
    """The command in a process of its own, at work; Ctrl-C reaches it even where it does not reach the tests."""
    return subprocess.Popen(
        program(*arguments),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        **options,
    )


def process(*arguments, prefix=(), **options):
    """The command in a process of its own."""
    done = subprocess.run(program(*arguments, prefix=prefix), capture_output=True, text=True, check=False, **options)
    assert "Traceback" not in done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def refused(done, code, *said):
    """Asserts that a command ended with this code and one line that says this, and nothing else."""
    assert (done.code, done.out) == (code, "")
    assert len(done.lines) == 1
    assert done.lines[0].startswith("Error: ")
    for words in said:
        assert words in done.lines[0]


def in_force(root: Path):
    """What puts a version in force: CURRENT and the manifests."""
    home = root / ".graphrag"
    return {path: path.read_bytes() for path in (home / "CURRENT", *home.glob("versions/*")) if path.is_file()}


def leftovers(root: Path):
    """What a run began to write and did not finish."""
    return [path for path in root.rglob("*") if path.name.endswith(".tmp") or path.name.startswith("new-")]


@contextmanager
def as_before(root: Path):
    """Asserts that what runs inside leaves the version in force, and nothing half."""
    before = in_force(root)
    yield
    assert in_force(root) == before
    assert leftovers(root) == []
    assert "ship.txt" in cited(root)


def cited(root: Path, question=QUESTION):
    """What an answer quotes, by document."""
    done = run("query", question, "--root", root, "--json")
    assert (done.code, done.err) == (0, "")
    return {citation["document"]: citation for citation in reversed(done.report["citations"])}
