"""What replies say of one text unit: checked record by record, with the places of names and quotes in the text."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from graphrag_engine.offline.mentions import ClaimMention, EntityMention, Mentions, RelationshipMention
from graphrag_engine.offline.roots import form
from graphrag_engine.replies.kinds import UNKNOWN, Ontology, predicate
from graphrag_engine.replies.quotes import Place, Text, is_loud
from graphrag_engine.replies.records import records

_MOST = 200
"""Records of one kind that a text unit can hold; more is a model that runs in circles."""
_LOOKED_UP = 4 * _MOST
"""Names and quotes of one text unit that are looked up in it."""
_LONGEST_NAME, _LONGEST_WORDS, _LONGEST_TYPE = 200, 1200, 200
"""Characters of a name, of a description or quote, and of what a type is read from."""
_USUAL, _STRONGEST = 5.0, 10.0
"""Strength of a relationship of which a model gives none, and the highest."""
_UNWRITTEN = 0.5
"""What a relationship is worth of which an end is not written in the text."""
_STATES = {"TRUE": "TRUE", "FALSE": "FALSE", "SUSPECTED": "SUSPECTED", "": "TRUE"}
_NOBODY = frozenset(("", "none", "null", "n/a", "unknown"))
_FOREIGN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no text holds: control characters and halves of characters."""
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?=\Z|T)")
_QUOTED = '"\u201c\u201d\u00ab\u00bb '

BAD, OUTSIDE, NAMES, QUOTES, DATES = "bad", "outside", "names", "quotes", "dates"
"""What is counted: records of no use, those outside the types asked for, names and quotes not found, wrong dates."""


@dataclass(frozen=True)
class Read(Mentions):
    """What was read, and what was counted on the way."""

    counted: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Entity:
    """A name, with all that is known of it so far."""

    name: str
    kind: str
    description: str
    places: list[Place]
    known: bool
    """Whether text or heading hold the name."""


