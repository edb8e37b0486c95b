"""The relationships that reports are made from, column by column: each is known by its row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.predicates import PREPOSITIONS
from graphrag_engine.offline.ragged import Floats, Ints, Lists, Texts, groups, joined, packed, positions, strings
from graphrag_engine.offline.ties import LOOSE, rows

_ENDS = ("source_id", "target_id")
_NONE = {pa.string(): "", pa.int64(): -1}


class Claim(NamedTuple):
    """What a report needs of a claim."""

    unit: str
    start: int
    """-1 where its words are not found in the text unit."""
    end: int
    status: str
    date: str
    """Empty where it has none."""


class Ties:
    """What reports ask of relationships; Python objects are made of what is asked for only."""

    def __init__(self, tables: Mapping[str, pa.Table], weights: Mapping[str, float]) -> None:
        """*weights*: what each entity weighs, in the order of their table."""
        table, ids, weight = tables["relationships"], list(weights), np.array([*weights.values()])
        ends = [positions(table[side], tables["entities"]["id"]) for side in _ENDS]
        self.source, self.target = (list(map(ids.__getitem__, rows.tolist())) for rows in ends)
        self.type = strings(table["type"])
        strength = np.where(pc.equal(table["type"], LOOSE).to_numpy(), 0.0, table["weight"].to_numpy())
        worth = np.round((weight[ends[0]] + weight[ends[1]]) * np.log2(2 + strength), 6)
        self.rank = packed(_ranks(table["id"], worth))
        """Its place among all by how much it says: by its strength and the weights of both ends, then by its id; the
        most telling comes last."""
        bare = {kind for kind in {*self.type} if PREPOSITIONS.issuperset(kind.split())}
        self.tells = [some and kind not in bare for some, kind in zip((strength > 0).tolist(), self.type, strict=True)]
        """Whether its predicate says more than that one thing is of, in or with another."""
        self._plain = pa.table({"id": table["id"], "strength": strength, "text_unit_ids": table["text_unit_ids"]})
        self._described = packed(positions(table["id"], tables["descriptions"]["id"]))
        self._descriptions = tables["descriptions"]["text"]
        self._said_of = Texts(self._descriptions)
        self._units = Lists(table["text_unit_ids"])
        self._claims = tables["claims"].select(["text_unit_id", "start", "end", "status", "start_date"])
        self._numbers, self._starts = (packed(each) for each in _claimed(tables))

    def description(self, tie: int) -> str:
        """What is said of it; empty where nothing is."""
        at = self._described[tie]
        return "" if at < 0 else self._said_of[at]

    def units(self, tie: int) -> list[str]:
        """The text units that state it."""
        return self._units[tie]

    def claims(self, tie: int) -> list[Claim]:
        """The claims that say the same."""
        stating = self._stating(tie)
        return [Claim(*(column[at] for column in self._said)) for at in stating] if stating else []

    def dates(self, ties: Iterable[int]) -> Iterator[str]:
        """The dates of the claims that say the same as one of these."""
        dates, starts = self._said[-1], self._starts
        stated = (tie for tie in ties if starts[tie] < starts[tie + 1])
        return (date for tie in stated for at in self._stating(tie) if (date := dates[at]))

    def _stating(self, tie: int) -> Sequence[int]:
        """The rows of the claims that say the same."""
        return self._numbers[self._starts[tie] : self._starts[tie + 1]]

    @cached_property
    def _said(self) -> list[Sequence[Any]]:
        """The columns of `Claim`."""
        unit, start, end, status, date = (pc.fill_null(column, _NONE[column.type]) for column in self._claims.columns)
        return [strings(unit), *(packed(places.to_numpy()) for places in (start, end)), strings(status), strings(date)]

    def contents(self, ties: Ints) -> pa.Array:
        """What a report takes from each of these, as one text; no offsets."""
        at, plain = pa.array(ties), self._plain.take(pa.array(ties))
        numbers, starts = (pa.array(each, pa.int32()) for each in (self._numbers, self._starts))
        stating = pa.ListArray.from_arrays(starts, numbers).take(at)
        said = self._claims.take(stating.flatten())
        told = joined(*(said[name] for name in ("text_unit_id", "status", "start_date")))
        claims = pa.ListArray.from_arrays(stating.offsets, told)
        rows = np.asarray(self._described)[ties]
        described = self._descriptions.take(pa.array(rows, mask=rows < 0))
        return joined(plain["id"], plain["strength"], described, plain["text_unit_ids"], claims)


def _ranks(ids: pa.ChunkedArray, worth: Floats) -> Ints:
    """The place of each among all, by worth, then by id."""
    ordered = pc.sort_indices(pa.table({"worth": worth, "id": ids}), [("worth", "ascending"), ("id", "ascending")])
    return np.argsort(ordered.to_numpy())


def _claimed(tables: Mapping[str, pa.Table]) -> tuple[Ints, Ints]:
    """The rows of the claims with the same subject, object and type, by relationship; where each begins."""
    claims, entities, relationships = tables["claims"], tables["entities"], tables["relationships"]
    ends = positions(claims["subject_id"], entities["id"]), positions(claims["object_id"], entities["id"])
    tie = rows(relationships, entities, *ends, claims["type"])
    claim = np.argsort(tie, kind="stable")
    return claim, groups(tie[claim], len(relationships))
