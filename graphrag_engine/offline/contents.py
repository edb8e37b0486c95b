"""What each report is made from, as fingerprints: some thousand entities and ties at a time."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest, digest_bytes
from graphrag_engine.offline.corpus import Corpus
from graphrag_engine.offline.ragged import (
    TEXTS,
    Ints,
    distinct,
    distinct_pairs,
    groups,
    joined,
    one_array,
    positions,
    ranges,
)

LINEAGE, DIGITS = "+", 4
"""What stands between what a report is made from itself and what reports below are; digits for each of these."""
_AT_ONCE = 1 << 18
"""Entities and ties of communities that are told at once."""
_TOLD = ("id", "name", "type", "aliases", "frequency", "text_unit_ids")
"""What reports take from an entity."""


def fingerprints(corpus: Corpus, communities: Iterable[str]) -> dict[str, str]:
    """For each a hash of all that its report is made from: of all members, so that those below are in it as well.

    No offsets and no positions are in it.
    """
    units, found = _Units(corpus), dict[str, str]()
    for names in _batches(corpus, communities):
        members = [corpus.communities[name].members for name in names]
        ties = [corpus.communities[name].ties for name in names]
        starts, rows = _starts(members), _rows(corpus, members)
        told = zip(names, _members(corpus, starts, rows), _ties(corpus, ties), units.of(starts, rows), strict=True)
        found.update((name, _hash(_shape(corpus, name), *parts)) for name, *parts in told)
    return found


def lineages(corpus: Corpus) -> dict[str, str]:
    """For each a hash of what its report is made from itself, then a short one for each report below it.

    A part of few entities has its own members and ties in it as well.
    """
    own, found = dict[str, str](), dict[str, str]()
    for names in _batches(corpus, dict.fromkeys(_with_parts(corpus, corpus.asked))):
        told = zip(names, _ties(corpus, [corpus.across(name) for name in names]), strict=True)
        own.update((name, _hash("\x1d".join(_called(corpus, name)), stated)) for name, stated in told)
    return {name: _lineage(corpus, name, own, found) for name in corpus.asked}


def _with_parts(corpus: Corpus, communities: Iterable[str]) -> Iterator[str]:
    for name in communities:
        yield name
        yield from _with_parts(corpus, corpus.communities[name].children)


def _lineage(corpus: Corpus, community: str, own: dict[str, str], found: dict[str, str]) -> str:
    if community not in found:
        children = corpus.communities[community].children
        below = "".join(digest(_lineage(corpus, child, own, found))[:DIGITS] for child in children)
        found[community] = own[community] + LINEAGE + below
    return found[community]


def _called(corpus: Corpus, community: str) -> Iterator[str]:
    """The names and descriptions of the members of a community without parts."""
    whole = corpus.communities[community]
    for each in [] if whole.children else whole.members:
        yield f"{each}\x1f{corpus.entities[each].names[0]}\x1f{corpus.descriptions.get(each, '')}"


def _batches(corpus: Corpus, communities: Iterable[str]) -> Iterator[list[str]]:
    """Communities whose members and ties are told at once."""
    batch, size = list[str](), 0
    for name in communities:
        batch.append(name)
        size += len(corpus.communities[name].members) + len(corpus.communities[name].ties)
        if size >= _AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _rows(corpus: Corpus, members: Iterable[Sequence[str]]) -> Ints:
    """The rows of all these entities in their table."""
    ids = pa.array([*chain.from_iterable(members)], pa.string())
    return positions(ids, corpus.tables["entities"]["id"])


def _members(corpus: Corpus, starts: Ints, rows: Ints) -> list[str]:
    """What is told of the members of each community."""
    told = corpus.tables["entities"].select(_TOLD).take(pa.array(rows))
    return _each(starts, joined(*told.columns))


def _ties(corpus: Corpus, ties: Sequence[Sequence[int]]) -> list[str]:
    """What is told of the ties of each community."""
    return _each(_starts(ties), corpus.ties.contents(np.fromiter(chain.from_iterable(ties), np.int64)))


def _starts(lists: Iterable[Sequence[object]]) -> Ints:
    """Where each of these lists begins among the values of all, with the end as last element."""
    return np.cumsum([0, *map(len, lists)])


def _each(starts: Ints, texts: pa.Array) -> list[str]:
    """The texts of each list as one."""
    found: list[str] = _together(starts, texts, "\x1d").to_pylist()
    return found


def _together(starts: Ints, texts: pa.Array, between: str) -> pa.Array:
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(starts, pa.int32()), texts), between)


def _shape(corpus: Corpus, community: str) -> str:
    """How a community is split, down to the last level."""
    return f"({' '.join(child + _shape(corpus, child) for child in corpus.communities[community].children)})"


class _Units:
    """Hashes of what reports take from text units, which are known by their places among all."""

    def __init__(self, corpus: Corpus) -> None:
        lists = one_array(corpus.tables["entities"]["text_unit_ids"])
        self._corpus = corpus
        self._ids = [*corpus.units.place]
        self._entity = pc.list_parent_indices(lists).to_numpy()
        self._place = positions(lists.flatten(), pa.array(self._ids, pa.string()))
        """Where each of these entities stands."""
        self._starts = groups(self._entity, len(lists))
        self._hashes = np.full(len(self._ids), "", object)

    def of(self, starts: Ints, rows: Ints) -> list[str]:
        """Of all in which the entities of each list stand, in their order; *rows* of entities, list after list."""
        low, high = self._starts[rows], self._starts[rows + 1]
        owners = np.repeat(np.repeat(np.arange(len(starts) - 1), np.diff(starts)), high - low)
        owners, places = distinct_pairs(owners, self._place[ranges(low, high)])
        self._tell(distinct(places))
        return _each(groups(owners, len(starts) - 1), pa.array(self._hashes[places], pa.string()))

    def _tell(self, places: Ints) -> None:
        """Hash the text units themselves, their titles, and what stands there is called."""
        places = places[self._hashes[places] == ""]
        at = np.flatnonzero(np.isin(self._place, places))
        at = at[np.argsort(self._place[at], kind="stable")]
        called = _called_there(self._corpus, self._entity[at])
        ids = [self._ids[place] for place in places.tolist()]
        there = _together(np.append(np.searchsorted(self._place[at], places), len(at)), called, "\x1e")
        titles = pa.array(map(self._corpus.units.title, ids), pa.string())
        texts = pc.binary_join_element_wise(pa.array(ids, pa.string()), titles, there, "\x1e")
        self._hashes[places] = [digest_bytes([text]) for text in texts.cast(pa.binary()).to_pylist()]


def _called_there(corpus: Corpus, entities: Ints) -> pa.Array:
    """The type and all names of each of these entities, as one text."""
    table = corpus.tables["entities"].select(["type", "name", "aliases"])
    rows = distinct(entities)
    kind, name, aliases = map(one_array, table.take(pa.array(rows)).columns)
    others = pc.if_else(pc.greater(pc.list_value_length(aliases), 0), pc.binary_join(aliases.cast(TEXTS), "\x1f"), None)
    called = pc.binary_join_element_wise(kind, name, others, "\x1f", null_handling="skip")
    return called.take(pa.array(np.searchsorted(rows, entities)))


def _hash(*parts: str) -> str:
    return digest_bytes(part.encode("utf-8", "surrogatepass") + b"\x1c" for part in parts)
