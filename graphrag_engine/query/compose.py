"""From what was found to what is shown: sentences chosen, every item cited, nothing cited twice."""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

import numpy as np

from graphrag_engine.offline.evidence import DISPUTE
from graphrag_engine.offline.ties import LOOSE
from graphrag_engine.offline.wording import ENGLISH, Wording
from graphrag_engine.query.answer import Entity, Finding, Path, Report, Step
from graphrag_engine.query.citations import Citations
from graphrag_engine.query.found import Found, Hop
from graphrag_engine.query.names import Names, flat
from graphrag_engine.query.passages import TOUCHED, Passages
from graphrag_engine.query.statements import Statements
from graphrag_engine.stores.base import Store

_MARK = re.compile(r"\s?\[(\d{1,6})\]")
FORWARD, _BACKWARD, _EITHER = " \u2013{}\u2192 {}", " \u2190{}\u2013 {}", " \u2013{}\u2013 {}"
"""How a tie is drawn, behind the entity it is seen from."""


class Composer:
    """Puts one question's evidence together; keeps the numbers of what was cited."""

    def __init__(self, store: Store, found: Found) -> None:
        self.cited = Citations(store)
        self.names = Names(store)
        self.passages = Passages(store, found, self.cited, self.names)
        self.statements = Statements(store, found, self.cited, self.names)
        self._store = store
        self._found = found

    def entities(self) -> tuple[Entity, ...]:
        """Named entities first, then those with the most mass."""
        links = {link.entity: link for link in self._found.asked.links.found}
        rows = list(dict.fromkeys([*links, *self._found.entities.top(TOUCHED).rows.tolist()]))
        masses = self._found.entities.of(np.array(rows, np.int64)).tolist()
        return tuple(
            Entity(
                **self.names.entity(row),
                score=mass,
                said=links[row].said if row in links else None,
                how=links[row].how if row in links else None,
            )
            for row, mass in zip(rows, masses, strict=True)
        )

    def leading_reports(self, findings: int) -> tuple[Report, ...]:
        """Reports with their first *findings*; after disputes, where there are any, those that speak of one."""
        disputed = DISPUTE.asked.search(self._found.asked.question.text) and len(self._found.near.rows)
        return self._reports(lambda each: [one for one in each if not disputed or _tells(one)][:findings], whole=False)

    def reports(self) -> tuple[Report, ...]:
        """Reports with all findings, renumbered to the answer's citations."""
        return self._reports(list, whole=True)

    def _reports(self, kept: Callable[[list[Any]], list[Any]], *, whole: bool) -> tuple[Report, ...]:
        ranking = self._found.reports
        columns = ("id", "level", "title", "summary", "findings", "citations")
        found = self._store.rows("reports", ranking.rows, columns)
        made = [(said, kept(said["findings"]), score) for said, (_, score) in zip(found, ranking.pairs(), strict=True)]
        return tuple(
            self._report(said | {"findings": findings}, score, whole=whole)
            for said, findings, score in made
            if findings or not said["findings"] or whole
        )

    def paths(self) -> tuple[Path, ...]:
        """Chains of ties from named entities, each step cited."""
        return tuple(self._path(hops) for hops in self._found.paths)

    def _report(self, said: Mapping[str, Any], score: float, *, whole: bool) -> Report:
        places = {each["n"]: each for each in said["citations"] if each["text_unit"] >= 0}

        def numbers(of: Iterable[int]) -> tuple[int, ...]:
            return tuple(dict.fromkeys(self._quoted(places[n]) for n in of if n in places))

        made = [
            Finding(summary=unmarked(each["summary"], places), citations=numbers(each["citations"]))
            for each in said["findings"]
        ]
        once: dict[tuple[int, ...], Finding] = {}
        for each in made:
            once.setdefault(each.citations, each)
        findings = tuple(made if whole else once.values())
        return Report(
            **{name: said[name] for name in ("id", "level", "title")},
            summary=unmarked(said["summary"], places),
            score=score,
            findings=findings,
            citations=numbers(places) if whole or not said["findings"] else (),
        )

    def _quoted(self, place: Mapping[str, Any]) -> int:
        """The number of a slice that a report quotes; its words count as shown."""
        n = self.cited.cite(place["text_unit"], place["start"], place["end"])
        text = self.cited.unit(place["text_unit"]).text
        self.passages.shown.setdefault(flat(text[place["start"] : place["end"]]), n)
        return n

    def _path(self, hops: tuple[Hop, ...]) -> Path:
        steps = tuple(self._step(hop) for hop in hops)
        drawn = steps[0].source + "".join(map(arrow, steps))
        return Path(
            text=drawn, steps=steps, citations=tuple(dict.fromkeys(n for step in steps for n in step.citations))
        )

    def _step(self, hop: Hop) -> Step:
        said = self._store.rows("relationships", np.array([hop.relationship]), ("type", "source"))[0]
        place = self.statements.place(hop.relationship)
        return Step(
            source=self.names.entity(hop.near)["name"],
            type=said["type"],
            target=self.names.entity(hop.far)["name"],
            forward=said["source"] == hop.near,
            citations=(self.cited.cite(place[0], *place[1]),) if place else (),
        )


def arrow(step: Step, say: Wording = ENGLISH) -> str:
    """A step as it is drawn; standing together has no direction."""
    way = _EITHER if step.type == LOOSE else FORWARD if step.forward else _BACKWARD
    return way.format(say.known(step.type), step.target)


def _tells(finding: Mapping[str, Any]) -> bool:
    """Whether a finding plainly speaks of a dispute."""
    return DISPUTE.of(finding["summary"]) == 1.0


def unmarked(text: str, numbers: Container[int]) -> str:
    """A text of a report without the marks that refer to the report's own citations."""
    return _MARK.sub(lambda mark: "" if int(mark[1]) in numbers else mark[0], text)
