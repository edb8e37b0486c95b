"""The tables that reports are made from, as things that know each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log2
from typing import Any, NamedTuple

import pyarrow as pa

from graphrag_engine.hashing import digest
from graphrag_engine.offline.passages import LITERAL, Passage
from graphrag_engine.offline.ties import LOOSE

_LITERAL, _CONCEPT = 0.2, 0.4
"""What a value, and what a concept, weighs beside a named thing."""


class Entity(NamedTuple):
    """A thing as reports see it."""

    type: str
    names: tuple[str, ...]
    """Its name, then its aliases."""
    weight: float
    """How much there is to say of it, from its mentions alone."""
    frequency: int
    units: list[str]


class Tie(NamedTuple):
    """A relationship as reports see it."""

    id: str
    source: str
    target: str
    type: str
    strength: float
    """Of its own mentions; 0 where they only stand together."""
    weight: float
    """How much it says: by its strength and the weights of both ends."""
    units: list[str]
    description: str
    claims: "Sequence[Claim]"


class Claim(NamedTuple):
    """What a report needs of a claim."""

    unit: str
    start: int | None
    end: int
    status: str
    date: str | None


class Community(NamedTuple):
    """A community; members and ties by their ids."""

    level: int
    members: list[str]
    ties: list[str]
    children: list[str]


@dataclass(frozen=True)
class Corpus:
    """Everything that reports are made from, by id."""

    entities: Mapping[str, Entity]
    ties: Mapping[str, Tie]
    communities: Mapping[str, Community]
    texts: Mapping[str, str]
    """The text of each text unit."""
    document: Mapping[str, str]
    """Its document."""
    titles: Mapping[str, str]
    """The title of each document."""
    order: Mapping[str, int]
    """Its place among all, by the source of the document, then by position."""
    _passages: dict[str, Passage] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table]) -> "Corpus":
        """Reads communities, entities, relationships, claims, descriptions, text_units and documents."""
        entities = _entities(tables["entities"])
        communities, ties = _communities(tables["communities"]), _ties(tables, entities)
        return cls(entities, ties, communities, *_units(tables["documents"], tables["text_units"]))

    @cached_property
    def there(self) -> Mapping[str, list[str]]:
        """The entities that each text unit mentions."""
        found: dict[str, list[str]] = {}
        for entity, each in self.entities.items():
            for unit in each.units:
                found.setdefault(unit, []).append(entity)
        return found

    def passage(self, unit: str) -> Passage:
        """The sentences of a text unit, and whom they name."""
        if unit not in self._passages:
            names = {entity: self.entities[entity].names for entity in self.there.get(unit, ())}
            self._passages[unit] = Passage.of(self.texts[unit], names)
        return self._passages[unit]

    def title(self, unit: str) -> str:
        """The title of a text unit's document."""
        return self.titles[self.document[unit]]

    def topic(self, unit: str) -> str | None:
        """The entity that the document's title names, if this text unit mentions it."""
        title = self.title(unit)
        return next((each for each in self.there.get(unit, ()) if title in self.entities[each].names), None)

    def fingerprints(self) -> Mapping[str, str]:
        """For each community a hash of all that its report is made from, children first; no offsets, no positions."""
        shown = {
            unit: digest(unit, self.title(unit), [self.entities[each][:2] for each in entities])
            for unit, entities in self.there.items()
        }
        found: dict[str, str] = {}
        for name, each in sorted(self.communities.items(), key=lambda item: -item[1].level):
            units = {unit for member in each.members for unit in self.entities[member].units}
            below = {tie for child in each.children for tie in self.communities[child].ties}
            found[name] = digest(
                [found[child] for child in each.children],
                [] if each.children else [self._member(member) for member in each.members],
                [self._tie(self.ties[tie]) for tie in each.ties if tie not in below],
                [shown[unit] for unit in sorted(units, key=self.order.__getitem__)],
            )
        return found

    def _member(self, name: str) -> tuple[object, ...]:
        """What a report takes from an entity."""
        entity = self.entities[name]
        return name, entity.type, entity.names, entity.frequency, entity.units

    def _tie(self, tie: Tie) -> tuple[object, ...]:
        """What a report takes from a relationship."""
        said = [(claim.unit, claim.status, claim.date) for claim in tie.claims]
        return tie.id, tie.strength, tie.units, tie.description, said


def _columns(table: pa.Table, *names: str) -> Iterable[tuple[Any, ...]]:
    """The rows of some columns."""
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def _entities(table: pa.Table) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    rows = _columns(table, "id", "name", "type", "aliases", "frequency", "text_unit_ids")
    for entity, name, kind, aliases, frequency, units in rows:
        factor = _LITERAL if kind in LITERAL else _CONCEPT if kind == "concept" else 1.0
        found[entity] = Entity(kind, (name, *aliases), factor * log2(1 + frequency), frequency, units)
    return found


def _units(
    documents: pa.Table, text_units: pa.Table
) -> tuple[dict[str, str], dict[str, str], dict[str, str], dict[str, int]]:
    """Text and document of each text unit, title of each document, place of each text unit."""
    sources = dict(_columns(documents, "id", "source"))
    rows = list(_columns(text_units, "id", "document_id", "position", "text"))
    rows.sort(key=lambda row: (sources[row[1]], row[1], row[2]))
    return (
        {row[0]: row[3] for row in rows},
        {row[0]: row[1] for row in rows},
        dict(_columns(documents, "id", "title")),
        {row[0]: place for place, row in enumerate(rows)},
    )


def _ties(tables: Mapping[str, pa.Table], entities: Mapping[str, Entity]) -> dict[str, Tie]:
    claims: dict[tuple[str, str, str], list[Claim]] = {}
    columns = ("subject_id", "object_id", "type", "text_unit_id", "start", "end", "status", "start_date")
    for subject, target, kind, *claim in _columns(tables["claims"], *columns):
        claims.setdefault((subject, target, kind), []).append(Claim(*claim))
    described = dict(_columns(tables["descriptions"], "id", "text"))
    found: dict[str, Tie] = {}
    rows = _columns(tables["relationships"], "id", "source_id", "target_id", "type", "weight", "text_unit_ids")
    for tie, source, target, kind, weight, units in rows:
        stated, text = claims.get((source, target, kind), ()), described.get(tie, "")
        strength = 0.0 if kind == LOOSE else weight
        ends = entities[source].weight + entities[target].weight
        found[tie] = Tie(tie, source, target, kind, strength, ends * log2(2 + strength), units, text, stated)
    return found


def _communities(table: pa.Table) -> dict[str, Community]:
    rows = _columns(table, "id", "level", "entity_ids", "relationship_ids", "children_ids")
    return {name: Community(*rest) for name, *rest in rows}
