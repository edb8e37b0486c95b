"""What each report is made from, as fingerprints: some thousand entities and ties at a time."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest, digest_bytes
from graphrag_engine.offline.corpus import Corpus
from graphrag_engine.offline.ragged import joined, positions

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
        told = zip(names, _members(corpus, members), _ties(corpus, ties), map(units.of, members), strict=True)
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


def _members(corpus: Corpus, members: Sequence[Sequence[str]]) -> list[str]:
    """What is told of the members of each community."""
    table, ids = corpus.tables["entities"], pa.array([*chain.from_iterable(members)], pa.string())
    told = table.select(_TOLD).take(pa.array(positions(pa.chunked_array([ids]), table["id"])))
    return _each(members, joined(*told.columns))


def _ties(corpus: Corpus, ties: Sequence[Sequence[int]]) -> list[str]:
    """What is told of the ties of each community."""
    return _each(ties, corpus.ties.contents(np.fromiter(chain.from_iterable(ties), np.int64)))


def _each(lists: Sequence[Sequence[object]], texts: pa.Array) -> list[str]:
    """The texts that stand beside the values of each list as one."""
    starts = pa.array(np.cumsum([0, *map(len, lists)]), pa.int32())
    found: list[str] = pc.binary_join(pa.ListArray.from_arrays(starts, texts), "\x1d").to_pylist()
    return found


def _shape(corpus: Corpus, community: str) -> str:
    """How a community is split, down to the last level."""
    return f"({' '.join(child + _shape(corpus, child) for child in corpus.communities[community].children)})"


class _Units:
    """Hashes of what reports take from text units."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._seen: dict[str, str] = {}

    def of(self, members: Iterable[str]) -> str:
        """Of all in which these entities stand, in their order."""
        units = {unit for member in members for unit in self._corpus.entities[member].units}
        return "\x1d".join(map(self._one, sorted(units, key=self._corpus.units.place.__getitem__)))

    def _one(self, unit: str) -> str:
        """Of the text unit itself, its title, and what stands there is called."""
        if unit not in self._seen:
            there = map(self._corpus.entities.__getitem__, self._corpus.there[unit])
            called = ("\x1f".join((each.type, *each.names)) for each in there)
            text = "\x1e".join((unit, self._corpus.units.title(unit), *called))
            self._seen[unit] = digest_bytes([text.encode("utf-8", "surrogatepass")])
        return self._seen[unit]


def _hash(*parts: str) -> str:
    return digest_bytes(part.encode("utf-8", "surrogatepass") + b"\x1c" for part in parts)
