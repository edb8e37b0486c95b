"""What people correct in the graph by hand: `overrides.yaml` beside `settings.yaml`, read and checked.

A name stands for everything that bears it, wherever that is mentioned; `Mercury (place)` for the place
alone. What contradicts itself is refused; what matches nothing is told after the run.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from math import isfinite
from pathlib import Path
from typing import Any
from unicodedata import normalize

from graphrag_engine import yamlfile
from graphrag_engine.errors import SettingsError
from graphrag_engine.hashing import digest
from graphrag_engine.offline.roots import form
from graphrag_engine.offline.ties import LOOSE
from graphrag_engine.schema import TYPES
from graphrag_engine.yamlfile import Text

FILE = "overrides.yaml"
_TYPED = re.compile(rf"(.*\S)\s*\(({'|'.join(TYPES)})\)")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Name:
    """A name, of one type alone where it tells one, and the line of the file it stands in."""

    text: str
    type: str | None = None
    line: int = field(default=0, compare=False)

    @property
    def form(self) -> str:
        """The form under which names are one."""
        return form(self.text)

    def covers(self, other: "Name") -> bool:
        """Whether both can stand for the same thing."""
        return self.form == other.form and (self.type == other.type or None in (self.type, other.type))

    def __str__(self) -> str:
        return f"{self.text} ({self.type})" if self.type else self.text


@dataclass(frozen=True)
class NewEntity:
    """A thing that people add, or describe."""

    name: Name
    type: str
    description: str
    aliases: tuple[Name, ...] = ()


@dataclass(frozen=True)
class NewRelationship:
    """A tie that people add."""

    source: Name
    type: str
    target: Name
    description: str | None = None
    weight: float = 4.0
    """As much as a sentence that states it with a verb."""


@dataclass(frozen=True)
class Overrides:
    """All corrections; each kind in the order of the file."""

    same: tuple[tuple[Name, ...], ...] = ()
    """Names of one thing, the one to show first; no name stands in two groups."""
    different: tuple[tuple[Name, ...], ...] = ()
    """Names of which no two are one thing."""
    rename: tuple[tuple[Name, str], ...] = ()
    """Names, each with the one to show in its place."""
    retype: tuple[tuple[Name, str], ...] = ()
    drop: tuple[Name, ...] = ()
    entities: tuple[NewEntity, ...] = ()
    relationships: tuple[NewRelationship, ...] = ()

    def groups(self) -> tuple[tuple[Name, ...], ...]:
        """All names of one thing: those under `same`, and added entities with their aliases."""
        return (*self.same, *((each.name, *each.aliases) for each in self.entities if each.aliases))

    def fingerprint(self) -> str:
        """A hash of everything but the lines of the file."""
        return digest(_without_lines(asdict(self)))


NONE = Overrides()


def load(root: Path) -> Overrides:
    """The corrections under an index root; none where there is no file. Raises SettingsError in one sentence."""
    path = root / FILE
    content = yamlfile.read(path, yamlfile.Lined)
    try:
        return _checked(_overrides(_Part(content or "", "the file", 1)))
    except _Wrong as wrong:
        raise SettingsError(f"{str(path)!r}, line {wrong.line}: {wrong}.") from None


def _without_lines(value: Any) -> Any:
    """The value as plain JSON."""
    if isinstance(value, dict):
        return {key: _without_lines(each) for key, each in value.items() if key != "line"}
    return [_without_lines(each) for each in value] if isinstance(value, tuple) else value


class _Wrong(Exception):
    """What is wrong with the file, and in which line."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


@dataclass(frozen=True)
class _Part:
    """A piece of the file, what it is called, and its line."""

    value: Any
    what: str
    line: int

    def keys(self, *known: str) -> Mapping[str, "_Part"]:
        """What stands under each of these keys; an empty text where there is nothing."""
        if self.value and not isinstance(self.value, dict):
            raise self.wrong(f"must hold keys such as '{known[0]}:'")
        for key in self.value or ():
            if key not in known:
                raise _Wrong(key.line, f"there is no key {key!r} in {self.what}, known are {', '.join(known)}")
        lines = {key: key.line for key in self.value or ()}
        found = self.value or {}
        return {key: _Part(found.get(key, ""), repr(key), lines.get(key, self.line)) for key in known}

    def items(self, example: str) -> list["_Part"]:
        """The items of a list; none where there is nothing."""
        if self.value and not isinstance(self.value, list):
            raise self.wrong(f"must be a list such as {example}")
        return [_Part(each, f"an item of {self.what}", _line(each, self.line)) for each in self.value or ()]

    def pairs(self, example: str) -> list[tuple["_Part", "_Part"]]:
        """Keys with their values; none where there is nothing."""
        if self.value and not isinstance(self.value, dict):
            raise self.wrong(f"must hold pairs such as {example}")
        return [
            (_Part(key, f"a key of {self.what}", key.line), _Part(value, f"{self.what} of {key!r}", key.line))
            for key, value in (self.value or {}).items()
        ]

    def text(self) -> str:
        """A text that is not empty, on one line."""
        if not isinstance(self.value, str):
            raise self.wrong("must be text")
        text = " ".join(normalize("NFC", self.value).split())
        if not text or _SURROGATE.search(text):
            raise self.wrong("is missing" if not text else "holds half a character")
        return text

    def type(self) -> str:
        """A type of entities."""
        if (found := self.text()) not in TYPES:
            raise self.wrong(f"is {found!r}, which is no type; types are {', '.join(TYPES)}")
        return found

    def name(self) -> Name:
        """A name, with its type in brackets where one is told."""
        typed = _TYPED.fullmatch(self.text())
        return Name(typed[1], typed[2], self.line) if typed else Name(self.text(), None, self.line)

    def names(self) -> tuple[Name, ...]:
        """A list of names."""
        return tuple(each.name() for each in self.items("[Elias Vale, E. Vale]"))

    def weight(self) -> float:
        """A number above 0; the usual one where nothing stands here."""
        try:
            found = float(self.value or NewRelationship.weight)
        except (TypeError, ValueError):
            found = 0.0
        if found <= 0 or not isfinite(found):
            raise self.wrong("must be a number above 0")
        return found

    def wrong(self, problem: str) -> _Wrong:
        """The error that this part is not as it should be."""
        return _Wrong(self.line, f"{self.what} {problem}")


