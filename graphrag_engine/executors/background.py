"""An event loop in a thread of its own, on which calls wait for their replies."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, TypeVar

T = TypeVar("T")
Closing = Callable[[], Coroutine[Any, Any, None]]


class Background:
    """An event loop in a thread of its own, for callers with and without a loop; connections live there."""

    def __init__(self, name: str, closing: Closing | None = None) -> None:
        """*closing* is done on the loop at its end: for what lives there, such as connections."""
        self._closing = closing
        self._loop = asyncio.new_event_loop()
        self._lock = Lock()
        self._thread = Thread(target=self._loop.run_forever, name=name, daemon=True)
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
        if self._closing:
            await self._closing()
