"""CPU seconds and memory of `partition` on generated relationships; bar: 1 M of them in 8 s and 700 MB.

    python benchmarks/partition.py [RELATIONSHIPS]
    python benchmarks/partition.py updates [RELATIONSHIPS]

Entities stand in nested neighbourhoods, as things in texts do. The second form makes twenty updates that each
replace one relationship of a hundred, and holds repaired communities against fresh ones.
"""

import resource
import sys
import time
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.graph import Graph
from graphrag_engine.offline.ragged import one_array, positions, string_lists
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import PartitionSettings
from graphrag_engine.stages.base import Tables
from graphrag_engine.stages.partition import STAGE


def relationships(n: int, entities: int) -> pa.Table:
    """*n* random ties between numbered entities: half among 10 neighbours, fewer among 100, 1,000, and all."""
    random = np.random.default_rng(1)
    source = random.integers(0, entities, n)
    width = random.choice([10, 100, 1000, entities], n, p=[0.5, 0.25, 0.15, 0.1])
    target = np.minimum(source // width * width + random.integers(0, width), entities - 1)
    names = _ids(entities)
    columns = {
        "id": _ids(n),
        "source_id": names.take(pa.array(source)),
        "target_id": names.take(pa.array(target)),
        "type": pa.repeat("joined", n),
        "weight": random.uniform(0.5, 3.0, n),
        "rank": np.ones(n),
        "text_unit_ids": _no_strings(n),
        "note": pa.nulls(n, pa.string()),
    }
    return pa.table(columns, schema=TABLES["relationships"].schema)


def entities(n: int) -> pa.Table:
    """*n* numbered names."""
    empty = _no_strings(n)
    one = pa.repeat(1, n)
    columns = {"id": _ids(n), "name": _ids(n), "type": pa.repeat("name", n), "aliases": empty, "frequency": one}
    columns |= {"degree": one, "rank": pa.repeat(1.0, n), "text_unit_ids": empty}
    columns["note"] = pa.nulls(n, pa.string())
    return pa.table(columns, schema=TABLES["entities"].schema)


def _ids(n: int) -> pa.Array:
    """Ids of the usual length, in order."""
    return pc.utf8_lpad(pa.array(np.arange(n)).cast(pa.string()), 16, "0")


def _no_strings(n: int) -> pa.ListArray:
    """*n* empty lists."""
    return string_lists(np.zeros(0, np.int64), pa.array([], pa.string()), n)


def versions(n: int, steps: int) -> Iterator[Tables]:
    """Tables of an index of *n* relationships: at each step the oldest half per cent is gone, as many are new."""
    few = n // 200
    whole, names = relationships(n + steps * few, n // 5), entities(n // 5)
    age = np.random.default_rng(2).permutation(len(whole))
    for step in range(steps + 1):
        rows = np.flatnonzero((age >= step * few) & (age < step * few + n))
        yield {"entities": names, "relationships": whole.take(pa.array(rows))}


def partitioned(tables: Tables, last: Tables) -> tuple[pa.Table, float]:
    """The communities, and the CPU seconds they cost; *last*: tables of the last version."""
    before = time.process_time()
    found = STAGE.run({**tables, **{f"last.{name}": last[name] for name in STAGE.last}}, PartitionSettings())
    return found["communities"], time.process_time() - before


def rewritten(old: pa.Table, new: pa.Table) -> int:
    """How many communities have other members or other relationships than before."""
    before = dict(zip(old["id"].to_pylist(), old["relationship_ids"].to_pylist(), strict=True))
    after = zip(new["id"].to_pylist(), new["relationship_ids"].to_pylist(), strict=True)
    return sum(before.get(name) != ties for name, ties in after)


def least(communities: pa.Table, old: pa.Table, new: pa.Table) -> int:
    """How many communities any update must rewrite: a relationship of theirs is gone or new."""
    gone = old.filter(pc.invert(pc.is_in(old["id"], one_array(new["id"]))))
    come = new.filter(pc.invert(pc.is_in(new["id"], one_array(old["id"]))))
    of: dict[str, set[str]] = {}
    for name, members in zip(communities["id"].to_pylist(), communities["entity_ids"].to_pylist(), strict=True):
        for member in members:
            of.setdefault(member, set()).add(name)
    ends = pa.concat_tables([gone, come]).select(["source_id", "target_id"]).to_pylist()
    return len(set().union(*(of[each["source_id"]] & of[each["target_id"]] for each in ends)))


def modularity(tables: Tables, communities: pa.Table) -> float:
    """Modularity of level 0."""
    top = communities.filter(pc.equal(communities["level"], 0))
    names, ties = tables["entities"]["id"], tables["relationships"]
    label = np.zeros(len(names), np.int64)
    label[positions(pc.list_flatten(top["entity_ids"]), names)] = np.repeat(np.arange(len(top)), top["size"].to_numpy())
    source, target = (positions(ties[name], names) for name in ("source_id", "target_id"))
    return Graph.of(len(names), source, target, ties["weight"].to_numpy()).evened().modularity(label, 1.0)


def update(n: int, steps: int = 20) -> None:
    """Print what *steps* updates rewrite and cost, repaired and fresh."""
    totals, seconds = np.zeros(3, int), np.zeros(2)
    nothing = {name: empty(name) for name in STAGE.last}
    last: dict[str, pa.Table] = {}
    for tables in versions(n, steps):
        fresh, cost = partitioned(tables, nothing)
        repaired, less = partitioned(tables, last or nothing)
        if last:
            lower = least(last["communities"], last["relationships"], tables["relationships"])
            totals += rewritten(last["communities"], repaired), rewritten(last["fresh"], fresh), lower
            seconds += less, cost
        last = {**tables, "communities": repaired, "fresh": fresh}
    qualities = modularity(tables, repaired), modularity(tables, fresh)
    print(f"{n:,} relationships, {steps} updates of 1 %; the last has {len(repaired):,} communities")
    print("rewritten: repaired {:,}, fresh {:,}, least possible {:,}".format(*totals))
    print("modularity of level 0 at the end: repaired {:.4f}, fresh {:.4f}".format(*qualities))
    print("CPU s an update: repaired {:.2f}, fresh {:.2f}".format(*seconds / steps))


def fresh(n: int) -> None:
    """Print one line of figures."""
    tables = {"entities": entities(n // 5), "relationships": relationships(n, n // 5)}
    found, seconds = partitioned(tables, {name: empty(name) for name in STAGE.last})
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{n:,} relationships, {n // 5:,} entities: {found.num_rows:,} communities, {seconds:.1f} CPU s, {memory} MB")


def main() -> None:
    """Run what is asked for."""
    if sys.argv[1:2] == ["updates"]:
        update(int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
    else:
        fresh(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)


if __name__ == "__main__":
    main()
