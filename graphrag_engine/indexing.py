"""Building and updating an index: sources, comparison with the last version, pipeline, caches, commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine import overrides, pipeline, sources, updates
from graphrag_engine.costs import estimate_tokens
from graphrag_engine.errors import UsageError, WrongEmbedder
from graphrag_engine.llm.base import Embedder
from graphrag_engine.pipeline import Made
from graphrag_engine.recipes import Terms, stale
from graphrag_engine.results import Due, Estimate, Event, Failure, IndexReport, Status
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import Settings
from graphrag_engine.sources import Found
from graphrag_engine.stages.vectorize import BUILT_IN, Embedding
from graphrag_engine.stores import caches
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.updates import Update


@dataclass(frozen=True)
class Indexing:
    """The half of the engine that builds; what its verbs promise stands in `Engine`."""

    root: Path
    store: ParquetStore
    settings: Settings
    embedder: Embedder | None
    on_event: Callable[[Event], object]

    def index(self, source: Sequence[str | Path], add: bool, allow_deletes: bool) -> IndexReport:
        """See `Engine.index`."""
        named = sources.named(source, self.root)
        corrections = overrides.load(self.root)
        _remembered(self.store.current(), named, add)
        with self.store.locked():
            base = self.store.current()
            settings = self._settings(base)
            remembered = _remembered(base, named, add)
            found, update = self._meant(base, remembered, allow_deletes)
            documents = pa.concat_tables([found.documents, self._rows(base, update.kept)])
            made = pipeline.run(
                self.store,
                base,
                documents,
                _failure_rows(found),
                Terms(settings, corrections),
                on_event=self.on_event,
            )
            manifest = self._commit(base, made, remembered, settings.vectorize.embedding)
            caches.propose(self.store, manifest)
        return IndexReport(
            version=manifest.version,
            documents=update.changes,
            tables=_counts(manifest),
            failed=self._failures(manifest),
            stages=tuple(made.runs),
            warnings=(*found.warnings, *made.notes, *caches.advice(self.store, manifest)),
        )

    def estimate(self, source: Sequence[str | Path], add: bool, allow_deletes: bool) -> Estimate:
        """See `Engine.estimate`."""
        base = self.store.current()
        remembered = _remembered(base, sources.named(source, self.root), add)
        found, update = self._meant(base, remembered, allow_deletes)
        return Estimate(
            documents=update.changes,
            tokens=sum(estimate_tokens(text.as_py()) for text in update.fresh["text"]),
            stages=self._stale(base, update, self._settings(base)),
            failed=_failures(_failure_rows(found)),
            warnings=found.warnings,
        )

    def status(self) -> Status:
        """See `Engine.status`."""
        manifest = self.store.existing()
        _, update = self._look(manifest, manifest.sources)
        return Status(
            root=str(self.root),
            version=manifest.version,
            format=manifest.format,
            versions=self.store.versions(),
            created=manifest.created,
            sources=manifest.sources,
            model=manifest.model,
            embedding=manifest.embedding,
            tables=_counts(manifest),
            documents=update.changes,
            stale=self._stale(manifest, update, self._settings(manifest, needed=False)),
            failed=self._failures(manifest),
            warnings=caches.advice(self.store, manifest),
        )

    def _stale(self, base: Manifest | None, update: Update, settings: Settings) -> tuple[Due, ...]:
        """The stages that another run would run."""
        return stale(Terms(settings, overrides.load(self.root)), base, update.changes.any)

    def _meant(self, base: Manifest | None, remembered: tuple[str, ...], allow_deletes: bool) -> tuple[Found, Update]:
        """What a run would do, unless it can hardly be meant."""
        found, update = self._look(base, remembered)
        updates.guard(update.changes, allow_deletes, [*(error for _, error in found.failed), *found.warnings])
        return found, update

    def _look(self, base: Manifest | None, remembered: tuple[str, ...]) -> tuple[Found, Update]:
        """Read the sources and hold them against the last version."""
        self.on_event(Event(stage="sources", done=0, total=0))
        found = sources.read(remembered, self.settings.sources, self.root)
        names = ("id", "source", "content_hash")
        before = self.store.read("documents", base.entry("documents"), names) if base else empty("documents")
        return found, updates.compare(found.documents, found.unreadable, before)

    def _rows(self, base: Manifest | None, kept: pa.Array) -> pa.Table:
        """Documents of the last version, by id."""
        if base is None or not len(kept):
            return empty("documents")
        before = self.store.read("documents", base.entry("documents"))
        return before.filter(pc.is_in(before["id"], kept))

    def _settings(self, base: Manifest | None, *, needed: bool = True) -> Settings:
        """The settings with the embedder of the caller's own in the place of `vectorize`, where there is one.

        Raises WrongEmbedder where the last version knows one that was not given, unless it is not *needed*.
        """
        if self.embedder:
            return self.settings.model_copy(update={"vectorize": Embedding.of(self.embedder)})
        if base is None or base.embedding in BUILT_IN:
            return self.settings
        if needed:
            raise WrongEmbedder(base.embedding, None)
        return self.settings.model_copy(update={"vectorize": Embedding(**base.stages["vectorize"]["settings"])})

    def _commit(self, base: Manifest | None, made: Made, remembered: tuple[str, ...], embedding: str) -> Manifest:
        """Put the new version in force; the old one stays where nothing has changed."""
        manifest = Manifest(
            version=base.version + 1 if base else 1,
            tables=made.entries,
            stages=made.stages,
            sources=remembered,
            embedding=embedding,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            run={run.name: {"seconds": run.seconds, "why": run.why} for run in made.runs},
        )
        if base and manifest.same_index(base):
            return base
        self.on_event(Event(stage="derived", done=0, total=0))
        caches.folder(self.store, manifest, base)
        self.store.commit(manifest)
        caches.forget_others(self.store, manifest)
        return manifest

    def _failures(self, manifest: Manifest) -> tuple[Failure, ...]:
        return _failures(self.store.read("failures", manifest.entry("failures")))


def _remembered(base: Manifest | None, named: tuple[str, ...], add: bool) -> tuple[str, ...]:
    """The sources of the next version: those named, or those remembered, or both; each once."""
    known = base.sources if base and (add or not named) else ()
    if not known and not named:
        raise UsageError("This index has no sources yet. Name some: graphrag-engine index SOURCE...")
    return tuple(dict.fromkeys(known + named))


def _counts(manifest: Manifest) -> dict[str, int]:
    """Rows of each table; an index has none of the tables that are younger than itself."""
    return {name: manifest.tables[name].rows for name in TABLES if name in manifest.tables}


def _failure_rows(found: Found) -> pa.Table:
    return pipeline.failure_rows([("sources", source, error) for source, error in found.failed])


def _failures(table: pa.Table) -> tuple[Failure, ...]:
    return tuple(Failure(**row) for row in table.to_pylist())
