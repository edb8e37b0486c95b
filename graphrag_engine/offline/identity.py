"""Which entity a name means in which document.

A name is known by its normalised form. Resolutions join names, everywhere or inside one document.
What is left apart by name may still be two things (homonyms): a document has one type for a name,
and documents whose types clearly differ speak of different things, unless people say otherwise.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digests
from graphrag_engine.offline.homonyms import Senses, senses
from graphrag_engine.offline.ragged import Ints, distinct, lookup
from graphrag_engine.offline.roots import UNKNOWN, Documents, Forms, Roots, end, resolve

OVERRIDE = "override"
"""The cause of what people decide: it joins and parts namesakes, too."""
DROPPED = -2
"""In place of an entity: people want nothing said of it."""


@dataclass(frozen=True)
class Identity:
    """Who is who: entities are numbered in the order of their ids."""

    ids: tuple[str, ...]
    types: tuple[str, ...]
    forms: Forms
    documents: Documents
    roots: Roots
    pairs: Ints
    """The (document, root) pairs with mentions, as document x forms + root, sorted."""
    there: Ints
    """The entity that each of these pairs means."""
    anywhere: Ints
    """For each root, the entity it means in documents that do not mention it; UNKNOWN for none."""

    def of(self, units: pa.ChunkedArray, names: pa.ChunkedArray) -> Ints:
        """The entity that each name means in its text unit; UNKNOWN or DROPPED, both below 0, where it means none."""
        numbers, documents = self.forms.of(names), self.documents.of(units)
        found = np.full(len(numbers), UNKNOWN, np.int64)
        known = np.flatnonzero((numbers >= 0) & (documents >= 0))
        if len(self.pairs):
            roots = self.roots.of(documents[known], numbers[known])
            at, hit = lookup(documents[known] * len(self.forms.names) + roots, self.pairs)
            found[known] = np.where(hit, self.there[at], self.anywhere[roots])
        return found

    def bearing(self, name: str) -> list[int]:
        """The entities that a name means in documents where it is no alias, the usual one first."""
        number = self.forms.number(name)
        if number < 0:
            return []
        root = int(self.roots.everywhere[number])
        width = max(len(self.ids), 1)
        low, high = np.searchsorted(self._senses, [root * width, (root + 1) * width])
        found: list[int] = (self._senses[low:high] % width).tolist()
        return sorted(found, key=lambda entity: (entity != self.anywhere[root], entity))

    def namesakes(self) -> Iterator[tuple[str, list[int]]]:
        """The normalised names that mean several entities, with them, the usual one first."""
        roots, count = np.unique(self._senses // max(len(self.ids), 1), return_counts=True)
        for root in roots[count > 1].tolist():
            yield self.forms.names[root], self.bearing(self.forms.names[root])

    @cached_property
    def _senses(self) -> Ints:
        """Each root with each entity it means, as root x entities + entity, sorted."""
        return distinct(self.pairs % max(len(self.forms.names), 1) * max(len(self.ids), 1) + self.there)


def identify(mentions: pa.Table, resolutions: pa.Table, text_units: pa.Table) -> Identity:
    """Decide for all entity mentions at once who is who."""
    forms = Forms(mentions["name"], resolutions["left"], resolutions["right"])
    documents = Documents(text_units)
    roots = resolve(resolutions, forms, documents)
    numbers, where = forms.of(mentions["name"]), documents.of(mentions["text_unit_id"])
    rows = np.flatnonzero((numbers >= 0) & (where >= 0))
    pairs = where[rows] * len(forms.names) + roots.of(where[rows], numbers[rows])
    rulings = _rulings(resolutions, forms, roots)
    apart = [side for ruling in rulings if not ruling.same for side in ruling.sides]
    found = senses(pairs, mentions["type"].take(pa.array(rows)), len(forms.names), apart)
    meant, root = _fused(found, [ruling for ruling in rulings if ruling.same])
    kept = distinct(meant)
    ids = digests(
        "entity", (forms.names[at] for at in root[kept].tolist()), (found.type[sense] for sense in kept.tolist())
    )
    order = np.argsort(np.array(ids, np.str_))
    rank = np.full(len(meant), UNKNOWN, np.int64)
    rank[kept[order]] = np.arange(len(ids))
    anywhere = np.full(len(forms.names), UNKNOWN, np.int64)
    anywhere[found.root[found.usual]] = rank[meant[found.usual]]
    return Identity(
        ids=tuple(ids[at] for at in order.tolist()),
        types=tuple(found.type[sense] for sense in kept[order].tolist()),
        forms=forms,
        documents=documents,
        roots=roots,
        pairs=found.pairs,
        there=rank[meant[found.of_pair]],
        anywhere=anywhere,
    )


class _Ruling(NamedTuple):
    """What people say of namesakes: that they are one, or that they are not."""

    same: bool
    sides: tuple[tuple[int, str | None], tuple[int, str | None]]
    """Root and type of either; without a type all that bear the name."""


def _rulings(resolutions: pa.Table, forms: Forms, roots: Roots) -> list[_Ruling]:
    """The decisions of people that reach beyond names; others have been applied to the roots."""
    found: list[_Ruling] = []
    for row in resolutions.filter(pc.equal(resolutions["cause"], OVERRIDE)).to_pylist():
        same = row["verdict"] == "same"
        left, right = (int(roots.everywhere[forms.number(row[side])]) for side in ("left", "right"))
        if same or left == right:
            found.append(_Ruling(same, ((left, row["left_type"]), (right, row["right_type"]))))
    return found


def _fused(found: Senses, rulings: Sequence[_Ruling]) -> tuple[Ints, Ints]:
    """The sense that stands for each sense, and the smallest root of each that stands for others.

    Of those that are one it is a typed one of the most documents.
    """
    meant, root = np.arange(len(found.root)), found.root.copy()
    links = dict[int, int]()
    for ruling in rulings:
        for one, other in pairwise(sorted({sense for side in ruling.sides for sense in found.of(*side)})):
            low, high = sorted((end(links, one), end(links, other)))
            links.update({high: low} if low != high else {})
    groups = defaultdict[int, set[int]](set)
    for sense in links:
        groups[end(links, sense)] |= {sense, end(links, sense)}
    spread = np.bincount(found.of_pair, minlength=len(found.root))
    for group in groups.values():
        first = min(group, key=lambda sense: (found.type[sense] == "name", -spread[sense], sense))
        meant[list(group)] = first
        root[first] = min(found.root[list(group)])
    return meant, root
