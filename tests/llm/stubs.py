"""Models that do as they are told: what the path of a call is tested with."""

import asyncio

import numpy as np

from graphrag_engine.llm.base import Embedded, Message, Reply, Request, Texts

REPLY = Reply(text="yes", prompt_tokens=100, completion_tokens=10)


def ask(text="hello", **fields):
    return Request(messages=(Message("user", text),), **{"task": "extract:u1", **fields})


class Stub:
    """Gives or raises what it was made with, one after the other, the last one for ever; each takes *seconds*."""

    def __init__(self, *answers, seconds=0.0, name="stub"):
        self.name = name
        self.answers = list(answers or [REPLY])
        self.seconds = seconds
        self.requests = []
        self.starts = []
        self.running = self.peak = 0

    async def complete(self, request):
        self.requests.append(request)
        self.starts.append(asyncio.get_running_loop().time())
        self.running += 1
        self.peak = max(self.peak, self.running)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.running -= 1
        if isinstance(answer, Exception):
            raise answer
        return answer


class Lengths:
    """Embeds a text as its length and a one; keeps what it was asked. Raises *fault* for a text that is like it."""

    name = "lengths"

    def __init__(self, fault=None, dimension=2):
        self.asked = []
        self.fault = fault
        self.dimension = dimension

    async def embed(self, texts: Texts) -> Embedded:
        self.asked.append(texts.texts)
        if self.fault and "fault" in texts.texts:
            raise self.fault
        await asyncio.sleep(1)
        vectors = np.ones((len(texts.texts), self.dimension), np.float32)
        vectors[:, 0] = [len(text) for text in texts.texts]
        return Embedded(vectors=vectors, prompt_tokens=10 * len(texts.texts))
