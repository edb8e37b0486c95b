"""The engine: settings, store, stages and questions put together; the verbs of the product."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine import pipeline, query, settings, sources, updates
from graphrag_engine.costs import estimate_tokens
from graphrag_engine.errors import UsageError
from graphrag_engine.hashing import digest
from graphrag_engine.pipeline import Event, Made
from graphrag_engine.query.answer import Answer, Hit
from graphrag_engine.results import Estimate, Failure, IndexReport, Status
from graphrag_engine.schema import empty
from graphrag_engine.sources import Found
from graphrag_engine.stores import derived
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.stores.reader import MappedStore, save
from graphrag_engine.updates import Update

if TYPE_CHECKING:
    import networkx as nx


class Engine:
    """One index root: build it, update it, ask it. Open it with `Engine.open`."""

    def __init__(self, root: Path, on_event: Callable[[Event], object]) -> None:
        self.root = root
        self.settings = settings.load(root)
        self._on_event = on_event
        self._store = ParquetStore(root)
        self._reader: tuple[int, MappedStore] | None = None

    @classmethod
    def open(cls, root: str | Path = ".", *, on_event: Callable[[Event], object] = lambda _: None) -> "Engine":
        """The engine over a root folder, which need not exist before the first `index`.

        *on_event* is called with each sign of progress. Raises SettingsError.
        """
        return cls(Path(root), on_event)

    @staticmethod
    def init(root: str | Path = ".") -> Path:
        """Write a commented `settings.yaml` into a root and return its path; raises StoreError where there is one."""
        return settings.create(Path(root))

    def index(self, *source: str | Path, add: bool = False, allow_deletes: bool = False) -> IndexReport:
        """Build the index from these sources, or update it; without any, from those it remembers.

        Named sources replace the list, with *add* they extend it. Raises SourceNotFound, NothingToIndex,
        DeletionRefused (unless *allow_deletes*) and Locked; the index is then as it was.
        """
        named = sources.named(source, self.root)
        with self._store.locked():
            base = self._store.current()
            remembered = _sources(base, named, add)
            found, update = self._look(base, remembered)
            updates.guard(update.changes, allow_deletes)
            documents = pa.concat_tables([found.documents, self._rows(base, update.kept)])
            made = pipeline.run(
                self._store, base, documents, _failure_rows(found), self.settings, on_event=self._on_event
            )
            manifest = self._commit(base, made, remembered)
        return IndexReport(
            version=manifest.version,
            documents=update.changes,
            tables=_counts(manifest),
            failed=self._failures(manifest),
            stages=tuple(made.runs),
            warnings=found.warnings,
        )

    def estimate(self, *source: str | Path, add: bool = False) -> Estimate:
        """What `index` would do with these sources; nothing is written. Raises SourceNotFound."""
        base = self._store.current()
        found, update = self._look(base, _sources(base, sources.named(source, self.root), add))
        return Estimate(
            documents=update.changes,
            tokens=sum(estimate_tokens(text.as_py()) for text in update.fresh["text"]),
            stages=pipeline.stale(self.settings, base, update.changes.any),
            failed=_failures(_failure_rows(found)),
            warnings=found.warnings,
        )

    def status(self) -> Status:
        """What the index holds, and what another run would find changed. Raises IndexNotFound."""
        manifest = self._store.existing()
        _, update = self._look(manifest, manifest.sources)
        return Status(
            root=str(self.root),
            version=manifest.version,
            format=manifest.format,
            versions=self._store.versions(),
            created=manifest.created,
            sources=manifest.sources,
            model=manifest.model,
            embedding=manifest.embedding,
            tables=_counts(manifest),
            documents=update.changes,
            stale=pipeline.stale(self.settings, manifest, update.changes.any),
            failed=self._failures(manifest),
        )

    def query(
        self,
        question: str,
        *,
        mode: str = "auto",
        level: int | None = None,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> Answer:
        """Answer a question with cited evidence; `answer.grounded` is false where nothing was found.

        *mode* is auto, local, global or vector; *level* keeps to reports of one level, *filter* to documents
        whose source or metadata have these values. Raises EmptyQuestion and IndexNotFound.
        """
        manifest = self._store.existing()
        return query.answer(
            self._open(manifest),
            question,
            mode=mode,
            level=level,
            filter=filter,
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
        return query.retrieve(self._open(self._store.existing()), question, mode=mode, k=k, filter=filter)

    def context(
        self,
        question: str,
        *,
        mode: str = "auto",
        level: int | None = None,
        filter: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    ) -> str:
        """What a model would be shown for this question, within the token budget. Raises as `query` does."""
        store = self._open(self._store.existing())
        return query.context(store, question, mode=mode, level=level, filter=filter, settings=self.settings.query)

    def table(self, name: str) -> pa.Table:
        """One table of the version in force, sorted as `docs/tables.md` says. Raises TableNotFound, IndexNotFound."""
        return self._store.read(name, self._store.existing().entry(name))

    def graph(self) -> "nx.MultiDiGraph[str]":
        """Entities as nodes and relationships as edges, by id, with their columns as attributes."""
        import networkx as nx

        said = self.table("descriptions")
        texts = dict(zip(said["id"].to_pylist(), said["text"].to_pylist(), strict=True))
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for row in self.table("entities").to_pylist():
            graph.add_node(row["id"], description=texts.get(row.pop("id"), ""), **row)
        for row in self.table("relationships").to_pylist():
            key = row.pop("id")
            graph.add_edge(row.pop("source_id"), row.pop("target_id"), key, description=texts.get(key, ""), **row)
        return graph

    def _look(self, base: Manifest | None, remembered: tuple[str, ...]) -> tuple[Found, Update]:
        """Read the sources and hold them against the last version."""
        self._on_event(Event(stage="sources", done=0, total=0))
        found = sources.read(remembered, self.settings.sources, self.root)
        names = ("id", "source", "content_hash")
        before = self._store.read("documents", base.entry("documents"), names) if base else empty("documents")
        return found, updates.compare(found.documents, {source for source, _ in found.failed}, before)

    def _rows(self, base: Manifest | None, kept: pa.Array) -> pa.Table:
        """Documents of the last version, by id."""
        if base is None or not len(kept):
            return empty("documents")
        before = self._store.read("documents", base.entry("documents"))
        return before.filter(pc.is_in(before["id"], kept))

    def _commit(self, base: Manifest | None, made: Made, remembered: tuple[str, ...]) -> Manifest:
        """Put the new version in force; the old one stays where nothing has changed."""
        manifest = Manifest(
            version=base.version + 1 if base else 1,
            tables=made.entries,
            stages=made.stages,
            sources=remembered,
            embedding=self.settings.vectorize.embedding,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            run={run.name: {"seconds": run.seconds, "why": run.why} for run in made.runs},
        )
        self._derive(manifest)
        if base and manifest.same_index(base):
            return base
        self._store.commit(manifest)
        return manifest

    def _derive(self, manifest: Manifest) -> Path:
        """The folder of caches that questions of this version use."""

        def build(folder: Path) -> None:
            self._on_event(Event(stage="derived", done=0, total=0))
            tables = {name: self._store.read(name, manifest.entry(name)) for name in derived.READS}
            save(folder, derived.build(tables))

        parts = {name: manifest.entry(name).parts for name in derived.READS}
        return self._store.derived(digest("derived", derived.VERSION, parts), build)

    def _open(self, manifest: Manifest) -> MappedStore:
        """The reader of this version; kept until another version is in force."""
        if self._reader is None or self._reader[0] != manifest.version:
            self._reader = (manifest.version, MappedStore(self._derive(manifest)))
        return self._reader[1]

    def _failures(self, manifest: Manifest) -> tuple[Failure, ...]:
        return _failures(self._store.read("failures", manifest.entry("failures")))


def _sources(base: Manifest | None, named: tuple[str, ...], add: bool) -> tuple[str, ...]:
    """The sources of the next version: those named, or those remembered, or both; each once."""
    known = base.sources if base and (add or not named) else ()
    if not known and not named:
        raise UsageError("This index has no sources yet. Name some: graphrag-engine index SOURCE...")
    return tuple(dict.fromkeys(known + named))


def _counts(manifest: Manifest) -> dict[str, int]:
    return {name: entry.rows for name, entry in manifest.tables.items()}


def _failure_rows(found: Found) -> pa.Table:
    return pipeline.failure_rows([("sources", source, error) for source, error in found.failed])


def _failures(table: pa.Table) -> tuple[Failure, ...]:
    return tuple(Failure(**row) for row in table.to_pylist())
