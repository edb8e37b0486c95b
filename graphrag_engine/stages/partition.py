"""entities, relationships -> communities: groups of closely tied entities, level by level.

Communities of the last version are repaired where the graph has changed; so they depend on its history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest
from graphrag_engine.offline import classic
from graphrag_engine.offline.graph import Graph
from graphrag_engine.offline.hierarchy import Leiden, levels
from graphrag_engine.offline.ragged import Bools, Floats, Ints, by_id, one_array, positions, string_lists
from graphrag_engine.offline.repair import Past
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import PartitionSettings
from graphrag_engine.stages.base import Tables, TableStage

_TIE = ("id", "source_id", "target_id", "weight")
_DRIFT = 0.1
"""A relationship has another weight where it differs by more than this share: those of things mentioned together
shift a little with every text unit."""
_TOO_MUCH = 0.1
"""Where a greater share of the relationships has changed, nothing is repaired."""
_DOUBT = 0.02
"""Repaired communities are compared with fresh ones about once for every change of this share."""


def run(tables: Tables, section: PartitionSettings) -> Tables:
    """Cluster the entities. Each is in exactly one leaf; one without ties, or a concept, is a community of its own."""
    entities = by_id(tables["entities"].select(["id", "type"]))
    ties = _Ties.of(by_id(tables["relationships"].select(_TIE)), entities)
    names = entities["id"].to_pylist()

    def seed(nodes: Ints) -> int:
        return int(digest(*(names[node] for node in nodes.tolist())), 16)

    limits = section.max_cluster_size, section.resolution, section.iterations
    old = _Old.of(tables["last.communities"], entities)
    if section.method == "largest_component":
        labels = classic.levels(ties.graph(), *limits)
    else:
        past = _past(old, ties, tables["last.relationships"], entities)
        labels = levels(ties.graph().evened(), Leiden(*limits, seed), past)
    found: list[_Level] = []
    for label in labels:
        found.append(_Level.of(label, names, ties, found, old))
    return {"communities": _table(found, one_array(entities["id"]), one_array(ties.ids))}


@dataclass(frozen=True)
class _Ties:
    """The relationships in the order of their ids; their ends are rows of the entities."""

    ids: pa.ChunkedArray
    source: Ints
    target: Ints
    weight: Floats
    concept: Bools
    """Which entities are concepts."""

    @classmethod
    def of(cls, relationships: pa.Table, entities: pa.Table) -> "_Ties":
        source = positions(relationships["source_id"], entities["id"])
        target = positions(relationships["target_id"], entities["id"])
        concept = pc.equal(entities["type"], "concept").to_numpy()
        return cls(relationships["id"], source, target, relationships["weight"].to_numpy(), concept)

    def plain(self, source: Ints, target: Ints) -> Bools:
        """Which ends are no concepts; -1 stands for an entity that is gone."""
        concept = np.append(self.concept, False)
        found: Bools = ~(concept[source] | concept[target])
        return found

    @cached_property
    def of_names(self) -> Bools:
        """Those without a concept."""
        return self.plain(self.source, self.target)

    @property
    def counted(self) -> Bools:
        """Those that communities are made from: all without a concept, or all if there is none."""
        return self.of_names if self.of_names.any() else ~self.of_names

    def graph(self) -> Graph:
        """The relationships that count."""
        rows = self.counted
        return Graph.of(len(self.concept), self.source[rows], self.target[rows], self.weight[rows])


@dataclass(frozen=True)
class _Old:
    """The communities of the last version."""

    ids: list[str]
    size: Ints
    levels: list[Ints]
    """For each level the community of each entity of now; -1 for none."""

    @classmethod
    def of(cls, communities: pa.Table, entities: pa.Table) -> "_Old":
        level, size = communities["level"].to_numpy(), communities["size"].to_numpy()
        owner = np.repeat(np.arange(len(size)), size)
        node = positions(pc.list_flatten(communities["entity_ids"]), entities["id"])
        found = [np.full(len(entities), -1, np.int64) for _ in range(level.max(initial=-1) + 1)]
        for number, of_node in enumerate(found):
            rows = (level[owner] == number) & (node >= 0)
            of_node[node[rows]] = owner[rows]
        return cls(communities["id"].to_pylist(), size, found)

    def names(self, level: int, owner: Ints, node: Ints, entities: Sequence[str]) -> list[str]:
        """The ids of communities that own these nodes: the old one where there was one of the same members."""
        size = np.bincount(owner)
        start = np.cumsum(size) - size
        before = self.levels[level][node] if level < len(self.levels) else np.full(len(node), -1, np.int64)
        same = before[start]
        known = (same >= 0) & (np.append(self.size, 0)[same] == size)
        known &= np.bincount(owner, before == same[owner]) == size
        return [
            self.ids[at]
            if kept
            else digest("community", level, [entities[each] for each in node[first : first + n].tolist()])
            for at, kept, first, n in zip(same.tolist(), known.tolist(), start.tolist(), size.tolist(), strict=True)
        ]


def _past(old: _Old, ties: _Ties, relationships: pa.Table, entities: pa.Table) -> Past | None:
    """What there is to repair, and where; None where there is nothing, or too much has changed.

    *relationships* are those of the last version.
    """
    if not (old.ids and len(relationships) and ties.of_names.any()):
        return None
    at = positions(ties.ids, relationships["id"])
    weight = relationships["weight"].to_numpy()[at]
    apart = np.abs(weight - ties.weight) > _DRIFT * np.maximum(weight, ties.weight)
    changed = np.flatnonzero(((at < 0) | apart) & ties.counted)
    gone = relationships.filter(pa.array(~np.isin(np.arange(len(relationships)), at)))
    source, target = (positions(gone[end], entities["id"]) for end in ("source_id", "target_id"))
    lost = ties.plain(source, target)
    share = (len(changed) + lost.sum()) / max(1, ties.counted.sum())
    if share > _TOO_MUCH:
        return None
    dirty = old.levels[0] < 0
    dirty[np.concatenate([ties.source[changed], ties.target[changed]])] = True
    dirty[np.concatenate([source[lost & (source >= 0)], target[lost & (target >= 0)]])] = True
    lot = digest(ties.ids.take(pa.array(changed)).to_pylist(), gone["id"].to_pylist())
    return Past(old.levels, old.size, dirty, doubted=int(lot, 16) < share / _DOUBT * 2**64)


@dataclass(frozen=True)
class _Level:
    """The communities of one level; owners are sorted and stand beside what they own."""

    number: int
    ids: list[str]
    parents: list[str | None]
    size: Ints
    owner: Ints
    node: Ints
    tie_owner: Ints
    tie: Ints
    weight: Floats
    of_node: Ints
    """The community of each entity on this level; -1 for none."""

    @classmethod
    def of(cls, label: Ints, names: list[str], ties: _Ties, above: "Sequence[_Level]", old: _Old) -> "_Level":
        """The level below those *above*; *label* is the community of each entity, -1 for none."""
        node = np.flatnonzero(label >= 0)
        node = node[np.argsort(label[node], kind="stable")]
        first = np.flatnonzero(np.diff(label[node], prepend=-1))
        size = np.diff(np.append(first, len(node)))
        owner = np.repeat(np.arange(len(first)), size)
        of_node = np.full(len(label), -1, np.int64)
        of_node[node] = owner
        tie_owner = of_node[ties.source]
        tie = np.flatnonzero((tie_owner >= 0) & (tie_owner == of_node[ties.target]))
        tie = tie[np.argsort(tie_owner[tie], kind="stable")]
        return cls(
            number=len(above),
            ids=old.names(len(above), owner, node, names),
            parents=[
                above[-1].ids[at] if above else None
                for at in (above[-1].of_node if above else label)[node[first]].tolist()
            ],
            size=size,
            owner=owner,
            node=node,
            tie_owner=tie_owner[tie],
            tie=tie,
            weight=np.round(np.bincount(tie_owner[tie], ties.weight[tie], len(first)), 6),
            of_node=of_node,
        )


def _table(found: list[_Level], entities: pa.Array, relationships: pa.Array) -> pa.Table:
    """All levels as one table."""
    parts = [empty("communities")]
    for level, below in zip_longest(found, found[1:]):
        n = len(level.ids)
        columns = {
            "id": level.ids,
            "level": np.full(n, level.number),
            "parent_id": pa.array(level.parents, pa.string()),
            "children_ids": _children(level, below),
            "entity_ids": string_lists(level.owner, entities.take(pa.array(level.node)), n),
            "relationship_ids": string_lists(level.tie_owner, relationships.take(pa.array(level.tie)), n),
            "size": level.size,
            "weight": level.weight,
        }
        parts.append(pa.table(columns, schema=TABLES["communities"].schema))
    return pa.concat_tables(parts).sort_by("id")


def _children(level: _Level, below: _Level | None) -> pa.ListArray:
    """The communities that each community of a level is split into, in the order of their ids."""
    rank = {name: at for at, name in enumerate(level.ids)}
    pairs = (
        sorted(zip(below.parents, below.ids, strict=True), key=lambda pair: (rank[pair[0] or ""], pair[1]))
        if below
        else []
    )
    owners = np.array([rank[parent or ""] for parent, _ in pairs], np.int64)
    return string_lists(owners, pa.array([child for _, child in pairs], pa.string()), len(level.ids))


STAGE = TableStage(
    name="partition",
    reads=("entities", "relationships"),
    writes=("communities",),
    version=2,
    run=run,
    last={"communities": ("id", "level", "entity_ids", "size"), "relationships": _TIE},
    made_with={"graspologic-native": version("graspologic-native")},
)
