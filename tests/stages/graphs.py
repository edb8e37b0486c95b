"""Graphs to cluster, and what every partition of them must keep to."""

from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from graph_tables import table, tables, well_formed

from graphrag_engine.hashing import digest
from graphrag_engine.offline.graph import Graph
from graphrag_engine.settings import PartitionSettings
from graphrag_engine.stages.partition import STAGE

Row = dict[str, Any]
Last = tuple[list[Row], list[Row]] | None


def entity(name: str, kind: str = "name") -> Row:
    return {"id": name, "name": name, "type": kind}


def tie(source: str, target: str, weight: float = 1.0) -> Row:
    return {"id": f"{source}-{target}", "source_id": source, "target_id": target, "weight": weight}


def clique(members: str) -> list[Row]:
    return [tie(one, other) for one, other in combinations(members, 2)]


def partitioned(entities: list[Row], ties: list[Row], last: Last = None, **settings: Any) -> list[Row]:
    """The communities; *last*: those of the last version, and the ties they were made from."""
    given = dict(tables(entities=entities, relationships=ties))
    if last:
        schema = given["last.communities"].schema
        given["last.communities"] = pa.Table.from_pylist(last[0], schema)
        given["last.relationships"] = table("relationships", *last[1])
    found = STAGE.run(given, PartitionSettings(**settings))["communities"]
    assert well_formed("communities", found)
    return found.to_pylist()


def groups(rows: list[Row], level: int = 0) -> set[str]:
    return {"".join(row["entity_ids"]) for row in rows if row["level"] == level}


def random_graph(seed: int, nodes: int, edges: int) -> tuple[list[Row], list[Row]]:
    random = np.random.default_rng(seed)
    names = [f"{at:04}" for at in range(nodes)]
    source = random.integers(0, nodes, edges)
    target = (source + 1 + (3 * random.pareto(1.0, edges)).astype(int)) % nodes
    pairs = sorted({(names[a], names[b]) for a, b in zip(source, target, strict=True) if a != b})
    return [entity(name) for name in names], [tie(a, b, float(random.uniform(0.5, 2))) for a, b in pairs]


def check(rows: list[Row], entities: list[Row], ties: list[Row]) -> None:
    """What every partition must keep to."""
    by_id = {row["id"]: row for row in rows}
    leaves = [member for row in rows if not row["children_ids"] for member in row["entity_ids"]]
    graph = nx.Graph([(each["source_id"], each["target_id"]) for each in ties])
    graph.add_nodes_from(each["id"] for each in entities)
    assert sorted(leaves) == sorted(each["id"] for each in entities)
    for row in rows:
        assert row["id"] == digest("community", row["level"], row["entity_ids"])
        assert nx.is_connected(graph.subgraph(row["entity_ids"]))
        inside = [each for each in ties if {each["source_id"], each["target_id"]} <= set(row["entity_ids"])]
        assert row["relationship_ids"] == sorted(each["id"] for each in inside)
        assert row["weight"] == pytest.approx(sum(each["weight"] for each in inside), abs=1e-5)
        assert (row["size"], row["level"] == 0) == (len(row["entity_ids"]), row["parent_id"] is None)
        children = [by_id[child] for child in row["children_ids"]]
        assert all(child["parent_id"] == row["id"] and child["level"] == row["level"] + 1 for child in children)
        assert not children or (
            sorted(member for child in children for member in child["entity_ids"]) == row["entity_ids"]
            and len(children) > 1
        )


def quality(rows: list[Row], entities: list[Row], ties: list[Row]) -> float:
    """The modularity of level 0, by the weights that communities are made from."""
    number = {each["id"]: at for at, each in enumerate(entities)}
    ends = [np.array([number[each[end]] for each in ties]) for end in ("source_id", "target_id")]
    label = np.zeros(len(entities), np.int64)
    for at, row in enumerate(row for row in rows if row["level"] == 0):
        label[[number[member] for member in row["entity_ids"]]] = at
    graph = Graph.of(len(entities), *ends, np.array([each["weight"] for each in ties])).evened()
    return graph.modularity(label, 1.0)
