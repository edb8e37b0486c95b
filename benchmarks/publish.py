"""Publishing to a real server: against a bare driver loop, again, after a change; time and client memory.

    python benchmarks/publish.py [ENTITIES]     default 50000; the last result stands in publish.md

It starts a Neo4j server with Java and Maven, as the tests do. An index has as many entities, three times as many
relationships, two fifths as many chunks, each with a vector of 384 numbers, and a community for ten entities. Each
publish is a process of its own, whose imports are not timed; its memory is its peak, as Linux tells it. The bare loop
runs the same statements with the same rows in the same batches by `session.execute_write`, and makes the same
constraints and indexes, on the same server, emptied before; what goes before that (reading, comparing, hashing) does
not count for it. Both run twice in turn, and the better run of each counts: a server is quicker once it is warm.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import neo4j
import numpy as np
import pyarrow as pa

from graphrag_engine.hashing import digest
from graphrag_engine.local_neo4j.server import LocalServer
from graphrag_engine.offline.ragged import string_lists
from graphrag_engine.schema import TABLES, VECTOR, empty
from graphrag_engine.settings import Neo4jSettings
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.neo4j_names import quoted, scope
from graphrag_engine.stores.neo4j_schema import Schema, vector_property
from graphrag_engine.stores.neo4j_sending import Sending
from graphrag_engine.stores.neo4j_server import Address, Server
from graphrag_engine.stores.neo4j_versions import Last, Version
from graphrag_engine.stores.parquet import ParquetStore

NUMBERS, KINDS, MENTIONS, MEMBERS = 384, 120, 2, 10
HEAP = ("-Xms512m", "-Xmx2g")
PUBLISH = """
import json, sys, time
import neo4j
import graphrag_engine.publishing
from graphrag_engine import Engine
engine = Engine.open(sys.argv[1])
begun, used = time.perf_counter(), time.process_time()
report = engine.publish(sys.argv[2])
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"seconds": time.perf_counter() - begun, "cpu": time.process_time() - used, "how": report.how,
                  "rows": report.rows, "mb": peak / 1024}))
