"""What a call to a model costs on its way there and back, without the model and without HTTP.

    python benchmarks/call.py        no network; the last result stands in call.md

CPU microseconds, all threads, the best of five rounds. A request as extraction sends it: a system message of 2,000
characters, a text of 3,600, a JSON schema of three lists; a reply of 2,500 characters. 32 callers at once, the replies
on disk.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np

from graphrag_engine.llm.base import Embedded, Message, Reply, Request, Shape, Texts
from graphrag_engine.llm.cache import Replies
from graphrag_engine.llm.calls import Calls
from graphrag_engine.settings import ChatSettings, EmbeddingsSettings, Secrets

CALLS = 2000
CALLERS = 32
FIELDS = {f"field {n}": {"type": "string", "description": "what it says of the thing"} for n in range(7)}
ROWS = {"type": "array", "items": {"type": "object", "properties": FIELDS, "required": list(FIELDS)}}
SHAPE = Shape("extract", {"type": "object", "properties": dict.fromkeys(["entities", "relations", "claims"], ROWS)})


class Instant:
    """Answers at once."""

    name = "instant"
    vectors = np.random.default_rng(0).standard_normal((64, 1536)).astype(np.float32)

    async def complete(self, request: Request) -> Reply:  # noqa: ARG002 - it answers all alike
        """The same reply to all."""
        return Reply(text="x" * 2500, prompt_tokens=1300, completion_tokens=600)

    async def embed(self, texts: Texts) -> Embedded:
        """The same vectors for all."""
        return Embedded(vectors=self.vectors[: len(texts.texts)], prompt_tokens=800 * len(texts.texts))


def request(number: int) -> Request:
    """One of many that differ in their text."""
    messages = (Message("system", "An instruction. " * 125), Message("user", f"{number} " + "A sentence. " * 300))
    return Request(messages=messages, shape=SHAPE, task=f"extract:{number}")


def batch(number: int) -> Texts:
    """64 texts that no other number has."""
    return Texts(texts=tuple(f"{number} {n} " + "A sentence. " * 300 for n in range(64)), task=f"vectorize:{number}")


async def spent(number: int, call: Callable[[int], Awaitable[object]]) -> float:
    """CPU microseconds of one of *number* calls."""
    numbers = iter(range(number))

    async def caller() -> None:
        for each in numbers:
            await call(each)

    began = time.process_time()
    await asyncio.gather(*[caller() for _ in range(CALLERS)])
    return (time.process_time() - began) / number * 1e6


async def measured(folder: Path) -> dict[str, float]:
    """One round, on an empty file of replies."""
    calls = Calls(Replies(folder / "replies.sqlite"), Secrets())
    chat = calls.chat(ChatSettings(), Instant())
    embeddings = calls.embeddings(EmbeddingsSettings(), Instant())
    requests, batches = [request(number) for number in range(CALLS)], [batch(number) for number in range(CALLS // 20)]
    found = {}
    for what in ("asked", "kept from before"):
        found[f"a chat call, {what}"] = await spent(CALLS, lambda number: chat.complete(requests[number]))
        found[f"64 texts of 3,600 characters to vectors of 1,536 numbers, {what}"] = await spent(
            len(batches), lambda number: embeddings.embed(batches[number])
        )
    began = time.process_time()
    for each in requests:
        each.key()
    found["of it, the hash of a request"] = (time.process_time() - began) / CALLS * 1e6
    await calls.aclose()
    return found


def main() -> None:
    """Measure and print."""
    rounds = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as name:
            rounds.append(asyncio.run(measured(Path(name))))
    print("| what | µs of CPU |\n|---|---|")
    for what in rounds[0]:
        print(f"| {what} | {min(each[what] for each in rounds):,.0f} |")


if __name__ == "__main__":
    main()
