"""Rows of stages: which are to be made, and what models are asked for them, some before it is their stage's turn."""

from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import Future
from typing import Any, NamedTuple

import pyarrow as pa

from graphrag_engine.executors import local
from graphrag_engine.llm.base import NOBODY, Models
from graphrag_engine.recipes import Terms
from graphrag_engine.schema import empty
from graphrag_engine.stages import STAGES
from graphrag_engine.stages.base import RowStage, Tables

_HANDED_ON = 512
"""Rows that a stage makes before those that ask a model about them are told."""


class Plan(NamedTuple):
    """What is to be made of the rows of a stage."""

    prepared: Any
    wanted: Mapping[str, str]
    """What each row that was looked at is made from, as a fingerprint."""
    todo: Sequence[str]
    """The rows that were made from something else before, or are new."""
    older: int
    """Rows that stay although they were made from something else."""


class _Begun(NamedTuple):
    """Rows that are being made while other stages run."""

    made_from: Mapping[str, str]
    """Their fingerprints, by row."""
    running: Future[local.Results]


class Rows:
    """The rows of one run."""

    def __init__(
        self,
        terms: Terms,
        models: Mapping[str, Models],
        driver: local.Driver,
        known: Callable[[RowStage], dict[str, str]],
    ) -> None:
        """*models* tells who answers each stage, *known* what the rows of the last version were made from."""
        self._terms = terms
        self._models = models
        self._driver = driver
        self._known = known
        self._begun: dict[str, list[_Begun]] = {}

    def plan(self, stage: RowStage, tables: Tables, among: Set[str] | None, known: Mapping[str, str]) -> Plan:
        """What to make of the rows looked at."""
        prefix, given = self._terms.prefix(stage), self._terms.given(stage)
        prepared = stage.prepare(tables, among)
        wanted = {row: prefix + made_from for row, made_from in stage.fingerprints(prepared, given).items()}
        todo = sorted(row for row, made_from in wanted.items() if known.get(row) != made_from)
        older = [row for row in todo if row in known and stage.stays(known[row], wanted[row])]
        wanted |= {row: known[row] for row in older}
        return Plan(prepared, wanted, [row for row in todo if wanted[row] != known.get(row)], len(older))

    def begin(
        self, stage: RowStage, plan: Plan, rows: Sequence[str], kept: Tables, on_done: local.OnDone
    ) -> Future[local.Results]:
        """Make some rows of a plan."""
        tasks = stage.tasks(plan.prepared, self._terms.given(stage), rows, kept)
        return self._driver.begin(tasks, self._models.get(stage.name, NOBODY), on_done)

    def results(self, stage: RowStage, plan: Plan, kept: Tables, watch: Callable[[int], local.OnDone]) -> local.Results:
        """Those of the rows that were begun early, and of the rest; who *watches* these is told how many they are."""
        begun = self._begun.pop(stage.name, [])
        early = {
            row for each in begun for row, made_from in each.made_from.items() if plan.wanted.get(row) == made_from
        }
        rest = [row for row in plan.todo if row not in early]
        running = self.begin(stage, plan, rest, kept, watch(len(rest)))
        results = [each.result() for each in (*(one.running for one in begun), running)]
        return local.Results(
            {row: made for each in results for row, made in each.done.items()},
            {row: error for each in results for row, error in each.failed.items()},
        )

    def early(self, name: str) -> list[RowStage]:
        """The stages that ask models for rows of a table as soon as they are there."""
        rowwise = (stage for stage in STAGES if isinstance(stage, RowStage))
        return [stage for stage in rowwise if name in stage.early and stage.name in self._models]

    def begin_early(self, stage: RowStage, name: str, rows: pa.Table, among: Set[str] | None = None) -> None:
        """Begin what a stage makes of some rows of a table while others run, but for what was begun before."""
        begun, known = self._begun.setdefault(stage.name, []), self._known(stage)
        for each in begun:
            known.update(each.made_from)
        tables = {each: rows if each == name else empty(each) for each in stage.reads}
        plan = self.plan(stage, tables, among, known)
        kept = {each: empty(each) for each in stage.writes}
        made_from = {row: plan.wanted[row] for row in plan.todo}
        begun.append(_Begun(made_from, self.begin(stage, plan, plan.todo, kept, unseen)))

    def handing_on(self, stage: RowStage, total: int) -> local.OnDone:
        """Lets later stages ask models for the rows of one that asks nobody while it still makes others."""
        early = [(name, later) for name in stage.writes for later in self.early(name)]
        if not early or stage.name in self._models:
            return unseen
        made, done = dict[str, Any](), 0

        def hand_on(row: str, result: Any) -> None:
            nonlocal done
            done += 1
            if result is not None:
                made[row] = result
            if made and (len(made) == _HANDED_ON or done == total):
                rows = stage.gather(made)
                for name, later in early:
                    self.begin_early(later, name, rows[name])
                made.clear()

        return hand_on


def unseen(_row: str, _result: Any) -> None:
    """What runs beside a stage shows no progress of its own."""
