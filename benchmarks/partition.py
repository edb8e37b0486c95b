"""CPU seconds and memory of `partition` on generated relationships; bar: 1 M of them in 8 s and 700 MB.

    python benchmarks/partition.py [RELATIONSHIPS]

Entities stand in nested neighbourhoods, as things in texts do.
"""

import resource
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.ragged import string_lists
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import PartitionSettings
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
    }
    return pa.table(columns, schema=TABLES["relationships"].schema)


def entities(n: int) -> pa.Table:
    """*n* numbered names."""
    empty = _no_strings(n)
    one = pa.repeat(1, n)
    columns = {"id": _ids(n), "name": _ids(n), "type": pa.repeat("name", n), "aliases": empty, "frequency": one}
    columns |= {"degree": one, "rank": pa.repeat(1.0, n), "text_unit_ids": empty}
    return pa.table(columns, schema=TABLES["entities"].schema)


def _ids(n: int) -> pa.Array:
    """Ids of the usual length, in order."""
    return pc.utf8_lpad(pa.array(np.arange(n)).cast(pa.string()), 16, "0")


def _no_strings(n: int) -> pa.ListArray:
    """*n* empty lists."""
    return string_lists(np.zeros(0, np.int64), pa.array([], pa.string()), n)


def main() -> None:
    """Print one line of figures."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    tables = {"entities": entities(n // 5), "relationships": relationships(n, n // 5)}
    tables |= {f"last.{name}": empty(name) for name in STAGE.last}
    before = time.process_time()
    found = STAGE.run(tables, PartitionSettings())["communities"]
    seconds = time.process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{n:,} relationships, {n // 5:,} entities: {found.num_rows:,} communities, {seconds:.1f} CPU s, {memory} MB")


if __name__ == "__main__":
    main()
