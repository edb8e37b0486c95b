"""Reading in a process of its own: what a file does to its reader never reaches this one."""

import json
import signal
import subprocess
import sys
from contextlib import suppress
from types import TracebackType
from typing import IO, Any

from graphrag_engine.sources.base import Extract

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from graphrag_engine.sources.child import main; main()"
)
_PER_MB = 2
"""CPU seconds that each megabyte of a file adds to what reading it may take."""
_LATE = getattr(signal, "SIGPROF", 0)
"""The signal that ends a process which works too long, where the system has it."""
_PATIENCE = 5
"""Seconds for the process to end by itself."""


class Apart:
    """A process that reads, started when it is first needed and again after a file that ended it."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Apart":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def read(self, reader: str, data: bytes) -> Extract:
        """What a reader makes of these bytes; raises ValueError, with the reason, where it can make nothing of them."""
        seconds = self._seconds + _PER_MB * len(data) / 1e6
        order = {"reader": reader, "size": len(data), "seconds": seconds}
        answer = self._asked(json.dumps(order).encode() + b"\n", data)
        if answer is None:
            if self._end() == -_LATE:
                raise ValueError(f"takes more than {seconds:.0f} s to read (see the setting sources.seconds)")
            raise ValueError("is so broken that its reader failed")
        if "error" in answer:
            raise ValueError(answer["error"])
        return Extract(answer["text"], answer["title"], answer["metadata"], tuple(answer["pages"]))

    def _asked(self, order: bytes, data: bytes) -> Any:
        """The answer to an order; None where the process ended."""
        orders, answers = self._pipes()
        try:
            orders.write(order)
            orders.write(data)
            orders.flush()
        except BrokenPipeError:
            return None
        line = answers.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own code
                [sys.executable, "-c", _START, json.dumps(sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        return _open(self._process.stdin), _open(self._process.stdout)

    def _end(self) -> int:
        """End the process; returns its exit code, which is minus the signal that ended it."""
        process, self._process = self._process, None
        if process is None:
            return 0
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                _open(pipe).close()
        try:
            return process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("has no reader")
    return pipe
