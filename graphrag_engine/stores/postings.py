"""texts -> where each term stands and how often, looked up by the hash of the term."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.ragged import Ints, distinct, ranges
from graphrag_engine.offline.words import forms, pieces, split
from graphrag_engine.stores.carry import Tables
from graphrag_engine.stores.sparse import Array, key

Texts = tuple[Ints, pa.Array]
"""Some row numbers, ascending, and the text of each."""

_REMEMBERED = 32
"""Letters of a piece of text up to which it is likely to be met again."""
_SUMMED = 1 << 20
"""Counts that are summed up at once."""


@dataclass(frozen=True)
class _Counts:
    """How often each term stands in which rows: by term, then by row."""

    term: Array
    """Hashes, or numbers that stand for them."""
    size: Array
    """The number of rows of each term."""
    row: Array
    count: Array


class _Numbers(dict[int, int]):
    """A number for each hash, in the order in which they are first asked for."""

    def __missing__(self, hashed: int) -> int:
        self[hashed] = number = len(self)
        return number


class _Terms(dict[str, tuple[int, ...]]):
    """The numbers of the terms of a piece of text; each short piece is looked into once."""

    def __init__(self) -> None:
        super().__init__()
        self._of_term: dict[str, int] = {}
        self.numbers = _Numbers()

    def __missing__(self, piece: str) -> tuple[int, ...]:
        found = tuple(map(self._number, chain.from_iterable(map(forms, split(piece)))))
        if len(piece) <= _REMEMBERED:
            self[piece] = found
        return found

    def _number(self, term: str) -> int:
        number = self._of_term.get(term)
        if number is None:
            number = self._of_term[term] = self.numbers[key(term)]
        return number


def postings(name: str, texts: Iterable[Texts], place: Ints, last: Tables | None) -> tuple[dict[str, pa.Table], Array]:
    """The derived tables of this name, and the number of terms in each text.

    A text whose *place* is not -1 keeps the postings that the row of this number has in *last*; *texts* are the others.
    """
    whole = _counted(texts)
    if last is not None:
        whole = _together(_kept(name, place, last), whole, len(place))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(whole.size, dtype=np.int64)])
    tables = {
        f"{name}.keys": pa.table({"key": whole.term}),
        name: pa.table({"row": whole.row, "count": whole.count}),
        f"{name}.starts": pa.table({"start": starts}),
    }
    return tables, _lengths(whole, len(place))


def _counted(texts: Iterable[Texts]) -> _Counts:
    """The terms of texts, by their hashes."""
    terms = _Terms()
    blocks = [_block(terms, rows, strings) for rows, strings in texts]
    hashes = np.fromiter(terms.numbers, np.uint64, len(terms.numbers))
    order = np.argsort(hashes)
    size = np.zeros(len(hashes), np.int64)
    for block in blocks:
        size[block.term] += block.size
    free = np.empty_like(size)
    free[order] = np.cumsum(size[order]) - size[order]
    row, count = np.empty(size.sum(), np.int32), np.empty(size.sum(), np.int32)
    while blocks:
        block = blocks.pop(0)
        at = ranges(free[block.term], free[block.term] + block.size)
        row[at], count[at] = block.row, block.count
        free[block.term] += block.size
    return _Counts(hashes[order], size[order], row, count)


def _block(terms: _Terms, rows: Ints, texts: pa.Array) -> _Counts:
    """The terms of some texts, by their numbers."""
    cut = pieces(texts)
    encoded = cut.flatten().dictionary_encode()
    found = list(map(terms.__getitem__, encoded.dictionary.to_pylist()))
    numbers = np.fromiter(chain.from_iterable(found), np.int64)
    ends, index = np.cumsum([0, *map(len, found)]), np.asarray(encoded.indices)
    low, high = ends[index], ends[1:][index]
    row = np.repeat(np.repeat(np.arange(len(rows)), np.asarray(pc.list_value_length(cut))), high - low)
    bits = len(rows).bit_length()
    codes = np.sort(numbers[ranges(low, high)] << bits | row)
    firsts = np.flatnonzero(np.diff(codes, prepend=-1))
    term, row = codes[firsts] >> bits, codes[firsts] & ((1 << bits) - 1)
    begins = np.flatnonzero(np.diff(term, prepend=-1))
    return _Counts(
        term=term[begins],
        size=np.diff(begins, append=len(term)),
        row=rows[row].astype(np.int32),
        count=np.diff(firsts, append=len(codes)).astype(np.int32),
    )


def _kept(name: str, place: Ints, last: Tables) -> _Counts:
    """The postings of the rows that stay, under their new numbers; their order is the same, as that of their ids is."""
    starts, row = last[f"{name}.starts"]["start"].to_numpy(), last[name]["row"].to_numpy()
    stays = np.flatnonzero(place >= 0)
    moved = np.full(max(row.max(initial=-1), place.max(initial=-1)) + 1, -1, np.int32)
    moved[place[stays]] = stays
    row = moved[row]
    found = row >= 0
    size = np.add.reduceat(found, starts[:-1], dtype=np.int64)
    hashes, count = last[f"{name}.keys"]["key"].to_numpy(), last[name]["count"].to_numpy()
    return _Counts(hashes[size > 0], size[size > 0], row[found], count[found])


def _together(kept: _Counts, made: _Counts, n_rows: int) -> _Counts:
    """The counts of different rows."""
    hashes = distinct(np.concatenate([kept.term, made.term]))
    size = np.zeros(len(hashes), np.int64)
    codes = []
    for part in (kept, made):
        place = np.searchsorted(hashes, part.term)
        size[place] += part.size
        codes.append(np.repeat(place * n_rows, part.size) + part.row)
    at = np.searchsorted(codes[0], codes[1])
    return _Counts(hashes, size, np.insert(kept.row, at, made.row), np.insert(kept.count, at, made.count))


def _lengths(counts: _Counts, n_rows: int) -> Array:
    """The number of terms in each row."""
    found = np.zeros(n_rows, np.int32)
    for at in range(0, len(counts.row), _SUMMED):
        row, count = counts.row[at : at + _SUMMED], counts.count[at : at + _SUMMED]
        found += np.bincount(row, count, n_rows).astype(np.int32)
    return found
