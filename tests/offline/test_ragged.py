"""Columns as single arrays and as Python objects."""

import pyarrow as pa

from graphrag_engine.offline.ragged import Lists, Texts, one_array, strings


def test_a_column_of_one_piece_is_not_copied():
    column = pa.chunked_array([["ash", "birch", "cedar"]])

    assert one_array(column.slice(1)).buffers()[2].address == column.chunk(0).buffers()[2].address
    assert one_array(column.slice(1)).to_pylist() == ["birch", "cedar"]


def test_a_column_of_pieces_is_put_together():
    assert one_array(pa.chunked_array([["ash"], [], ["birch"]])).to_pylist() == ["ash", "birch"]
    assert one_array(pa.chunked_array([], pa.string())).to_pylist() == []


def test_equal_strings_of_a_column_are_one_object():
    ash, birch, again = strings(pa.chunked_array([["an ash", "a birch"], ["an ash"]]))
    (one, _), (other,) = Lists(pa.chunked_array([[["an ash", "a birch"], ["an ash"]]]))

    assert [ash, birch, one] == ["an ash", "a birch", "an ash"]
    assert ash is again
    assert one is other


def test_texts_are_read_from_any_piece_of_a_column():
    column = pa.chunked_array(
        [["an ash"], [], ["a birch", "", None, "a c\u00e8dre"], ["\uc0bc\ub098\ubb34"]], pa.string()
    )
    texts, some = Texts(column), Texts(column.slice(2, 3))

    assert [texts[row] for row in (5, 0, 1, 2, 4)] == [
        "\uc0bc\ub098\ubb34",
        "an ash",
        "a birch",
        "",
        "a c\u00e8dre",
    ]
    assert [some[row] for row in (0, 2)] == ["", "a c\u00e8dre"]
    assert Texts(pa.chunked_array([["", ""]], pa.string()))[1] == ""
