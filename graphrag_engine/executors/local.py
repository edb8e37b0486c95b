"""Drives the conversations of stages on this machine, many at once, on an event loop in a thread of its own."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from graphrag_engine.errors import GraphRAGError, ModelError
from graphrag_engine.executors.background import Background, Closing
from graphrag_engine.llm.base import NOBODY, Conversation, Models, Request, Task, Texts

T = TypeVar("T")
OnDone = Callable[[str, Any], None]
"""Is told each row that came to its end, and its result; None where it failed."""
_NOBODY_TO_ASK = "A stage asks a model, but none is configured."


@dataclass(repr=False)
class Results:
    """What the tasks gave, by row. It has no long form: asyncio would spell it out after every run."""

    done: dict[str, Any] = field(default_factory=dict)
    failed: dict[str, ModelError] = field(default_factory=dict)

    def check(self, task: Task[Any]) -> None:
        """Raises ModelError where something failed that a task needs."""
        if missing := [need for need in task.needs if need in self.failed]:
            raise ModelError(f"Not made, because {missing[0]!r} failed: {self.failed[missing[0]]}")

    def take(self, task: Task[Any], given: Any) -> None:
        """What a task gave, for each of its rows."""
        if task.more is None:
            self.done[task.id] = given
        else:
            self.done.update(zip(task.rows, given, strict=True))

    def give_up(self, task: Task[Any], error: ModelError) -> None:
        """All of its rows have failed."""
        self.failed.update(dict.fromkeys(task.rows, error))

    def tell(self, task: Task[Any], on_done: OnDone) -> None:
        """That its rows came to their end."""
        for row in task.rows:
            on_done(row, self.done.get(row))


class Driver:
    """Runs tasks while its caller computes; leave it as a context and nothing of it runs any more.

    A ModelError ends its own task and those that need it, never the others. Any other error ends all: those of ours
    after the calls under way, whose answers are paid for, any other at once.
    """

    def __init__(self, closing: Closing | None = None) -> None:
        """*closing* is done on the loop at the end: for what lives there, such as connections."""
        self._background = Background("driver", closing)
        self._stop = _Stop()

    def __enter__(self) -> "Driver":
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.error = self._stop.error or GraphRAGError("The run was left.")
        self._background.close()

    def begin(self, tasks: Iterable[Task[Any]], models: Models, on_done: OnDone) -> Future[Results]:
        """Start to drive every task to its end; *on_done* is called after each row.

        Where nobody can be asked they are done when this returns: the loop stays free for those who wait for replies.
        """
        if models.chat or models.embeddings:
            return self._background.submit(_Run(models, on_done, self._stop).all(list(tasks)))
        done = Future[Results]()
        done.set_result(_unasked(tasks, on_done))
        return done


def run(tasks: Iterable[Task[Any]], models: Models = NOBODY, on_done: OnDone = lambda *_: None) -> Results:
    """Drive every task to its end; callable with or without a running event loop."""
    with Driver() as driver:
        return driver.begin(tasks, models, on_done).result()


async def converse(conversation: Conversation[T], models: Models) -> T:
    """Drive one conversation to its end; one that asks nothing ends at once."""
    try:
        request = next(conversation)
        while True:
            request = conversation.send(await _answer(request, models))
    except StopIteration as end:
        result: T = end.value
        return result


async def _answer(request: Request | Texts, models: Models) -> Any:
    if isinstance(request, Texts) and models.embeddings:
        return await models.embeddings.embed(request)
    if isinstance(request, Request) and models.chat:
        return await models.chat.complete(request)
    raise ModelError(_NOBODY_TO_ASK)


def _unasked(tasks: Iterable[Task[Any]], on_done: OnDone) -> Results:
    """Drive tasks that ask nobody, one after the other: as they come, those that need others after these."""
    results, waiting = Results(), list[Task[Any]]()
    for task in tasks:
        if all(need in results.done or need in results.failed for need in task.needs):
            _drive(task, results)
            results.tell(task, on_done)
        else:
            waiting.append(task)
    order = _Order(waiting)
    ready = deque(order.first)
    while ready:
        task = ready.popleft()
        _drive(task, results)
        results.tell(task, on_done)
        ready.extend(order.after(task))
    return results


def _drive(task: Task[Any], results: Results) -> None:
    """Drive a task that asks nobody to its end."""
    try:
        results.check(task)
        next(task.conversation(results.done))
        raise ModelError(_NOBODY_TO_ASK)
    except StopIteration as end:
        results.take(task, end.value)
    except ModelError as error:
        results.give_up(task, error)


class _Order:
    """Which tasks wait for whom."""

    def __init__(self, tasks: list[Task[Any]]) -> None:
        here = {task.id for task in tasks}
        self._waiting: dict[str, int] = {}
        self._dependents: dict[str, list[Task[Any]]] = {}
        for task in tasks:
            needs = [need for need in task.needs if need in here]
            self._waiting[task.id] = len(needs)
            for need in needs:
                self._dependents.setdefault(need, []).append(task)
        self.first = [task for task in tasks if not self._waiting[task.id]]
        """Those that wait for none."""

    def after(self, task: Task[Any]) -> list[Task[Any]]:
        """Those that waited for this one last."""
        dependents = self._dependents.pop(task.id, [])
        for dependent in dependents:
            self._waiting[dependent.id] -= 1
        return [dependent for dependent in dependents if not self._waiting[dependent.id]]


@dataclass
class _Stop:
    """Why no further task may start, if so."""

    error: GraphRAGError | None = None


class _Run:
    """The tasks of one stage, many at once."""

    def __init__(self, models: Models, on_done: OnDone, stop: _Stop) -> None:
        self.models = models
        self.on_done = on_done
        self.stop = stop
        self.results = Results()
        self.ready: asyncio.Queue[Task[Any] | None] = asyncio.Queue()
        self.left = 0

    async def all(self, tasks: list[Task[Any]]) -> Results:
        """Start each task as soon as what it needs is there."""
        self.left, self.order = len(tasks), _Order(tasks)
        for task in self.order.first:
            self.ready.put_nowait(task)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self.models.at_once, self.left)):
                    group.create_task(self._worker())
        except ExceptionGroup as bugs:
            raise bugs.exceptions[0] from None
        if self.stop.error:
            raise self.stop.error
        return self.results

    async def _worker(self) -> None:
        while (task := await self.ready.get()) is not None and not self.stop.error:
            await self._one(task)
            self.left -= 1
            self.results.tell(task, self.on_done)
            self._release(task)
        self._go_home()

    async def _one(self, task: Task[Any]) -> None:
        try:
            self.results.check(task)
            self.results.take(task, await converse(task.conversation(self.results.done), self.models))
        except ModelError as error:
            self.results.give_up(task, error)
        except GraphRAGError as error:
            self.stop.error = self.stop.error or error

    def _release(self, task: Task[Any]) -> None:
        """Start what waited for this task alone."""
        for dependent in self.order.after(task):
            self.ready.put_nowait(dependent)
        if self.left == 0:
            self._go_home()

    def _go_home(self) -> None:
        """Wake a worker that waits for a task which will not come; it wakes the next."""
        self.ready.put_nowait(None)