def _line(value: Any, otherwise: int) -> int:
    """The line in which a value begins."""
    while isinstance(value, list | dict) and value:
        value = next(iter(value))
    return value.line if isinstance(value, Text) else otherwise


def _overrides(file: _Part) -> Overrides:
    held = file.keys("same", "different", "rename", "retype", "drop", "add")
    add = held["add"].keys("entities", "relationships")
    groups = "[[Elias Vale, E. Vale]]"
    return Overrides(
        same=tuple(map(_group, held["same"].items(groups))),
        different=tuple(map(_group, held["different"].items(groups))),
        rename=tuple((old.name(), new.text()) for old, new in held["rename"].pairs("Wend Yard: Wendmouth Yard")),
        retype=tuple((name.name(), kind.type()) for name, kind in held["retype"].pairs("Northern Grace: work")),
        drop=held["drop"].names(),
        entities=tuple(map(_entity, add["entities"].items("[{name: ..., type: ..., description: ...}]"))),
        relationships=tuple(map(_relationship, add["relationships"].items("[{source: ..., type: ..., target: ...}]"))),
    )


def _group(item: _Part) -> tuple[Name, ...]:
    if len(names := item.names()) < 2:
        raise item.wrong("must hold two names or more")
    return names


def _entity(item: _Part) -> NewEntity:
    held = item.keys("name", "type", "description", "aliases")
    kind = held["type"].type()
    name = Name(held["name"].text(), kind, held["name"].line)
    return NewEntity(name, kind, held["description"].text(), held["aliases"].names())


def _relationship(item: _Part) -> NewRelationship:
    held = item.keys("source", "type", "target", "description", "weight")
    source, target = held["source"].name(), held["target"].name()
    if source.covers(target):
        raise held["target"].wrong("is the source as well")
    if held["type"].text() == LOOSE:
        raise held["type"].wrong(f"is {LOOSE!r}, which says no more than that both are named together")
    said = held["description"].text() if held["description"].value else None
    return NewRelationship(source, held["type"].text(), target, said, held["weight"].weight())


def _checked(overrides: Overrides) -> Overrides:
    """The corrections, names renamed to the end; raises _Wrong where one contradicts another."""
    groups = _Groups(overrides.groups())
    for one, other in (pair for names in overrides.different for pair in combinations(names, 2)):
        if one.covers(other):
            raise _Wrong(
                other.line, f"{str(one)!r} and {str(other)!r} are one name; types in brackets tell namesakes apart"
            )
        if (united := groups.of(one)) and united == groups.of(other):
            raise _Wrong(other.line, f"{str(one)!r} and {str(other)!r} are one thing by line {united[0].line}")
    for pairs in (overrides.rename, overrides.retype):
        _refuse_two(pairs, groups)
    return replace(overrides, rename=tuple(_to_the_end(overrides.rename)))


class _Groups:
    """The names of one thing; raises _Wrong where a name stands in two groups."""

    def __init__(self, groups: Iterable[tuple[Name, ...]]) -> None:
        self._by_form: dict[str, list[tuple[Name, tuple[Name, ...]]]] = {}
        for group in groups:
            for name in group:
                other = self.of(name)
                if other and other != group:
                    raise _Wrong(
                        name.line, f"{str(name)!r} is in a group of line {other[0].line} too; make both one list"
                    )
                self._by_form.setdefault(name.form, []).append((name, group))

    def of(self, name: Name) -> tuple[Name, ...]:
        """The group that a name is in; empty for none."""
        return next((group for other, group in self._by_form.get(name.form, ()) if other.covers(name)), ())


def _refuse_two(pairs: Sequence[tuple[Name, str]], groups: _Groups) -> None:
    """Raises _Wrong where one thing would get two names, or two types."""
    told: dict[object, list[tuple[Name, str]]] = {}
    for name, value in pairs:
        group = groups.of(name)
        before = told.setdefault(group or name.form, [])
        for other, theirs in before:
            if theirs != value and (group or other.covers(name)):
                raise _Wrong(name.line, f"{str(name)!r} is to be {value!r}, but by line {other.line} it is {theirs!r}")
        before.append((name, value))


def _to_the_end(rename: Sequence[tuple[Name, str]]) -> Iterator[tuple[Name, str]]:
    """Where a new name gets a newer one, the newest; raises _Wrong where that goes round."""
    newer = {old.form: new for old, new in rename}
    for old, new in rename:
        way = [old.form]
        while form(new) in newer and form(new) != way[-1]:
            if form(new) in way:
                raise _Wrong(old.line, f"new names for {str(old)!r} lead in a circle, back to {new!r}")
            way.append(form(new))
            new = newer[form(new)]
        yield old, new
