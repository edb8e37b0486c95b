import re

import pytest

from graphrag_engine.offline.dates import DATE, iso


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1902", ("1902", "1902")),
        ("14 November 1902", ("1902-11-14", "1902-11-14")),
        ("November 14, 1902", ("1902-11-14", "1902-11-14")),
        ("14th of November 1902", ("1902-11-14", "1902-11-14")),
        ("November 1902", ("1902-11", "1902-11")),
        ("1902-11-14", ("1902-11-14", "1902-11-14")),
        ("1895\u20131902", ("1895", "1902")),
        ("1895\u201398", ("1895", "1898")),
        ("1890s", ("1890", "1899")),
        ("19th century", ("1801", "1900")),
        ("summer of 1902", ("1902", "1902")),
        ("14 November", None),
        ("44 BC", None),
        ("14/11/1902", None),
    ],
)
def test_a_date_with_a_year_has_a_first_and_a_last_day_month_or_year(written, expected):
    assert re.fullmatch(DATE, written)
    assert iso(written) == expected


@pytest.mark.parametrize("text", ["1902 people", "1902 tons", "3.1902", "May", "12,500", "1902%"])
def test_what_only_looks_like_a_date_is_none(text):
    assert re.match(DATE, text) is None
