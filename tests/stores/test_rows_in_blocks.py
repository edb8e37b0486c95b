"""Tables side by side, block by block."""

from itertools import chain

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.stores.streams import Stream, side_by_side

SCHEMA = pa.schema([("id", pa.string())])
TABLES = st.lists(st.lists(st.text("abc", min_size=1, max_size=3), unique=True).map(sorted), min_size=1, max_size=4)


def stream(ids, size):
    blocks = (pa.table({"id": pa.array(ids[at : at + size], pa.string())}) for at in range(0, len(ids), size))
    return Stream(blocks, SCHEMA)


@given(TABLES, st.integers(1, 4))
def test_every_row_is_given_once_in_order_and_equal_ids_stand_in_one_block(tables, size):
    blocks = list(side_by_side([stream(ids, size) for ids in tables]))

    columns = [[block[at]["id"].to_pylist() for block in blocks] for at in range(len(tables))]
    assert [list(chain(*column)) for column in columns] == tables
    for id_ in {each for ids in tables for each in ids}:
        assert len({at for column in columns for at, ids in enumerate(column) if id_ in ids}) == 1


@given(TABLES)
def test_no_block_is_larger_than_what_was_read_of_a_table(tables):
    assert all(len(each) <= 2 for block in side_by_side([stream(ids, 2) for ids in tables]) for each in block)
