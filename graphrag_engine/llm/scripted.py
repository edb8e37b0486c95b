"""A model that answers from a script: for tests and examples, never for a network."""

import asyncio
from collections.abc import Callable, Mapping

from graphrag_engine.errors import ModelError
from graphrag_engine.llm.base import Reply, Request


class ScriptedModel:
    """Answers each request from a mapping (last message -> text) or a function; keeps what it was asked.

    Raises ModelError for a request that the script does not know, or where the function returns None.
    """

    name = "scripted"

    def __init__(self, script: Mapping[str, str] | Callable[[Request], str | None]) -> None:
        self.script = script
        self.requests: list[Request] = []

    async def complete(self, request: Request) -> Reply:
        """The scripted reply, after giving others their turn."""
        self.requests.append(request)
        await asyncio.sleep(0)
        last = request.messages[-1].content
        text = self.script.get(last) if isinstance(self.script, Mapping) else self.script(request)
        if text is None:
            raise ModelError(f"The script has no reply to {last!r}.")
        return Reply(text=text)
