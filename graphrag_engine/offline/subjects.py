"""Entities and relationships that are described, with the sentences that tell of them: columns, objects bit by bit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import canonical, hashes
from graphrag_engine.offline.descriptions import Said, best, define, describe
from graphrag_engine.offline.ragged import Bools, Ints, distinct, one_array, ranges

_BIT = 1 << 12
"""Subjects that are objects at once."""
_BLOCK = 1 << 16
"""Sentences that are compared at once."""
_VALUE, _FIELD = b"\xff", b"\xfe"
"""Behind each value of a list, and between fields: bytes that no text in UTF-8 has."""
SAID = ("text_unit_id", "description")
"""The columns of mentions that sentences are made of."""
Row = dict[str, Any]
"""Of the table `descriptions`."""


class Subject(NamedTuple):
    """An entity or relationship to describe."""

    id: str
    names: tuple[str, ...]
    """Of an entity; a relationship has none."""
    kind: str
    defining: bool
    """Whether the sentences define it, or only name it."""
    sentences: Sequence[Said]
    disputed: Sequence[Said]
    """Sentences that give different dates, shown whatever the others say."""
    note: str | None
    """What people say of it; then nothing else counts."""

    def said(self) -> Sequence[Said]:
        """All that is said of it, once each, that on which sources disagree first."""
        return list(dict.fromkeys((*self.disputed, *self.sentences))) if self.disputed else self.sentences

    def row(self, text: str, units: tuple[str, ...]) -> Row:
        """The row of its description, which is taken from these text units."""
        return _row(self.id, self.kind, len({said.unit for said in self.said()}), text, units)

    def described(self) -> Row:
        """The best of its sentences, those on which sources disagree, or what people say."""
        if self.note is not None:
            return self.row(self.note, ())
        chosen = (define if self.defining else best)(self.names, self.sentences)
        return self.row(*describe([*chosen, *(said for said in self.disputed if said not in chosen)]))


def _row(id_: str, kind: str, sources: int, text: str, units: tuple[str, ...]) -> Row:
    return {"id": id_, "kind": kind, "n_sources": sources, "text": text, "text_unit_ids": units}


class Sentences(NamedTuple):
    """What mentions say, beside the text units they stand in."""

    units: pa.Array
    texts: pa.Array

    @classmethod
    def of(cls, mentions: pa.Table) -> "Sentences":
        """Those of these mentions."""
        return cls(*(one_array(mentions[column]) for column in SAID))

    @classmethod
    def none(cls) -> "Sentences":
        """No sentence at all."""
        return cls(pa.array([], pa.string()), pa.array([], pa.string()))

    def take(self, rows: Ints) -> "Sentences":
        """Some of them."""
        at = pa.array(rows)
        return Sentences(self.units.take(at), self.texts.take(at))

    def said(self) -> list[Said]:
        """Each as an object."""
        return list(map(Said, self.units.to_pylist(), self.texts.to_pylist()))


class Groups(NamedTuple):
    """The sentences of each owner, once each, as rows in the order in which they came."""

    owners: Ints
    """Ascending."""
    starts: Ints
    """Where the rows of each owner begin, with the end as last element."""
    rows: Ints

    @classmethod
    def of(cls, owners: Ints, sentences: Sentences) -> "Groups":
        """The owners stand beside the sentences, once or several times over; those below 0 are none."""
        order = np.flatnonzero(owners >= 0)
        order = order[np.argsort(owners[order], kind="stable")]
        owners, rows = owners[order], order % max(len(sentences.texts), 1)
        new = ~_repeated(owners, rows, sentences)
        owners, rows = owners[new], rows[new]
        starts = _starts(owners)
        return cls(owners[starts[:-1]], starts, rows)

    @classmethod
    def silent(cls, owners: Ints) -> "Groups":
        """Owners of which no sentence tells."""
        return cls(owners, np.zeros(len(owners) + 1, np.int64), np.zeros(0, np.int64))

    def some(self, numbers: Ints) -> "Groups":
        """Some of the owners, by their numbers."""
        low, high = self.starts[numbers], self.starts[numbers + 1]
        return Groups(self.owners[numbers], np.append(0, np.cumsum(high - low)), self.rows[ranges(low, high)])


def _starts(owners: Ints) -> Ints:
    """Where each of the sorted owners begins, with the end as last element."""
    return np.append(np.flatnonzero(np.diff(owners, prepend=-1)), len(owners))


def _repeated(owners: Ints, rows: Ints, sentences: Sentences) -> Bools:
    """Whether a sentence was said before, of the same owner in the same text unit; owners are sorted."""
    columns = (pc.binary_length(sentences.texts), *sentences)
    starts = _starts(owners)
    cuts = distinct(np.append(starts[np.searchsorted(starts, np.arange(0, len(rows), _BLOCK))], len(rows)))
    found = [_alike(owners[start:end], rows[start:end], columns) for start, end in pairwise(cuts.tolist())]
    return np.concatenate([np.zeros(0, bool), *found])


def _alike(owners: Ints, rows: Ints, columns: Sequence[pa.Array]) -> Bools:
    """Which of these rows have the same owner and values as one before; owners are sorted."""
    counts = np.diff(_starts(owners))
    at = np.flatnonzero(np.repeat(counts, counts) > 1)
    group = owners[at]
    for column in columns:
        codes = column.take(pa.array(rows[at])).dictionary_encode().indices.to_numpy()
        _, group, count = np.unique(group * (len(at) + 1) + codes, return_inverse=True, return_counts=True)
        several = np.flatnonzero(count[group] > 1)
        at, group = at[several], group[several]
    alike = np.zeros(len(rows), bool)
    alike[at] = True
    alike[at[np.unique(group, return_index=True)[1]]] = False
    return alike


@dataclass(frozen=True)
class Subjects:
    """Entities or relationships that are described in one way, as columns."""

    kind: str
    things: pa.Table
    """All of this kind, in one chunk."""
    groups: Groups
    """Of rows of things, rows of sentences."""
    sentences: Sentences
    defining: bool = False
    disputed: Mapping[int, Sequence[Said]] = field(default_factory=dict)
    """By row of things."""
    noted: bool = False
    """Whether people say what they are."""

    def __len__(self) -> int:
        return len(self.groups.owners)

    def some(self, numbers: Ints) -> "Subjects":
        """Some of them."""
        return replace(self, groups=self.groups.some(numbers))

    def among(self, ids: pa.Array) -> "Subjects":
        """Those with one of these ids."""
        return self.some(np.flatnonzero(pc.is_in(self._column("id"), value_set=ids))) if len(self) else self

    def bits(self) -> Iterator["Subjects"]:
        """The same, some thousand at a time."""
        for start in range(0, len(self), _BIT):
            yield self.some(np.arange(start, min(start + _BIT, len(self))))

    def ids(self) -> list[str]:
        """The id of each."""
        found: list[str] = self._column("id").to_pylist()
        return found

    def sizes(self) -> Ints:
        """The bytes of all that is said of each, tokens are fewer; where sources disagree, the largest number."""
        texts = self.sentences.take(self.groups.rows).texts
        until = np.append(0, np.cumsum(pc.binary_length(texts).to_numpy().astype(np.int64)))
        sizes: Ints = np.diff(until[self.groups.starts])
        sizes[np.isin(self.groups.owners, list(self.disputed))] = np.iinfo(np.int64).max
        return sizes

    def objects(self) -> Iterator[Subject]:
        """Each as an object; for a few of them."""
        said = self.sentences.take(self.groups.rows).said()
        notes = self._column("note").to_pylist()
        columns = (self.ids(), self._names(), self.groups.owners.tolist(), notes, pairwise(self.groups.starts.tolist()))
        for id_, names, owner, note, (start, end) in zip(*columns, strict=True):
            told = self.disputed.get(owner, ())
            yield Subject(id_, names, self.kind, self.defining, said[start:end], told, note)

    def _names(self) -> list[tuple[str, ...]]:
        if not self._named:
            return [()] * len(self)
        columns = self._column("name").to_pylist(), self._column("aliases").to_pylist()
        return [(name, *more) for name, more in zip(*columns, strict=True)]

    def rows(self) -> list[Row]:
        """Each described without a model; for a few of them."""
        agreed = list(self._agreed())
        rest = self.some(np.flatnonzero([row is None for row in agreed])).objects()
        return [row or next(rest).described() for row in agreed]

    def _agreed(self) -> Iterator[Row | None]:
        """The row of each of which one sentence tells, in however many text units; None for others."""
        units, texts = (column.to_pylist() for column in self.sentences.take(self.groups.rows))
        columns = self.ids(), self.groups.owners.tolist(), pairwise(self.groups.starts.tolist())
        for id_, owner, (start, end) in zip(*columns, strict=True):
            if owner in self.disputed:
                yield None
            elif end - start == 1:
                yield _row(id_, self.kind, 1, texts[start], (units[start],))
            elif len(set(texts[start:end])) == 1:
                where = set(units[start:end])
                yield _row(id_, self.kind, len(where), texts[start], (min(where),))
            else:
                yield None

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """The id of each and a hash of all that it is described from."""
        for bit in self.bits():
            yield from zip(bit.ids(), hashes(bit._content().to_pylist()), strict=True)

    def _content(self) -> pa.Array:
        """All that each is described from, as bytes that nothing else gives."""
        told = self.sentences.take(self.groups.rows)
        fields = [pa.scalar(canonical((self.kind, self.defining))), _joined(self.groups.starts, *told)]
        if self._named:
            aliases = self._column("aliases")
            starts = np.append(0, np.cumsum(pc.list_value_length(aliases).to_numpy()))
            fields += [_bytes(self._column("name")), _joined(starts, aliases.flatten())]
        fields.append(self._odds() if self.disputed else pa.scalar(canonical(())))
        if self.noted:
            fields.append(_bytes(self._column("note")))
        return pc.binary_join_element_wise(*fields, _FIELD)

    def _odds(self) -> pa.Array:
        return pa.array([canonical(self.disputed.get(owner, ())) for owner in self.groups.owners.tolist()], pa.binary())

    @property
    def _named(self) -> bool:
        return self.kind == "entity" and not self.noted

    def _column(self, name: str) -> pa.Array:
        return one_array(self.things[name]).take(pa.array(self.groups.owners))


def _joined(starts: Ints, *columns: pa.Array) -> pa.Array:
    """The rows of each list as one value."""
    rows = pc.binary_join_element_wise(*map(_bytes, columns), b"", _VALUE)
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(starts, pa.int32()), rows), b"")


def _bytes(texts: pa.Array) -> pa.Array:
    return texts.cast(pa.binary())
