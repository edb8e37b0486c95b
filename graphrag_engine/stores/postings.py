"""texts -> where each term stands and how often, looked up by the hash of the term."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphrag_engine.offline.ragged import Ints
from graphrag_engine.offline.words import forms, split
from graphrag_engine.stores.carry import Tables
from graphrag_engine.stores.sparse import Array, ascending, key, ranges, sparse

_AT_ONCE = 256


@dataclass(frozen=True)
class _Counts:
    """How often a term stands in a row: the place of its hash in *keys*, the row, the count, side by side."""

    keys: Array
    term: Array
    row: Array
    count: Array


class _Numbers(dict[str, int]):
    """A number for each string, in the order in which they are first asked for."""

    def __missing__(self, string: str) -> int:
        self[string] = number = len(self)
        return number


def postings(name: str, texts: pa.ChunkedArray, place: Ints, last: Tables | None) -> tuple[dict[str, pa.Table], Array]:
    """The derived tables of this name, and the number of terms in each text.

    A text whose *place* is not -1 keeps the postings that the row of this number has in *last*.
    """
    fresh = np.flatnonzero(place < 0)
    parts = [_counted(_one_by_one(texts if last is None else texts.take(pa.array(fresh))), fresh)]
    if last is not None:
        parts.append(_kept(name, place, last))
    whole = _together(parts)
    columns = {"row": whole.row.astype(np.int32, copy=False), "count": whole.count.astype(np.int32)}
    lengths = np.bincount(whole.row, whole.count, len(place)).astype(np.int32)
    ties = sparse(name, whole.term, len(whole.keys), columns)
    return {f"{name}.keys": pa.table({"key": whole.keys}), **ties}, lengths


def _one_by_one(texts: pa.ChunkedArray) -> Iterator[str]:
    """The strings of a column, few of them at once as Python objects."""
    for at in range(0, len(texts), _AT_ONCE):
        yield from texts.slice(at, _AT_ONCE).to_pylist()


def _counted(texts: Iterable[str], rows: Ints) -> _Counts:
    """The terms of texts, one text for each row; each distinct word is looked into once."""
    known, terms = _Numbers(), _Numbers()
    word, count, sizes = array("i"), array("i"), array("i")
    for text in texts:
        counter = Counter(split(text))
        word.extend(map(known.__getitem__, counter))
        count.extend(counter.values())
        sizes.append(len(counter))
    found = [[terms[term] for term in forms(written)] for written in known]
    ends = np.cumsum([0, *map(len, found)], dtype=np.int32)
    low, high = ends[word], ends[1:][word]
    return _Counts(
        keys=np.fromiter(map(key, terms), np.uint64, len(terms)),
        term=np.array([term for each in found for term in each], np.int32)[ranges(low, high)],
        row=np.repeat(np.repeat(rows.astype(np.int32), sizes), high - low),
        count=np.repeat(count, high - low),
    )


def _kept(name: str, place: Ints, last: Tables) -> _Counts:
    """The postings of the rows that stay, under their new numbers."""
    starts = last[f"{name}.starts"]["start"].to_numpy()
    row = last[name]["row"].to_numpy()
    stays = np.flatnonzero(place >= 0)
    moved = np.full(max(row.max(initial=-1), place.max(initial=-1)) + 1, -1, np.int32)
    moved[place[stays]] = stays
    row, term = moved[row], np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    found = row >= 0
    keys, count = last[f"{name}.keys"]["key"].to_numpy(), last[name]["count"].to_numpy()
    return _Counts(keys, term[found], row[found], count[found])


def _together(parts: list[_Counts]) -> _Counts:
    """All counts by key, then by row: each pair once, and no key that stands nowhere."""
    keys, place = np.unique(np.concatenate([part.keys for part in parts]), return_inverse=True)
    places = np.split(place.astype(np.int32), np.cumsum([len(part.keys) for part in parts])[:-1])
    term = np.concatenate([places[number][part.term] for number, part in enumerate(parts)])
    row = np.concatenate([part.row for part in parts])
    order = ascending(row)
    order = order[ascending(term[order])]
    term, row = term[order], row[order]
    firsts = np.flatnonzero(np.diff(term, prepend=-1) | np.diff(row, prepend=-1))
    count = np.add.reduceat(np.concatenate([part.count for part in parts])[order], firsts)
    used = np.bincount(term, minlength=len(keys)) > 0
    return _Counts(keys[used], (np.cumsum(used, dtype=np.int32) - 1)[term[firsts]], row[firsts], count)
