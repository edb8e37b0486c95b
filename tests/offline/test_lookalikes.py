import pytest

from graphrag_engine.offline.lookalikes import lookalikes


@pytest.mark.parametrize(
    ("names", "cause"),
    [
        (("North Quay", "South Quay"), "compass"),
        (("Northwest Passage", "Southeastern Passage"), "compass"),
        (("Warehouse 4", "Warehouse 5"), "number"),
        (("Henry V", "Henry VI"), "number"),
        (("First Bank of Wend", "Second Bank of Wend"), "number"),
        (("New Harbour", "Old Harbour"), "new or old"),
    ],
)
def test_names_that_differ_in_one_telling_word_are_told_apart(names, cause):
    assert list(lookalikes(reversed(names))) == [(*names, cause)]


@pytest.mark.parametrize(
    "names",
    [
        ("North Quay", "Quay"),
        ("North Quay", "North Pier"),
        ("North Quay", "north  quay"),
        ("New Harbour", "North Harbour"),
        ("North", "South"),
        ("1908 Olympics", "1912 Olympics"),
    ],
)
def test_nothing_is_said_of_other_names(names):
    assert list(lookalikes(names)) == []


def test_a_series_gives_fewer_pairs_than_names():
    assert len(list(lookalikes(f"Warehouse {number}" for number in range(100, 1000)))) == 899
