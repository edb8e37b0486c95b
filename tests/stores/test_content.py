"""Equal rows have one hash, other rows another."""

import pyarrow as pa
import pytest

from graphrag_engine.schema import TABLES
from graphrag_engine.stores.content import content_hash

SCHEMA = TABLES["resolutions"].schema
VALE = ("Vale", "Elias Vale", "same", "surname", 0.8, "d1", None, None)
CITED = [{"n": 1, "text_unit_id": "u1", "start": 0, "end": 4}, {"n": 2, "text_unit_id": "u2", "start": 4, "end": 5}]
REPORT = {
    "id": "r1",
    "level": 1,
    "title": "Pilots",
    "summary": "",
    "full_content": "",
    "findings": [{"summary": "a", "explanation": "bc", "citations": [1, 2]}],
    "rating": 1.5,
    "rating_explanation": "",
    "citations": CITED,
}


def resolutions(*rows):
    return pa.table([list(column) for column in zip(*rows, strict=True)], schema=SCHEMA)


def reports(*rows):
    return pa.Table.from_pylist(list(rows), schema=TABLES["reports"].schema)


def test_what_lies_under_a_null_does_not_count():
    hidden = pa.Array.from_buffers(pa.int64(), 2, [pa.py_buffer(b"\x01"), pa.py_buffer(bytes([7] * 16))])
    plain = pa.array([int.from_bytes(bytes([7] * 8), "little"), None], pa.int64())

    assert content_hash(pa.table({"n": hidden})) == content_hash(pa.table({"n": plain}))


def test_texts_in_several_chunks_are_as_in_one():
    one = resolutions(VALE, VALE)

    assert content_hash(pa.concat_tables([one[:1], one[:0], one[1:]])) == content_hash(one)
    assert content_hash(pa.concat_tables([one[:1], resolutions(("Val", *VALE[1:]))])) != content_hash(one)


@pytest.mark.parametrize("column", SCHEMA.names)
def test_every_column_counts(column):
    changed = dict(zip(SCHEMA.names, VALE, strict=True))
    changed[column] = 0.1 if column == "confidence" else "other"

    assert content_hash(resolutions(tuple(changed.values()))) != content_hash(resolutions(VALE))


def test_null_is_not_the_empty_string():
    assert content_hash(resolutions((*VALE[:7], None))) != content_hash(resolutions((*VALE[:7], "")))


@pytest.mark.parametrize("column", REPORT)
def test_lists_and_structs_count(column):
    other = {"level": 2, "rating": 2.5, "findings": [], "citations": CITED[:1]}

    assert content_hash(reports({**REPORT, column: other.get(column, "other")})) != content_hash(reports(REPORT))


@pytest.mark.parametrize(
    ("left", "right"), [(["ab", "c"], ["a", "bc"]), ([["a"], []], [[], ["a"]]), ([None, 0], [0, None])]
)
def test_it_matters_where_a_value_ends_and_which_row_it_is_in(left, right):
    assert content_hash(pa.table({"n": left})) != content_hash(pa.table({"n": right}))


def test_rows_beside_a_slice_do_not_count():
    other = {**REPORT, "id": "other", "title": "Much longer", "findings": [], "citations": CITED * 3}
    marked = pa.table({"flag": [True, False, None], "n": [None, 1, 2]})

    assert content_hash(reports(other, REPORT, other).slice(1, 1)) == content_hash(reports(REPORT))
    assert content_hash(marked.slice(1, 1)) == content_hash(pa.table({"flag": [False], "n": [1]}))


def test_chunks_do_not_count():
    whole = resolutions(VALE, VALE)

    assert content_hash(pa.concat_tables([resolutions(VALE), whole.slice(1)])) == content_hash(whole)
