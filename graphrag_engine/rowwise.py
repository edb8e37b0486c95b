"""Rows of stages: which are to be made, and what models are asked for them, some before it is their stage's turn."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future
from itertools import chain, islice
from typing import Any, NamedTuple

import pyarrow as pa

from graphrag_engine.errors import ModelError
from graphrag_engine.executors import local
from graphrag_engine.llm.base import NOBODY, Models
from graphrag_engine.offline.ragged import one_of
from graphrag_engine.recipes import Terms
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.spool import Growing, Spool
from graphrag_engine.stages import STAGES
from graphrag_engine.stages.base import RowStage, Tables
from graphrag_engine.thrift import give_back

_MADE_FROM = TABLES["fingerprints"].schema
_BLOCK = 1 << 14
"""Rows of which it is looked at once what they are made from."""
_BIT = 512
"""Rows that a stage makes before they are gathered, and handed on to those who ask a model about them."""


class Plan(NamedTuple):
    """What is to be made of the rows of a stage."""

    prepared: Any
    made_from: pa.Table
    """Of each row that was looked at what it is made from, as rows of `fingerprints`."""
    todo: Sequence[str]
    """The rows that were made from something else before, or are new, in order."""
    gone: Set[str]
    """The rows of the last version that are no more."""
    older: int
    """Rows that stay although they were made from something else."""

    def wanted(self) -> dict[str, str]:
        """What the rows to do are made from; all of them may not fit."""
        some = self.made_from.filter(one_of(self.made_from["id"], self.todo))
        found = dict(zip(some["id"].to_pylist(), some["fingerprint"].to_pylist(), strict=True))
        return {row: found[row] for row in self.todo}


class _Begun(NamedTuple):
    """Rows that are being made while other stages run."""

    rows: Mapping[str, str]
    """By what they are made from, as a fingerprint."""
    made: dict[str, Any]
    """Those that came to their end."""
    running: Future[dict[str, ModelError]]


class Gathered:
    """The rows of a stage, moved into Arrow bit by bit as they are made: as objects they are ten times as large."""

    def __init__(self, stage: RowStage, hand_on: Callable[[Tables], object], spool: Spool) -> None:
        """*hand_on* is told each bit."""
        self._stage = stage
        self._hand_on = hand_on
        self._made: dict[str, Any] = {}
        self._rows = {name: Growing(spool, TABLES[name].schema) for name in stage.writes}
        self._counted = Counter[str]()
        self._many = False

    def take(self, row: str, result: Any) -> None:
        """One more row, or the next that failed, of which there is None; one that is made as it is read is read now."""
        if result is None:
            return
        self._made[row] = result
        if len(self._made) == _BIT or isinstance(result, Iterator):
            self._many = True
            self._move()

    def tables(self) -> dict[str, pa.Table]:
        """All rows, in the order in which they came."""
        if self._made:
            self._move()
        if self._many:
            give_back()
        return {name: rows.table() for name, rows in self._rows.items()}

    def notes(self) -> list[str]:
        """What a person should know of what was counted."""
        return [told.format(n=self._counted[what]) for what, told in self._stage.notes.items() if self._counted[what]]

    def _move(self) -> None:
        for result in self._made.values():
            if counted := self._stage.counts(result):
                self._counted.update(counted)
        bit = self._stage.gather(self._made)
        self._hand_on(bit)
        for name, rows in bit.items():
            self._rows[name].add(rows)
        self._made = {}


class Rows:
    """The rows of one run."""

    def __init__(
        self,
        terms: Terms,
        models: Mapping[str, Models],
        driver: local.Driver,
        spool: Spool,
        known: Callable[[RowStage], dict[str, str]],
    ) -> None:
        """*models* tells who answers each stage, *known* what the rows of the last version were made from."""
        self._terms = terms
        self._spool = spool
        self._models = models
        self._driver = driver
        self._known = known
        self._begun: dict[str, list[_Begun]] = {}
        self._seen: dict[str, set[str]] = {}
        self._ahead: Iterator[object] = iter(())

    def plan(self, stage: RowStage, tables: Tables, among: Set[str] | None, known: Mapping[str, str]) -> Plan:
        """What to make of the rows looked at."""
        prefix, given = self._terms.prefix(stage), self._terms.given(stage)
        prepared = stage.prepare(tables, among)
        rows, todo, gone, older = Growing(self._spool, _MADE_FROM), list[str](), {*known}, 0
        fingerprints = iter(stage.fingerprints(prepared, given))
        while some := {row: prefix + made_from for row, made_from in islice(fingerprints, _BLOCK)}:
            other = [row for row, made_from in some.items() if known.get(row) != made_from]
            stay = {row: known[row] for row in other if row in known and stage.stays(known[row], some[row])}
            some |= stay
            older += len(stay)
            todo += [row for row in other if row not in stay]
            gone.difference_update(some)
            columns = [list(some), [stage.name] * len(some), list(some.values())]
            rows.add(pa.table(columns, schema=_MADE_FROM))
        return Plan(prepared, rows.table(), sorted(todo), gone, older)

    def make(self, stage: RowStage, plan: Plan, kept: Tables, taken: local.OnDone) -> dict[str, ModelError]:
        """Make the rows of a plan, each of which is *taken*; those that failed."""
        begun = self._begun.pop(stage.name, [])
        early = {made_from: list[str]() for each in begun for made_from in each.rows}
        wanted, rest = plan.wanted() if begun else {}, list[str]()
        for row in plan.todo:
            early.get(wanted.get(row, ""), rest).append(row)
        running = self._begin(stage, plan, rest, kept, taken)
        self._work_ahead(stage, running)
        failed = running.result()
        for each in begun:
            lost = each.running.result()
            for made_from, first in each.rows.items():
                result = each.made.pop(first)
                for row in early[made_from]:
                    if first in lost:
                        failed[row] = lost[first]
                    taken(row, result)
        return failed

    def _work_ahead(self, stage: RowStage, running: Future[Any]) -> None:
        """What can be worked out while models are waited for; nothing more once it is the turn of who needs it."""
        if stage.ahead:
            self._ahead = iter(())
        for _ in self._ahead:
            if running.done():
                break

    def _begin(
        self, stage: RowStage, plan: Plan, rows: Sequence[str], kept: Tables, taken: local.OnDone
    ) -> Future[dict[str, ModelError]]:
        tasks = stage.tasks(plan.prepared, self._terms.given(stage), rows, kept)
        return self._driver.begin(tasks, self._models.get(stage.name, NOBODY), taken)

    def hand_on(self, made: Tables) -> None:
        """Rows that were just made: what models can be asked of them begins, what rules can work out will be."""
        for stage in self.early:
            self.begin_early(stage, made)
        for each in STAGES if self._models else ():
            if isinstance(each, RowStage) and each.name not in self._models:
                for name in made.keys() & each.ahead.keys():
                    self._ahead = chain(self._ahead, each.ahead[name](made[name]))

    @property
    def early(self) -> list[RowStage]:
        """The stages that ask models for rows while other stages run."""
        return [stage for stage in STAGES if isinstance(stage, RowStage) and stage.early and stage.name in self._models]

    def begin_early(self, stage: RowStage, made: Tables) -> None:
        """Begin what a stage makes of rows of other stages, but for what was made from the same, begun or known."""
        for name in made.keys() & stage.early.keys():
            if made[name].num_rows:
                tables = {**{each: empty(each) for each in stage.reads}, **stage.early[name](made[name])}
                self._begin_new(stage, self.plan(stage, tables, None, {}))

    def _begin_new(self, stage: RowStage, plan: Plan) -> None:
        if stage.name not in self._seen:
            self._seen[stage.name] = set(self._known(stage).values())
        seen, kept = self._seen[stage.name], {each: empty(each) for each in stage.writes}
        rows = {made_from: row for row, made_from in plan.wanted().items() if made_from not in seen}
        seen.update(rows)
        made = dict[str, Any]()
        running = self._begin(stage, plan, list(rows.values()), kept, made.__setitem__)
        self._begun.setdefault(stage.name, []).append(_Begun(rows, made, running))
