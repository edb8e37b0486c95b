"""Marks of a model: whatever it writes, what is shown refers to slices of what it was shown, and to nothing else."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.query.marks import Marked

ANY_MARK = re.compile(r"[\[\uff3b\u3010\u3014][^\S\r\n]*[\^#]?\d[\d,;\-\u2013 \t]*[\]\uff3d\u3011\u3015]")
HOSTILE = (
    *("[0]", "[999]", "[1][1]", "[1,2]", "[1-3]", "[1\u20133]", "[3-1]", "[1-999999]", "[-1]", "[1.5]", "[01]", "[^1]"),
    *("[[1]]", "[[999]1]", "[9[999]99]", "[1[999]]", "[[[[2]]]]", "[[0]0[0]1[0]]", "`[1]`", "`a[0]`", "x[1]", "[ 1 ]"),
    *("\uff3b1\uff3d", "\u30101\u3011", "\u301077\u2020source\u3011", "[\uff11]", "[\u0661]", "[1](http://x.example)"),
    *("[1", "1]", "[", "]", "[]", "[1\n]", "[1,,2]", "[source 2]", "[Sources: 1, 2]", "[see 1]", "[a]", "[1 and 2]"),
    *(
        "[00000000000000000001]",
        f"[{'9' * 5000}]",
        "[1;2]",
        "[#3]",
        "(1)",
        "\u00b9",
        "[1]:",
        "[\u200b1]",
        "[2]]",
        "[[2]",
    ),
)
WORDS = ("The Tern sank", " off Gull Point", ". ", "\n\n", " and", " in 1903", "!", "\n- ", "  ", "# A\n", "```\n")


def made(text, sizes=(10_000,), known=range(1, 6)):
    """What is shown of a text that comes in pieces of these sizes, and the numbers that were given out."""
    given_out = {}
    marked = Marked(lambda n, claim: [given_out.setdefault(n, len(given_out) + 1)] if n in known else [])
    shown, at, place = "", 0, 0
    while at < len(text):
        shown += marked.add(text[at : at + sizes[place % len(sizes)]])
        at, place = at + sizes[place % len(sizes)], place + 1
    shown += marked.end()
    assert shown == marked.text
    return shown, given_out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It sank [3].", "It sank [1]."),
        ("It sank [999].", "It sank."),
        ("It sank [999]. So [2].", "It sank. So [1]."),
        ("One [4][2], two [2].", "One [1][2], two [2]."),
        ("One [2][2].", "One [1]."),
        ("One [2, 4-5].", "One [1][2][3]."),
        ("One [0], two [1].", "One, two [1]."),
        ("One \u30103\u3011.", "One [1]."),
        ("One \u30103\u2020source\u3011.", "One [1]."),
        ("One [Source 3].", "One [1]."),
        ("One [[999]1] two", "One [1 two"),
        ("One [1](http://x.example)", "One [1] (http://x.example)"),
        ("[999] One", "One"),
        ("foo [999] bar [888]\n\nend [777]", "foo bar\n\nend"),
        ("see [the log] here", "see [the log] here"),
    ],
)
def test_known_numbers_are_counted_in_order_and_unknown_ones_are_gone(text, shown):
    assert made(text)[0] == shown


def test_a_mark_belongs_to_the_sentence_before_it():
    claims = []
    marked = Marked(lambda n, claim: claims.append(claim) or [n])

    marked.add("Dr. Pell lit it [1]. The Tern sank. [2] Six men [3][4] drowned [5].")

    assert [" ".join(each.split()) for each in claims] == [
        *("Dr. Pell lit it", "The Tern sank.", "Six men", "Six men", "Six men drowned"),
    ]


def test_none_of_1000_hostile_answers_shows_a_mark_that_was_not_given_out():
    draw = random.Random(1)  # noqa: S311 - no secret
    for _ in range(1000):
        text = "".join(draw.choice(HOSTILE if draw.random() < 0.6 else WORDS) for _ in range(draw.randint(1, 30)))

        shown, given_out = made(text)

        for mark in ANY_MARK.findall(shown):
            assert re.fullmatch(r"\[[0-9]+\]", mark), (text, shown)
            assert int(mark[1:-1]) in given_out.values(), (text, shown)


@given(st.lists(st.sampled_from(HOSTILE + WORDS), max_size=12), st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_what_is_shown_does_not_depend_on_the_pieces(parts, sizes):
    text = "".join(parts)

    assert made(text, sizes) == made(text)


@given(
    st.text("[]12,-\uff3b\u3010\u3011 \n.a\u20139", max_size=60), st.lists(st.integers(1, 5), min_size=1, max_size=4)
)
def test_nor_for_any_other_text(text, sizes):
    shown, given_out = made(text, sizes)

    assert (shown, given_out) == made(text)
    assert {int(n) for n in re.findall(r"\[(\d+)\]", shown)} <= set(given_out.values())
