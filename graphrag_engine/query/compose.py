"""From what was found to what is shown: sentences chosen, every item cited, nothing cited twice."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphrag_engine.offline.evidence import Span, asked_for, best_sentences, supporting
from graphrag_engine.offline.words import normalise, terms
from graphrag_engine.query.answer import Claim, Entity, Finding, Path, Relationship, Report, Step
from graphrag_engine.query.citations import Citations
from graphrag_engine.query.found import Found, Hop
from graphrag_engine.query.ranking import NOTHING, Ranking, ranked
from graphrag_engine.stores.base import Store

_MARK = re.compile(r"\s?\[(\d{1,6})\]")
FORWARD, BACKWARD = " \u2013{}\u2192 {}", " \u2190{}\u2013 {}"
"""How a tie is drawn, behind the entity it is seen from."""
_SENTENCES = 2
"""Sentences shown of a passage."""
_ENTITIES = 12
_VIA = 3
"""Entities named as the reason for a passage."""
_APT = 4.0
"""How much better a claim or tie is that holds all words of the question than one that holds none."""
_MEASURES = ("date", "money", "quantity")
"""Types that tell nobody why a passage is here."""
_CANDIDATES = 5
_BRIDGE = 0.5
"""Weight of the name of a touched entity in choosing sentences, as a share of the question's own words."""

Tie = tuple[int, str, int]
"""Row of an entity, predicate, row of the other; -1 where there is no other."""


@dataclass(frozen=True)
class Passage:
    """A text unit as shown: its best sentences, each with its number, and the entities that led to it."""

    title: str
    source: str
    sentences: tuple[tuple[str, int], ...]
    via: tuple[str, ...]


@dataclass(frozen=True)
class Possible:
    """Something of the type that was asked for, and where it stands. No answer: a candidate."""

    name: str
    n: int


