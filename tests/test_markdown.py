import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.markdown import Heading, front_matter, outline, plain


def headings(text: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in outline(text).headings]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# One\n## Two ##\n###### Six", [(1, "One"), (2, "Two"), (6, "Six")]),
        ("   # Indented", [(1, "Indented")]),
        ("    # Code by indent", []),
        ("#hashtag\n####### Seven", []),
        ("# \n# #\n", []),
        ("One\r\n===\r\n\r\nTwo\r\n---\r\n", [(1, "One"), (2, "Two")]),
        ("text\n\nTwo\n---\nmore", [(2, "Two")]),
        ("two lines of\ntext\n---\n", []),
        ("---\ntitle: front matter\n---\n", []),
        ("Regards\n--\nGreta", []),
        ("- item\n---\n", []),
        ("| a |\n---\n", []),
        ("# One\nTwo\n---\n", [(1, "One"), (2, "Two")]),
        ("# " + "x" * 200, [(1, "x" * 200)]),
        ("# " + "x" * 201, []),
        ("```\n# code\n```\n# After", [(1, "After")]),
        ("~~~~ sh\n~~~\n# code\n~~~~\n# After", [(1, "After")]),
        ("~~~\n```\n# code\n~~~\n# After", [(1, "After")]),
        ("```\n```py\n# code\n```\n# After", [(1, "After")]),
        ("x" * 201 + "\n---\n", []),
        ("```inline``` code\n# After", [(1, "After")]),
        ("```\n# never closed", []),
        ("plain text\nof two lines", []),
    ],
)
def test_headings_are_those_that_a_reader_sees(text: str, found: list[tuple[int, str]]) -> None:
    assert headings(text) == found


def test_places_are_offsets_in_the_text() -> None:
    text = "Port\n====\n\nOne.\n \n\nTwo.\n\n```\ncode\n\ncode\n```\n\n## Locks\nThree."

    found = outline(text)

    assert found.headings == [Heading(0, 9, 1, "Port"), Heading(text.index("##"), text.index("\nThree"), 2, "Locks")]
    assert [text[start : start + 3] for start in found.paragraphs] == ["One", "Two", "```", "## "]
    assert [text[start:end] for start, end in found.code] == ["```\ncode\n\ncode\n```"]


def test_code_without_an_end_goes_on_to_the_end_of_the_text() -> None:
    assert outline("a\n\n```\nb\n\nc").code == [(3, 11)]


@given(st.text(st.sampled_from("#=-`~ \n\ra|*"), max_size=60))
def test_any_text_has_an_outline_in_order(text: str) -> None:
    found = outline(text)

    edges = [edge for heading in found.headings for edge in (heading.start, heading.end)]
    assert edges == sorted(edges)
    assert found.paragraphs == sorted(set(found.paragraphs))
    assert all(0 <= start < end <= len(text) for start, end in found.code)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("**bold** and *thin* and `code`", "bold and thin and code"),
        ("__bold__ _thin_ ~~gone~~", "bold thin gone"),
        ("a [link](https://example.org) ![picture](x.png)", "a link picture"),
        ("a [link][ref]", "a link"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        (r"\*no emphasis\*", "*no emphasis*"),
        ("**a `b` c**", "a b c"),
        ("path.join([...paths])", "path.join([...paths])"),
    ],
)
def test_a_plain_line_has_no_marks(line: str, words: str) -> None:
    assert plain(line) == words


FRONT = {
    "---\ntitle: Quay\n---\nText.": "Text.",
    "---\r\n# said first\r\n\r\ndate: 1902\r\n...\r\nText.": "Text.",
    "---\ntitle: Quay\n---": "",
    "---\n\ntext\n---\n": "---\n\ntext\n---\n",
    "---\ntitle: never closed\n": "---\ntitle: never closed\n",
    "Text.\n---\ntitle: Quay\n---\n": "Text.\n---\ntitle: Quay\n---\n",
}


@pytest.mark.parametrize("text", FRONT)
def test_front_matter_stands_at_the_very_top_between_two_lines(text: str) -> None:
    assert text[front_matter(text) :] == FRONT[text]


def test_an_outline_from_behind_front_matter_has_offsets_in_the_whole_text() -> None:
    text = "---\ntitle: Quay\n---\n# Port\n\nText."

    found = outline(text, front_matter(text))

    assert found.headings == [Heading(20, 26, 1, "Port")]
    assert (found.body, found.paragraphs) == (20, [text.index("Text")])
