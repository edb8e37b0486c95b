"""Which documents a filter lets through."""

import json

import pytest

from graphrag_engine.errors import UsageError
from graphrag_engine.stores.filters import check, matches


def fits(stated: object, value: str) -> bool:
    return matches("a.md", json.dumps({"date": stated}), {"date": value})


@pytest.mark.parametrize(
    ("stated", "value"),
    [
        ("1921-01-08", "1920..1930"),
        ("1930-12-31", "1920..1930"),
        ("1920", "1920..1930"),
        (1925, "1920..1930"),
        ("1903", "1903-05..1904"),
        ("1903-05-12", "1903-05.."),
        ("12 May 1903", "..1903-05-12"),
        ("1914-18", "1917..1920"),
        (["1890", "1925"], "1920..1930"),
        (400, "90..1000"),
        (2.5, "2..3"),
        (-3, "-5..-1"),
        ("a..b", "a..b"),
    ],
)
def test_a_value_lies_in_a_range_with_its_ends(stated: object, value: str) -> None:
    assert fits(stated, value)


@pytest.mark.parametrize(
    ("stated", "value"),
    [
        ("1931-01-01", "1920..1930"),
        ("1919", "1920..1930"),
        ("1903-04-30", "1903-05.."),
        ("May", "1920..1930"),
        (None, "1920..1930"),
        (400, "1000..2000"),
        ("1921", "192"),
        (True, "0..2"),
    ],
)
def test_a_value_outside_is_not_let_through(stated: object, value: str) -> None:
    assert not fits(stated, value)


@pytest.mark.parametrize(
    ("stated", "value"),
    [("1998-05-06", "1998"), ("1998-05-06", "1998-05"), ("6 May 1998", "1998"), ("1998-05", "1998"), ("1998", "1998")],
)
def test_a_date_lies_in_its_year_and_month(stated: str, value: str) -> None:
    assert fits(stated, value)


@pytest.mark.parametrize(
    ("stated", "value"),
    [("1998-05-06", "1999"), ("1998-05-06", "1998-06"), ("1998", "1998-05"), ("19980", "1998")],
)
def test_a_date_does_not_lie_in_another_year_or_month(stated: str, value: str) -> None:
    assert not fits(stated, value)


def test_all_filters_must_hold() -> None:
    stated = json.dumps({"kind": "ship", "year": 1903})

    assert matches("ships/tern.md", stated, {"kind": "ship", "year": "1900..", "source": "ships/"})
    assert not matches("ships/tern.md", stated, {"kind": "ship", "year": "1904.."})
    assert not matches("ships/tern.md", stated, {"kind": "ship", "source": "letters/"})


@pytest.mark.parametrize(
    ("value", "said"), [("spring..1930", "no range"), ("..", "no range"), ("1930..1920", "before it begins")]
)
def test_what_is_no_range_is_refused_in_one_line(value: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"{said}") as refused:
        check({"date": value})

    assert "'date'" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_source_is_a_path_and_never_a_range() -> None:
    check({"source": "../letters"})

    assert matches("../letters/1.md", "{}", {"source": "../letters"})