"""


def keys(kind: str, count: int) -> list[str]:
    """Ids as an index has them, in ascending order."""
    return sorted(digest(kind, at) for at in range(count))


def table(name: str, count: int, /, **columns: object) -> pa.Table:
    """A table with these columns, and plain values in all others."""
    blank = {"string": "words", "large_string": "words", "int64": 0, "double": 1.0, "bool": True}
    made = {}
    for field in TABLES[name].schema:
        plain = None if field.nullable else blank.get(str(field.type), [])
        made[field.name] = pa.array(columns.get(field.name, [plain] * count), field.type)
    return pa.table(made, schema=TABLES[name].schema)


def tables(n: int, share: float) -> dict[str, pa.Table]:
    """An index with *n* entities, in which this share of the rows is other than in the first version."""
    chance = np.random.default_rng(7)
    units, ties, documents, communities = n * 2 // 5, 3 * n, max(n // 25, 1), n // MEMBERS
    entity, unit, document = keys("entity", n), keys("unit", units), keys("document", documents)
    words = np.array([f"word{at % 977}" for at in range(4000)])
    texts = [" ".join(words[chance.integers(4000, size=60)]) for _ in unit]
    texts[: int(units * share)] = [f"{text} indeed" for text in texts[: int(units * share)]]
    vectors = chance.standard_normal((units, NUMBERS)).astype(np.float16)
    vectors[: int(units * share)] *= -1
    flat, offsets = pa.array(vectors.ravel()), pa.array(np.arange(units + 1) * NUMBERS, pa.int32())
    mentioned = pa.array(unit).take(pa.array(chance.integers(units, size=MENTIONS * n)))
    changed = (np.arange(n) < n * share).astype(int)
    made = {
        "documents": table("documents", documents, id=document, metadata=["{}"] * documents),
        "text_units": table(
            "text_units",
            units,
            id=unit,
            document_id=[document[at * documents // units] for at in range(units)],
            position=[at - -(-(at * documents // units) * units // documents) for at in range(units)],
            text=texts,
        ),
        "entities": table(
            "entities",
            n,
            id=entity,
            name=[f"Name {at} of {at % 977}" for at in range(n)],
            type=[("person", "place", "work", "organisation")[at % 4] for at in range(n)],
            frequency=(1 + changed).tolist(),
            text_unit_ids=string_lists(np.repeat(np.arange(n), MENTIONS), mentioned, n),
        ),
        "relationships": table(
            "relationships",
            ties,
            id=keys("relationship", ties),
            source_id=[entity[at] for at in chance.integers(n, size=ties)],
            target_id=[entity[at] for at in chance.integers(n, size=ties)],
            type=[f"kind {at}" for at in (KINDS * chance.random(ties) ** 3).astype(int)],
            weight=np.where(np.arange(ties) < ties * share, 2.0, 1.0),
        ),
        "communities": table(
            "communities",
            communities,
            id=keys("community", communities),
            entity_ids=string_lists(np.arange(communities * MEMBERS) // MEMBERS, pa.array(entity), communities),
            size=[MEMBERS] * communities,
        ),
        "vectors": table(
            "vectors",
            units,
            id=unit,
            kind=["text_unit"] * units,
            vector=pa.ListArray.from_arrays(offsets, flat, type=VECTOR),
        ),
    }
    return {name: made.get(name, empty(name)) for name in TABLES}


def commit(root: Path, made: dict[str, pa.Table]) -> Version:
    """A new version of the index under this root."""
    store = ParquetStore(root)
    last = store.current()
    entries = {name: store.write(name, each)[0] for name, each in made.items()}
    store.commit(Manifest(version=last.version + 1 if last else 1, tables=entries))
    return Version(store, store.existing())


def publish(root: Path, uri: str) -> dict:
    """One publish in a process of its own."""
    done = subprocess.run([sys.executable, "-c", PUBLISH, str(root), uri], check=True, capture_output=True)
    return json.loads(done.stdout)


def bare(address: Address, now: Version) -> float:
    """Seconds of the bare loop, with all batches made ready before."""
    sending = Sending(now, Last(None), now.vector_length(), vector_property("default"))
    batches = [(each.text, {**each.parameters, "rows": each.rows}) for each in sending.batches()]
    common = {"workspace": "default", "scope": scope("default")}
    begun = time.perf_counter()
    with Server.open(address, Neo4jSettings()) as server:
        schema = Schema(server, "default")
        schema.prepare()
        schema.search("english")
        user = (address.username, address.password)
        with neo4j.GraphDatabase.driver(address.uri, auth=user) as driver, driver.session() as session:
            for text, parameters in batches:
                session.execute_write(lambda tx, text=text, all_={**common, **parameters}: tx.run(text, all_).consume())
        schema.index_vectors("Chunk", now.vector_length())
        schema.wait()
    return time.perf_counter() - begun


def wipe(address: Address) -> None:
    """An empty database."""
    user = (address.username, address.password)
    with neo4j.GraphDatabase.driver(address.uri, auth=user) as driver, driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS").consume()
        for kind, shown in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
            for (name,) in list(session.run(f"SHOW {shown} YIELD name, type WHERE type <> 'LOOKUP' RETURN name")):
                session.run(f"DROP {kind} {quoted(name)} IF EXISTS").consume()


def measure(n: int, root: Path, address: Address) -> dict[str, str]:
    """All figures."""
    now = commit(root, tables(n, 0))
    loops, firsts = [], []
    for _ in range(2):
        wipe(address)
        loops.append(bare(address, now))
        wipe(address)
        firsts.append(publish(root, address.uri))
    first = min(firsts, key=lambda run: run["seconds"])
    again = min((publish(root, address.uri) for _ in range(3)), key=lambda run: run["seconds"])
    commit(root, tables(n, 0.01))
    changed = publish(root, address.uri)
    tenth = root / "tenth"
    commit(tenth, tables(n // 10, 0))
    wipe(address)
    small = publish(tenth, address.uri)
    return {
        "rows sent": f"{first['rows']:,}",
        "bare loop": f"{min(loops):.1f} s (both runs: {both(loops)})",
        "publish": f"{first['seconds']:.1f} s (both runs: {both(run['seconds'] for run in firsts)})",
        "rate of the publish against that of the bare loop": f"{min(loops) / first['seconds']:.0%}",
        "rows a second, client CPU": f"{first['rows'] / first['seconds']:,.0f}, {first['cpu']:.1f} s",
        "again, unchanged": f"{again['seconds']:.2f} s, {again['seconds'] / first['seconds']:.1%} of the first",
        "after 1 % of the rows changed": f"{changed['seconds']:.2f} s, {changed['seconds'] / first['seconds']:.1%}, "
        f"{changed['rows']:,} rows",
        "client memory": f"{first['mb']:.0f} MB; of an index a tenth as large {small['mb']:.0f} MB; "
        f"after the change {changed['mb']:.0f} MB",
    }


def both(seconds: Iterable[float]) -> str:
    """Seconds, one after the other."""
    return ", ".join(f"{each:.1f}" for each in seconds)


def main(n: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        server = LocalServer(Path(name), Path(__file__).parent.parent / ".neo4j-jars")
        running = server.start(java=HEAP)
        os.environ["NEO4J_PASSWORD"] = server.password()
        try:
            found = measure(n, Path(name) / "kb", Address(running.uri, "neo4j", server.password()))
        finally:
            server.stop()
    print("| what | result |\n|---|---|")
    for what, result in found.items():
        print(f"| {what} | {result} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
