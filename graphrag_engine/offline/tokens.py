"""Tokens of the parts of a text, counted side by side."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from graphrag_engine.offline.ragged import Ints

_WIDE = 0x3000
"""From this character on some are tokens of their own, and some are written in two halves."""


def tokens_between(text: str, at: Sequence[int]) -> Ints | None:
    """What `estimate_tokens` gives for each part of a text between two of these ascending places.

    In a quarter of the time, where it can: None for a text with characters of East Asia, or beyond.
    """
    codes = np.frombuffer(text[at[0] : at[-1]].encode("utf-16-le", "surrogatepass"), np.uint16)
    if codes.max(initial=0) >= _WIDE:
        return None
    places = np.array(at) - at[0]
    alike = _alike()[codes]
    begins = np.ones(len(codes) + 1, np.bool_)
    begins[1:-1] = alike[1:] != alike[:-1]
    begins[places] = True
    runs = np.flatnonzero(begins)
    most = alike[runs[:-1]].astype(np.int64)
    tokens = np.where(most, -(-np.diff(runs) // np.maximum(most, 1)), 0)
    before = np.append(0, np.cumsum(tokens))
    found: Ints = np.diff(before[np.searchsorted(runs, places)])
    return found


@cache
def _alike() -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """For each character how many of its kind in a row make one token; 0 for white space, which makes none."""
    kinds = (3 if each.isdecimal() else 6 if each.isalnum() else not each.isspace() for each in map(chr, range(_WIDE)))
    return np.fromiter(kinds, np.int8)
