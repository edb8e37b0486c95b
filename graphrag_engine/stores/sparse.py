"""Hashed keys and compressed sparse rows: the two forms in which derived tables are looked up."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]


def key(word: str) -> int:
    """The 64-bit hash under which a term or a normalised name is looked up."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def sparse(name: str, near: Array, n_rows: int, columns: Mapping[str, Array]) -> dict[str, pa.Table]:
    """Ties from row *near* to what *columns* say, as compressed sparse rows; ties of a row keep their order."""
    order = ascending(near)
    starts = np.zeros(n_rows + 1, np.int64)
    np.cumsum(np.bincount(near, minlength=n_rows), out=starts[1:])
    return {
        name: pa.table({column: values[order] for column, values in columns.items()}),
        f"{name}.starts": pa.table({"start": starts}),
    }


def ascending(numbers: Array) -> Array:
    """The order that sorts numbers below 2**32, equal ones kept in theirs: linear, as numpy is for 16 bits alone."""
    low = np.argsort(numbers.astype(np.uint16), kind="stable")
    order: Array = low[np.argsort((numbers[low] >> 16).astype(np.uint16), kind="stable")]
    return order


def shared(numbers: Array, among: Array) -> Array:
    """The places in *numbers* of those that are also in *among*; both ascend, and the shorter is looked up."""
    if len(numbers) > len(among):
        at = np.searchsorted(numbers, among.astype(numbers.dtype))
        at = at[: np.searchsorted(at, len(numbers))]
        found: Array = at[numbers[at] == among[: len(at)]]
    else:
        at = np.searchsorted(among, numbers)
        found = np.flatnonzero(np.append(among, -1)[at] == numbers)
    return found


def highest(scores: Array, k: int) -> Array:
    """The places of the *k* highest scores, best first, ties by place; linear in the number of scores."""
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        places = np.flatnonzero(scores >= least)
    else:
        places = np.arange(len(scores))
    found: Array = places[np.argsort(-scores[places], kind="stable")][:k]
    return found
