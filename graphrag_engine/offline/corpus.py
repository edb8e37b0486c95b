"""The tables that reports are made from, as things that know each other."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import log2
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.passages import LITERAL, Passage
from graphrag_engine.offline.ragged import Lists, Texts, one_array, one_of, packed, positions, strings
from graphrag_engine.offline.tied import Ties

_LITERAL, _CONCEPT = 0.2, 0.4
"""What a value, and what a concept, weighs beside a named thing."""
_PASSAGES = 1 << 14
"""Passages that are kept: communities of one branch stand in the same text units."""


class Entity(NamedTuple):
    """A thing as reports see it."""

    type: str
    names: tuple[str, ...]
    """Its name, then its aliases."""
    weight: float
    """How much there is to say of it, from its mentions alone."""
    units: list[str]


class Community(NamedTuple):
    """A community: its members by id, the ties between them by row."""

    level: int
    members: list[str]
    ties: Sequence[int]
    """None where no report is asked for."""
    children: list[str]


class Units:
    """The text units by id; their order is that of the sources of their documents, then of their positions."""

    def __init__(self, documents: pa.Table, text_units: pa.Table) -> None:
        source = documents["source"].take(pc.index_in(text_units["document_id"], value_set=one_array(documents["id"])))
        sorted_by = {"source": source, **{name: text_units[name] for name in ("document_id", "position")}}
        ordered = pc.sort_indices(pa.table(sorted_by), [(name, "ascending") for name in sorted_by])
        self.place = {unit: place for place, unit in enumerate(text_units["id"].take(ordered).to_pylist())}
        """The place of each among all."""
        self._rows = packed(ordered.to_numpy())
        self._texts = Texts(text_units["text"])
        self._documents = strings(text_units["document_id"].take(ordered))
        self._titles: dict[str, str] = dict(_columns(documents, "id", "title"))

    def text(self, unit: str) -> str:
        """The text of a text unit."""
        return self._texts[self._rows[self.place[unit]]]

    def document(self, unit: str) -> str:
        """Its document."""
        return self._documents[self.place[unit]]

    def title(self, unit: str) -> str:
        """The title of its document."""
        return self._titles[self.document(unit)]


@dataclass(frozen=True)
class Corpus:
    """Everything that reports are made from, by id."""

    entities: Mapping[str, Entity]
    ties: Ties
    communities: Mapping[str, Community]
    asked: Set[str]
    """The communities to report on."""
    units: Units
    tables: Mapping[str, pa.Table]
    """Those of which all can be read that is not held here."""

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table], asked: Set[str] | None = None) -> "Corpus":
        """Reads communities, entities, relationships, claims, descriptions, text_units and documents."""
        told = tables["communities"]
        if asked is not None:
            told = told.filter(one_of(told["id"], _with_those_below(asked, told)))
            tables = {**tables, "relationships": _between(told, tables["relationships"])}
        entities, communities = _entities(tables["entities"]), _communities(tables, told)
        return cls(
            entities,
            Ties(tables, {entity: each.weight for entity, each in entities.items()}),
            communities,
            communities.keys() if asked is None else asked & communities.keys(),
            Units(tables["documents"], tables["text_units"]),
            {name: tables[name] for name in ("entities", "descriptions")},
        )

    @cached_property
    def descriptions(self) -> Mapping[str, str]:
        """What is said of an entity, where anything is."""
        table = self.tables["descriptions"]
        return dict(_columns(table.filter(pc.equal(table["kind"], "entity")), "id", "text"))

    @cached_property
    def there(self) -> Mapping[str, list[str]]:
        """The entities that each text unit mentions."""
        found: dict[str, list[str]] = {}
        for entity, each in self.entities.items():
            for unit in each.units:
                found.setdefault(unit, []).append(entity)
        return found

    def weights(self, community: str) -> dict[str, float]:
        """What each member weighs: its mentions, and its ties to other members."""
        members, ties = self.communities[community].members, self.communities[community].ties
        entities, source, target = self.entities, self.ties.source, self.ties.target
        degree = dict.fromkeys(members, 0)
        for tie in ties:
            degree[source[tie]] += 1
            degree[target[tie]] += 1
        return {member: entities[member].weight * log2(2 + degree[member]) for member in members}

    @cached_property
    def passage(self) -> Callable[[str], Passage]:
        """Gives the sentences of a text unit, and whom they name."""
        units, there, entities = self.units, self.there, self.entities

        def names(entity: str) -> Sequence[str]:
            return entities[entity].names

        @lru_cache(_PASSAGES)
        def passage(unit: str) -> Passage:
            return Passage(units.text(unit), there.get(unit, ()), names)

        return passage

    def topic(self, unit: str) -> str | None:
        """The entity that the document's title names, if this text unit mentions it."""
        title = self.units.title(unit)
        return next((each for each in self.there.get(unit, ()) if title in self.entities[each].names), None)

    def across(self, community: str) -> list[int]:
        """The ties between the parts of a community; all its ties where it has no parts."""
        whole = self.communities[community]
        part = {member: child for child in whole.children for member in self.communities[child].members}
        ends = self.ties.source, self.ties.target
        return [tie for tie in whole.ties if not part or part[ends[0][tie]] != part[ends[1][tie]]]


def _columns(table: pa.Table, *names: str) -> Iterable[tuple[Any, ...]]:
    """The rows of some columns."""
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def _entities(table: pa.Table) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    plain = (table[name].to_pylist() for name in ("id", "name", "frequency"))
    lists = (Lists(table[name]) for name in ("aliases", "text_unit_ids"))
    for entity, name, frequency, kind, aliases, units in zip(*plain, strings(table["type"]), *lists, strict=True):
        factor = _LITERAL if kind in LITERAL else _CONCEPT if kind == "concept" else 1.0
        found[entity] = Entity(kind, (name, *aliases), factor * log2(1 + frequency), units)
    return found


def _between(communities: pa.Table, relationships: pa.Table) -> pa.Table:
    """The relationships between members of these communities."""
    ids = pc.unique(pc.list_flatten(communities["relationship_ids"]))
    return relationships.filter(pc.is_in(relationships["id"], value_set=ids))


def _with_those_below(asked: Iterable[str], communities: pa.Table) -> set[str]:
    """These communities and all that they are made up of."""
    children = dict(zip(communities["id"].to_pylist(), Lists(communities["children_ids"]), strict=True))
    found, waiting = set[str](), list(asked)
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += children.get(name, ())
    return found


def _communities(tables: Mapping[str, pa.Table], told: pa.Table) -> dict[str, Community]:
    """All communities; those that are *told* of have ties."""
    lists = one_array(told["relationship_ids"])
    rows = packed(positions(pa.chunked_array([lists.flatten()]), tables["relationships"]["id"]))
    starts = np.concatenate([[0], np.cumsum(pc.list_value_length(lists).to_numpy(zero_copy_only=False))]).tolist()
    ties = {name: rows[start:end] for name, (start, end) in zip(told["id"].to_pylist(), pairwise(starts), strict=True)}
    whole = tables["communities"]
    plain, lists = _columns(whole, "id", "level"), (Lists(whole[name]) for name in ("entity_ids", "children_ids"))
    return {
        name: Community(level, members, ties.get(name, ()), below)
        for (name, level), members, below in zip(plain, *lists, strict=True)
    }
