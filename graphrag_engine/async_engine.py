"""The engine for servers: the same verbs, awaited; nothing blocks the event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from graphrag_engine.engine import Engine
from graphrag_engine.llm.base import Embedder, Model
from graphrag_engine.query.answer import Answer, Hit
from graphrag_engine.query.context import Context
from graphrag_engine.results import Check, Comparison, DropReport, Estimate, Event, IndexReport, PublishReport, Status

if TYPE_CHECKING:
    import networkx as nx
    import pyarrow as pa


class AsyncEngine:
    """One index root; `async with AsyncEngine.open("kb") as engine`. Verbs, arguments and errors are Engine's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(
        cls,
        root: str | Path = ".",
        *,
        model: Model | None = None,
        embedder: Embedder | None = None,
        on_event: Callable[[Event], object] = lambda _: None,
    ) -> "AsyncEngine":
        """The engine over a root folder; *model*, *embedder* and *on_event* are called from the threads that work."""
        return cls(Engine.open(root, model=model, embedder=embedder, on_event=on_event))

    async def __aenter__(self) -> "AsyncEngine":
        return self

    async def __aexit__(self, *error: object) -> None:
        """Nothing is held open between calls."""

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
    ) -> Answer:
        """See `Engine.query`."""
        return await asyncio.to_thread(self._engine.query, question, mode=mode, level=level, filter=filter)

    async def stream(
        self,
        question: str,
        *,
        mode: str = "auto",
        level: int | None = None,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> AsyncIterator[str]:
        """The text of the answer, piece by piece; joined it is `answer.text`."""
        answer = await self.query(question, mode=mode, level=level, filter=filter)
        for piece in answer.text.splitlines(keepends=True):
            yield piece

    async def retrieve(
        self,
        question: str,
        *,
        mode: str = "local",
        k: int = 10,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> list[Hit]:
        """See `Engine.retrieve`."""
        return await asyncio.to_thread(self._engine.retrieve, question, mode=mode, k=k, filter=filter)

    async def context(
        self,
        question: str,
        *,
        mode: str = "auto",
        level: int | None = None,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> Context:
        """See `Engine.context`."""
        return await asyncio.to_thread(self._engine.context, question, mode=mode, level=level, filter=filter)

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
