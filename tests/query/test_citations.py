"""Text units as they are cited: each read once, whichever way it is asked for."""

from graphrag_engine.query.citations import Citations
from graphrag_engine.stores.reader import MappedStore


def test_text_units_read_together_are_those_read_one_by_one(harbour_store: MappedStore) -> None:
    together, rows = Citations(harbour_store), [3, *range(harbour_store.count("text_units")), 3]
    first = together.unit(4)

    assert together.units(rows) == [Citations(harbour_store).unit(row) for row in rows]
    assert together.unit(4) is first


def test_none_are_read_where_none_are_asked_for(harbour_store: MappedStore) -> None:
    assert Citations(harbour_store).units([]) == []
