"""A generated index as uneven as real text: a few words and things nearly everywhere, most of them once.

Three text units for ten entities. A text unit is five sentences of nine words with meaning, function words and two
names: ten mentions. Word frequencies follow Zipf and Mandelbrot: the commonest stands in nearly half of all text
units, the hundredth in a twentieth, as in the Wikipedia passages of `retrieval.md`. Each entity is mentioned once
and the rest of the mentions follow a power law, so that the commonest name stands in a third of the text units;
every word of a name is borne by a thousand entities. The two names of a sentence are tied by its verb, some
neighbours beside that loosely. Communities of twenty entities and of two thousand have a report each.
"""

import numpy as np
import pyarrow as pa

from graphrag_engine.offline.ragged import string_lists
from graphrag_engine.offline.ties import LOOSE
from graphrag_engine.schema import TABLES, empty

_WORDS, _VERBS, _SHIFT = 60_000, 300, 8
_SENTENCES, _SAID = 5, 9
_MENTIONS = 2 * _SENTENCES
_MEMBERS, _PARTS = 20, 100
_FUNCTION = "the of and in to was a for on with by as from at his that is it an were".split()
_SYLLABLES = [first + second for first in "bcdfghklmnprstvw" for second in ("a", "e", "i", "o", "u", "or", "en")]
_BLANK = {"string": "", "large_string": "", "double": 1.0, "bool": True}


