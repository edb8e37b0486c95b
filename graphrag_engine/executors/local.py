"""Drives the conversations of stages on this machine, many at once, on an event loop in a thread of its own."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from graphrag_engine.errors import GraphRAGError, ModelError
from graphrag_engine.executors.background import Background, Closing
from graphrag_engine.llm.base import NOBODY, Conversation, Models, Request, Task, Texts

T = TypeVar("T")
OnDone = Callable[[str, Any], None]
"""Is told each row that came to its end, and its result; None where it failed."""
_NOBODY_TO_ASK = "A stage asks a model, but none is configured."


class Results(NamedTuple):
    """What tasks gave, by row."""

    done: Mapping[str, Any]
    failed: Mapping[str, ModelError]


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

    def begin(self, tasks: Iterable[Task[Any]], models: Models, on_done: OnDone) -> Future[dict[str, ModelError]]:
        """Start to drive every task to its end; *on_done* is given each row, the future those that failed.

        Where nobody can be asked they are done when this returns: the loop stays free for those who wait for replies.
        """
        rows = _Rows(on_done)
        if models.chat or models.embeddings:
            return self._background.submit(_Run(models, rows, self._stop).all(list(tasks)))
        done = Future[dict[str, ModelError]]()
        done.set_result(_unasked(tasks, rows))
        return done


def run(tasks: Iterable[Task[Any]], models: Models = NOBODY, on_done: OnDone = lambda *_: None) -> Results:
    """Drive every task to its end; callable with or without a running event loop."""
    done = dict[str, Any]()

    def take(row: str, result: Any) -> None:
        done[row] = result
        on_done(row, result)

    with Driver() as driver:
        failed = driver.begin(tasks, models, take).result()
    return Results({row: result for row, result in done.items() if row not in failed}, failed)


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


class _Rows:
    """What came to its end, as far as it is still of use here."""

    def __init__(self, on_done: OnDone) -> None:
        self.needed: dict[str, Any] = {}
        """The rows that tasks need which are not done yet."""
        self.failed: dict[str, ModelError] = {}
        self._on_done = on_done
        self._waiting: dict[str, int] = {}

    def is_ready(self, task: Task[Any]) -> bool:
        """Whether all that a task needs came to its end."""
        return all(need in self.needed or need in self.failed for need in task.needs)

    def check(self, task: Task[Any]) -> None:
        """Raises ModelError where something failed that a task needs."""
        if missing := [need for need in task.needs if need in self.failed]:
            raise ModelError(f"Not made, because {missing[0]!r} failed: {self.failed[missing[0]]}")

    def take(self, task: Task[Any], given: Any) -> None:
        """What a task gave, for each of its rows."""
        if task.needed:
            self.needed[task.id], self._waiting[task.id] = given if task.more is None else given[0], task.needed
        self._let_go(task)
        for row, result in zip(task.rows, [given] if task.more is None else given, strict=True):
            self._on_done(row, result)

    def give_up(self, task: Task[Any], error: ModelError) -> None:
        """All of its rows have failed."""
        self._let_go(task)
        for row in task.rows:
            self.failed[row] = error
            self._on_done(row, None)

    def _let_go(self, task: Task[Any]) -> None:
        """A task that is done needs nothing any more."""
        for need in self._waiting.keys() & task.needs:
            self._waiting[need] -= 1
            if not self._waiting[need]:
                del self._waiting[need], self.needed[need]


def _unasked(tasks: Iterable[Task[Any]], rows: _Rows) -> dict[str, ModelError]:
    """Drive tasks that ask nobody, one after the other: as they come, those that need others after these."""
    waiting = list[Task[Any]]()
    for task in tasks:
        if rows.is_ready(task):
            _drive(task, rows)
        else:
            waiting.append(task)
    order = _Order(waiting)
    ready = deque(order.first)
    while ready:
        task = ready.popleft()
        _drive(task, rows)
        ready.extend(order.after(task))
    return rows.failed


def _drive(task: Task[Any], rows: _Rows) -> None:
    """Drive a task that asks nobody to its end."""
    try:
        rows.check(task)
        next(task.conversation(rows.needed))
        raise ModelError(_NOBODY_TO_ASK)
    except StopIteration as end:
        rows.take(task, end.value)
    except ModelError as error:
        rows.give_up(task, error)


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

    def __init__(self, models: Models, rows: _Rows, stop: _Stop) -> None:
        self.models = models
        self.rows = rows
        self.stop = stop
        self.ready: asyncio.Queue[Task[Any] | None] = asyncio.Queue()
        self.left = 0

    async def all(self, tasks: list[Task[Any]]) -> dict[str, ModelError]:
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
        return self.rows.failed

    async def _worker(self) -> None:
        while (task := await self.ready.get()) is not None and not self.stop.error:
            await self._one(task)
            self.left -= 1
            self._release(task)
        self._go_home()

    async def _one(self, task: Task[Any]) -> None:
        try:
            self.rows.check(task)
            self.rows.take(task, await converse(task.conversation(self.rows.needed), self.models))
        except ModelError as error:
            self.rows.give_up(task, error)
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
