"""Tokens of parts are those of each part alone."""

from itertools import pairwise

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.offline.tokens import tokens_between

ODD = "aBz09_ \t\n\x1c\x1f\x85\xa0.,'\u2019\xe9\xdf\u0130\u017f\u0301\xb2\xbd\u0661\u0e53\u05d0\u1100\u2028\u2060\u24b6"


@given(st.text(st.sampled_from(ODD) | st.characters(max_codepoint=0x2FFF), max_size=60), st.lists(st.integers(0, 60)))
@example("Harbourmaster1902", [3, 3])
@example("", [])
def test_parts_have_the_tokens_of_each_alone(text: str, cuts: list[int]) -> None:
    at = sorted([0, *(min(cut, len(text)) for cut in cuts), len(text)])

    found = tokens_between(text, at)

    assert found is not None
    assert found.tolist() == [estimate_tokens(text[start:end]) for start, end in pairwise(at)]


@given(st.text(st.characters(min_codepoint=0x3000, exclude_categories=["Cs"]), min_size=1))
def test_of_what_is_counted_otherwise_none_is_told(text: str) -> None:
    assert tokens_between(f"The quay {text}", [0, 9 + len(text)]) is None


def test_only_what_lies_between_the_places_counts() -> None:
    assert np.array_equal(tokens_between("\u6e2f Harbours froze. \u6e2f", [2, 11, 17]), [2, 2])
