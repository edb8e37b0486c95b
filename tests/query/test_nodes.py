"""Rows as nodes of a walk: each once, in order, with a number."""

import numpy as np

from graphrag_engine.query.nodes import nodes, together


def test_rows_of_several_parts_stand_there_once_and_in_order() -> None:
    assert together(9, np.array([7, 2, 7]), np.array([2, 0])).tolist() == [0, 2, 7]


def test_each_node_has_its_place_as_number_and_other_rows_have_none() -> None:
    found = nodes(9, np.array([7, 2]), np.array([5]))

    assert found.rows.tolist() == [2, 5, 7]
    assert found.numbers(np.array([7, 8, 2, 0])).tolist() == [2, -1, 0, -1]


def test_there_may_be_no_rows_at_all() -> None:
    nothing = np.empty(0, np.int64)

    assert len(together(0, nothing)) == len(nodes(3, nothing).numbers(nothing)) == 0
