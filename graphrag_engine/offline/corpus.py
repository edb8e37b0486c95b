"""The tables that reports are made from, as things that know each other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import log2
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest, digest_bytes
from graphrag_engine.offline.passages import LITERAL, Passage
from graphrag_engine.offline.predicates import PREPOSITIONS
from graphrag_engine.offline.ragged import Lists, groups, joined, one_array, one_of, positions, strings
from graphrag_engine.offline.ties import LOOSE, rows

LINEAGE, DIGITS = "+", 4
"""What stands between what a report is made from itself and what reports below are; digits for each of these."""
_ENDS = ("source_id", "target_id")
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


class Claim(NamedTuple):
    """What a report needs of a claim."""

    unit: str
    start: int | None
    end: int
    status: str
    date: str | None


class Community(NamedTuple):
    """A community: its members by id, the ties between them by row."""

    level: int
    members: list[str]
    ties: list[int]
    """None where no report is asked for."""
    children: list[str]


class Ties:
    """The relationships that reports are asked for, as these see them: column by column, each known by its row."""

    def __init__(self, tables: Mapping[str, pa.Table], entities: Mapping[str, Entity]) -> None:
        table = tables["relationships"]
        self.ids: list[str] = table["id"].to_pylist()
        names, ends = list(entities), [positions(table[side], tables["entities"]["id"]) for side in _ENDS]
        self.source, self.target = ([names[at] for at in rows.tolist()] for rows in ends)
        self.type = strings(table["type"])
        strength = np.where(pc.equal(table["type"], LOOSE).to_numpy(), 0.0, table["weight"].to_numpy())
        self.strength: list[float] = strength.tolist()
        weights = np.array([each.weight for each in entities.values()])
        both = weights[ends[0]] + weights[ends[1]]
        weighed = pa.table({"weight": np.round(both * np.log2(2 + strength), 6), "id": table["id"]})
        ranked = pc.sort_indices(weighed, [("weight", "ascending"), ("id", "ascending")])
        self.rank: list[int] = np.argsort(ranked.to_numpy()).tolist()
        """Its place among all by how much it says: by its strength and the weights of both ends, then by its id; the
        most telling comes last."""
        bare = {kind for kind in {*self.type} if PREPOSITIONS.issuperset(kind.split())}
        self.tells = [stated > 0 and kind not in bare for stated, kind in zip(self.strength, self.type, strict=True)]
        """Whether its predicate says more than that one thing is of, in or with another."""
        described = pc.index_in(table["id"], value_set=one_array(tables["descriptions"]["id"]))
        self.description: list[str] = pc.fill_null(tables["descriptions"]["text"].take(described), "").to_pylist()
        self._standing = one_array(table["text_unit_ids"])
        self._units = Lists(table["text_unit_ids"])
        self._claims = tables["claims"].select(["text_unit_id", "start", "end", "status", "start_date"])
        self._claimed = _claimed(tables)

    def units(self, tie: int) -> list[str]:
        """The text units that state it."""
        return self._units[tie]

    def claims(self, tie: int) -> list[Claim]:
        """The claims that say the same."""
        return [Claim(*(column[at] for column in self._said)) for at in self._stating(tie)]

    def dates(self, ties: Iterable[int]) -> Iterator[str]:
        """The dates of the claims that say the same as one of these."""
        dates = self._said[-1]
        return (dates[at] for tie in ties for at in self._stating(tie) if dates[at])

    def _stating(self, tie: int) -> list[int]:
        """The rows of the claims that say the same."""
        numbers, starts = self._claimed
        return numbers[starts[tie] : starts[tie + 1]]

    @cached_property
    def _said(self) -> list[list[Any]]:
        unit, start, end, status, date = self._claims.columns
        return [strings(unit), start.to_pylist(), end.to_pylist(), strings(status), date.to_pylist()]

    def contents(self) -> list[str]:
        """What a report takes from each, as one text; no offsets."""
        numbers, starts = self._claimed
        said = joined(*(self._claims[name] for name in ("text_unit_id", "status", "start_date")))
        claims = pa.ListArray.from_arrays(pa.array(starts, pa.int32()), said.take(pa.array(numbers, pa.int64())))
        plain = (pa.array(self.ids, pa.string()), pa.array(self.strength), pa.array(self.description, pa.string()))
        found: list[str] = joined(*plain, self._standing, claims).to_pylist()
        return found


@dataclass(frozen=True)
class Corpus:
    """Everything that reports are made from, by id."""

    entities: Mapping[str, Entity]
    ties: Ties
    communities: Mapping[str, Community]
    asked: Set[str]
    """The communities to report on."""
    texts: Mapping[str, str]
    """The text of each text unit."""
    document: Mapping[str, str]
    """Its document."""
    titles: Mapping[str, str]
    """The title of each document."""
    order: Mapping[str, int]
    """Its place among all, by the source of the document, then by position."""
    _tables: Mapping[str, pa.Table]
    _passages: dict[str, Passage] = field(default_factory=dict)
    _topics: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table], asked: Set[str] | None = None) -> "Corpus":
        """Reads communities, entities, relationships, claims, descriptions, text_units and documents."""
        told = tables["communities"]
        if asked is not None:
            told = told.filter(one_of(told["id"], _with_those_below(asked, told)))
            tables = {**tables, "relationships": _between(told, tables["relationships"])}
        entities = _entities(tables["entities"])
        communities, ties = _communities(tables, told), Ties(tables, entities)
        among = communities.keys() if asked is None else asked & communities.keys()
        return cls(
            entities,
            ties,
            communities,
            among,
            *_units(tables["documents"], tables["text_units"]),
            {name: tables[name] for name in ("entities", "descriptions")},
        )

    @cached_property
    def descriptions(self) -> Mapping[str, str]:
        """What is said of an entity, where anything is."""
        table = self._tables["descriptions"]
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
        degree = Counter(self.ties.source[tie] for tie in ties)
        degree.update(self.ties.target[tie] for tie in ties)
        return {member: self.entities[member].weight * log2(2 + degree[member]) for member in members}

    def passage(self, unit: str) -> Passage:
        """The sentences of a text unit, and whom they name."""
        if unit not in self._passages:
            names = {entity: self.entities[entity].names for entity in self.there.get(unit, ())}
            self._passages[unit] = Passage(self.texts[unit], names)
        return self._passages[unit]

    def title(self, unit: str) -> str:
        """The title of a text unit's document."""
        return self.titles[self.document[unit]]

    def topic(self, unit: str) -> str | None:
        """The entity that the document's title names, if this text unit mentions it."""
        if unit not in self._topics:
            title, there = self.title(unit), self.there.get(unit, ())
            self._topics[unit] = next((each for each in there if title in self.entities[each].names), None)
        return self._topics[unit]

    def fingerprints(self, communities: Iterable[str]) -> dict[str, str]:
        """For each a hash of all that its report is made from: of all members, so that those below are in it as well.

        No offsets and no positions are in it.
        """
        contents = _Contents(self, self._tables["entities"])
        return {name: self._fingerprint(name, contents) for name in communities}

    def _fingerprint(self, community: str, contents: "_Contents") -> str:
        made_from = self.communities[community]
        units = {unit for member in made_from.members for unit in self.entities[member].units}
        parts = (
            [self._shape(community)],
            map(contents.entities.__getitem__, made_from.members),
            map(contents.ties.__getitem__, made_from.ties),
            map(contents.unit, sorted(units, key=self.order.__getitem__)),
        )
        return _hash(parts)

    def across(self, community: str) -> list[int]:
        """The ties between the parts of a community; all its ties where it has no parts."""
        whole = self.communities[community]
        part = {member: child for child in whole.children for member in self.communities[child].members}
        ends = self.ties.source, self.ties.target
        return [tie for tie in whole.ties if not part or part[ends[0][tie]] != part[ends[1][tie]]]

    def lineages(self) -> dict[str, str]:
        """For each a hash of what its report is made from itself, then a short one for each report below it.

        A part of few entities has its own members and ties in it as well.
        """
        contents, found = self.ties.contents(), dict[str, str]()
        return {name: self._lineage(name, contents, found) for name in self.asked}

    def _lineage(self, community: str, contents: Sequence[str], found: dict[str, str]) -> str:
        if community not in found:
            whole = self.communities[community]
            members = [] if whole.children else whole.members
            names = (
                f"{each}\x1f{self.entities[each].names[0]}\x1f{self.descriptions.get(each, '')}" for each in members
            )
            made_from = _hash((names, map(contents.__getitem__, self.across(community))))
            below = "".join(digest(self._lineage(child, contents, found))[:DIGITS] for child in whole.children)
            found[community] = made_from + LINEAGE + below
        return found[community]

    def _shape(self, community: str) -> str:
        """How it is split, down to the last level."""
        return f"({' '.join(child + self._shape(child) for child in self.communities[community].children)})"


