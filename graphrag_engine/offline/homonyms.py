"""Names that mean two things, told apart by the types that documents give them.

A document has one type for a name: the one most of its typed mentions agree on. Documents whose types
differ speak of two things only where the evidence is good on both sides; otherwise the type with the
most evidence in the corpus is everybody's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphrag_engine.offline.ragged import Bools, Ints, one_array, strongest
from graphrag_engine.schema import TYPES

UNTYPED = ("name", "concept")
"""Types that are no evidence of what a thing is; the first is preferred."""
NEAR = {"organisation": "place", "quantity": "date", "money": "date"}
"""Types so often taken for the other that a difference is no evidence of two things."""
_FOREIGN = "thing"
"""Stands for all types that are not the engine's own: a model gives one thing now this, now that."""
CLEAR = 0.75
"""Share of a document's typed mentions that makes its type for a name clear."""
EVIDENCE = 3
"""Mentions of clear type that a homonym needs to stand apart."""
SHARE = 0.1
"""What it needs as well: this share of the evidence for the strongest type of its name."""


@dataclass(frozen=True)
class Senses:
    """What the documents mean by the names they mention. A sense is a row of *root* and *type*."""

    pairs: Ints
    """The (document, root) pairs with mentions, as document x width + root, sorted."""
    of_pair: Ints
    """The sense of each pair."""
    root: Ints
    """The name of each sense."""
    type: tuple[str, ...]
    """Its type."""
    usual: Bools
    """Whether it is what its name means where nothing else is known."""

    def of(self, root: int, kind: str | None) -> list[int]:
        """The senses of a name: all, or those of one type; a name that has none may be of any."""
        found = range(*np.searchsorted(self.root, [root, root + 1]).tolist())
        return [sense for sense in found if kind is None or self.type[sense] in (kind, UNTYPED[0])]


def senses(mentions: Ints, types: pa.ChunkedArray, width: int, apart: Sequence[tuple[int, str | None]] = ()) -> Senses:
    """The senses of all mentions: *mentions* holds document x *width* + root, *types* the type of each.

    *apart* are (root, type) that are things of their own, however near and however little speaks for it.
    """
    names, number = _numbered(types)
    none = len(names)
    pairs, pair = np.unique(mentions, return_inverse=True)
    parted = np.isin(mentions % max(width, 1), [root for root, _ in apart])
    group = np.where(parted, _groups(names)[number], _groups(list(map(head, names)))[number])
    own = np.array([root * (none + 1) + names.index(kind) for root, kind in apart if kind in names], np.int64)
    votes = pair[group != none], group[group != none]
    chosen, usual = _chosen(pairs % max(width, 1), *votes, width, none, own)
    sense, of_pair = np.unique((pairs % max(width, 1)) * (none + 1) + chosen, return_inverse=True)
    root, sense_group = np.divmod(sense, none + 1)
    agreeing = group == sense_group[of_pair[pair]]
    type_of = _commonest(of_pair[pair[agreeing]], number[agreeing], none)
    return Senses(pairs, of_pair, root, tuple(names[at] for at in type_of), sense_group == usual[root])


def _numbered(types: pa.ChunkedArray) -> tuple[list[str], Ints]:
    """The types in the order of preference, and the number of each mention's type.

    Those that are near each other are always there, and those that a model gives come after: so of some names the
    same is found as of all.
    """
    encoded = one_array(types).dictionary_encode()
    found = encoded.dictionary.to_pylist()
    known = {*found, *NEAR, *NEAR.values()}
    names = sorted(known, key=lambda name: (name in UNTYPED and UNTYPED.index(name) + 1, name not in TYPES, name))
    rank = np.array([names.index(name) for name in found], np.int64)
    return names, rank[encoded.indices.to_numpy()]


def _groups(heads: list[str]) -> Ints:
    """For each type the number of its group, that of its first head; those that are no evidence get `len(heads)`."""
    return np.array([len(heads) if each in UNTYPED else heads.index(each) for each in heads], np.int64)


def head(kind: str) -> str:
    """What stands for a type and for those that it is taken for."""
    return NEAR.get(kind, kind) if kind in TYPES else _FOREIGN


def _chosen(root: Ints, pair: Ints, group: Ints, width: int, none: int, own: Ints) -> tuple[Ints, Ints]:
    """The group that each (document, root) pair means, and the usual group of each of *width* roots.

    *root* is that of each pair; *pair* and *group* are the votes; *own* are root x (*none* + 1) + group that
    stand for themselves. Where nobody votes it is *none*.
    """
    cells, count = np.unique(pair * (none + 1) + group, return_counts=True)
    voter, choice = np.divmod(cells, none + 1)
    kinds, kind = np.unique(root[voter] * (none + 1) + choice, return_inverse=True)
    corpus = np.bincount(kind, count, len(kinds))
    lead = strongest(voter, count, corpus[kind], -choice)
    clear = count[lead] >= CLEAR * np.bincount(voter, count)[voter[lead]]
    evidence = np.bincount(kind[lead], count[lead] * clear, len(kinds))
    kind_root, kind_group = np.divmod(kinds, none + 1)
    top = strongest(kind_root, evidence, corpus, -kind_group)
    usual = np.full(width, none, np.int64)
    usual[kind_root[top]] = kind_group[top]
    best = np.zeros(width)
    best[kind_root[top]] = evidence[top]
    stands = (evidence >= EVIDENCE) & (evidence >= SHARE * best[kind_root])
    stands |= np.isin(kinds, own)
    chosen = usual[root]
    apart = lead[stands[kind[lead]]]
    chosen[voter[apart]] = choice[apart]
    return chosen, usual


def _commonest(owners: Ints, numbers: Ints, n: int) -> list[int]:
    """For each owner, all of which occur, its commonest number below *n*; the smallest of equals."""
    cells, count = np.unique(owners * n + numbers, return_counts=True)
    owner, number = np.divmod(cells, max(n, 1))
    found: list[int] = number[strongest(owner, count, -number)].tolist()
    return found
