"""What a call to a model costs over HTTP, to the fake server of the tests in a process of its own.

    python benchmarks/endpoint.py        no network beyond this machine; the last result stands in endpoint.md

CPU milliseconds of a call here and in the server, all threads; the client is made and used before. A request as
extraction sends it: a system message of 2,000 characters, a text of 3,600, a JSON schema; 32 callers at once. The
server needs 0 or 300 ms for each answer; `over` is the wall time over calls x latency / callers.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from graphrag_engine.llm.base import Message, Request, Shape, Texts
from graphrag_engine.llm.openai import Connection, OpenAIEmbeddings, OpenAIModel
from graphrag_engine.settings import EmbeddingsSettings, Endpoint, Sampling

SERVER = Path(__file__).parent.parent / "tests" / "llm" / "server.py"
MODEL, EMBEDDER = "reader-1", "vectors-1"
CALLS, CALLERS, BATCH = 1600, 32, 64
ROWS = {"type": "array", "items": {"type": "object"}}
SHAPE = Shape("extract", {"type": "object", "properties": dict.fromkeys(["entities", "relationships", "claims"], ROWS)})
TEXT = "Otto Brandt lived at Pell Harbour. The Gannet sank off Mere Point in the year of the storm. " * 39


@contextmanager
def served(latency: float) -> Iterator[str]:
    """The address of a server that needs so many seconds for an answer."""
    command = [sys.executable, str(SERVER), "--profile", "vllm", "--latency", str(latency), "--dimension", "1536"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline() if server.stdout else ""
        try:
            yield f"http://127.0.0.1:{line.split()[-1]}"
        finally:
            server.kill()


def request(number: int) -> Request:
    """One of many that differ in their text."""
    text = Message("user", f"<text-abcdef>\n{number} {TEXT}\n</text-abcdef>")
    return Request(messages=(Message("system", "An instruction. " * 125), text), shape=SHAPE, max_tokens=8192)


def batch(number: int) -> Texts:
    """64 texts that no other number has."""
    return Texts(texts=tuple(f"{number} {n} {TEXT}" for n in range(BATCH)))


async def spent(calls: int, call: Callable[[int], Awaitable[object]]) -> tuple[float, float]:
    """CPU and wall milliseconds of one call, of so many by 32 callers."""
    numbers = iter(range(-CALLERS * 2, calls))

    async def caller(last: int) -> None:
        for number in numbers:
            await call(number)
            if number >= last:
                return

    await asyncio.gather(*(caller(-CALLERS) for _ in range(CALLERS)))
    cpu, wall = time.process_time(), time.perf_counter()
    await asyncio.gather(*(caller(calls) for _ in range(CALLERS)))
    return (time.process_time() - cpu) / calls * 1e3, (time.perf_counter() - wall) / calls * 1e3


async def measured(server: str, latency: float) -> None:
    """Measure and print one row."""
    connection = Connection(Endpoint(base_url=f"{server}/v1"), None)
    chat = OpenAIModel(Sampling(), MODEL, connection)
    vectors = OpenAIEmbeddings(EmbeddingsSettings(), EMBEDDER, connection)
    cpu, wall = await spent(CALLS, lambda number: chat.complete(request(number)))
    with urlopen(f"{server}/_stats") as answer:  # noqa: S310 - our own server
        theirs = json.load(answer)["cpu"] / (CALLS + 2 * CALLERS) * 1e3
    over = f"{wall * CALLERS / latency / 1e3:.2f}" if latency else "-"
    each, _ = await spent(CALLERS, lambda number: vectors.embed(batch(number)))
    await connection.aclose()
    print(f"| {latency * 1e3:.0f} ms | {cpu:.2f} ms | {theirs:.2f} ms | {over} | {each:.1f} ms |")


def main() -> None:
    """Measure and print."""
    print(
        "| latency | a call, here | a call, in the server | over | 64 vectors of 1,536, here |\n|---|---|---|---|---|"
    )
    for latency in (0.0, 0.3):
        with served(latency) as server:
            asyncio.run(measured(server, latency))


if __name__ == "__main__":
    main()