class Composer:
    """Puts one question's evidence together; keeps the numbers of what was cited."""

    def __init__(self, store: Store, found: Found) -> None:
        self.cited = Citations(store)
        self._store = store
        self._found = found
        self._entities: dict[int, dict[str, Any]] = {}
        self._shown: dict[str, int] = {}

    def passages(self) -> tuple[Passage, ...]:
        """The text units with their best sentences; one that brings no new sentence is left out."""
        weights = self._weights()
        made = (self._passage(row, weights) for row in self._found.units.rows.tolist())
        return tuple(passage for passage in made if passage.sentences)

    def entities(self) -> tuple[Entity, ...]:
        """Named entities first, then those with the most mass."""
        links = {link.entity: link for link in self._found.asked.links.found}
        rows = list(dict.fromkeys([*links, *self._found.entities.top(_ENTITIES).rows.tolist()]))
        masses = self._found.entities.of(np.array(rows, np.int64)).tolist()
        return tuple(
            Entity(
                **self._entity(row),
                score=mass,
                said=links[row].said if row in links else None,
                how=links[row].how if row in links else None,
            )
            for row, mass in zip(rows, masses, strict=True)
        )

    def relationships(self, ranking: Ranking) -> tuple[Relationship, ...]:
        """Ties between touched entities."""
        columns = ("id", "type", "description", "weight", "source", "target", "text_units")
        found = self._store.rows("relationships", ranking.rows, columns)
        return tuple(
            Relationship(
                id=said["id"],
                source=self._entity(said["source"])["name"],
                target=self._entity(said["target"])["name"],
                type=said["type"],
                description=said["description"],
                weight=said["weight"],
                score=score,
                citations=self._tie_cited(said),
            )
            for said, score in zip(found, ranking.scores.tolist(), strict=True)
        )

    def claims(self, ranking: Ranking) -> tuple[Claim, ...]:
        """Assertions about touched entities."""
        kept = ("id", "type", "status", "start_date", "end_date", "description")
        columns = (*kept, "subject", "object", "subject_row", "object_row", "text_unit", "start", "end", "quote")
        found = self._store.rows("claims", ranking.rows, columns)
        return tuple(
            Claim(
                **{name: said[name] for name in kept},
                subject=self._name(said["subject_row"]) or said["subject"],
                object=self._name(said["object_row"]) or said["object"],
                score=score,
                citations=(self.cited.cite(said["text_unit"], *self._place(said)),),
            )
            for said, score in zip(found, ranking.scores.tolist(), strict=True)
        )

    def apt_claims(self, most: int) -> tuple[Claim, ...]:
        """The claims that fit the question best."""
        ranking = self._found.claims
        found = self._store.rows("claims", ranking.rows, ("subject_row", "type", "object_row"))
        ties = [(said["subject_row"], said["type"], said["object_row"]) for said in found]
        return self.claims(self._apt(ranking, ties).top(most))

    def apt_relationships(self, most: int, claims: Iterable[Claim]) -> tuple[Relationship, ...]:
        """The relationships that fit the question best and that none of these claims states already."""
        known = {(each.subject, each.type, each.object) for each in claims}
        ranking = self._found.relationships
        found = self._store.rows("relationships", ranking.rows, ("source", "type", "target"))
        ties = [(said["source"], said["type"], said["target"]) for said in found]
        new = [place for place, tie in enumerate(ties) if self._told(tie) not in known]
        order = self._apt(Ranking(ranking.rows[new], ranking.scores[new]), [ties[place] for place in new])
        return self.relationships(order.top(most))

    def _apt(self, ranking: Ranking, ties: Sequence[Tie]) -> Ranking:
        """Those first that hold words of the question; those without such words only where a name of it is an end."""
        weights = self._found.asked.hits.weights
        whole = sum(weights.values()) or 1.0
        named = {link.entity for link in self._found.asked.links.found}
        held = np.array([sum(weights.get(term, 0.0) for term in self._terms(tie)) / whole for tie in ties])
        apt = np.array([bool(named & {tie[0], tie[2]}) for tie in ties], np.bool_) | (held > 0)
        return ranked(ranking.rows[apt], (ranking.scores * (1 + _APT * held))[apt])

    def _told(self, tie: Tie) -> tuple[str | None, str, str | None]:
        return self._name(tie[0]), tie[1], self._name(tie[2])

    def _terms(self, tie: Tie) -> set[str]:
        return set(terms(" ".join(filter(None, self._told(tie)))))

    def reports(self, findings: int | None = None) -> tuple[Report, ...]:
        """Reports with their first *findings*, renumbered to the answer's citations."""
        ranking = self._found.reports
        columns = ("id", "level", "title", "summary", "findings", "citations")
        found = self._store.rows("reports", ranking.rows, columns)
        return tuple(
            self._report(said | {"findings": said["findings"][:findings]}, score, whole=findings is None)
            for said, score in zip(found, ranking.scores.tolist(), strict=True)
        )

    def paths(self) -> tuple[Path, ...]:
        """Chains between named entities, drawn and cited."""
        return tuple(self._path(hops) for hops in self._found.paths)

    def candidates(self) -> tuple[Possible, ...]:
        """Entities of the type asked for, in the sentences shown first; none that the question names."""
        named = [self._entity(row)["name"] for row, _ in self._fitting().pairs()]
        placed = [Possible(name, self._number_of(name)) for name in named]
        return tuple([each for each in placed if each.n][:_CANDIDATES])

    def _fitting(self) -> Ranking:
        """Entities of the type asked for in the text units found, by mass; none that the question names."""
        kinds = asked_for(self._found.asked.question.text)
        if not kinds or not len(self._found.entities.rows):
            return NOTHING
        here = self._store.neighbours("mentioned", np.sort(self._found.units.rows)).far
        rows = np.setdiff1d(here, self._found.asked.links.entities)
        rows = rows[[self._entity(row)["type"] in kinds for row in rows.tolist()]]
        found = ranked(rows, self._found.entities.of(rows))
        return found.top(int((found.scores > 0).sum()))

    def _weights(self) -> dict[str, float]:
        """What each term is worth in a sentence: words of the question, then names touched or of the type asked for."""
        asked = self._found.asked
        weights = dict(asked.hits.weights)
        ground = _BRIDGE * sum(weights.values()) / max(len(weights), 1)
        touched = self._found.entities.top(_ENTITIES)
        shares = {row: mass / touched.scores[0] for row, mass in touched.pairs()}
        shares.update(dict.fromkeys(self._fitting().rows.tolist(), 1.0))
        for row, share in shares.items():
            for term in terms(self._entity(row)["name"]):
                weights[term] = max(weights.get(term, 0.0), ground * share)
        return weights

    def _passage(self, row: int, weights: Mapping[str, float]) -> Passage:
        unit = self.cited.unit(row)
        chosen: list[tuple[str, int]] = []
        asked, headed = self._found.asked.hits.weights, set(terms(unit.heading))
        telling = {term: worth for term, worth in weights.items() if term in asked or term not in headed}
        for start, end in best_sentences(unit.text, telling, _SENTENCES):
            said = _flat(unit.text[start:end])
            if said not in self._shown:
                self._shown[said] = self.cited.cite(row, start, end)
                chosen.append((said, self._shown[said]))
        return Passage(unit.title, unit.source, tuple(chosen), self._via(row))

    def _via(self, row: int) -> tuple[str, ...]:
        """The touched entities that a text unit mentions, strongest first."""
        here = set(self._store.neighbours("mentioned", np.array([row])).far.tolist())
        linked = [link.entity for link in self._found.asked.links.found]
        touched = dict.fromkeys([*linked, *self._found.entities.top(_ENTITIES).rows.tolist()])
        said = [self._entity(entity) for entity in touched if entity in here]
        title = self.cited.unit(row).title
        return tuple([each["name"] for each in said if each["type"] not in _MEASURES and each["name"] != title][:_VIA])

    def _entity(self, row: int) -> dict[str, Any]:
        if row not in self._entities:
            said = self._store.rows("entities", np.array([row]), ("id", "name", "type", "description"))[0]
            self._entities[row] = said | {"name": _flat(said["name"])}
        return self._entities[row]

    def _name(self, row: int) -> str | None:
        return str(self._entity(row)["name"]) if row >= 0 else None

    def _number_of(self, name: str) -> int:
        """The number of the first sentence shown that holds a name; 0 where none does."""
        wanted = normalise(name)
        return next((n for said, n in self._shown.items() if wanted in normalise(said)), 0)

    def _tie_cited(self, said: Mapping[str, Any]) -> tuple[int, ...]:
        """The best sentence for a relationship, in a text unit that was found where possible."""
        allowed = [row for row in said["text_units"] if self._found.asked.scope.allows([row])]
        if not allowed:
            return ()
        found = self._found.units.rows.tolist()
        row = min(allowed, key=lambda row: (found.index(row) if row in found else len(found), row))
        words = " ".join(filter(None, self._told((said["source"], said["type"], said["target"]))))
        return (self.cited.cite(row, *supporting(self.cited.unit(row).text, words)),)

    def _place(self, claim: Mapping[str, Any]) -> Span:
        """Where a claim's quote stands in its text unit."""
        text = self.cited.unit(claim["text_unit"]).text
        start, end = claim["start"], claim["end"]
        if start is None or end is None or not 0 <= start < end <= len(text):
            start = text.find(claim["quote"]) if claim["quote"] else -1
            end = start + len(claim["quote"])
        return (start, end) if start >= 0 else supporting(text, claim["description"] or claim["quote"])

    def _report(self, said: Mapping[str, Any], score: float, *, whole: bool) -> Report:
        places = {each["n"]: each for each in said["citations"] if each["text_unit"] >= 0}

        def numbers(of: Iterable[int]) -> tuple[int, ...]:
            return tuple(dict.fromkeys(self._quoted(places[n]) for n in of if n in places))

        findings = tuple(
            Finding(summary=_unmarked(each["summary"], places), citations=numbers(each["citations"]))
            for each in said["findings"]
        )
        return Report(
            **{name: said[name] for name in ("id", "level", "title")},
            summary=_unmarked(said["summary"], places),
            score=score,
            findings=findings,
            citations=numbers(places) if whole or not findings else (),
        )

    def _quoted(self, place: Mapping[str, Any]) -> int:
        """The number of a slice that a report quotes; its words count as shown."""
        n = self.cited.cite(place["text_unit"], place["start"], place["end"])
        text = self.cited.unit(place["text_unit"]).text
        self._shown.setdefault(_flat(text[place["start"] : place["end"]]), n)
        return n

    def _path(self, hops: tuple[Hop, ...]) -> Path:
        steps = tuple(self._step(hop) for hop in hops)
        drawn = steps[0].source + "".join(
            FORWARD.format(step.type, step.target) if step.forward else BACKWARD.format(step.type, step.target)
            for step in steps
        )
        return Path(
            text=drawn, steps=steps, citations=tuple(dict.fromkeys(n for step in steps for n in step.citations))
        )

    def _step(self, hop: Hop) -> Step:
        row = np.array([hop.relationship])
        said = self._store.rows("relationships", row, ("type", "source", "target", "text_units"))[0]
        return Step(
            source=self._entity(hop.near)["name"],
            type=said["type"],
            target=self._entity(hop.far)["name"],
            forward=said["source"] == hop.near,
            citations=self._tie_cited(said),
        )


def _unmarked(text: str, numbers: Container[int]) -> str:
    """A text of a report without the marks that refer to the report's own citations."""
    return _MARK.sub(lambda mark: "" if int(mark[1]) in numbers else mark[0], text)


def _flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
