"""Which entity a name means in which document.

A name is known by its normalised form. Resolutions join names, everywhere or inside one document.
What is left apart by name may still be two things (homonyms): a document has one type for a name,
and documents whose types clearly differ speak of different things.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digests
from graphrag_engine.offline.homonyms import senses
from graphrag_engine.offline.ragged import Ints, lookup
from graphrag_engine.offline.roots import Documents, Roots, form, form_numbers, resolve


@dataclass(frozen=True)
class Identity:
    """Who is who: entities are numbered in the order of their ids."""

    ids: tuple[str, ...]
    types: tuple[str, ...]
    forms: dict[str, int]
    """The number of each normalised name, in sorted order."""
    documents: Documents
    roots: Roots
    pairs: Ints
    """The (document, root) pairs with mentions, as document x forms + root, sorted."""
    there: Ints
    """The entity that each of these pairs means."""
    anywhere: Ints
    """For each root, the entity it means in documents that do not mention it; -1 for none."""

    def of(self, units: pa.ChunkedArray, names: pa.ChunkedArray) -> Ints:
        """The entity that each name means in its text unit; -1 where no mention has that name."""
        numbers, documents = form_numbers(names, self.forms), self.documents.of(units)
        found = np.full(len(numbers), -1, np.int64)
        known = np.flatnonzero((numbers >= 0) & (documents >= 0))
        if len(self.pairs):
            roots = self.roots.of(documents[known], numbers[known])
            at, hit = lookup(documents[known] * len(self.forms) + roots, self.pairs)
            found[known] = np.where(hit, self.there[at], self.anywhere[roots])
        return found

    def bearing(self, name: str) -> list[int]:
        """The entities that a name means in documents where it is no alias, the usual one first."""
        number = self.forms.get(form(name), -1)
        if number < 0:
            return []
        root = int(self.roots.everywhere[number])
        width = max(len(self.ids), 1)
        low, high = np.searchsorted(self._senses, [root * width, (root + 1) * width])
        found: list[int] = (self._senses[low:high] % width).tolist()
        return sorted(found, key=lambda entity: (entity != self.anywhere[root], entity))

    def namesakes(self) -> Iterator[tuple[str, list[int]]]:
        """The normalised names that mean several entities, with them, the usual one first."""
        names = list(self.forms)
        roots, count = np.unique(self._senses // max(len(self.ids), 1), return_counts=True)
        for root in roots[count > 1].tolist():
            yield names[root], self.bearing(names[root])

    @cached_property
    def _senses(self) -> Ints:
        """Each root with each entity it means, as root x entities + entity, sorted."""
        return np.unique(self.pairs % max(len(self.forms), 1) * max(len(self.ids), 1) + self.there)


def identify(mentions: pa.Table, resolutions: pa.Table, text_units: pa.Table) -> Identity:
    """Decide for all entity mentions at once who is who."""
    forms = _forms([mentions["name"], resolutions["left"], resolutions["right"]])
    documents = Documents(text_units)
    roots = resolve(resolutions, forms, documents)
    numbers, where = form_numbers(mentions["name"], forms), documents.of(mentions["text_unit_id"])
    rows = np.flatnonzero((numbers >= 0) & (where >= 0))
    pairs = where[rows] * len(forms) + roots.of(where[rows], numbers[rows])
    found = senses(pairs, mentions["type"].take(pa.array(rows)), len(forms))
    smallest = list(forms)
    ids = digests("entity", (smallest[root] for root in found.root.tolist()), found.type)
    order = np.argsort(np.array(ids, np.str_))
    rank = np.empty(len(ids), np.int64)
    rank[order] = np.arange(len(ids))
    anywhere = np.full(len(forms), -1, np.int64)
    anywhere[found.root[found.usual]] = rank[found.usual]
    in_order = order.tolist()
    return Identity(
        ids=tuple(ids[at] for at in in_order),
        types=tuple(found.type[at] for at in in_order),
        forms=forms,
        documents=documents,
        roots=roots,
        pairs=found.pairs,
        there=rank[found.of_pair],
        anywhere=anywhere,
    )


def _forms(columns: Iterable[pa.ChunkedArray]) -> dict[str, int]:
    """All normalised names, numbered in sorted order."""
    found = {form(name) for column in columns for name in pc.unique(column).to_pylist()}
    return {name: number for number, name in enumerate(sorted(found - {""}))}
