"""Which entity a name means in which document.

A name is known by its normalised form. Resolutions join names, everywhere or inside one document.
What is left apart by name may still be two things (homonyms): a document has one type for a name,
and documents whose types clearly differ speak of different things.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digests
from graphrag_engine.offline.homonyms import senses
from graphrag_engine.offline.ragged import Bools, Ints, lookup, one_array, positions
from graphrag_engine.offline.words import normalise

Key = TypeVar("Key")


@dataclass(frozen=True)
class Identity:
    """Who is who: entities are numbered in the order of their ids."""

    ids: tuple[str, ...]
    types: tuple[str, ...]
    forms: dict[str, int]
    """The number of each normalised name, in sorted order."""
    documents: "Documents"
    roots: "Roots"
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


def form(name: str) -> str:
    """The form under which names are one; a name of marks alone stands for itself."""
    return normalise(name) or name.strip()


def form_numbers(names: pa.ChunkedArray, forms: dict[str, int]) -> Ints:
    """The number of each name's normalised form; -1 where it has none or is null."""
    encoded = one_array(names).dictionary_encode()
    numbers = np.array([forms.get(form(name), -1) for name in encoded.dictionary.to_pylist()] + [-1], np.int64)
    found: Ints = numbers[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)]
    return found


def identify(mentions: pa.Table, resolutions: pa.Table, text_units: pa.Table) -> Identity:
    """Decide for all entity mentions at once who is who."""
    forms = _forms([mentions["name"], resolutions["left"], resolutions["right"]])
    documents = Documents(text_units)
    roots = _resolve(resolutions, forms, documents)
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


class Documents:
    """The number of the document that a text unit belongs to."""

    def __init__(self, text_units: pa.Table) -> None:
        self._units = text_units["id"]
        self.ids = pc.unique(text_units["document_id"])
        self._of_unit = positions(text_units["document_id"], pa.chunked_array([self.ids]))

    def of(self, units: pa.ChunkedArray) -> Ints:
        """-1 for a text unit that does not exist."""
        at = positions(units, self._units)
        return np.where(at >= 0, np.append(self._of_unit, -1)[at], -1)


@dataclass(frozen=True)
class Roots:
    """Resolutions, ready to use: from a document and a name's number to the number of the name it stands for."""

    everywhere: Ints
    """For each name, the smallest of the names it is joined with."""
    pairs: Ints
    """(document, name) pairs that are aliases there, sorted."""
    full: Ints
    """The name that each of these stands for."""

    def aliased(self, documents: Ints, names: Ints) -> tuple[Ints, Bools]:
        """Names with the aliases of their documents followed, and which of them were aliases."""
        if not len(self.pairs):
            return names, np.zeros(len(names), bool)
        wanted = documents * len(self.everywhere) + names
        at, hit = lookup(wanted, self.pairs)
        return np.where(hit, self.full[at], names), hit

    def of(self, documents: Ints, names: Ints) -> Ints:
        """The root that each name stands for in its document."""
        return self.everywhere[self.aliased(documents, names)[0]]


def _resolve(resolutions: pa.Table, forms: dict[str, int], documents: Documents) -> Roots:
    """Apply the verdicts: surest first, then in the order of names; a different verdict blocks a same one."""
    left, right = form_numbers(resolutions["left"], forms), form_numbers(resolutions["right"], forms)
    where = positions(resolutions["document_id"], pa.chunked_array([documents.ids]))
    general = resolutions["document_id"].is_null().to_numpy()
    same = pc.equal(resolutions["verdict"], "same").to_numpy()
    real = (left >= 0) & (right >= 0) & (left != right)
    order = np.lexsort((right, left, -resolutions["confidence"].to_numpy()))

    def chosen(mask: Bools) -> list[tuple[int, int, int]]:
        rows = order[(real & mask)[order]]
        return list(zip(where[rows].tolist(), left[rows].tolist(), right[rows].tolist(), strict=True))

    apart = {pair for _, a, b in chosen(general & ~same) for pair in ((a, b), (b, a))}
    apart_there = {pair for d, a, b in chosen((where >= 0) & ~same) for pair in ((d, a, b), (d, b, a))}
    joined = [(a, b) for _, a, b in chosen(general & same)]
    aliases: dict[tuple[int, int], tuple[int, int]] = {}
    for document, a, b in chosen((where >= 0) & same):
        if (a, b) not in apart and (document, a, b) not in apart_there and (document, a) not in aliases:
            end = _end(aliases, (document, b))
            if end != (document, a):
                aliases[document, a] = end
    pairs = sorted(aliases)
    return Roots(
        _join(len(forms), joined, apart),
        np.array([document * len(forms) + name for document, name in pairs], np.int64),
        np.array([_end(aliases, pair)[1] for pair in pairs], np.int64),
    )


def _join(n: int, pairs: Sequence[tuple[int, int]], apart: set[tuple[int, int]]) -> Ints:
    """For each of *n* names the smallest of its set; *pairs* are joined unless that brings *apart* together."""
    parent = dict[int, int]()
    enemies = defaultdict[int, set[int]](set)
    for a, b in apart:
        enemies[a].add(b)
    for a, b in pairs:
        low, high = sorted((_end(parent, a), _end(parent, b)))
        fewer, other = sorted((low, high), key=lambda side: len(enemies[side]))
        if low == high or any(_end(parent, enemy) == other for enemy in enemies[fewer]):
            continue
        parent[high] = low
        enemies[fewer], enemies[other] = set(), enemies[other] | enemies[fewer]
        enemies[low] = enemies.pop(other)
    return np.array([_end(parent, a) for a in range(n)], np.int64)


def _end(links: dict[Key, Key], key: Key) -> Key:
    """Where the links that begin at *key* end; shortens the way for the next time."""
    while (following := links.get(key)) is not None:
        links[key] = links.get(following, following)
        key = following
    return key
