"""Citations: numbers for slices of documents, each slice once, exact to the character."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graphrag_engine.hashing import digest
from graphrag_engine.query.answer import Citation, Hit
from graphrag_engine.stores.base import Store

Slice = tuple[int, int, int]
"""A row of a text unit, and offsets in its text."""
_COLUMNS = ("id", "document", "document_id", "source", "title", "start", "heading", "text")


@dataclass(frozen=True)
class Unit:
    """A text unit with what is needed to cite it."""

    id: str
    document: int
    """Row of its document."""
    document_id: str
    source: str
    title: str
    start: int
    heading: str
    text: str

    def hit(self, score: float) -> Hit:
        """The text unit as a result."""
        return Hit(id=self.id, document=self.source, title=self.title, start=self.start, score=score, text=self.text)


class Citations:
    """Gives numbers to slices in the order in which they are first cited."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._units: dict[int, Unit] = {}
        self._starts: dict[int, list[int]] = {}
        self._numbers: dict[Slice, int] = {}

    def unit(self, row: int) -> Unit:
        """The text unit of this row."""
        return self._units[row] if row in self._units else self.units([row])[0]

    def units(self, rows: Iterable[int]) -> list[Unit]:
        """The text units of these rows; those that were not read yet are read together."""
        wanted = list(rows)
        new = [row for row in dict.fromkeys(wanted) if row not in self._units]
        found = self._store.rows("text_units", np.array(new, np.int64), _COLUMNS) if new else []
        self._units.update((row, Unit(**said)) for row, said in zip(new, found, strict=True))
        return [self._units[row] for row in wanted]

    def cite(self, row: int, start: int, end: int) -> int:
        """The number of a slice of a text unit, offsets in the text unit."""
        return self._numbers.setdefault((row, start, end), len(self._numbers) + 1)

    def slice(self, n: int) -> Slice:
        """What a number stands for."""
        return list(self._numbers)[n - 1]

    def text(self, part: Slice) -> str:
        """The words of a slice."""
        row, start, end = part
        return self.unit(row).text[start:end]

    def all(self) -> tuple[Citation, ...]:
        """Every citation given out, by number."""
        return tuple(self._made(n, *place) for place, n in self._numbers.items())

    def quoting(self, slices: Iterable[Slice]) -> tuple[Citation, ...]:
        """Citations of these alone, in their order."""
        return tuple(self._made(n, *part) for n, part in enumerate(slices, 1))

    def _pages(self, document: int) -> list[int]:
        """The offsets at which the pages of a document begin."""
        if document not in self._starts:
            (row,) = self._store.rows("documents", np.array([document]), ("pages",))
            self._starts[document] = row["pages"]
        return self._starts[document]

    def _made(self, n: int, row: int, start: int, end: int) -> Citation:
        unit = self.unit(row)
        first, last = unit.start + start, unit.start + end
        return Citation(
            id=digest(unit.document_id, first, last),
            n=n,
            document=unit.source,
            title=unit.title,
            page=bisect_right(self._pages(unit.document), first) or None,
            text_unit=unit.id,
            start=first,
            end=last,
            quote=unit.text[start:end],
        )
