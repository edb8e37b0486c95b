"""entities, relationships -> communities: groups of closely tied entities, level by level."""

from dataclasses import dataclass
from importlib.metadata import version
from itertools import zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest
from graphrag_engine.offline.hierarchy import Graph, Leiden, levels
from graphrag_engine.offline.ragged import Bools, Floats, Ints, by_id, one_array, positions, string_lists, strongest
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import PartitionSettings
from graphrag_engine.stages.base import Tables, TableStage


def run(tables: Tables, section: PartitionSettings) -> Tables:
    """Cluster the entities. Each is in exactly one leaf; one without ties, or a concept, is a community of its own."""
    entities = by_id(tables["entities"].select(["id", "type"]))
    ties = _Ties.of(by_id(tables["relationships"].select(["id", "source_id", "target_id", "weight"])), entities)
    names = entities["id"].to_pylist()

    def seed(nodes: Ints) -> int:
        return int(digest(*(names[node] for node in nodes.tolist())), 16)

    leiden = Leiden(section.max_cluster_size, section.resolution, section.iterations, seed)
    found: list[_Level] = []
    for label in levels(ties.graph(entities).evened(), leiden):
        found.append(_Level.of(len(found), label, names, ties, found[-1] if found else None))
    return {"communities": _table(found, one_array(entities["id"]), ties.ids)}


@dataclass(frozen=True)
class _Ties:
    """The relationships in the order of their ids; their ends are rows of the entities."""

    ids: pa.Array
    source: Ints
    target: Ints
    weight: Floats

    @classmethod
    def of(cls, relationships: pa.Table, entities: pa.Table) -> "_Ties":
        source = positions(relationships["source_id"], entities["id"])
        target = positions(relationships["target_id"], entities["id"])
        return cls(one_array(relationships["id"]), source, target, relationships["weight"].to_numpy())

    def graph(self, entities: pa.Table) -> Graph:
        """What communities are made from: ties between entities other than concepts, unless there are no others."""
        concept = pc.equal(entities["type"], "concept").to_numpy()
        counted = ~(concept[self.source] | concept[self.target])
        rows: Bools = counted if counted.any() else ~counted
        return Graph.of(len(concept), self.source[rows], self.target[rows], self.weight[rows])


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
    def of(cls, number: int, label: Ints, names: list[str], ties: _Ties, above: "_Level | None") -> "_Level":
        """*label*: the community of each entity, -1 for none."""
        node = np.flatnonzero(label >= 0)
        node = node[np.argsort(label[node], kind="stable")]
        first = strongest(label[node], np.zeros(len(node)))
        size = np.diff(np.append(first, len(node)))
        owner = np.repeat(np.arange(len(first)), size)
        of_node = np.full(len(label), -1, np.int64)
        of_node[node] = owner
        members = np.split(np.array(names, np.object_)[node], first[1:])
        tie_owner = of_node[ties.source]
        tie = np.flatnonzero((tie_owner >= 0) & (tie_owner == of_node[ties.target]))
        tie = tie[np.argsort(tie_owner[tie], kind="stable")]
        return cls(
            number=number,
            ids=[digest("community", number, group.tolist()) for group in members],
            parents=[above.ids[at] for at in above.of_node[node[first]].tolist()] if above else [None] * len(first),
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
    version=1,
    run=run,
    made_with={"graspologic-native": version("graspologic-native")},
)
