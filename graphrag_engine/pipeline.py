"""Which stages are stale and why; runs them and keeps what they make. Updating is running again."""

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.changes import Changes
from graphrag_engine.executors import local
from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Model
from graphrag_engine.offline.ragged import one_of
from graphrag_engine.overrides import NONE, Overrides
from graphrag_engine.results import Due, Event, StageRun
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import Section, Settings
from graphrag_engine.stages import STAGES
from graphrag_engine.stages.base import RowStage, Stage, Tables, TableStage
from graphrag_engine.stores.manifest import Entry, Manifest
from graphrag_engine.stores.parquet import ParquetStore

_OWN = ("version", "settings", "libraries", "overrides")
"""What a stage is made from beside the tables that it reads."""


@dataclass
class Made:
    """The tables of a new version, and how they came to be."""

    entries: dict[str, Entry] = field(default_factory=dict)
    stages: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    runs: list[StageRun] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a person should know of what the stages made."""


def causes(stage: Stage, recipe: Mapping[str, Any], base: Manifest | None) -> list[str]:
    """Why a stage must run: what differs between *recipe* and what its tables in *base* were made from."""
    if base is None or stage.name not in base.stages:
        return ["first run"]
    before = base.stages[stage.name]
    changed = [key for key in _OWN if before.get(key) != recipe.get(key)]
    tables = [name for name, parts in recipe["reads"].items() if before["reads"].get(name) != parts]
    return [f"{what} changed" for what in changed + tables]


def recipe(stage: Stage, settings: Settings, overrides: Overrides, entries: Mapping[str, Entry]) -> dict[str, Any]:
    """Everything that the tables of a stage are made from, as plain JSON."""
    made_from = {
        "version": stage.version,
        "settings": settings.section(stage.name).model_dump(mode="json"),
        "libraries": dict(stage.made_with or {}),
        "reads": {name: digest(entries[name].parts) for name in stage.reads},
    }
    if overrides != NONE and isinstance(stage, TableStage) and stage.corrected:
        made_from["overrides"] = overrides.fingerprint()
    return made_from


def stale(settings: Settings, overrides: Overrides, base: Manifest | None, documents_changed: bool) -> tuple[Due, ...]:
    """The stages that another run would run."""
    due: list[Due] = []
    touched = {"documents"} if documents_changed else set()
    for stage in STAGES:
        why = ["first run"] if base is None else causes(stage, recipe(stage, settings, overrides, base.tables), base)
        why += [f"{name} will change" for name in stage.reads if base and name in touched]
        if why:
            due.append(Due(name=stage.name, why=", ".join(why)))
            touched.update(stage.writes)
    return tuple(due)


def run(
    store: ParquetStore,
    base: Manifest | None,
    documents: pa.Table,
    failures: pa.Table,
    settings: Settings,
    model: Model | None = None,
    on_event: Callable[[Event], object] = lambda _: None,
    overrides: Overrides = NONE,
) -> Made:
    """Make the tables of the next version from *documents*; what has not changed since *base* is carried over.

    *failures* lists the sources that could not be read, in the columns of that table.
    """
    work = _Run(store, base, settings, overrides, model, on_event)
    work.keep("documents", documents)
    work.failures.append(failures)
    with _fewer_collections():
        for stage in STAGES:
            work.stage(stage)
    work.finish()
    return work.made


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Look for cycles a hundred times less often: stages make many rows and hardly one. Saves a tenth of the CPU."""
    before = gc.get_threshold()
    gc.set_threshold(before[0] * 100, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Run:
    """One run of the pipeline: the tables so far, in memory as long as a later stage reads them."""

    def __init__(
        self,
        store: ParquetStore,
        base: Manifest | None,
        settings: Settings,
        overrides: Overrides,
        model: Model | None,
        on_event: Callable[[Event], object],
    ) -> None:
        self.store = store
        self.base = base
        self.base_tables: Mapping[str, Entry] = base.tables if base else {}
        self.settings = settings
        self.overrides = overrides
        self.model = model
        self.on_event = on_event
        self.made = Made()
        self.tables: dict[str, pa.Table] = {}
        self.fingerprints: list[pa.Table] = []
        self.changes = Changes(self.before, self.table, self._same)
        self.failures: list[pa.Table] = []

    def keep(self, name: str, table: pa.Table) -> None:
        """Write a table of the new version, but for the parts that are as they were."""
        self.made.entries[name], self.tables[name] = self.store.write(name, table, self._parts_kept(name))

    def _parts_kept(self, name: str) -> dict[str, str]:
        """The parts of the last version in which no row was dropped or made, where a row-wise stage can tell."""
        owner, owners = self.changes.remade.get(name, ("", ()))
        if name not in self.base_tables or owner != TABLES[name].order[0]:
            return {}
        parts = self.base_tables[name].parts
        return {first: part for first, part in parts.items() if not any(row.startswith(first) for row in owners)}

    def table(self, name: str) -> pa.Table:
        """A table of the new version."""
        if name not in self.tables:
            self.tables[name] = self.store.read(name, self.made.entries[name])
        return self.tables[name]

    def before(self, name: str, columns: Sequence[str] = ()) -> pa.Table:
        """A table of the version that this run starts from, or some columns; without rows before the first version."""
        return self.store.read(name, self.base_tables[name], columns) if self.base else empty(name)

    def _same(self, name: str) -> bool:
        """Whether a table of the new version is that of the last one."""
        return self.made.entries[name] == self.base_tables[name]

    @cached_property
    def fingerprints_before(self) -> pa.Table:
        """What the rows of the last version were made from."""
        return self.before("fingerprints")

    @cached_property
    def failures_before(self) -> pa.Table:
        """What failed in the last version."""
        return self.before("failures")

    def stage(self, stage: Stage) -> None:
        """Run one stage, or carry its tables over where nothing that it is made from has changed."""
        began = perf_counter()
        made_from = recipe(stage, self.settings, self.overrides, self.made.entries)
        why = causes(stage, made_from, self.base) or self._failed_before(stage)
        self._make(stage) if why else self._carry(stage)
        self.made.stages[stage.name] = made_from
        seconds = round(perf_counter() - began, 3)
        told = ", ".join(why) or "nothing changed"
        self.made.runs.append(StageRun(name=stage.name, ran=bool(why), why=told, seconds=seconds))
        self._release(stage)

    def finish(self) -> None:
        """Write the tables that the pipeline itself keeps."""
        self.keep("fingerprints", pa.concat_tables([empty("fingerprints"), *self.fingerprints]))
        self.keep("failures", pa.concat_tables([empty("failures"), *self.failures]))

    def _make(self, stage: Stage) -> None:
        tables = {name: self.table(name) for name in stage.reads}
        section = self.settings.section(stage.name)
        self.on_event(Event(stage=stage.name, done=0, total=0))
        if isinstance(stage, TableStage):
            given = self.overrides if stage.corrected else section
            written = stage.run(tables | self._last(stage), given)
            self.made.notes += stage.notes({**tables, **written}, given)
        else:
            written = self._make_rows(stage, tables, section)
        for name in stage.writes:
            self.keep(name, written[name])

    def _last(self, stage: TableStage) -> dict[str, pa.Table]:
        """The tables of the last version that a stage brings up to date."""
        before = self.base.stages.get(stage.name, {}) if self.base else {}
        made_from = recipe(stage, self.settings, self.overrides, self.made.entries)
        changed = any(before.get(key) != made_from.get(key) for key in _OWN)
        return {
            f"last.{name}": empty(name) if changed else self.before(name, columns)
            for name, columns in stage.last.items()
        }

    def _make_rows(self, stage: RowStage, tables: Tables, section: Section) -> Tables:
        prefix = digest(stage.version, section.model_dump(mode="json"), dict(stage.made_with or {}))
        known, among = self._asked(stage, tables, prefix)
        prepared = stage.prepare(tables, among)
        wanted = {row: prefix + made_from for row, made_from in stage.fingerprints(prepared, section).items()}
        todo = sorted(row for row, fingerprint in wanted.items() if known.get(row) != fingerprint)
        dropped = (known.keys() - wanted.keys()).union(todo)
        kept = self._kept(stage, dropped)
        results = local.run(stage.tasks(prepared, section, todo, kept), self.model, self._ticker(stage.name, len(todo)))
        made = stage.gather({row: results.done[row] for row in todo if row in results.done})
        self._note(stage.name, {row: wanted[row] for row in wanted if row not in results.failed})
        self._fail(stage.name, {row: str(error) for row, error in results.failed.items()})
        self.changes.remade |= dict.fromkeys(stage.writes, (stage.owner, dropped))
        return {name: _joined(name, kept[name], made[name]) for name in stage.writes}

    def _asked(self, stage: RowStage, tables: Tables, prefix: str) -> tuple[dict[str, str], set[str] | None]:
        """The rows to look at (None: all), and what those of them that were there before were made from.

        The fingerprints of all others are carried over.
        """
        mine = _of(stage, self.fingerprints_before)
        same_make = len(mine) and mine["fingerprint"][0].as_py().startswith(prefix)
        touched = stage.touched(tables, self.changes) if same_make else None
        among = None
        if touched is not None:
            among = {*touched, *_of(stage, self.failures_before)["id"].to_pylist()}
            asked = one_of(mine["id"], among)
            self.fingerprints.append(mine.filter(pc.invert(asked)))
            mine = mine.filter(asked)
        return dict(zip(mine["id"].to_pylist(), mine["fingerprint"].to_pylist(), strict=True)), among

    def _carry(self, stage: Stage) -> None:
        """Take the tables of the last version as they are."""
        for name in stage.writes:
            self.made.entries[name] = self.base_tables[name]
        if isinstance(stage, RowStage):
            self.fingerprints.append(_of(stage, self.fingerprints_before))

    def _failed_before(self, stage: Stage) -> list[str]:
        """What failed in the last version is tried again."""
        failed = _of(stage, self.failures_before).num_rows
        return [f"{failed} failed before"] if failed else []

    def _kept(self, stage: RowStage, dropped: Collection[str]) -> Tables:
        """The rows of the last version that were not made from *dropped*."""
        before = {name: self.before(name) for name in stage.writes}
        if not dropped:
            return before
        return {name: table.filter(pc.invert(one_of(table[stage.owner], dropped))) for name, table in before.items()}

    def _ticker(self, stage: str, total: int) -> Callable[[], None]:
        """Tells of progress, a hundred times a stage at most."""
        done = 0
        step = max(1, total // 100)

        def tick() -> None:
            nonlocal done
            done += 1
            if done % step == 0 or done == total:
                self.on_event(Event(stage=stage, done=done, total=total))

        return tick

    def _note(self, stage: str, fingerprints: Mapping[str, str]) -> None:
        columns = [list(fingerprints), [stage] * len(fingerprints), list(fingerprints.values())]
        self.fingerprints.append(pa.table(columns, schema=TABLES["fingerprints"].schema))

    def _fail(self, stage: str, errors: Mapping[str, str]) -> None:
        self.failures.append(failure_rows([(stage, row, error) for row, error in errors.items()]))

    def _release(self, stage: Stage) -> None:
        """Forget tables that no later stage reads."""
        later = STAGES[STAGES.index(stage) + 1 :]
        needed = {name for each in later for name in each.reads}
        for name in self.tables.keys() - needed:
            del self.tables[name]
        pa.default_memory_pool().release_unused()


def failure_rows(rows: Sequence[tuple[str, str, str]]) -> pa.Table:
    """Rows of the table `failures`: stage, id, error."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    return pa.table(columns, schema=TABLES["failures"].schema)


def _of(stage: Stage, rows: pa.Table) -> pa.Table:
    """The rows that one stage left in a table of the pipeline's own."""
    return rows.filter(pc.equal(rows["stage"], stage.name))


def _joined(name: str, kept: pa.Table, made: pa.Table) -> pa.Table:
    schema = TABLES[name].schema
    return pa.concat_tables([kept.cast(schema), made.select(schema.names).cast(schema)])