class Reading:
    """One text unit, and what replies say of it."""

    def __init__(self, text: str, about: str, ontology: Ontology, told: Text) -> None:
        """*about* is the title and heading of *text*, *told* what the model was told besides."""
        self.ontology = ontology
        self.readable = False
        """Whether any reply was one to what was asked."""
        self._text = Text(text)
        self._about = Text(about)
        self._told = told
        self._entities: dict[str, _Entity] = {}
        self._named: dict[str, _Entity | None] = {}
        """What each form of a name stands for; None where it is no name of the text."""
        self._ties: dict[tuple[str, str, str], RelationshipMention] = {}
        self._claims: dict[tuple[str, str | None, str, str], ClaimMention] = {}
        self._quotes: dict[str, Place | None] = {}
        self._counted: Counter[str] = Counter()

    def add(self, reply: str) -> bool:
        """Take in one reply; whether it said anything new."""
        found, before = records(reply), self._size()
        self.readable |= found.readable
        self._counted[BAD] += found.bad
        for rows, take in (
            (found.entities, self._entity),
            (found.relationships, self._tie),
            (found.claims, self._claim),
        ):
            for row in rows:
                if fault := take(row):
                    self._counted[fault] += 1
        return self._size() > before

    @property
    def names(self) -> list[str]:
        """The names so far."""
        return [entity.name for entity in self._entities.values()]

    def mentions(self) -> Read:
        """All that was read. A name within a longer one is not counted there."""
        taken, rows = bytearray(len(self._text.text)), list[EntityMention]()
        for entity in sorted(self._entities.values(), key=lambda entity: -len(entity.name)):
            rows += _rows(entity, taken)
        return Read(rows, list(self._ties.values()), list(self._claims.values()), +self._counted)

    def _size(self) -> int:
        return len(self._entities) + len(self._ties) + len(self._claims)

    def _entity(self, row: Mapping[str, Any]) -> str:
        """Take in an entity; what is wrong with it, if anything."""
        said = _name(row.get("name"))
        kind, description = self.ontology.kind(_type(row)), _cut(row.get("description"))
        if not (key := form(said)):
            return BAD
        if not (known := self._named.get(key)):
            if not self.ontology.allows_entity(kind):
                return OUTSIDE
            if key in self._named or self._is_full():
                return BAD
            return self._add(said, key, kind, description)
        known.kind = kind if known.kind == UNKNOWN and self.ontology.allows_entity(kind) else known.kind
        known.description = known.description or description
        return ""

    def _add(self, said: str, key: str, kind: str, description: str, *, needed: bool = False) -> str:
        """Take in an entity that was not read before, by its name as the text writes it; *key* is the form of its name.

        One that text and heading do not know is refused where that is *needed*, and where the model was told it.
        """
        places = self._text.names(said)
        known = bool(places) or self._about.holds(said)
        if not known and (needed or self._told.holds(said)):
            self._named[key] = None
            return BAD
        name = self._spelled(said, places)
        whole = key if name == said else form(name)
        entity = self._entities.setdefault(whole, _Entity(name, kind, description, places, known))
        self._named[key] = self._named[whole] = entity
        return "" if known else NAMES

    def _spelled(self, said: str, places: Sequence[Place]) -> str:
        """A name as the text writes it, not in capitals if it can be helped."""
        if places and self._text.text[slice(*places[0])] == said and not is_loud(said):
            return said
        spellings = (" ".join(self._text.text[start:end].split()) for start, end in places)
        name = next(spellings, said)
        return next((each for each in spellings if not is_loud(each)), name) if is_loud(name) else name

    def _is_full(self) -> bool:
        """Whether this is more than a text unit can hold."""
        return len(self._entities) >= _MOST or len(self._named) >= _LOOKED_UP

    def _end(self, said: object) -> _Entity | None:
        """The entity that a relationship or claim speaks of; one that is read here first, where the text writes it."""
        name = _name(said)
        key = form(name)
        if key and key not in self._named and not self._is_full() and self.ontology.allows_entity(UNKNOWN):
            self._add(name, key, UNKNOWN, "", needed=True)
        return self._named.get(key)

    def _tie(self, row: Mapping[str, Any]) -> str:
        """Take in a relationship; what is wrong with it, if anything."""
        source, target = self._end(row.get("source")), self._end(row.get("target"))
        if source is None or target is None or source is target:
            return BAD
        said = predicate(_type(row))
        if not self.ontology.allows_tie(source.kind, said, target.kind):
            return OUTSIDE
        key = source.name, target.name, said
        if key not in self._ties and len(self._ties) >= _MOST:
            return BAD
        strength = _strength(row.get("strength")) * (1.0 if source.known and target.known else _UNWRITTEN)
        made = self._ties.setdefault(key, RelationshipMention(*key, _cut(row.get("description")), strength))
        if strength > made.strength:
            self._ties[key] = made._replace(strength=strength)
        return ""

    def _claim(self, row: Mapping[str, Any]) -> str:
        """Take in a claim; what is wrong with it, if anything."""
        subject = self._end(row.get("subject"))
        if subject is None or len(self._claims) >= _MOST:
            return BAD
        quote, place = self._quoted(row.get("quote"))
        said, other = predicate(_type(row)), self._object(row.get("object"))
        description = _cut(row.get("description"))
        if not (quote or description):
            return BAD
        description = description or " ".join(filter(None, (subject.name, said, other)))
        key = subject.name, other, said, quote
        if key in self._claims:
            return ""
        start, end = place or (None, None)
        self._claims[key] = ClaimMention(
            *key[:3], _status(row.get("status")), *self._dates(row), description, quote, start, end, place is not None
        )
        return "" if place else QUOTES

    def _object(self, said: object) -> str | None:
        """What stands on the other side of a claim: an entity, or words of the text."""
        name = _name(said)
        if name.lower() in _NOBODY:
            return None
        if entity := self._named.get(form(name)):
            return entity.name
        return name if self._text.holds(name) else None

    def _quoted(self, said: object) -> tuple[str, Place | None]:
        """A quote as the text has it, and where; as the model gives it, where it is not found."""
        words = _clean(said)[: 2 * _LONGEST_WORDS].strip(_QUOTED)
        if words not in self._quotes:
            looked_up = words and len(self._quotes) < _LOOKED_UP
            self._quotes[words] = self._text.quote(words) if looked_up else None
        place = self._quotes[words]
        return (self._text.text[slice(*place)], place) if place else (_cut(words), None)

    def _dates(self, row: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """Beginning and end of what is claimed, in ISO 8601."""
        start, end = self._date(row.get("start_date")), self._date(row.get("end_date"))
        if start and end and end < start[: len(end)]:
            self._counted[DATES] += 1
            end = None
        return start, end

    def _date(self, said: object) -> str | None:
        """A date in ISO 8601; anything else is counted, unless it says that there is none."""
        words = str(said) if type(said) is int else _clean(said).strip()
        if words.lower() in _NOBODY:
            return None
        found = _DATE.match(words)
        if found and _is_real(found.group()):
            return found.group()
        self._counted[DATES] += 1
        return None


def _rows(entity: _Entity, taken: bytearray) -> Iterator[EntityMention]:
    """One row for each place that is not taken, which then is; else one for the first place, if there is any.

    The description stands with the first row.
    """
    name, kind, description = entity.name, entity.kind, entity.description
    free = [(start, end) for start, end in entity.places if taken.find(1, start, end) < 0]
    for start, end in free:
        taken[start:end] = b"\1" * (end - start)
        yield EntityMention(name, kind, description, start, end, True)
        description = ""
    if not free:
        first, last = entity.places[0] if entity.places else (None, None)
        yield EntityMention(name, kind, description, first, last, first is not None)


def _clean(said: object) -> str:
    """A text without what cannot be written; empty for anything else than a text."""
    if not isinstance(said, str):
        return ""
    return said if said.isprintable() else _FOREIGN.sub("", said)


def _name(said: object) -> str:
    """A name with single spaces; empty where it is too long to be one, or has neither letter nor figure."""
    return _spaced(said) if isinstance(said, str) and len(said) <= 2 * _LONGEST_NAME else ""


@lru_cache(maxsize=1 << 12)
def _spaced(said: str) -> str:
    words = " ".join(_clean(said).strip(_QUOTED).split())
    return words if len(words) <= _LONGEST_NAME and any(map(str.isalnum, words)) else ""


def _cut(said: object) -> str:
    """A sentence or two with single spaces, cut between words where it is too long."""
    if not isinstance(said, str):
        return ""
    plain = said.isprintable() and "  " not in said and said == said.strip()
    words = said if plain else " ".join(_clean(said[: 2 * _LONGEST_WORDS]).split())
    return words if len(words) <= _LONGEST_WORDS else words[:_LONGEST_WORDS].rsplit(" ", 1)[0]


def _type(row: Mapping[str, Any]) -> str:
    """What stands for a type."""
    return _clean(row.get("type"))[:_LONGEST_TYPE]


def _strength(said: object) -> float:
    """A number from 1 to 10; the usual one for anything else."""
    if type(said) is int and 1 <= said <= _STRONGEST:
        return float(said)
    try:
        number = float(said) if isinstance(said, int | float | str) and len(str(said)) < 20 else _USUAL
    except ValueError:
        return _USUAL
    return min(max(number, 1.0), _STRONGEST) if number == number else _USUAL


def _status(said: object) -> str:
    """Whether a claim is stated, denied or doubted; what cannot be told is doubted."""
    return _STATES.get(str(said).strip().upper() if isinstance(said, str | bool) else "", "SUSPECTED")


def _is_real(day: str) -> bool:
    """Whether there is such a day, month or year."""
    try:
        date.fromisoformat(day + "0001-01-01"[len(day) :])
    except ValueError:
        return False
    return True
