"""Names that stand for themselves, once the words of all names have told which stand for others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import nlargest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.evident import UNNAMED
from graphrag_engine.offline.homonyms import UNTYPED
from graphrag_engine.offline.roots import Documents, Forms, form, resolve
from graphrag_engine.offline.rulings import Resolution, as_table

_MOST = 20_000
"""Names that are compared each with each: the time grows with the square."""
_SAID = 2
"""Descriptions of a name that are kept."""


_Mention = tuple[str, str, str, str, int | None, int | None]
"""Text unit, name, type, description, start, end."""


@dataclass(frozen=True)
class Standing:
    """A name that somewhere stands for itself, and what is known of it there."""

    name: str
    """As it is written most often."""
    type: str
    said: tuple[str, ...]
    """The first descriptions."""
    at: tuple[str, int, int] | None
    """The first text unit in which it is written, with start and end."""
    units: frozenset[str]
    """All text units that mention it."""


def standing(tables: Mapping[str, pa.Table], evident: Iterable[Resolution]) -> list[Standing]:
    """The names of things that *evident* leaves standing for themselves, sorted; of too many the most frequent."""
    heard: dict[int, _Heard] = {}
    for root, mention in _own(tables, as_table(evident)):
        heard.setdefault(root, _Heard()).add(mention)
    kept = nlargest(_MOST, heard.values(), key=lambda each: (len(each.units), form(each.name)))
    return sorted((each.standing() for each in kept), key=lambda each: (form(each.name), each.name))


@dataclass
class _Heard:
    """What the mentions of a name tell, in the order of text units."""

    names: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    said: dict[str, None] = field(default_factory=dict)
    at: tuple[str, int, int] | None = None
    units: set[str] = field(default_factory=set)

    def add(self, mention: _Mention) -> None:
        """Take in one more."""
        unit, name, kind, said, start, end = mention
        self.names[name] += 1
        self.types[kind] += 1
        self.units.add(unit)
        if said and len(self.said) < _SAID:
            self.said[" ".join(said.split())] = None
        if self.at is None and start is not None and end is not None:
            self.at = (unit, start, end)

    @property
    def name(self) -> str:
        """The commonest spelling."""
        return min(self.names, key=lambda name: (-self.names[name], name))

    def standing(self) -> Standing:
        """All of it, with the type that most mentions give, if any knows one."""
        kind = min(self.types, key=lambda kind: (kind in UNTYPED, -self.types[kind], kind))
        return Standing(self.name, kind, tuple(self.said), self.at, frozenset(self.units))


_COLUMNS = ("text_unit_id", "name", "type", "description", "start", "end")


def _own(tables: Mapping[str, pa.Table], resolutions: pa.Table) -> Iterator[tuple[int, _Mention]]:
    """The mentions of names that stand for themselves there, each with the number of its name."""
    mentions = tables["entity_mentions"]
    mentions = mentions.filter(pc.invert(pc.is_in(mentions["type"], value_set=pa.array(UNNAMED))))
    forms = Forms(mentions["name"], resolutions["left"], resolutions["right"])
    documents = Documents(tables["text_units"])
    roots = resolve(resolutions, forms, documents)
    number, where = forms.of(mentions["name"]), documents.of(mentions["text_unit_id"])
    known = np.flatnonzero((number >= 0) & (where >= 0))
    root = roots.of(where[known], number[known])
    own = roots.everywhere[number[known]] == root
    rows = mentions.select(_COLUMNS).take(pa.array(known[own]))
    columns = (column.to_pylist() for column in rows.columns)
    yield from zip(root[own].tolist(), zip(*columns, strict=True), strict=True)
