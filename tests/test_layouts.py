import pytest
from papers import CODE, FRONT, RESTRUCTURED

from graphrag_engine.layouts import outline, suffix
from graphrag_engine.stages.chunk import units


def headings(source: str, text: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in outline(source, text).headings]


def test_levels_of_restructured_text_are_those_of_its_first_uses() -> None:
    assert headings("port.rst", RESTRUCTURED) == [(1, "Port"), (2, "Dues"), (3, "Coal")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Long title\n===\n", []),
        ("A\n=\n", []),
        ("ab\n##\n", []),
        ("Title\n=====\nText\n\nTitle\n-----\n\nNext\n=====\n", [(1, "Title"), (2, "Title"), (1, "Next")]),
        ("*****\nTitle\n*****\n\nSub\n*****\n", [(1, "Title"), (2, "Sub")]),
        (" quoted\n=======\n", []),
    ],
)
def test_a_heading_has_a_line_of_signs_below_that_is_as_long(text: str, found: list[tuple[int, str]]) -> None:
    assert headings("a.rst", text) == found


def test_a_comment_in_code_is_no_heading() -> None:
    found = outline("dues.py", CODE)

    assert (found.headings, found.code) == ([], [(0, len(CODE))])
    assert [CODE[start : start + 3] for start in found.paragraphs] == ["def"]


@pytest.mark.parametrize("source", ["crew.jsonl#7.py", "crew.csv.gz#a.py", "https://example.org/a?b=c", "a.txt"])
def test_rows_and_pages_are_outlined_like_text(source: str) -> None:
    assert headings(source, "# Port\n") == [(1, "Port")]


def test_only_markdown_has_front_matter() -> None:
    assert outline("quay.md", FRONT).body == FRONT.index("\n# Quay")
    assert outline("a.zip/quay.MD.gz", FRONT).body > 0
    assert outline("quay.txt", FRONT).body == 0


def test_front_matter_is_in_no_text_unit_and_offsets_are_those_of_the_file() -> None:
    (unit,) = units("d", "The North Quay", FRONT, 400, "quay.md")

    assert unit.start == FRONT.index("# Quay")
    assert FRONT[unit.start : unit.end] == unit.text
    assert unit.heading == "The North Quay > Quay"


@pytest.mark.parametrize(
    ("name", "ending"), [("a.MD", ".md"), ("a.b/c", ""), ("a.txt.gz", ".txt"), ("a.gz", ""), (".rst", ""), ("a.", "")]
)
def test_the_suffix_of_a_packed_file_is_the_one_below(name: str, ending: str) -> None:
    assert suffix(name) == ending
