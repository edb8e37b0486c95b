"""Runs the stages that are stale and keeps what they make. Updating is running again."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.changes import Changes
from graphrag_engine.errors import ModelError
from graphrag_engine.executors import local
from graphrag_engine.llm.base import Models
from graphrag_engine.llm.calls import Calls
from graphrag_engine.llm.ledger import Ledger
from graphrag_engine.offline.ragged import one_of
from graphrag_engine.recipes import Terms, causes, made_alike
from graphrag_engine.results import Event, StageRun
from graphrag_engine.rowwise import Gathered, Plan, Rows
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.spool import Growing
from graphrag_engine.stages import STAGES
from graphrag_engine.stages.base import RowStage, Stage, Tables, TableStage
from graphrag_engine.stores.manifest import Entry, Manifest
from graphrag_engine.stores.packed import without
from graphrag_engine.stores.parquet import ParquetStore

NO_MODELS: Mapping[str, Models] = {}


@dataclass
class Made:
    """The tables of a new version, and how they came to be."""

    entries: dict[str, Entry] = field(default_factory=dict)
    stages: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    """Those that are in memory still."""
    runs: list[StageRun] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a person should know of what the stages made."""
    attempts: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often what failed was tried, by stage and row."""
    older: dict[str, int] = field(default_factory=dict)
    """Rows of each stage that stay although a little of what they were made from has changed."""


def run(
    store: ParquetStore,
    base: Manifest | None,
    documents: pa.Table,
    failures: pa.Table,
    terms: Terms,
    models: Mapping[str, Models] = NO_MODELS,
    calls: Calls | None = None,
    on_event: Callable[[Event], object] = lambda _: None,
) -> Made:
    """Make the tables of the next version from *documents*; what has not changed since *base* is carried over.

    Nobody else should hold *documents*, whose texts are let go of early. *failures* lists the sources that could not be
    read, in the columns of that table; *models* who answers each stage, *calls* what their calls share, which is closed
    at the end.
    """
    ledger = calls.ledger if calls else Ledger()
    with local.Driver(calls.aclose if calls else None) as driver:
        work = _Run(store, base, terms, models, driver, ledger, on_event)
        work.keep("documents", documents)
        del documents
        work.failures.append(failures)
        for stage in STAGES:
            work.stage(stage)
        work.finish()
    return work.made


class _Run:
    """One run of the pipeline: the tables so far, in memory as long as a later stage reads them."""

    def __init__(
        self,
        store: ParquetStore,
        base: Manifest | None,
        terms: Terms,
        models: Mapping[str, Models],
        driver: local.Driver,
        ledger: Ledger,
        on_event: Callable[[Event], object],
    ) -> None:
        self.store = store
        self.spool = store.spool()
        self.base = base
        self.base_tables: Mapping[str, Entry] = base.tables if base else {}
        self.terms = terms
        self.models = models
        self.driver = driver
        self.ledger = ledger
        self.on_event = on_event
        self.rows = Rows(terms, models, driver, self.spool, self._known)
        self.tables: dict[str, pa.Table] = {}
        self.coming: tuple[Stage, ...] = STAGES
        """The stages that may read tables yet."""
        self.made = Made(tables=self.tables)
        self.fingerprints = Growing(self.spool, TABLES["fingerprints"].schema)
        self.changes = Changes(self.before, self.table, self._same)
        self.failures: list[pa.Table] = []

    def keep(self, name: str, made: pa.Table, kept: pa.Table | None = None) -> None:
        """Write a table of the new version, of rows *made* and *kept*, but for the parts that are as they were."""
        self.made.entries[name], table = self.store.write(name, made, kept, self._parts_kept(name))
        self._hold(name, table.select(self._columns(name)))

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
            self._hold(name, self.store.read(name, self.made.entries[name], self._columns(name)))
        return self.tables[name]

    def _hold(self, name: str, table: pa.Table) -> None:
        """Have a table for the stages to come, each column in one piece but where it may be large."""
        self.tables[name] = self.spool.table(table if TABLES[name].large else table.combine_chunks())

    def _columns(self, name: str) -> list[str]:
        """The columns of a table that are held: all but large ones that nobody reads who is still to come."""
        read = {column for stage in self.coming for column in stage.large}
        columns = TABLES[name].columns
        return [each for each, column in columns.items() if not column.large or f"{name}.{each}" in read]

    def before(self, name: str, columns: Sequence[str] = ()) -> pa.Table:
        """A table of the version that this run starts from, or some columns; without rows before the first version."""
        return self.store.read(name, self.base_tables[name], columns) if name in self.base_tables else empty(name)

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
        made_from = self.terms.recipe(stage, self.made.entries)
        why = causes(stage, made_from, self.base) or self._failed_before(stage)
        self._make(stage) if why else self._carry(stage)
        self.made.stages[stage.name] = made_from
        self._tell(stage.name, why, round(perf_counter() - began, 3))
        self._release(stage)

    def _tell(self, stage: str, why: Sequence[str], seconds: float) -> None:
        """Note what was done with a stage."""
        counts = self.ledger.stage(stage)
        self.made.runs.append(
            StageRun(
                name=stage,
                ran=bool(why),
                why=", ".join(why) or "nothing changed",
                seconds=seconds,
                requests=counts.requests,
                cached=counts.cached,
            )
        )

    def finish(self) -> None:
        """Write the tables that the pipeline itself keeps."""
        self.keep("fingerprints", self.fingerprints.table())
        self.keep("failures", pa.concat_tables([empty("failures"), *self.failures]))

    def _make(self, stage: Stage) -> None:
        if self.terms.idle(stage):
            for name in stage.writes:
                self.keep(name, empty(name))
            return
        self._event(stage.name, 0, 0)
        if isinstance(stage, TableStage):
            tables = {name: self.table(name) for name in stage.reads}
            given = self.terms.given(stage)
            written = {**stage.run(tables | self._last(stage), given)}
            self.made.notes += stage.notes({**tables, **written}, given)
            for name in stage.writes:
                self.keep(name, written.pop(name))
        else:
            made, kept = self._rows(stage)
            for name in stage.writes:
                self.keep(name, made.pop(name), kept[name])

    def _last(self, stage: TableStage) -> dict[str, pa.Table]:
        """The tables of the last version that a stage brings up to date."""
        alike = made_alike(stage, self.terms.recipe(stage, self.made.entries), self.base)
        return {
            f"last.{name}": self.before(name, columns) if alike else empty(name) for name, columns in stage.last.items()
        }

    def _hand_on_again(self, stage: Stage, table: Callable[[str], pa.Table]) -> None:
        """Let later stages ask models for rows of a stage that stay, where they ask otherwise than last time."""
        for later in self.rows.early:
            if self.base and not made_alike(later, self.terms.own(later), self.base):
                self.rows.begin_early(later, {name: table(name) for name in stage.writes if name in later.early})

    def _planned(self, stage: RowStage) -> tuple[Plan, set[str]]:
        """What is to be made, and the rows of the last version whose own go with it."""
        tables = {name: self.table(name) for name in stage.reads}
        known, among = self._asked(stage, tables)
        plan = self.rows.plan(stage, tables, among, known)
        return plan, {*plan.gone, *plan.todo}

    def _rows(self, stage: RowStage) -> tuple[dict[str, pa.Table], Tables]:
        """The rows that are made, and those that stay; all that they were made with is gone when they are written."""
        plan, dropped = self._planned(stage)
        self.made.older[stage.name] = plan.older
        kept = self._kept(stage, dropped)
        self._hand_on_again(stage, kept.__getitem__)
        gathered = Gathered(stage, self.rows.hand_on, self.spool)
        failed = self.rows.make(stage, plan, kept, self._watched(stage, len(plan.todo), gathered.take))
        plan = plan._replace(prepared=None)
        self._release(stage)
        made = gathered.tables()
        self.made.notes += gathered.notes()
        self._account(stage, plan, dropped, failed)
        return made, kept

    def _account(self, stage: RowStage, plan: Plan, dropped: Collection[str], failed: Mapping[str, ModelError]) -> None:
        """Note what rows were made from, which failed, and which are no longer as they were."""
        made = plan.made_from
        self.fingerprints.add(made.filter(pc.invert(one_of(made["id"], failed))) if failed else made)
        self.failures.append(failure_rows([(stage.name, row, str(error)) for row, error in failed.items()]))
        self.made.attempts |= {(stage.name, row): error.attempts for row, error in failed.items()}
        if self.base:
            self.changes.remade |= dict.fromkeys(stage.writes, (stage.owner, dropped))

    def _known(self, stage: RowStage) -> dict[str, str]:
        """What the rows of the last version were made from."""
        mine = _of(stage, self.fingerprints_before)
        return dict(zip(mine["id"].to_pylist(), mine["fingerprint"].to_pylist(), strict=True))

    def _asked(self, stage: RowStage, tables: Tables) -> tuple[dict[str, str], set[str] | None]:
        """The rows to look at (None: all), and what those of them that were there before were made from.

        The fingerprints of all others are carried over.
        """
        mine = _of(stage, self.fingerprints_before)
        same_make = len(mine) and mine["fingerprint"][0].as_py().startswith(self.terms.prefix(stage))
        touched = stage.touched(tables, self.changes) if same_make else None
        among = None
        if touched is not None:
            among = {*touched, *_of(stage, self.failures_before)["id"].to_pylist()}
            asked = one_of(mine["id"], among)
            self.fingerprints.add(mine.filter(pc.invert(asked)))
            mine = mine.filter(asked)
        return dict(zip(mine["id"].to_pylist(), mine["fingerprint"].to_pylist(), strict=True)), among

    def _carry(self, stage: Stage) -> None:
        """Take the tables of the last version as they are."""
        for name in stage.writes:
            self.made.entries[name] = self.base_tables[name]
        self._hand_on_again(stage, self.table)
        if isinstance(stage, RowStage):
            self.fingerprints.add(_of(stage, self.fingerprints_before))

    def _failed_before(self, stage: Stage) -> list[str]:
        """What failed in the last version is tried again."""
        failed = _of(stage, self.failures_before).num_rows
        return [f"{failed} failed before"] if failed else []

    def _kept(self, stage: RowStage, dropped: Collection[str]) -> Tables:
        """The rows of the last version that were not made from *dropped*."""
        before = {name: self.before(name) for name in stage.writes}
        if not dropped:
            return before
        return {name: without(rows, stage.owner, dropped) for name, rows in before.items()}

    def _watched(self, stage: RowStage, total: int, take: local.OnDone) -> local.OnDone:
        """Takes rows; a hundred times a stage at most it tells of progress, and lets go of what lies in files."""
        step, done = max(1, total // 100), 0

        def on_done(row: str, result: Any) -> None:
            nonlocal done
            done += 1
            take(row, result)
            if done % step == 0 or done == total:
                self.spool.let_go()
                self._event(stage.name, done, total)

        return on_done

    def _event(self, stage: str, done: int, total: int) -> None:
        line = self.ledger.total()
        self.on_event(Event(stage=stage, done=done, total=total, usage=line.usage(), retries=line.retries))

    def _release(self, stage: Stage) -> None:
        """Forget tables and large columns that no later stage reads; after the last one all tables are kept."""
        self.coming = later = STAGES[STAGES.index(stage) + 1 :]
        needed = {name for each in later for name in each.reads} if later else self.tables.keys()
        for name in self.tables.keys() - needed:
            del self.tables[name]
        for name, table in self.tables.items():
            self.tables[name] = table.select(self._columns(name))
        self.spool.let_go()


def failure_rows(rows: Sequence[tuple[str, str, str]]) -> pa.Table:
    """Rows of the table `failures`: stage, id, error."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    return pa.table(columns, schema=TABLES["failures"].schema)


def _of(stage: Stage, rows: pa.Table) -> pa.Table:
    """The rows that one stage left in a table of the pipeline's own."""
    return rows.filter(pc.equal(rows["stage"], stage.name))
