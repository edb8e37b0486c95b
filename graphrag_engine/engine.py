"""The engine: settings, store, stages and questions put together; the verbs of the product."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from graphrag_engine import newfiles, prompts, settings
from graphrag_engine.asking import Asker, Moderate, Question
from graphrag_engine.llm.base import Embedder, Hear, Model
from graphrag_engine.query.answer import Answer, Hit
from graphrag_engine.query.context import Context
from graphrag_engine.results import Check, Comparison, DropReport, Estimate, Event, IndexReport, PublishReport, Status
from graphrag_engine.stores.parquet import ParquetStore

if TYPE_CHECKING:
    import networkx as nx
    import pyarrow as pa

    from graphrag_engine.indexing import Indexing
    from graphrag_engine.publishing import Publishing


class Engine:
    """One index root: build it, update it, ask it. Open it with `Engine.open`."""

    def __init__(
        self,
        root: Path,
        model: Model | None,
        embedder: Embedder | None,
        on_event: Callable[[Event], object],
        moderate: Moderate | None = None,
    ) -> None:
        self.root = root
        self.model = model
        self.embedder = embedder
        self.settings = settings.load(root)
        self._on_event = on_event
        self._store = ParquetStore(root)
        self.asker = Asker(root, self._store, self.settings, model, embedder, moderate)

    @classmethod
    def open(
        cls,
        root: str | Path = ".",
        *,
        model: Model | None = None,
        embedder: Embedder | None = None,
        on_event: Callable[[Event], object] = lambda _: None,
        moderate: Moderate | None = None,
    ) -> "Engine":
        """The engine over a root folder, which need not exist before the first `index`.

        *model* answers in place of a named chat model, *embedder* makes the vectors in place of a named one; the index
        remembers their names. Asked without its embedder it answers by words and graph alone. *on_event* is called
        with each sign of progress. *moderate* is given each answer before anybody sees it, and returns why it must
        not be seen, or None; it may be awaited.
        Raises SettingsError.
        """
        return cls(Path(root), model, embedder, on_event, moderate)

    @staticmethod
    def init(root: str | Path = ".") -> tuple[Path, ...]:
        """Write a commented `settings.yaml` and the prompts into a root, to edit; what was written.

        What is there is left as it is. Raises StoreError where all is there.
        """
        return newfiles.create(Path(root), {settings.FILE: settings.template(), **prompts.files()})

    def index(
        self,
        *source: str | Path,
        add: bool = False,
        allow_deletes: bool = False,
        model: str | None = None,
        embedding: str | None = None,
        max_cost: float | None = None,
        retry_failed: bool = False,
    ) -> IndexReport:
        """Build the index from these sources, or update it; without any, from those it remembers.

        Named sources replace the list, with *add* they extend it. *model* and *embedding* are names of models that
        the index then remembers, `offline`, `hashing` or `none` among them. The run stops before it has cost more
        than *max_cost* US dollars; `IndexReport.stopped` tells. *retry_failed* tries again what failed, without a
        look at the sources. Raises SourceNotFound, NothingToIndex, DeletionRefused (unless *allow_deletes*),
        ModelRefused and Locked; the index is then as it was, and every answer of a model is kept.
        """
        return self._indexing(model, embedding).index(
            source, add=add, allow_deletes=allow_deletes, max_cost=max_cost, retry_failed=retry_failed
        )

    def estimate(
        self,
        *source: str | Path,
        add: bool = False,
        allow_deletes: bool = False,
        model: str | None = None,
        embedding: str | None = None,
    ) -> Estimate:
        """What `index` would do with these sources, and cost; nothing is written.

        Raises as `index` does, but for Locked and ModelRefused.
        """
        return self._indexing(model, embedding).estimate(source, add=add, allow_deletes=allow_deletes)

    def status(self) -> Status:
        """What the index holds, and what another run would find changed. Raises IndexNotFound."""
        return self._indexing().status()

    def doctor(self, *, model: str | None = None, embedding: str | None = None) -> tuple[Check, ...]:
        """Whether the models that `index` would ask, and a graph server that is set, do what is needed; a line each.

        Asks them for a few tokens; where `chat.context_tokens` is set, for one prompt of that length.
        """
        return (*self._indexing(model, embedding).doctor(), *self._publishing().doctor())

    def query(
        self,
        question: str,
        *,
        mode: str = "auto",
        level: int | None = None,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
        model: str | None = None,
        history: Sequence[Mapping[str, str]] = (),
        hear: Hear | None = None,
    ) -> Answer:
        """Answer a question with cited evidence; `answer.grounded` is false where nothing was found.

        *mode* is auto, local, global, path or vector; *level* keeps to reports of one level, *filter* to documents
        whose source or metadata have these values, or values in a range such as `1920..1930`. *model* writes the
        answer, `offline` for evidence in order; without it this engine's own, that of the settings, or the one that
        the index remembers. *history*: what was said before, turns such as {"role": "user", "content": "Who ...?"}.
        *hear* is told each piece of the text as it is written; notes on what is not supported are in the answer alone.
        Raises EmptyQuestion, UsageError and IndexNotFound; WrongEmbedder where another embedder than this engine's
        made the vectors; ModelError and ModelRefused where a model does not answer, Withheld by moderation.
        """
        asked = Question(text=question, mode=mode, level=level, filter=filter, model=model, history=history)
        return self.asker.ask(self.asker.answer(asked), hear)

    def retrieve(
        self,
        question: str,
        *,
        mode: str = "local",
        k: int = 10,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> list[Hit]:
        """The *k* text units that serve a question best, best first. Raises EmptyQuestion and IndexNotFound."""
        return self.asker.ask(self.asker.retrieve(Question(text=question, mode=mode, filter=filter), k))

    def context(
        self,
        question: str,
        *,
        mode: str = "auto",
        level: int | None = None,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> Context:
        """What a model would be shown for this question, within the token budget. Raises as `query` does."""
        return self.asker.ask(self.asker.context(Question(text=question, mode=mode, level=level, filter=filter)))

    def close(self) -> None:
        """Close the connections to models that questions have opened; the engine stays usable."""
        self.asker.close()

    def publish(
        self, store: str | None = None, *, workspace: str = "default", database: str | None = None
    ) -> PublishReport:
        """Send the index to a graph server, or what of it has changed since the last time.

        *store* is an address such as `neo4j://localhost`; without it that of the settings or the environment counts,
        or the local server of this root. The password comes from NEO4J_PASSWORD. Raises UsageError, IndexNotFound,
        and ServerError: ServerUnavailable, AccessRefused, SchemaClash, Overtaken; the next call goes on from there.
        """
        return self._publishing().publish(store, workspace, database)

    def check_published(
        self, store: str | None = None, *, workspace: str = "default", database: str | None = None
    ) -> Comparison:
        """Hold what a server has against the index, by content; nothing is written. Raises as `publish` does."""
        return self._publishing().check(store, workspace, database)

    def drop_published(
        self, store: str | None = None, *, workspace: str = "default", database: str | None = None
    ) -> DropReport:
        """Take a workspace from a server; other workspaces stay whole. Raises as `publish`, but needs no index."""
        return self._publishing().drop(store, workspace, database)

    def table(self, name: str) -> "pa.Table":
        """One table of the version in force, sorted as `docs/tables.md` says. Raises TableNotFound, IndexNotFound."""
        return self._store.read(name, self._store.existing().entry(name))

    def graph(self) -> "nx.MultiDiGraph[str]":
        """Entities as nodes and relationships as edges, by id, with their columns as attributes."""
        import networkx as nx

        said = self.table("descriptions")
        texts = dict(zip(said["id"].to_pylist(), said["text"].to_pylist(), strict=True))
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for row in self.table("entities").drop_columns(["note"]).to_pylist():
            key = row.pop("id")
            graph.add_node(key, description=texts.get(key, ""), **row)
        for row in self.table("relationships").drop_columns(["note"]).to_pylist():
            key = row.pop("id")
            graph.add_edge(row.pop("source_id"), row.pop("target_id"), key, description=texts.get(key, ""), **row)
        return graph

    def _indexing(self, model: str | None = None, embedding: str | None = None) -> "Indexing":
        """The half of the engine that builds; a question never needs to load it."""
        from graphrag_engine.indexing import Indexing
        from graphrag_engine.models import Named

        named = Named(model, embedding, self.model, self.embedder)
        return Indexing(self.root, self._store, self.settings, named, self._on_event)

    def _publishing(self) -> "Publishing":
        """The half of the engine that sends."""
        from graphrag_engine.publishing import Publishing

        return Publishing(self.root, self._store, self.settings.neo4j, self._on_event)
