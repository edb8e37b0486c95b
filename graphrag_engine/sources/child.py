"""The process in which foreign and intricate files are read: one at a time, each with its limits.

What breaks a reader (a crash in C, endless work, too much memory) ends this process and nothing else; `apart` starts
another one. An order is a line of JSON and the bytes of a file, an answer is a line of JSON.
"""

import json
import os
import sys
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

from graphrag_engine.sources.base import Unreadable

if TYPE_CHECKING:
    from graphrag_engine.sources.base import Extract

_MOST_MEMORY = 2 << 30
"""Bytes of address space for this process."""


def main() -> None:
    """Answer orders from standard input until it ends; what libraries print goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    _limit()
    while head := sys.stdin.buffer.readline():
        order = json.loads(head)
        _limit_seconds(order["seconds"])
        _send(answers, _answer(order["reader"], sys.stdin.buffer.read(order["size"])))
        _limit_seconds(0)


def _answer(reader: str, data: bytes) -> dict[str, Any]:
    """What a reader makes of a file, or the reason why it cannot."""
    try:
        read: Extract = import_module(f"graphrag_engine.sources.{reader}").read(data)
    except ImportError:
        return {"error": 'needs more packages to be read: pip install "graphrag-engine[documents]"'}
    except RecursionError:
        return {"error": "is nested too deeply"}
    except MemoryError:
        return {"error": "needs too much memory to be read"}
    except Unreadable as error:
        return {"error": str(error)}
    except ValueError as error:
        return {"error": f"is broken ({error})"}
    return {"text": read.text, "title": read.title, "metadata": read.metadata, "pages": read.pages}


def _send(answers: IO[bytes], answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


def _limit() -> None:
    """Let this process have no more memory than it may need, and write no file, where the system knows such limits."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _limit_seconds(seconds: float) -> None:
    """End this process after so many seconds of its own work; 0 for no limit."""
    if sys.platform != "win32":
        import signal

        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    main()
