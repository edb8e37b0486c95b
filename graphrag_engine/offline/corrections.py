"""What people correct, applied to who is who: names to show, types, things dropped and added."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress

import numpy as np

from graphrag_engine.hashing import digest
from graphrag_engine.offline.identity import DROPPED, Identity
from graphrag_engine.offline.roots import form
from graphrag_engine.overrides import NONE, Name, NewEntity, NewRelationship, Overrides


@dataclass(frozen=True)
class Stated:
    """A tie that people add, between two entities by their numbers."""

    source: int
    type: str
    target: int
    weight: float
    note: str | None


@dataclass(frozen=True)
class Corrected:
    """Who is who after corrections. Entities are known by their numbers; those without mentions come last."""

    identity: Identity
    mentioned: int
    """How many entities have mentions."""
    names: Mapping[int, str]
    """The name to show, where people say."""
    others: Mapping[int, frozenset[str]]
    """More names that people give."""
    notes: Mapping[int, str]
    """Descriptions that people give."""
    ties: tuple[Stated, ...]
    unmatched: tuple[Name, ...]
    """Names that no entity has, in the order of the file."""


def correct(identity: Identity, overrides: Overrides) -> Corrected:
    """Apply all corrections but those that join and part names, which the resolutions have applied."""
    if overrides == NONE:
        return Corrected(identity, len(identity.ids), {}, {}, {}, (), ())
    work = _Work(identity)
    for group in overrides.same:
        work.unite(group)
    for entity in overrides.entities:
        work.add(entity)
    for old, new in overrides.rename:
        work.show(work.meant(old), new)
    for name, kind in overrides.retype:
        work.types |= dict.fromkeys(work.meant(name), kind)
    for name in chain(*overrides.different):
        work.meant(name)
    dropped = [number for name in overrides.drop for number in work.meant(name)]
    return work.corrected(dropped, overrides.relationships)


class _Work:
    """Corrections in the making; entities without mentions are numbered behind all others."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.ids = list(identity.ids)
        self.types: dict[int, str] = {}
        self.names: dict[int, str] = {}
        self.others: dict[int, frozenset[str]] = {}
        self.notes: dict[int, str] = {}
        self.unmatched: list[Name] = []
        self._given: dict[str, set[int]] = defaultdict(set)

    def meant(self, name: Name) -> list[int]:
        """The entities that a name stands for, the usual one first; notes where there are none."""
        found = self._bearers(name)
        if not found:
            self.unmatched.append(name)
        return found

    def unite(self, group: Sequence[Name]) -> None:
        """Show the first name of a group; its names have been joined."""
        members = [number for name in group for number in self.meant(name)]
        self.show(members, *(name.text for name in group))
        if group[0].type:
            self.types |= dict.fromkeys(members, group[0].type)

    def add(self, entity: NewEntity) -> None:
        """Describe a thing that there is, or add it."""
        names = [name.text for name in (entity.name, *entity.aliases)]
        members = [number for name in (entity.name, *entity.aliases) for number in self._bearers(name)]
        if not members:
            members = [len(self.ids)]
            self.ids.append(digest("entity", entity.name.form, entity.type))
        self.show(members, *names)
        self.types |= dict.fromkeys(members, entity.type)
        self.notes |= dict.fromkeys(members, entity.description)
        self.others |= dict.fromkeys(members, frozenset(names))

    def show(self, members: Sequence[int], name: str, *more: str) -> None:
        """Let a name be shown, and all of these names stand for them from now on."""
        self.names |= dict.fromkeys(members, name)
        for each in (name, *more):
            self._given[form(each)] |= set(members)

    def corrected(self, dropped: Sequence[int], added: Sequence[NewRelationship]) -> Corrected:
        """All corrections, by the numbers that are left when what is dropped is gone."""
        ends = [(self.meant(each.source)[:1], self.meant(each.target)[:1]) for each in added]
        kept = np.ones(len(self.ids), bool)
        kept[list(dropped)] = False
        number = np.where(kept, np.cumsum(kept) - 1, DROPPED)
        types = [*self.identity.types, *[""] * (len(self.ids) - len(self.identity.types))]
        for at, kind in self.types.items():
            types[at] = kind
        anywhere = self.identity.anywhere
        identity = replace(
            self.identity,
            ids=tuple(compress(self.ids, kept.tolist())),
            types=tuple(compress(types, kept.tolist())),
            there=number[self.identity.there],
            anywhere=np.where(anywhere < 0, anywhere, number[anywhere]),
        )
        told = [
            Stated(int(number[source]), each.type, int(number[target]), each.weight, each.description)
            for each, (sources, targets) in zip(added, ends, strict=True)
            for source, target in zip(sources, targets, strict=False)
        ]
        return Corrected(
            identity,
            int(kept[: len(self.identity.ids)].sum()),
            {int(number[at]): name for at, name in self.names.items() if kept[at]},
            {int(number[at]): names for at, names in self.others.items() if kept[at]},
            {int(number[at]): note for at, note in self.notes.items() if kept[at]},
            tuple(tie for tie in told if DROPPED not in (tie.source, tie.target) and tie.source != tie.target),
            tuple(sorted(self.unmatched, key=lambda name: name.line)),
        )

    def _bearers(self, name: Name) -> list[int]:
        bearing = self.identity.bearing(name.text)
        found = [*bearing, *sorted(self._given[name.form] - set(bearing))]
        return [number for number in found if name.type is None or self._may_be(number, name.type)]

    def _may_be(self, number: int, kind: str) -> bool:
        """Whether an entity is of a type, was found as that, or as nothing in particular."""
        found = self.identity.types[number] if number < len(self.identity.types) else kind
        return kind in (found, self.types.get(number)) or found == "name"