class _Contents:
    """What reports take from each thing, tie and text unit, as texts or hashes of them: dropped once these are told."""

    def __init__(self, corpus: Corpus, entities: pa.Table) -> None:
        parts = ("id", "name", "type", "aliases", "frequency", "text_unit_ids")
        self.entities = dict(zip(corpus.entities, joined(*(entities[name] for name in parts)).to_pylist(), strict=True))
        self.ties = corpus.ties.contents()
        self._corpus = corpus
        self._called = {entity: "\x1f".join((each.type, *each.names)) for entity, each in corpus.entities.items()}
        self._seen: dict[str, str] = {}

    def unit(self, unit: str) -> str:
        """A hash of what a report takes from a text unit: itself, its title, and what stands there is called."""
        if unit not in self._seen:
            parts = (unit, self._corpus.title(unit), *map(self._called.__getitem__, self._corpus.there[unit]))
            self._seen[unit] = digest_bytes(["\x1e".join(parts).encode("utf-8", "surrogatepass")])
        return self._seen[unit]


def _hash(parts: Iterable[Iterable[str]]) -> str:
    return digest_bytes("\x1d".join(part).encode("utf-8", "surrogatepass") + b"\x1c" for part in parts)


def _columns(table: pa.Table, *names: str) -> Iterable[tuple[Any, ...]]:
    """The rows of some columns."""
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def _entities(table: pa.Table) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    plain = (table[name].to_pylist() for name in ("id", "name", "frequency"))
    lists = (Lists(table[name]) for name in ("aliases", "text_unit_ids"))
    for entity, name, frequency, kind, aliases, units in zip(*plain, strings(table["type"]), *lists, strict=True):
        factor = _LITERAL if kind in LITERAL else _CONCEPT if kind == "concept" else 1.0
        found[entity] = Entity(kind, (name, *aliases), factor * log2(1 + frequency), frequency, units)
    return found


