"""The engine: settings, store, stages and questions put together; the verbs of the product."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from graphrag_engine import newfiles, prompts, query, settings
from graphrag_engine.errors import WrongEmbedder
from graphrag_engine.llm.base import Embedder, Model
from graphrag_engine.query.answer import Answer, Hit
from graphrag_engine.query.context import Context
from graphrag_engine.results import Check, Comparison, DropReport, Estimate, Event, IndexReport, PublishReport, Status
from graphrag_engine.stores import caches
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.stores.reader import MappedStore

if TYPE_CHECKING:
    import networkx as nx
    import pyarrow as pa

    from graphrag_engine.indexing import Indexing
    from graphrag_engine.publishing import Publishing


class Engine:
    """One index root: build it, update it, ask it. Open it with `Engine.open`."""

    def __init__(
        self, root: Path, model: Model | None, embedder: Embedder | None, on_event: Callable[[Event], object]
    ) -> None:
        self.root = root
        self.model = model
        self.embedder = embedder
        self.settings = settings.load(root)
        self._on_event = on_event
        self._store = ParquetStore(root)
        self._reader: tuple[int, MappedStore] | None = None

    @classmethod
    def open(
        cls,
        root: str | Path = ".",
        *,
        model: Model | None = None,
        embedder: Embedder | None = None,
        on_event: Callable[[Event], object] = lambda _: None,
    ) -> "Engine":
        """The engine over a root folder, which need not exist before the first `index`.

        *model* answers in place of a named chat model, *embedder* makes the vectors in place of a named one; the index
        remembers their names. Asked without its embedder it answers by words and graph alone. *on_event* is called
        with each sign of progress.
        Raises SettingsError.
        """
        return cls(Path(root), model, embedder, on_event)

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
    ) -> Answer:
        """Answer a question with cited evidence; `answer.grounded` is false where nothing was found.

        *mode* is auto, local, global, path or vector; *level* keeps to reports of one level, *filter* to documents
        whose source or metadata have these values, or values in a range such as `1920..1930`. Raises EmptyQuestion,
        UsageError and IndexNotFound; WrongEmbedder where another embedder than this engine's made the vectors.
        """
        manifest = self._store.existing()
        return query.answer(
            self._open(manifest),
            question,
            mode=mode,
            level=level,
            filter=filter,
            embedder=self._embedder(manifest),
            settings=self.settings.query,
            index_version=manifest.version,
        )

    def retrieve(
        self,
        question: str,
        *,
        mode: str = "local",
        k: int = 10,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> list[Hit]:
        """The *k* text units that serve a question best, best first. Raises EmptyQuestion and IndexNotFound."""
        manifest = self._store.existing()
        embedder = self._embedder(manifest)
        return query.retrieve(self._open(manifest), question, mode=mode, k=k, filter=filter, embedder=embedder)

    def context(
        self,
        question: str,
        *,
        mode: str = "auto",
        level: int | None = None,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> Context:
        """What a model would be shown for this question, within the token budget. Raises as `query` does."""
        manifest = self._store.existing()
        return query.context(
            self._open(manifest),
            question,
            mode=mode,
            level=level,
            filter=filter,
            embedder=self._embedder(manifest),
            settings=self.settings.query,
        )

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

    def _embedder(self, manifest: Manifest) -> Embedder | None:
        """The embedder for a question; raises WrongEmbedder where another one made the vectors."""
        if self.embedder and self.embedder.name != manifest.embedding:
            raise WrongEmbedder(manifest.embedding, self.embedder.name)
        return self.embedder

    def _open(self, manifest: Manifest) -> MappedStore:
        """The reader of this version; kept until another version is in force."""
        if self._reader is None or self._reader[0] != manifest.version:
            self._reader = (manifest.version, MappedStore(caches.folder(self._store, manifest)))
        return self._reader[1]
