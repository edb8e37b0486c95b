"""Indexes from small tables, for tests of what is published."""

import pyarrow as pa
from world import World

from graphrag_engine import Engine
from graphrag_engine.schema import TABLES
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore

WORLD = World(
    documents={
        "ships/tern.md": "The Tern sank at Velm.\n\nVelm mourned the Tern.\n\nMara Cross left Velm.",
        "gull.md": "Nobody lives on the Gull.",
    },
    names={"Tern|Old Tern": "work", "Velm": "place", "Mara Cross": "person", "Gull": "place"},
    ties=(("Tern", "sank at", "Velm"), ("Mara Cross", "left", "Velm")),
    claims=(("Tern", "sank at", "Velm", "TRUE", "1903"),),
    reports={
        "All of Velm": (0, None, ("Tern", "Velm", "Mara Cross"), ("The Tern sank at Velm.",)),
        "The wreck": (1, "All of Velm", ("Tern", "Velm"), ("Velm mourned the Tern.",)),
    },
    metadata={"gull.md": {"year": 1903, "kind": "bird"}},
    vectors={"The Tern sank at Velm.": [1.0, 0.0], "Velm mourned the Tern.": [0.6, 0.8], "Tern": [0.0, 1.0]},
)


def commit(root, world, **changed):
    """A new version of the index under this root: the tables of a world, some of them others."""
    tables = {**world.tables(), **changed}
    store = ParquetStore(root)
    entries = {name: store.write(name, tables[name])[0] for name in TABLES}
    last = store.current()
    store.commit(Manifest(version=last.version + 1 if last else 1, tables=entries))
    return Engine.open(root)


def replaced(table, row, **values):
    """A table with other values in the row with this name."""
    rows = table.to_pylist()
    for each in rows:
        if each.get("name", each.get("id")) == row:
            each.update(values)
    return pa.Table.from_pylist(rows, schema=table.schema)
