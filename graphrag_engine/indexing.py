"""Building and updating an index: sources, comparison with the last version, pipeline, caches, commit."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine import overrides, pipeline, updates
from graphrag_engine.costs import estimate_tokens
from graphrag_engine.errors import CostReached, UsageError
from graphrag_engine.llm.cache import FILE as REPLIES
from graphrag_engine.llm.cache import Replies
from graphrag_engine.llm.calls import Calls
from graphrag_engine.models import Choice, Named, choose
from graphrag_engine.pipeline import Made
from graphrag_engine.recipes import stale
from graphrag_engine.results import Check, Estimate, Event, Failure, IndexReport, Status, Usage
from graphrag_engine.runlog import RunLog, both, logged
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import Settings, secrets
from graphrag_engine.sources import find, reading
from graphrag_engine.sources.reading import Found
from graphrag_engine.spending import expected, spent
from graphrag_engine.stores import caches
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.thrift import thrifty
from graphrag_engine.updates import Update


@dataclass
class _Work:
    """What one run starts from, and goes by."""

    base: Manifest | None
    choice: Choice
    found: Found
    update: Update
    remembered: tuple[str, ...]
    """The sources of the next version."""

    def taken(self) -> pa.Table:
        """The documents that were found, which nobody else holds from now on."""
        documents, none = self.found.documents, empty("documents")
        self.found, self.update = replace(self.found, documents=none), replace(self.update, fresh=none)
        return documents


@dataclass(frozen=True)
class Indexing:
    """The half of the engine that builds; what its verbs promise stands in `Engine`."""

    root: Path
    store: ParquetStore
    settings: Settings
    named: Named
    on_event: Callable[[Event], object]

    def index(
        self,
        source: Sequence[str | Path],
        *,
        add: bool,
        allow_deletes: bool,
        max_cost: float | None,
        retry_failed: bool,
    ) -> IndexReport:
        """See `Engine.index`."""
        named = find.named(source, self.root)
        self._choose(self.store.current())
        _remembered(self.store.current(), named, add)
        with self.store.locked(), thrifty():
            base = self.store.current()
            remembered = _remembered(base, named, add)
            meant = self._again(base) if retry_failed else self._meant(base, remembered, allow_deletes)
            work = _Work(base, self._choose(base), *meant, remembered)
            del meant
            with logged(self.store.home) as log:
                report = self._report(work, Calls(self._replies, secrets(self.root), max_cost), log)
                log.report(report)
        return report

    def _report(self, work: _Work, calls: Calls, log: RunLog) -> IndexReport:
        """What a run did, whether to its end or to the limit of its cost."""
        for sentence in self._dearer(work):
            self.on_event(Event(stage="models", done=0, total=0, told=sentence))
        try:
            return replace(self, on_event=both(self.on_event, log.event))._run(work, calls)
        except CostReached as reached:
            return self._stopped(work, calls, str(reached))

    @property
    def _replies(self) -> Replies:
        """Every paid reply of this index."""
        return Replies(self.store.home / REPLIES)

    def _dearer(self, work: _Work) -> Iterator[str]:
        """What it will cost that an index gets other models than it has."""
        base, choice = work.base, work.choice
        if base is None or (base.model, base.embedding) == (choice.model, choice.embedding):
            return
        usages = expected(base, choice.terms, work.found.documents, work.update.fresh, self._replies)
        whole = sum(usages.values(), Usage())
        yield (
            f"The models change from {base.model!r} and {base.embedding!r} to {choice.model!r} and "
            f"{choice.embedding!r}: about {whole.requests:,} requests and ${whole.cost_usd:.2f}."
        )

    def _run(self, work: _Work, calls: Calls) -> IndexReport:
        """Make the next version and put it in force."""
        made = pipeline.run(
            self.store,
            work.base,
            pa.concat_tables([work.taken(), self._rows(work.base, work.update.kept)]),
            _failure_rows(work.found),
            work.choice.terms,
            work.choice.models(calls),
            calls,
            self.on_event,
        )
        manifest = self._commit(work, made, calls)
        made.tables = {}  # an index of vectors needs their memory
        caches.propose(self.store, manifest)
        notes = (*work.choice.notes, *work.found.warnings, *calls.notes, *made.notes)
        return IndexReport(
            version=manifest.version,
            documents=work.update.changes,
            tables=_counts(manifest),
            failed=self._failures(manifest),
            stages=tuple(made.runs),
            usage=calls.ledger.total().usage(),
            retries=calls.ledger.total().retries,
            warnings=(*notes, *caches.advice(self.store, manifest)),
        )

    def _stopped(self, work: _Work, calls: Calls, why: str) -> IndexReport:
        """What a run did that was stopped: every answer is kept, and the last version stays in force."""
        return IndexReport(
            version=work.base.version if work.base else 0,
            documents=work.update.changes,
            tables=_counts(work.base) if work.base else {},
            usage=calls.ledger.total().usage(),
            retries=calls.ledger.total().retries,
            failed=(Failure(stage="models", id="--max-cost", error=why),),
            stopped=why,
            warnings=(*work.found.warnings, *calls.notes),
        )

    def estimate(self, source: Sequence[str | Path], *, add: bool, allow_deletes: bool) -> Estimate:
        """See `Engine.estimate`."""
        base = self.store.current()
        remembered = _remembered(base, find.named(source, self.root), add)
        found, update = self._meant(base, remembered, allow_deletes)
        choice = self._choose(base)
        due = stale(choice.terms, base, update.changes.any)
        usages = expected(base, choice.terms, found.documents, update.fresh, self._replies)
        return Estimate(
            documents=update.changes,
            tokens=sum(estimate_tokens(text.as_py()) for text in update.fresh["text"]),
            stages=tuple(replace(each, usage=usages.get(each.name, Usage())) for each in due),
            failed=_failures(_failure_rows(found), {}),
            model=choice.model,
            embedding=choice.embedding,
            usage=sum(usages.values(), Usage()),
            warnings=(*choice.notes, *found.warnings),
        )

    def status(self) -> Status:
        """See `Engine.status`."""
        manifest = self.store.existing()
        _, update = self._look(manifest, manifest.sources)
        choice = self._choose(manifest, needed=False)
        by_stage = spent(self._replies, self.settings.chat, self.settings.embeddings)
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
            stale=stale(choice.terms, manifest, update.changes.any),
            failed=self._failures(manifest),
            usage=sum(by_stage.values(), Usage()),
            usage_by_stage=by_stage,
            warnings=(*choice.notes, *_older(manifest), *caches.advice(self.store, manifest)),
        )

    def doctor(self) -> tuple[Check, ...]:
        """See `Engine.doctor`."""
        from graphrag_engine.llm import doctor

        choice = self._choose(self.store.current(), needed=False)
        keys = secrets(self.root)
        asking = doctor.examine(self.settings, keys, choice.chat_names, choice.embedding_name)
        with ThreadPoolExecutor(1) as beside:  # where the caller has no event loop running
            return beside.submit(asyncio.run, asking).result()

    def _choose(self, base: Manifest | None, *, needed: bool = True) -> Choice:
        """The models of a run from this version."""
        return choose(self.root, self.settings, overrides.load(self.root), base, self.named, needed=needed)

    def _again(self, base: Manifest | None) -> tuple[Found, Update]:
        """The documents as they were last read."""
        if base is None:
            raise UsageError("There is no index yet, so nothing has failed. Build one: graphrag-engine index SOURCE...")
        documents = self.store.read("documents", base.entry("documents"))
        rows = self.store.read("failures", base.entry("failures")).to_pylist()
        failed = tuple((row["id"], row["error"]) for row in rows if row["stage"] == "sources")
        found = Found(documents, failed, frozenset(), ())
        return found, updates.compare(documents, (), documents)

    def _meant(self, base: Manifest | None, remembered: tuple[str, ...], allow_deletes: bool) -> tuple[Found, Update]:
        """What a run would do, unless it can hardly be meant."""
        found, update = self._look(base, remembered)
        updates.guard(update.changes, allow_deletes, [*(error for _, error in found.failed), *found.warnings])
        return found, update

    def _look(self, base: Manifest | None, remembered: tuple[str, ...]) -> tuple[Found, Update]:
        """Read the sources and hold them against the last version."""
        self.on_event(Event(stage="sources", done=0, total=0))
        found = reading.read(remembered, self.settings.sources, self.root, self.on_event, self.store.spool())
        names = ("id", "source", "content_hash")
        before = self.store.read("documents", base.entry("documents"), names) if base else empty("documents")
        return found, updates.compare(found.documents, found.unreadable, before)

    def _rows(self, base: Manifest | None, kept: pa.Array) -> pa.Table:
        """Documents of the last version, by id."""
        if base is None or not len(kept):
            return empty("documents")
        before = self.store.read("documents", base.entry("documents"))
        return before.filter(pc.is_in(before["id"], kept))

    def _commit(self, work: _Work, made: Made, calls: Calls) -> Manifest:
        """Put the new version in force; the old one stays where nothing has changed."""
        base = work.base
        manifest = Manifest(
            version=base.version + 1 if base else 1,
            tables=made.entries,
            stages=made.stages,
            sources=work.remembered,
            model=work.choice.model,
            embedding=work.choice.embedding,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            run={
                "stages": {run.name: {"seconds": run.seconds, "why": run.why} for run in made.runs},
                "older": made.older,
                "attempts": {f"{stage}:{row}": count for (stage, row), count in made.attempts.items()},
                "usage": calls.ledger.to_dict(),
            },
        )
        if base and manifest.same_index(base):
            return base
        self.on_event(Event(stage="derived", done=0, total=0))
        caches.folder(self.store, manifest, base, made.tables)
        self.store.commit(manifest)
        caches.forget_others(self.store, manifest)
        return manifest

    def _failures(self, manifest: Manifest) -> tuple[Failure, ...]:
        table = self.store.read("failures", manifest.entry("failures"))
        return _failures(table, manifest.run.get("attempts", {}))


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


def _failures(table: pa.Table, attempts: Mapping[str, int]) -> tuple[Failure, ...]:
    return tuple(Failure(**row, attempts=attempts.get(f"{row['stage']}:{row['id']}", 1)) for row in table.to_pylist())


def _older(manifest: Manifest) -> list[str]:
    """What stays although a little of what it was made from has changed."""
    counts = manifest.run.get("older", {})
    return [
        f"{count:,} rows of {name} are older than a little of what they rest on."
        for name, count in counts.items()
        if count
    ]
