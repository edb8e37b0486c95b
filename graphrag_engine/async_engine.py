"""The engine for servers: the same verbs, awaited; nothing blocks the event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from graphrag_engine.asking import Moderate, Question
from graphrag_engine.engine import Engine
from graphrag_engine.llm.base import Embedder, Model
from graphrag_engine.query.answer import Answer, Hit
from graphrag_engine.query.context import Context
from graphrag_engine.query.write import below
from graphrag_engine.results import Check, Comparison, DropReport, Estimate, Event, IndexReport, PublishReport, Status

if TYPE_CHECKING:
    import networkx as nx
    import pyarrow as pa


class AsyncEngine:
    """One index root; `async with AsyncEngine.open("kb") as engine`. Verbs, arguments and errors are Engine's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asker = engine.asker

    @classmethod
    def open(
        cls,
        root: str | Path = ".",
        *,
        model: Model | None = None,
        embedder: Embedder | None = None,
        on_event: Callable[[Event], object] = lambda _: None,
        moderate: Moderate | None = None,
    ) -> "AsyncEngine":
        """The engine over a root folder; what it is given is called from the threads that work."""
        return cls(Engine.open(root, model=model, embedder=embedder, on_event=on_event, moderate=moderate))

    async def __aenter__(self) -> "AsyncEngine":
        return self

    async def __aexit__(self, *error: object) -> None:
        """See `close`."""
        await self.close()

    async def close(self) -> None:
        """See `Engine.close`."""
        await asyncio.to_thread(self._engine.close)

    async def index(
        self,
        *source: str | Path,
        add: bool = False,
        allow_deletes: bool = False,
        model: str | None = None,
        embedding: str | None = None,
        max_cost: float | None = None,
        retry_failed: bool = False,
    ) -> IndexReport:
        """See `Engine.index`."""
        return await asyncio.to_thread(
            self._engine.index,
            *source,
            add=add,
            allow_deletes=allow_deletes,
            model=model,
            embedding=embedding,
            max_cost=max_cost,
            retry_failed=retry_failed,
        )

    async def estimate(
        self,
        *source: str | Path,
        add: bool = False,
        allow_deletes: bool = False,
        model: str | None = None,
        embedding: str | None = None,
    ) -> Estimate:
        """See `Engine.estimate`."""
        return await asyncio.to_thread(
            self._engine.estimate,
            *source,
            add=add,
            allow_deletes=allow_deletes,
            model=model,
            embedding=embedding,
        )

    async def status(self) -> Status:
        """See `Engine.status`."""
        return await asyncio.to_thread(self._engine.status)

    async def doctor(self, *, model: str | None = None, embedding: str | None = None) -> tuple[Check, ...]:
        """See `Engine.doctor`."""
        return await asyncio.to_thread(self._engine.doctor, model=model, embedding=embedding)

    async def query(
        self,
        question: str,
        *,
        mode: str = "auto",
        level: int | None = None,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
        model: str | None = None,
        history: Sequence[Mapping[str, str]] = (),
    ) -> Answer:
        """See `Engine.query`."""
        asked = Question(text=question, mode=mode, level=level, filter=filter, model=model, history=history)
        return await self._asker.ask_async(self._asker.answer(asked))

    async def stream(
        self,
        question: str,
        *,
        mode: str = "auto",
        level: int | None = None,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
        model: str | None = None,
        history: Sequence[Mapping[str, str]] = (),
    ) -> AsyncIterator[str]:
        """The text of the answer, piece by piece as it is written.

        The last piece of what a model wrote lists its sources and what they do not support.
        """
        asked = Question(text=question, mode=mode, level=level, filter=filter, model=model, history=history)
        loop, pieces = asyncio.get_running_loop(), asyncio.Queue[str | None]()

        def hear(piece: str) -> None:
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

        work = asyncio.create_task(self._asker.ask_async(self._asker.answer(asked), hear))
        work.add_done_callback(lambda _: loop.call_soon(pieces.put_nowait, None))
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
            answer = await work
        finally:
            work.cancel()
            await asyncio.wait([work])
        if answer.written:
            yield f"\n\n{below(answer, checks=True)}"

    async def retrieve(
        self,
        question: str,
        *,
        mode: str = "local",
        k: int = 10,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> list[Hit]:
        """See `Engine.retrieve`."""
        return await self._asker.ask_async(self._asker.retrieve(Question(text=question, mode=mode, filter=filter), k))

    async def context(
        self,
        question: str,
        *,
        mode: str = "auto",
        level: int | None = None,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> Context:
        """See `Engine.context`."""
        asked = Question(text=question, mode=mode, level=level, filter=filter)
        return await self._asker.ask_async(self._asker.context(asked))

    async def publish(
        self, store: str | None = None, *, workspace: str = "default", database: str | None = None
    ) -> PublishReport:
        """See `Engine.publish`."""
        return await asyncio.to_thread(self._engine.publish, store, workspace=workspace, database=database)

    async def check_published(
        self, store: str | None = None, *, workspace: str = "default", database: str | None = None
    ) -> Comparison:
        """See `Engine.check_published`."""
        return await asyncio.to_thread(self._engine.check_published, store, workspace=workspace, database=database)

    async def drop_published(
        self, store: str | None = None, *, workspace: str = "default", database: str | None = None
    ) -> DropReport:
        """See `Engine.drop_published`."""
        return await asyncio.to_thread(self._engine.drop_published, store, workspace=workspace, database=database)

    async def table(self, name: str) -> "pa.Table":
        """See `Engine.table`."""
        return await asyncio.to_thread(self._engine.table, name)

    async def graph(self) -> "nx.MultiDiGraph[str]":
        """See `Engine.graph`."""
        return await asyncio.to_thread(self._engine.graph)
