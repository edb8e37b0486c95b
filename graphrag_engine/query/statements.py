"""Facts and claims as shown: each with the sentence that states it, and none without one."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import fsum
from typing import Any

import numpy as np

from graphrag_engine.offline.evidence import DISPUTE, Span, supporting
from graphrag_engine.offline.words import terms
from graphrag_engine.query.answer import Claim, Relationship
from graphrag_engine.query.citations import Citations
from graphrag_engine.query.found import Found
from graphrag_engine.query.names import Names
from graphrag_engine.query.question import content
from graphrag_engine.query.ranking import Ranking, ranked
from graphrag_engine.query.stated import End, end, states, stating
from graphrag_engine.stores.base import Rows, Store

_APT = 4.0
"""How much better a claim or tie is that holds all words of the question than one that holds none."""
_LOOKED_AT = 8
"""Text units in which the statement of one tie is looked for."""
_MENTIONS = 1000
"""Text units that mention the rarer of two names: the other is looked for in these."""

Tie = tuple[int, str, int]
"""Row of an entity, predicate, row of the other; -1 where there is no other."""
Place = tuple[int, Span]
"""A sentence: the row of its text unit, its offsets there."""


class Statements:
    """Finds and cites what states the ties and claims of one question's evidence."""

    def __init__(self, store: Store, found: Found, cited: Citations, names: Names) -> None:
        self._store = store
        self._found = found
        self._cited = cited
        self._names = names
        self._places: dict[int, Place | None] = {}
        self._disputed = bool(DISPUTE.asked.search(found.asked.question.text))

    def chain(self) -> dict[int, Place]:
        """The ties that lead to what is asked for and where each is stated; what nothing states is left out."""
        return {row: place for row in self._found.chain if (place := self.place(row))}

    def relationships(self, ranking: Ranking) -> tuple[Relationship, ...]:
        """Ties between touched entities, as far as a sentence states them."""
        kept = [(row, score, place) for row, score in ranking.pairs() if (place := self.place(row))]
        columns = ("id", "type", "description", "weight", "source", "target")
        found = self._store.rows("relationships", np.array([row for row, _, _ in kept], np.int64), columns)
        return tuple(
            Relationship(
                **{name: said[name] for name in ("id", "type", "description", "weight")},
                source=self._names.entity(said["source"])["name"],
                target=self._names.entity(said["target"])["name"],
                score=score,
                citations=(self._cited.cite(unit, *span),),
            )
            for said, (_, score, (unit, span)) in zip(found, kept, strict=True)
        )

    def claims(self, ranking: Ranking) -> tuple[Claim, ...]:
        """Assertions about touched entities, as far as their own sentence names what they are about."""
        kept = ("id", "type", "status", "start_date", "end_date", "description")
        columns = (*kept, "subject", "object", "subject_row", "object_row", "text_unit", "start", "end", "quote")
        found = self._store.rows("claims", ranking.rows, columns)
        placed = [(said, score, self._quoted(said)) for said, score in zip(found, ranking.scores.tolist(), strict=True)]
        return tuple(
            Claim(
                **{name: said[name] for name in kept},
                subject=self._names.name(said["subject_row"]) or said["subject"],
                object=self._names.name(said["object_row"]) or said["object"],
                score=score,
                citations=(self._cited.cite(said["text_unit"], *span),),
            )
            for said, score, span in placed
            if span
        )

    def apt_claims(self, most: int) -> tuple[Claim, ...]:
        """The claims that fit the question best; those in doubt first, where it asks for what is in dispute."""
        ranking = self._found.claims
        columns = (
            "subject_row",
            "type",
            "object_row",
            "status",
            "subject",
            "object",
            "text_unit",
            "start",
            "end",
            "quote",
        )
        found = self._store.rows("claims", ranking.rows, columns)
        known = dict(zip(ranking.rows.tolist(), found, strict=True))
        doubts = np.array([self._disputed and said["status"] != "TRUE" for said in found], np.bool_)
        ties = [(said["subject_row"], said["type"], said["object_row"]) for said in found]
        kept = sorted({*self._telling(ties, range(len(ties))), *np.flatnonzero(doubts).tolist()})
        doubtful = set(ranking.rows[doubts].tolist())
        order = self._apt(Ranking(ranking.rows[kept], ranking.scores[kept]), [ties[place] for place in kept], doubtful)
        first = np.argsort([row not in doubtful for row in order.rows.tolist()], kind="stable").astype(np.int64)
        order = Ranking(order.rows[first], order.scores[first])
        return self.claims(order.first(most, lambda row: bool(self._quoted(known[row]))))

    def apt_relationships(self, most: int, claims: Iterable[Claim]) -> tuple[Relationship, ...]:
        """Those that lead to what is asked for, then those that fit best; none of a claim or a path shown."""
        told = {(each.subject, each.type, each.object) for each in claims}
        ranking, leading = self._found.relationships, list(self.chain())
        ties = self._ties(ranking.rows)
        new = [place for place, tie in enumerate(ties) if self._told(tie) not in told]
        new = [place for place in new if ranking.rows[place] not in leading and _says_something(ties[place][1])]
        new = self._telling(ties, new)
        order = self._apt(Ranking(ranking.rows[new], ranking.scores[new]), [ties[place] for place in new])
        rest = order.first(max(most - len(leading), 0), lambda row: bool(self.place(row)))
        first: Rows = np.array([] if self._found.paths else leading, np.int64)
        return self.relationships(
            Ranking(np.concatenate([first, rest.rows]), np.concatenate([ranking.of(first), rest.scores]))
        )

    def place(self, row: int) -> Place | None:
        """The sentence that states a relationship: its description, else one that names both ends and the predicate."""
        if row not in self._places:
            columns = ("source", "target", "type", "description", "text_units", "loose")
            said = self._store.rows("relationships", np.array([row]), columns)[0]
            self._places[row] = self._stated(said)
        return self._places[row]

    def _stated(self, said: Mapping[str, Any]) -> Place | None:
        ends = [self._names.end(said["source"]), self._names.end(said["target"])]
        rows = []
        for row in self._units(said):
            rows.append(row)
            unit = self._cited.unit(row)
            start = unit.text.find(said["description"]) if said["description"] else -1
            span = (start, start + len(said["description"]))
            if start >= 0 and states(unit.text, span, unit.heading, ends, own=True):
                return row, span
        for row in rows:
            unit = self._cited.unit(row)
            if found := stating(unit.text, unit.heading, ends, "" if said["loose"] else said["type"]):
                return row, found
        if said["loose"] and rows:
            words = " ".join(str(self._names.name(said[side])) for side in ("source", "target"))
            return rows[0], supporting(self._cited.unit(rows[0]).text, words)
        return None

    def _units(self, said: Mapping[str, Any]) -> Iterator[int]:
        """Text units that may state a tie: its own first, then others with both ends; those found before the rest."""
        own = self._leading(said["text_units"])
        yield from own
        yield from (row for row in self._leading(self._naming(said["source"], said["target"])) if row not in own)

    def _leading(self, units: Iterable[int]) -> list[int]:
        """The few of these text units to look at, those found before the rest; without those that may not be seen."""
        order = sorted(units, key=lambda row: (self._found_at.get(row, len(self._found_at)), row))
        return [row for row in order[:_LOOKED_AT] if self._found.asked.scope.allows([row])]

    @cached_property
    def _found_at(self) -> Mapping[int, int]:
        """Text units that were found, and their rank."""
        return {row: rank for rank, row in enumerate(self._found.near.rows.tolist())}

    def _naming(self, *ends: int) -> list[int]:
        """Text units that mention both ends, of those that mention the rarer one most often."""
        often = self._store.degrees("mentions", np.array(ends))
        rare, other = (ends[at] for at in np.argsort(often, kind="stable"))
        units = self._store.neighbours("mentions", np.array([rare]), _MENTIONS).far
        edges = self._store.neighbours("mentioned", units)
        found: list[int] = edges.near[edges.far == other].tolist()
        return found

    def _quoted(self, claim: Mapping[str, Any]) -> Span | None:
        """Where a claim's quote stands in its text unit; None where the quote names not all that it is about."""
        unit = self._cited.unit(claim["text_unit"])
        start, stop = claim["start"], claim["end"]
        if start is None or stop is None or not 0 <= start < stop <= len(unit.text):
            start = unit.text.find(claim["quote"]) if claim["quote"] else -1
            stop = start + len(claim["quote"])
        about = [self._end(claim["subject"], claim["subject_row"])]
        if claim["object"]:
            about.append(self._end(claim["object"], claim["object_row"]))
        return (start, stop) if start >= 0 and states(unit.text, (start, stop), unit.heading, about, own=True) else None

    def _end(self, said: str, row: int) -> End:
        """One side of a claim: the words it was read with, and the names of what they stand for."""
        known = self._names.end(row) if row >= 0 else End((), is_person=False)
        return End((*end([said], "").names, *known.names), known.is_person, known.last)

    def _ties(self, rows: Rows) -> list[Tie]:
        found = self._store.rows("relationships", rows, ("source", "type", "target"))
        return [(said["source"], said["type"], said["target"]) for said in found]

    def _apt(self, ranking: Ranking, ties: Sequence[Tie], always: Container[int] = ()) -> Ranking:
        """Those first that hold words of the question; of the rest only those with a name of it and rows *always*."""
        weights = self._found.asked.hits.weights
        whole = sum(weights.values()) or 1.0
        named = {link.entity for link in self._found.asked.links.found}
        held = np.array([fsum(weights.get(term, 0.0) for term in self._terms(tie)) / whole for tie in ties])
        known = zip(ranking.rows.tolist(), ties, strict=True)
        apt = np.array([row in always or bool(named & {tie[0], tie[2]}) for row, tie in known], np.bool_) | (held > 0)
        return ranked(ranking.rows[apt], (ranking.scores * (1 + _APT * held))[apt])

    def _telling(self, ties: Sequence[Tie], places: Iterable[int]) -> list[int]:
        """Those of *places* whose tie holds a content word of the question; all, if none does and no chain leads."""
        asked, every = set(self._found.asked.content), list(places)
        telling = [place for place in every if asked & self._terms(ties[place])]
        return telling if telling or self._found.led else every

    def _told(self, tie: Tie) -> tuple[str | None, str, str | None]:
        return self._names.name(tie[0]), tie[1], self._names.name(tie[2])

    def _terms(self, tie: Tie) -> set[str]:
        return set(terms(" ".join(filter(None, self._told(tie)))))


def _says_something(predicate: str) -> bool:
    """Whether a predicate tells how its ends are tied: `sank off` or plain `was`, not `was when`."""
    return " " not in predicate or bool(content(terms(predicate)))
