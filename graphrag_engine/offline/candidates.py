"""Pairs of names that may be one thing although their words do not tell: near by letters, or by a model's vectors.

A pair of which each name has a number or telling word that the other lacks is none, nor is one of different types.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from graphrag_engine.offline.aliases import initials, plain
from graphrag_engine.offline.homonyms import UNTYPED, head
from graphrag_engine.offline.lookalikes import told_apart
from graphrag_engine.offline.roots import form
from graphrag_engine.offline.standing import Standing

Vectors = npt.NDArray[np.float32]

_CELLS = 1024
"""Numbers in a vector of letters."""
_RUN = 3
"""Letters that count together."""
_BY_LETTERS, _BY_MEANING = 0.5, 0.6
"""Cosines from which on two names are looked at."""
_SURE = 0.9
"""Cosine of a model's vectors from which on names of one type and one context need no further look."""
_NEAREST = 5
"""Names that one is held against."""
_LOOKED_AT = 50
"""Near names among which these are looked for."""
_BLOCK = 256
"""Names compared with all others at once."""
_DIGITS = 3
"""Decimals of a cosine: fewer than machines differ in."""


@dataclass(frozen=True, order=True)
class Candidate:
    """Two names, the shorter one first, by their places among the names."""

    left: int
    right: int
    sure: bool = False
    """Whether vectors, types and context together leave no doubt that they are one."""


def candidates(names: Sequence[Standing], vectors: Mapping[str, Vectors]) -> list[Candidate]:
    """The pairs to look at; *vectors* are a model's, by name, for all names or some or none."""
    kinds = np.array([0 if each.type in UNTYPED else crc32(head(each.type).encode()) for each in names], np.int64)
    meant = [at for at, each in enumerate(names) if each.name in vectors]
    near: dict[tuple[int, int], float] = {}
    embedded = [names[at] for at in meant]
    for one, other, cosine in _nearest(embedded, _matrix(vectors, embedded), kinds[meant], _BY_MEANING):
        near[_ordered(names, meant[one], meant[other])] = cosine
    lettered = _nearest(names, _letters([each.name for each in names]), kinds, _BY_LETTERS)
    found = {_ordered(names, one, other) for one, other, _ in lettered}
    found |= {_ordered(names, short, full) for short, full in _acronyms(names) if _fit(kinds, short, full)}
    sure = _unrivalled(_sure(names, near))
    return [Candidate(*pair, pair in sure) for pair in sorted(found | near.keys())]


def _ordered(names: Sequence[Standing], one: int, other: int) -> tuple[int, int]:
    low, high = sorted((one, other), key=lambda at: (len(names[at].name.split()), len(names[at].name), names[at].name))
    return low, high


def _fit(kinds: npt.NDArray[np.int64], one: int, other: int) -> bool:
    """Whether two things can be of one type."""
    return bool(kinds[one] == kinds[other]) or 0 in (kinds[one], kinds[other])


def _matrix(vectors: Mapping[str, Vectors], names: Sequence[Standing]) -> Vectors:
    return np.array([vectors[each.name] for each in names], np.float32)


def _letters(names: Iterable[str]) -> Vectors:
    """Vectors of length 1 of the runs of letters in names."""
    rows = [{crc32(run.encode("utf-8", "surrogatepass")) % _CELLS for run in _runs(name)} for name in names]
    found = np.zeros((len(rows), _CELLS), np.float32)
    for row, cells in zip(found, rows, strict=True):
        row[list(cells)] = len(cells) ** -0.5
    return found


def _runs(name: str) -> Iterator[str]:
    text = f" {form(name)} "
    return (text[at : at + _RUN] for at in range(len(text) - _RUN + 1))


def _nearest(
    names: Sequence[Standing], vectors: Vectors, kinds: npt.NDArray[np.int64], floor: float
) -> Iterator[tuple[int, int, float]]:
    """For each name the nearest others that can be of its type and are not told apart, with the cosines."""
    for at in range(0, len(names), _BLOCK):
        mine = kinds[at : at + _BLOCK, None]
        fit = (mine == kinds) | (mine == 0) | (kinds == 0)
        products = np.round(np.where(fit, vectors[at : at + _BLOCK] @ vectors.T, 0).astype(np.float64), _DIGITS)
        for row, cosines in enumerate(products, at):
            likely = np.flatnonzero(cosines >= floor)
            order = likely[np.argsort(-cosines[likely], kind="stable")][:_LOOKED_AT].tolist()
            others = [other for other in order if other != row and not told_apart(names[row].name, names[other].name)]
            yield from ((row, other, float(cosines[other])) for other in others[:_NEAREST])


def _acronyms(names: Sequence[Standing]) -> Iterator[tuple[int, int]]:
    """Names in capitals with those whose initials they are."""
    full = defaultdict[str, list[int]](list)
    for at, each in enumerate(names):
        full[initials(each.name)].append(at)
    for at, each in enumerate(names):
        short = each.name.replace(".", "").replace("&", "")
        if len(short) > 1 and short.isupper():
            yield from ((at, other) for other in full.get(short, ())[:_NEAREST] if other != at)


def _sure(names: Sequence[Standing], near: Mapping[tuple[int, int], float]) -> Iterator[tuple[int, int]]:
    """Very near names of one known type and one context, the words of one among those of the other."""
    likely = [pair for pair, cosine in near.items() if cosine >= _SURE]
    wanted = {at for pair in likely for at in pair}
    there = defaultdict[str, set[int]](set)
    for at, each in enumerate(names if likely else ()):
        for unit in each.units:
            there[unit].add(at)
    beside = {at: set[int]().union(*(there[unit] for unit in names[at].units)) for at in wanted}
    for left, right in likely:
        one, other = names[left], names[right]
        known = one.type not in UNTYPED and other.type not in UNTYPED
        if known and parts(one.name) <= parts(other.name) and (beside[left] & beside[right]) - {left, right}:
            yield left, right


def _unrivalled(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of which the shorter name is near to one fuller name alone."""
    fuller = defaultdict[int, list[int]](list)
    for left, right in pairs:
        fuller[left].append(right)
    return {(left, rights[0]) for left, rights in fuller.items() if len(rights) == 1}


def parts(name: str) -> frozenset[str]:
    """The words of a name by their forms, without titles."""
    return frozenset(form(word) for word in plain(name))
