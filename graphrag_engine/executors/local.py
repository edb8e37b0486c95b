"""Drives the conversations of a stage in one process, many at once, on asyncio."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from graphrag_engine.errors import ModelError
from graphrag_engine.llm.base import Conversation, Model, Reply, Request, Task, Texts

T = TypeVar("T")


@dataclass(repr=False)
class Results:
    """What the tasks gave, by task id. It has no long form: asyncio would spell it out after every run."""

    done: dict[str, Any] = field(default_factory=dict)
    failed: dict[str, ModelError] = field(default_factory=dict)


def run(tasks: Iterable[Task[Any]], model: Model | None, on_done: Callable[[], None], at_once: int = 32) -> Results:
    """Drive every task to its end; callable with or without a running event loop.

    A ModelError ends its own task and those that need it, never the others; any other error ends all.
    """

    def drive() -> Results:
        return asyncio.run(_Run(model, on_done, at_once).all(list(tasks)))

    if not _in_a_loop():
        return drive()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(drive).result()


def _in_a_loop() -> bool:
    """Whether this thread runs an event loop, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _answer(request: Request | Texts, model: Model | None) -> Reply:
    if model is None or isinstance(request, Texts):
        raise ModelError("A stage asks a model, but none is configured.")
    return await model.complete(request)


async def converse(conversation: Conversation[T], model: Model | None) -> T:
    """Drive one conversation to its end; one that asks nothing ends at once."""
    try:
        request = next(conversation)
        while True:
            request = conversation.send(await _answer(request, model))
    except StopIteration as end:
        result: T = end.value
        return result


class _Run:
    """The tasks of one stage: which wait for whom, which may start."""

    def __init__(self, model: Model | None, on_done: Callable[[], None], at_once: int) -> None:
        self.model = model
        self.on_done = on_done
        self.at_once = at_once
        self.results = Results()
        self.waiting: dict[str, int] = {}
        self.dependents: dict[str, list[Task[Any]]] = {}
        self.ready: asyncio.Queue[Task[Any] | None] = asyncio.Queue()
        self.left = 0

    async def all(self, tasks: list[Task[Any]]) -> Results:
        """Start each task as soon as what it needs is there."""
        here = {task.id for task in tasks}
        self.left = len(tasks)
        for task in tasks:
            needs = [need for need in task.needs if need in here]
            self.waiting[task.id] = len(needs)
            for need in needs:
                self.dependents.setdefault(need, []).append(task)
            if not needs:
                self.ready.put_nowait(task)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self.at_once, self.left)):
                    group.create_task(self._worker())
        except ExceptionGroup as bugs:
            raise bugs.exceptions[0] from None
        return self.results

    async def _worker(self) -> None:
        while (task := await self.ready.get()) is not None:
            await self._one(task)
            self.left -= 1
            self.on_done()
            self._release(task)

    async def _one(self, task: Task[Any]) -> None:
        try:
            if missing := [need for need in task.needs if need in self.results.failed]:
                raise ModelError(f"Not made, because {missing[0]!r} failed.")
            self.results.done[task.id] = await converse(task.conversation(self.results.done), self.model)
        except ModelError as error:
            self.results.failed[task.id] = error

    def _release(self, task: Task[Any]) -> None:
        """Start what waited for this task alone; after the last task send the workers home."""
        for dependent in self.dependents.pop(task.id, ()):
            self.waiting[dependent.id] -= 1
            if self.waiting[dependent.id] == 0:
                self.ready.put_nowait(dependent)
        if self.left == 0:
            for _ in range(self.at_once):
                self.ready.put_nowait(None)
