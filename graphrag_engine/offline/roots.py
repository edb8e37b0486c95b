"""Which names are one, everywhere or inside one document: the resolutions, ready to use."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.ragged import Bools, Ints, lookup, one_array, positions
from graphrag_engine.offline.words import normalise

Key = TypeVar("Key")

EVERYWHERE = -1
"""In place of a document: all of them."""
UNKNOWN = -1
"""In place of a name or an entity: no mention has that name."""


@lru_cache(maxsize=1 << 18)
def form(name: str) -> str:
    """The form under which names are one; a name of marks alone stands for itself."""
    return normalise(name) or name.strip()


class Forms:
    """All normalised names of some columns, numbered in sorted order."""

    def __init__(self, *columns: pa.ChunkedArray) -> None:
        self._written = pc.unique(pa.chunked_array([chunk for each in columns for chunk in each.chunks], pa.string()))
        forms = [form(name) for name in self._written.to_pylist()]
        self.names = sorted({*forms} - {""})
        self._numbers = {name: number for number, name in enumerate(self.names)}
        self._of_written = np.array([self._numbers.get(name, UNKNOWN) for name in forms] + [UNKNOWN], np.int64)

    def number(self, name: str) -> int:
        """The number of a name's form; UNKNOWN where nothing has it."""
        return self._numbers.get(form(name), UNKNOWN)

    def of(self, names: pa.ChunkedArray) -> Ints:
        """The number of each name's form; UNKNOWN where nothing has it or the name is null."""
        at = positions(names, pa.chunked_array([self._written]))
        found: Ints = self._of_written[at]
        if len(strange := np.flatnonzero(at < 0)):
            encoded = one_array(names.take(pa.array(strange))).dictionary_encode()
            numbers = np.array([*map(self.number, encoded.dictionary.to_pylist()), UNKNOWN], np.int64)
            found[strange] = numbers[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)]
        return found


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
    short: Bools
    """For each name, whether it stands for a fuller one everywhere."""
    pairs: Ints
    """(document, name) pairs that are aliases there, sorted; the name is the smallest of its own."""
    full: Ints
    """The name that each of these stands for."""

    def of(self, documents: Ints, names: Ints) -> Ints:
        """The root that each name stands for in its document."""
        return self._aliased(documents, self.everywhere[names])[0]

    def shorter(self, documents: Ints, names: Ints) -> Bools:
        """Which names are used in place of a fuller one."""
        return self.short[names] | self._aliased(documents, self.everywhere[names])[1]

    def _aliased(self, documents: Ints, roots: Ints) -> tuple[Ints, Bools]:
        """Roots with the aliases of their documents followed, and which of them were aliases."""
        if not len(self.pairs):
            return roots, np.zeros(len(roots), bool)
        at, hit = lookup(documents * len(self.everywhere) + roots, self.pairs)
        return np.where(hit, self.full[at], roots), hit


def resolve(resolutions: pa.Table, forms: Forms, documents: Documents) -> Roots:
    """Apply the verdicts on names: surest first, then in the order of names; a different verdict blocks a same one."""
    left, right = forms.of(resolutions["left"]), forms.of(resolutions["right"])
    where = positions(resolutions["document_id"], pa.chunked_array([documents.ids]))
    general = resolutions["document_id"].is_null().to_numpy()
    same = pc.equal(resolutions["verdict"], "same").to_numpy()
    typed = pc.or_(resolutions["left_type"].is_valid(), resolutions["right_type"].is_valid()).to_numpy()
    real = (left >= 0) & (right >= 0) & (left != right) & ~(same & typed)
    order = np.lexsort((right, left, -resolutions["confidence"].to_numpy()))

    def chosen(mask: Bools) -> list[tuple[int, int, int]]:
        rows = order[(real & mask)[order]]
        return list(zip(where[rows].tolist(), left[rows].tolist(), right[rows].tolist(), strict=True))

    joined = [(a, b) for _, a, b in chosen(general & same)]
    everywhere = _join(len(forms.names), joined, [(a, b) for _, a, b in chosen(general & ~same)])
    short = np.zeros(len(forms.names), bool)
    short[[a for a, b in joined if everywhere[a] == everywhere[b]]] = True
    left, right = everywhere[left], everywhere[right]
    aliases = _Aliases(chosen((general | (where >= 0)) & ~same))
    for document, a, b in chosen((where >= 0) & same):
        aliases.add(document, a, b)
    return Roots(everywhere, short, *aliases.columns(len(forms.names)))


class _Aliases:
    """What names stand for in their documents, none for what is said to be different from it."""

    def __init__(self, apart: Iterable[tuple[int, int, int]]) -> None:
        """*apart*: names that are different in a document, or EVERYWHERE."""
        self._foes = defaultdict[tuple[int, int], set[int]](set)
        for document, one, other in apart:
            self._foes[document, one].add(other)
            self._foes[document, other].add(one)
        self._ends: dict[tuple[int, int], tuple[int, int]] = {}
        self._wary: dict[tuple[int, int], set[int]] = {}
        """Names with foes that stand for a name."""

    def add(self, document: int, short: int, full: int) -> None:
        """Let a name stand for another, if it stands for none yet and nothing speaks against it."""
        start, goal = (document, short), end(self._ends, (document, full))
        if start in self._ends or goal == start:
            return
        wary = {name for name in (short, *self._wary.get(start, ())) if self._foes_of(document, name)}
        if not any(end(self._ends, (document, foe)) == goal for name in wary for foe in self._foes_of(document, name)):
            self._ends[start] = goal
            if wary:
                self._wary[goal] = self._wary.get(goal, set()) | wary

    def columns(self, n: int) -> tuple[Ints, Ints]:
        """The pairs of document and name, as document x *n* + name, sorted, and what each stands for."""
        pairs = sorted(self._ends)
        return (
            np.array([document * n + name for document, name in pairs], np.int64),
            np.array([end(self._ends, pair)[1] for pair in pairs], np.int64),
        )

    def _foes_of(self, document: int, name: int) -> set[int]:
        return self._foes.get((EVERYWHERE, name), set()) | self._foes.get((document, name), set())


def _join(n: int, pairs: Sequence[tuple[int, int]], apart: Sequence[tuple[int, int]]) -> Ints:
    """For each of *n* names the smallest of its set; *pairs* are joined unless that brings *apart* together."""
    parent = dict[int, int]()
    enemies = defaultdict[int, set[int]](set)
    for a, b in apart:
        enemies[a].add(b)
        enemies[b].add(a)
    for a, b in pairs:
        low, high = sorted((end(parent, a), end(parent, b)))
        fewer, other = sorted((low, high), key=lambda side: len(enemies[side]))
        if low == high or any(end(parent, enemy) == other for enemy in enemies[fewer]):
            continue
        parent[high] = low
        enemies[fewer], enemies[other] = set(), enemies[other] | enemies[fewer]
        enemies[low] = enemies.pop(other)
    return np.array([end(parent, a) for a in range(n)], np.int64)


def end(links: dict[Key, Key], key: Key) -> Key:
    """Where the links that begin at *key* end; shortens the way for the next time."""
    while (following := links.get(key)) is not None:
        links[key] = links.get(following, following)
        key = following
    return key
