from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.offline.text import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One came. Two left! Why? Nobody knows", ["One came.", "Two left!", "Why?", "Nobody knows"]),
        ("Dr. Vale met J. R. Hart at St. Anne's. They left.", ["Dr. Vale met J. R. Hart at St. Anne's.", "They left."]),
        ("He works at Vale Inc. The firm is old.", ["He works at Vale Inc.", "The firm is old."]),
        ("Vale Inc. Chairman Hart spoke.", ["Vale Inc. Chairman Hart spoke."]),
        ("They met at 5 p.m. It rained.", ["They met at 5 p.m.", "It rained."]),
        ('She said "No." Then she left.', ['She said "No."', "Then she left."]),
        ("He (who was late.) Left early. yes", ["He (who was late.)", "Left early. yes"]),
        ("It grew by 3.5 percent. 40 people came.", ["It grew by 3.5 percent.", "40 people came."]),
        ("Wait... what? Yes.", ["Wait... what?", "Yes."]),
        ("이것은 문장이다. 그것도 문장이다.", ["이것은 문장이다.", "그것도 문장이다."]),
        ("これは文です。次の文です。", ["これは文です。", "次の文です。"]),
    ],
)
def test_an_end_mark_ends_a_sentence_but_an_abbreviation_does_not(text, expected):
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Harbour\nThe harbour lies in the north.", ["The Harbour", "The harbour lies in the north."]),
        (
            "The harbour lies in the north of the county, where Captain\nVale was born in 1840. It is deep.",
            [
                "The harbour lies in the north of the county, where Captain\nVale was born in 1840.",
                "It is deep.",
            ],
        ),
        ("a short line\ngoes on", ["a short line\ngoes on"]),
        ("# Title\nText here", ["Title", "Text here"]),
        ("- one thing\n- Other thing\n* third", ["one thing", "Other thing", "third"]),
        ("1. First step\n2. Second step", ["First step", "Second step"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ["a | b |", "1 | 2 |"]),
        ("One paragraph\n\nanother", ["One paragraph", "another"]),
        ("One line\r\n\r\nTwo", ["One line", "Two"]),
        ("From: Anna Vale of the Harbour Board and all her friends\nSubject: tides", None),
    ],
)
def test_a_newline_ends_a_sentence_unless_the_lines_are_wrapped(text, expected):
    assert cut(text) == (expected or text.split("\n"))


@given(st.text(alphabet=st.sampled_from(list("aB1.!? \n\t#-*|\"')。é가\u200b\r")), max_size=80))
def test_sentences_are_trimmed_apart_and_lose_no_word(text):
    spans = sentences(text)

    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    ends, starts = [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)]
    outside = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    assert not any(letter in outside for letter in "Bé가")


@pytest.mark.parametrize(
    "unit", [".", '."', ". ", "A. ", "a\n", "\n", " ", "- ", "(", "x" * 7 + ". X", "| ", "#", ">", "。"]
)
def test_hostile_text_takes_linear_time(unit):
    text = (unit * 400_000)[:400_000]

    assert all(0 <= start < end <= len(text) for start, end in sentences(text))


def test_a_number_alone_is_a_sentence_behind_another_and_none_where_it_opens():
    assert cut("It ended there. 5. Then it began.") == ["It ended there.", "5.", "Then it began."]
    assert cut("Nothing else\n2004. Then it began.")[-1] == "2004. Then it began."
