"""Derived tables: equal for equal input, complete, and right about who mentions what."""

import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from suite import WORLD
from world import World

from graphrag_engine.hashing import digest
from graphrag_engine.offline.ragged import distinct, ranges
from graphrag_engine.offline.words import normalise, terms
from graphrag_engine.schema import TABLES
from graphrag_engine.stores import derived
from graphrag_engine.stores.forms import unaccented
from graphrag_engine.stores.postings import postings
from graphrag_engine.stores.sparse import ascending, key, sparse
from graphrag_engine.stores.vectors import Vectors


def built(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The derived tables, those of vectors with these beside their rows."""
    made = dict(derived.build(tables))
    return {name: _whole(each) if isinstance(each, Vectors) else each for name, each in made.items()}


def _whole(vectors: Vectors) -> pa.Table:
    return pa.table({"row": vectors.row, "vector": vectors.whole().tolist()})


def mentions(tables: dict[str, pa.Table]) -> dict[tuple[str, str], int]:
    """(entity, first words of the text unit) -> times."""
    made = built(tables)
    starts = made["mentions.starts"]["start"].to_pylist()
    return {
        (tables["entities"]["name"][entity].as_py(), tables["text_units"]["text"][unit].as_py()[:8]): count
        for entity in range(len(starts) - 1)
        for unit, count in zip(
            made["mentions"]["far"].to_pylist()[starts[entity] : starts[entity + 1]],
            made["mentions"]["count"].to_pylist()[starts[entity] : starts[entity + 1]],
            strict=True,
        )
    }


def test_mentions_are_counted_by_text_unit() -> None:
    world = World(documents={"a.md": "Velm saw Velm.\n\nTo Velm."}, names={"Velm": "place"})

    assert mentions(world.tables()) == {("Velm", "Velm saw"): 2, ("Velm", "To Velm."): 1}


def test_a_heading_counts_as_many_mentions_of_what_it_names() -> None:
    world = World(documents={"velm.md": "It is a port.", "b.md": "Velm lies north."}, names={"Velm": "place"})

    assert mentions(world.tables()) == {("Velm", "It is a "): 16, ("Velm", "Velm lie"): 1}


def test_a_heading_is_counted_beside_the_mentions_of_its_text() -> None:
    world = World(documents={"velm.md": "Velm is a port."}, names={"Velm": "place"})

    assert mentions(world.tables()) == {("Velm", "Velm is "): 17}


def test_homonyms_are_told_apart_by_the_text_units_they_stand_in() -> None:
    world = World(
        documents={"a.md": "Cross spoke. Cross left.", "b.md": "Cross Hands lies north."}, names={"Cross": "person"}
    )
    tables = world.tables()
    here = tables["entities"].to_pylist()[0]
    units = {unit["text"]: unit["id"] for unit in tables["text_units"].to_pylist()}
    two = [
        {**here, "text_unit_ids": [units["Cross spoke. Cross left."]]},
        {**here, "id": "zz", "type": "place", "text_unit_ids": [units["Cross Hands lies north."]]},
    ]
    tables["entities"] = pa.Table.from_pylist(two, schema=TABLES["entities"].schema)

    assert mentions(tables) == {("Cross", "Cross sp"): 2, ("Cross", "Cross Ha"): 1}


def test_the_order_of_chunks_does_not_matter() -> None:
    tables = WORLD.tables()
    pieces = {name: pa.concat_tables([table.slice(0, 1), table.slice(1)]) for name, table in tables.items()}

    assert built(pieces) == built(tables)


def test_every_column_is_one_chunk_without_gaps_in_its_numbers() -> None:
    for name, table in built(WORLD.tables()).items():
        for field in table.schema:
            assert table[field.name].num_chunks <= 1, name
            assert table[field.name].null_count == 0 or not pa.types.is_integer(field.type), name


@pytest.mark.parametrize("missing", ["entity_mentions", "claims", "communities", "reports", "relationships", "vectors"])
def test_an_index_without_one_kind_of_rows_is_built(missing: str) -> None:
    tables = WORLD.tables() | {missing: TABLES[missing].schema.empty_table()}

    assert built(tables)["text_units"].num_rows == 3


def test_only_the_tables_named_are_read() -> None:
    tables = {name: table for name, table in WORLD.tables().items() if name in derived.READS}

    assert built(tables) == built(WORLD.tables())


class Asked(dict[str, pa.Table]):
    """Tables that count how often they are looked up."""

    def __init__(self, tables: dict[str, pa.Table]) -> None:
        super().__init__(tables)
        self.times = Counter[str]()

    def __getitem__(self, name: str) -> pa.Table:
        self.times[name] += 1
        return super().__getitem__(name)


def test_tables_are_looked_up_when_they_are_needed_and_only_the_shared_ones_often() -> None:
    asked = Asked(WORLD.tables())
    made = derived.build(asked)
    assert next(made)[0] == "text_units"
    assert asked.times.keys() == {"text_units", "documents"}

    dict(made)

    assert asked.times.keys() == derived.READS.keys()
    assert {name for name, times in asked.times.items() if times > 2} <= {*derived.SHARED}


def test_nothing_depends_on_how_many_texts_and_vectors_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for whole in WORLD.documents.values() for text in whole.split("\n\n")]
    near = {name.split("|")[0]: (1.0, 0.0) for name in WORLD.names} | dict.fromkeys(texts, (0.0, 1.0))
    tables = replace(WORLD, vectors=near).tables()
    whole = built(tables)
    monkeypatch.setattr(derived, "_BLOCK", 2)

    assert built(tables) == whole
    assert [made["text_units.vectors"]["vector"].to_pylist() for made in (whole,)] == [[[0.0, 1.0]] * 3]
    assert whole["similar"].num_rows


@given(st.lists(st.text("ab '\u2019\u0301\n항é1") | st.just("Sailed sailing"), max_size=9), st.integers(1, 4))
def test_postings_hold_the_terms_of_each_text_and_how_often(texts: list[str], at_once: int) -> None:
    blocks = [(np.arange(len(texts))[at:][:at_once], strings(texts[at:][:at_once])) for at in range(0, 9, at_once)]

    made, lengths = postings("x", (block for block in blocks if len(block[0])), np.full(len(texts), -1), None)

    counts = {(key(term), row): n for row, text in enumerate(texts) for term, n in Counter(terms(text)).items()}
    hashes = np.repeat(made["x.keys"]["key"].to_numpy(), np.diff(made["x.starts"]["start"].to_numpy())).tolist()
    held = zip(hashes, made["x"]["row"].to_pylist(), made["x"]["count"].to_pylist(), strict=True)
    assert [((term, row), n) for term, row, n in held] == sorted(counts.items())
    assert lengths.tolist() == [len(terms(text)) for text in texts]


def strings(texts: list[str]) -> pa.LargeStringArray:
    return pa.array(texts, pa.large_string())


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.usefixtures("traced")
def test_postings_take_little_more_memory_than_they_have() -> None:
    block = strings([" ".join(f"w{(row * word) % 997}" for word in range(200)) for row in range(100)])
    n = 100 * len(block)

    made, _ = postings("x", ((np.arange(at, at + 100), block) for at in range(0, n, 100)), np.full(n, -1), None)

    assert tracemalloc.get_traced_memory()[1] < 3 * made["x"].nbytes


def test_ties_to_what_is_not_there_are_left_out() -> None:
    whole = WORLD.tables()
    few = built(whole | {"entities": whole["entities"].slice(0, 1)})

    assert few["related"].num_rows == 0


def test_citations_of_reports_point_to_rows_of_text_units() -> None:
    made = built(WORLD.tables())
    cited = [each["text_unit"] for each in made["reports"]["citations"].combine_chunks().flatten().to_pylist()]

    assert [made["text_units"]["text"][row].as_py()[:8] for row in cited] == ["The Tern", "The Tern"]


def test_long_documents_take_linear_time_and_space() -> None:
    world = replace(WORLD, documents={**WORLD.documents, "long.txt": "x" * 1_000_000, "caps.txt": "Word " * 50_000})

    assert built(world.tables())["text_units"].num_rows == 5


def test_keys_are_the_same_on_every_machine() -> None:
    assert key("velm") == 2010502128811664219
    assert key("\ud800") != key("\udfff")


def test_the_version_is_raised_when_words_are_seen_otherwise() -> None:
    """Caches are carried over from version to version of an index: only another VERSION makes them anew."""
    text = "The Émile's naïve sailors don\u2019t fly; 항구에서 배는, e\u0301tudes\u200b of CAFÉ-owners, 1903."
    seen = digest(terms(text), [normalise(name) for name in text.split()], unaccented("émile naïve"))

    assert (derived.VERSION, seen) == (7, "706003e833389ec8")


def test_numbers_are_brought_in_order_as_a_stable_sort_does() -> None:
    numbers = np.array([70_000, 3, 65_536, 3, 70_000, 0, 2**32 - 1, 65_539, 3])

    assert ascending(numbers).tolist() == np.argsort(numbers, kind="stable").tolist()
    assert distinct(numbers).tolist() == [0, 3, 65_536, 65_539, 70_000, 2**32 - 1]
    assert distinct(numbers[:0]).tolist() == ascending(numbers[:0]).tolist() == []


def test_sparse_rows_keep_the_order_of_their_ties() -> None:
    numbers = pa.array([2, 0, 2, 0]).to_numpy()
    made = sparse("x", numbers, 3, {"far": pa.array([5, 6, 7, 8]).to_numpy()})

    assert made["x"]["far"].to_pylist() == [6, 8, 5, 7]
    assert made["x.starts"]["start"].to_pylist() == [0, 2, 2, 4]


def test_ranges_of_nothing_are_nothing() -> None:
    ends = pa.array([3, 5, 5]).to_numpy()

    assert ranges(ends, ends).tolist() == []
    assert ranges(ends - 2, ends).tolist() == [1, 2, 3, 4, 3, 4]