def _units(
    documents: pa.Table, text_units: pa.Table
) -> tuple[dict[str, str], dict[str, str], dict[str, str], dict[str, int]]:
    """Text and document of each text unit, title of each document, place of each text unit."""
    sources = dict(_columns(documents, "id", "source"))
    rows = list(zip(strings(text_units["document_id"]), _columns(text_units, "position", "id", "text"), strict=True))
    rows.sort(key=lambda row: (sources[row[0]], row[0], row[1]))
    return (
        {unit: text for _, (_, unit, text) in rows},
        {unit: document for document, (_, unit, _) in rows},
        dict(_columns(documents, "id", "title")),
        {unit: place for place, (_, (_, unit, _)) in enumerate(rows)},
    )


def _claimed(tables: Mapping[str, pa.Table]) -> tuple[list[int], list[int]]:
    """The rows of the claims with the same subject, object and type, by relationship; where each begins."""
    claims, entities, relationships = tables["claims"], tables["entities"], tables["relationships"]
    ends = positions(claims["subject_id"], entities["id"]), positions(claims["object_id"], entities["id"])
    tie = rows(relationships, entities, *ends, claims["type"])
    claim = np.argsort(tie, kind="stable")
    return claim.tolist(), groups(tie[claim], len(relationships)).tolist()


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
    rows = positions(pa.chunked_array([lists.flatten()]), tables["relationships"]["id"]).tolist()
    starts = np.concatenate([[0], np.cumsum(pc.list_value_length(lists).to_numpy(zero_copy_only=False))]).tolist()
    ties = {name: rows[start:end] for name, (start, end) in zip(told["id"].to_pylist(), pairwise(starts), strict=True)}
    whole = tables["communities"]
    plain, lists = _columns(whole, "id", "level"), (Lists(whole[name]) for name in ("entity_ids", "children_ids"))
    return {
        name: Community(level, members, ties.get(name, []), below)
        for (name, level), members, below in zip(plain, *lists, strict=True)
    }