def word(at: int, syllables: int) -> str:
    """The word of this number."""
    base = len(_SYLLABLES)
    at = at * 7919 % base**syllables
    return "".join(_SYLLABLES[at // base**place % base] for place in range(syllables))


def keys(kind: str, n: int) -> list[str]:
    """Ids in ascending order."""
    return [f"{at:08x}{kind}" for at in range(n)]


class World:
    """Generated tables of an index with *n* entities, and questions about it."""

    KINDS = ("two names", "one name", "part of a name", "no name")

    def __init__(self, n: int) -> None:
        self.chance = np.random.default_rng(7)
        self.n, self.units = n, self.units_of(n)
        self.names = [word(at // 1000, 2).title() + " " + word(at % 1000, 3).title() for at in range(n)]
        self.ids, self.unit_ids = keys("e", n), keys("u", self.units)
        once = np.arange(n)
        often = self.skewed(n, self.units * _MENTIONS - n, shift=1)
        self.entity = self.chance.permutation(np.concatenate([once, often]))
        self.unit = np.repeat(np.arange(self.units), _MENTIONS)
        self.verbs = [word(at, 3) + "ed" for at in range(_VERBS)]
        self.verb = self.skewed(_VERBS, self.units * _SENTENCES)
        self.sentences = self.written()

    @staticmethod
    def units_of(n: int) -> int:
        """Text units for this many entities."""
        return n * 3 // 10

    def skewed(self, n: int, size: int, shift: int = _SHIFT) -> np.ndarray:
        """Numbers below *n*, the lower the oftener: number x weighs 1 / (x + shift)."""
        return (shift * ((n + shift) / shift) ** self.chance.random(size) - shift).astype(np.int64)

    def written(self) -> list[str]:
        """All sentences, five a text unit."""
        count = self.units * _SENTENCES
        words = np.array([word(at, 2 + at % 3) for at in range(_WORDS)], object)
        between = np.array(_FUNCTION, object)
        said = words[self.skewed(_WORDS, count * _SAID)].reshape(count, _SAID)
        small = between[self.skewed(len(_FUNCTION), count * 4, shift=1)].reshape(count, 4)
        names = np.array(self.names, object)[self.entity].reshape(count, 2)
        verb = np.array(self.verbs, object)[self.verb]
        columns = [small[:, 0], *said.T[:3], small[:, 1], *said.T[3:6], names[:, 0], verb, names[:, 1]]
        columns += [small[:, 2], *said.T[6:], small[:, 3]]
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [f"{' '.join(row)}." for row in rows]

    def text(self, unit: int) -> str:
        """The text of a text unit."""
        return " ".join(self.sentences[unit * _SENTENCES : (unit + 1) * _SENTENCES])

    def questions(self, count: int) -> list[str]:
        """Questions about text units: things and words as often as they are mentioned and said, hubs included."""
        found = []
        for at, unit in enumerate(self.chance.integers(self.units, size=count).tolist()):
            sentence = unit * _SENTENCES + at % _SENTENCES
            one, other = (self.names[entity] for entity in self.entity[2 * sentence : 2 * sentence + 2].tolist())
            said = self.sentences[sentence].split()
            first, second, third = said[1], said[5], said[-3]
            verb = self.verbs[self.verb[sentence]]
            shapes = (
                f"In which {first} was the {second} of {one} {verb} by {other}?",
                f"Who was {verb} when the {first} of the {second} came to {one} in {third}?",
                f"What did {one.split()[1]} do about the {first} of the {second} and its {third}?",
                f"Why did the {first} of a {second} become known for its {third} and {verb} {said[2]}?",
            )
            found.append(shapes[(at - 1) % 4])
        return found

    def tables(self) -> dict[str, pa.Table]:
        """All tables; those not made here are empty."""
        made = {"documents": self.documents(), "text_units": self.text_units(), "entities": self.entities()}
        made |= {"relationships": self.relationships(), "entity_mentions": self.mentions(), "claims": self.claims()}
        made |= self.hierarchy()
        return {name: made.get(name, empty(name)) for name in TABLES}

    def documents(self) -> pa.Table:
        """One document for ten text units."""
        ids = keys("d", -(-self.units // 10))
        return self.table("documents", len(ids), id=ids, source=ids, title=ids, metadata=["{}"] * len(ids))

    def text_units(self) -> pa.Table:
        """Their sentences, one after the other."""
        document = [f"{at // 10:08x}d" for at in range(self.units)]
        texts = [self.text(unit) for unit in range(self.units)]
        return self.table("text_units", self.units, id=self.unit_ids, document_id=document, text=texts)

    def entities(self) -> pa.Table:
        """Each with the text units that mention it."""
        owner, unit = np.divmod(np.unique(self.entity * self.units + self.unit), self.units)
        lists = string_lists(owner, self.taken(self.unit_ids, unit), self.n)
        frequency = np.bincount(self.entity, minlength=self.n)
        values = {"id": self.ids, "name": self.names, "type": ["person"] * self.n, "text_unit_ids": lists}
        return self.table("entities", self.n, frequency=frequency, **values)

    def relationships(self) -> pa.Table:
        """Between the names of a sentence by its verb, and loosely between some that stand side by side."""
        stated = np.arange(0, len(self.entity), 2)
        loose = self.chance.permutation(stated[:-1] + 1)[: self.n // 2]
        at = np.concatenate([stated, loose])
        at = at[self.entity[at] != self.entity[at + 1]]
        kinds = np.where(at % 2, len(self.verbs), self.verb[at // 2])
        once = np.unique(self.entity[at] * self.n * 1000 + self.entity[at + 1] * 1000 + kinds, return_index=True)[1]
        at, kinds = at[once], kinds[once]
        ends = {"source_id": self.taken(self.ids, self.entity[at])}
        ends |= {"target_id": self.taken(self.ids, self.entity[at + 1])}
        units = string_lists(np.arange(len(at)), self.taken(self.unit_ids, self.unit[at]), len(at))
        values = {"id": keys("r", len(at)), "type": self.taken([*self.verbs, LOOSE], kinds), "text_unit_ids": units}
        return self.table("relationships", len(at), weight=np.where(at % 2, 1.0, 4.0), **values, **ends)

    def mentions(self) -> pa.Table:
        """Every name in its text unit."""
        names, units = self.taken(self.names, self.entity), self.taken(self.unit_ids, self.unit)
        return self.table("entity_mentions", len(self.unit), text_unit_id=units, name=names)

    def claims(self) -> pa.Table:
        """The first sentence of each text unit."""
        at = np.arange(self.units) * _MENTIONS
        quotes = self.sentences[::_SENTENCES]
        ends = {
            "subject_id": self.taken(self.ids, self.entity[at]),
            "object_id": self.taken(self.ids, self.entity[at + 1]),
        }
        ends |= {
            "subject": self.taken(self.names, self.entity[at]),
            "object": self.taken(self.names, self.entity[at + 1]),
        }
        kinds, places = self.taken(self.verbs, self.verb[::_SENTENCES]), np.array([len(quote) for quote in quotes])
        values = {"id": keys("c", self.units), "text_unit_id": self.unit_ids, "type": kinds, "quote": quotes}
        status = ["TRUE"] * self.units
        return self.table("claims", self.units, status=status, end=places, start=places * 0, **values, **ends)

    def hierarchy(self) -> dict[str, pa.Table]:
        """Communities of entities first mentioned near each other, on two levels, each with its report."""
        first = np.unique(self.entity, return_index=True)[1]
        order = np.argsort(first, kind="stable")
        leaves = [np.sort(order[at : at + _MEMBERS]) for at in range(0, self.n, _MEMBERS)]
        roots = [np.sort(np.concatenate(leaves[at : at + _PARTS])) for at in range(0, len(leaves), _PARTS)]
        members = [*leaves, *roots]
        ids = keys("g", len(members))
        parents = [ids[len(leaves) + at // _PARTS] for at in range(len(leaves))] + [None] * len(roots)
        level = np.array([1] * len(leaves) + [0] * len(roots))
        owner = np.repeat(np.arange(len(members)), [len(each) for each in members])
        lists = string_lists(owner, self.taken(self.ids, np.concatenate(members)), len(members))
        size = np.array([len(each) for each in members])
        values = {
            "id": ids,
            "level": level,
            "parent_id": pa.array(parents, pa.string()),
            "entity_ids": lists,
            "size": size,
        }
        told = [self.report(first[each[:3]]) for each in members]
        texts = {name: [each[name] for each in told] for name in ("title", "summary")}
        fields = TABLES["reports"].schema
        nested = {
            name: pa.array([each[name] for each in told], fields.field(name).type) for name in ("findings", "citations")
        }
        return {
            "communities": self.table("communities", len(ids), **values),
            "reports": self.table("reports", len(ids), id=ids, level=level, rating=np.log(size), **texts, **nested),
        }

    def report(self, places: np.ndarray) -> dict:
        """What is told of the entities mentioned at these places: the sentences that mention them first."""
        cited = [self.sentences[place // 2] for place in places.tolist()]
        units = [self.unit_ids[place // _MENTIONS] for place in places.tolist()]
        start = [self.text(place // _MENTIONS).index(said) for place, said in zip(places.tolist(), cited, strict=True)]
        return {
            "title": self.names[self.entity[places[0]]],
            "summary": cited[0],
            "findings": [{"summary": said, "explanation": "", "citations": [n]} for n, said in enumerate(cited, 1)],
            "citations": [
                {"n": n, "text_unit_id": unit, "start": at, "end": at + len(said)}
                for n, (unit, at, said) in enumerate(zip(units, start, cited, strict=True), 1)
            ],
        }

    @staticmethod
    def taken(values: list[str], at: np.ndarray) -> pa.Array:
        """The strings at these places."""
        return pa.array(values).take(pa.array(at))

    @staticmethod
    def table(name: str, rows: int, /, **columns: object) -> pa.Table:
        """The columns given, zeros and empty values for the others."""
        arrays = []
        for field in TABLES[name].schema:
            empty_value = [] if pa.types.is_list(field.type) else _BLANK.get(str(field.type), 0)
            blank = pa.array([None if field.nullable else empty_value], field.type)
            given = columns.get(field.name, blank.take(pa.array(np.zeros(rows, np.int64))))
            arrays.append(given if isinstance(given, pa.Array) else pa.array(given))
        return pa.table(arrays, TABLES[name].schema.names).cast(TABLES[name].schema)
