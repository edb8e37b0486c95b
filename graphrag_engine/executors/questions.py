"""Drives the conversations of questions: what computes or reads files in threads, what waits on one loop of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from threading import Lock, Thread
from typing import Any, TypeVar

from graphrag_engine.errors import GraphRAGError
from graphrag_engine.query.talk import Talk

T = TypeVar("T")


@dataclass(frozen=True)
class Done:
    """A conversation has come to its end."""

    result: Any


def advance(step: Callable[[], Any]) -> Any:
    """What a conversation asks next, or Done."""
    try:
        return step()
    except StopIteration as end:
        return Done(end.value)


async def drive(talk: Talk[T], asked: Any, reply: Callable[[Any], Awaitable[Any]]) -> T:
    """Drive a conversation to its end, which has *asked* this; what fails is thrown into it."""
    while not isinstance(asked, Done):
        try:
            came = await reply(asked)
        except GraphRAGError as error:
            step = partial(talk.throw, error)
        else:
            step = partial(talk.send, came)
        asked = await asyncio.to_thread(advance, step)
    result: T = asked.result
    return result


class Background:
    """An event loop in a thread of its own, for callers with and without a loop; connections live there."""

    def __init__(self, closing: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """*closing* is done on the loop at its end."""
        self._closing = closing
        self._loop = asyncio.new_event_loop()
        self._lock = Lock()
        self._thread = Thread(target=self._loop.run_forever, name="questions", daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin some work; to cancel the future cancels it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Break off what is under way and close what it used; nothing can be begun after this."""
        with self._lock:
            if self._loop.is_closed():
                return
            self.submit(self._end()).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._closing()
