"""What a question needs of a store: names, search, nearest, neighbours, rows. Any store that has these will do.

A row is spoken of by its number in its table (on files, the position by id). A store proposes, the
query scores: no store ranks, so a question finds the same evidence on every store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
"""Row numbers of one table."""
Numbers = npt.NDArray[np.float64]

Searched = Literal["text_units", "reports"]
"""Tables with postings."""
Tie = Literal["mentions", "mentioned", "related", "similar", "claimed", "reported"]
"""entity -> text units that mention it; text unit -> entities; entity -> entities that it is related to or that
have a similar name; entity -> claims, reports."""


@dataclass(frozen=True)
class Bearers:
    """Entities that bear one of the names asked for, ordered by name asked, then by row."""

    asked: Rows
    """Which of the names asked for, by position."""
    entity: Rows
    alias: npt.NDArray[np.bool_]
    """Whether the name is not the entity's first name."""


@dataclass(frozen=True)
class Postings:
    """Where the terms asked for stand; the numbers that BM25 needs."""

    n_rows: int
    """Rows in the table."""
    mean_length: float
    """Mean number of terms in a row."""
    term: Rows
    """Of each hit, which of the terms asked for, by position."""
    row: Rows
    count: Numbers
    length: Numbers
    """Of each hit, the number of terms in its row."""


@dataclass(frozen=True)
class Edges:
    """Ties from rows asked for, ordered by them."""

    near: Rows
    far: Rows
    weight: Numbers
    """Mentions: how often. Related: the relationship's weight. Similar: the cosine. Else 1."""
    via: Rows
    """Related: the relationship. Else the far end."""


class Store(Protocol):
    """One version of an index, for reading."""

    def count(self, table: str) -> int:
        """Number of rows of a table."""
        ...

    def names(self, names: Sequence[str]) -> Bearers:
        """Entities with one of these normalised names or aliases."""
        ...

    def bearing(self, words: Sequence[str], most: int) -> Rows:
        """The entities, ascending, that have all these words in a normalised name; none where more than *most* do."""
        ...

    def frequencies(self, table: Searched, terms: Sequence[str]) -> Rows:
        """For each search term, the rows that hold it."""
        ...

    def search(self, table: Searched, terms: Sequence[str], among: Rows | None = None) -> Postings:
        """All rows that hold one of these search terms; where *among* is given (ascending), only those of it."""
        ...

    def nearest(
        self, table: str, vector: npt.NDArray[np.float32], k: int, among: Rows | None = None
    ) -> tuple[Rows, Numbers]:
        """The *k* rows whose vectors have the highest product with *vector*, best first, ties by row.

        Where *among* is given (ascending), only rows of it.
        """
        ...

    def neighbours(self, tie: Tie, rows: Rows, most: int | None = None) -> Edges:
        """The ties of this kind from these rows, the heaviest of each first; of one row no more than *most*."""
        ...

    def ends(self, tie: Tie, rows: Rows, most: int | None = None) -> Rows:
        """The far ends alone of the same ties."""
        ...

    def degrees(self, tie: Tie, rows: Rows) -> Rows:
        """How many ties of this kind each of these rows has."""
        ...

    def values(self, table: str, column: str, rows: Rows) -> npt.NDArray[Any]:
        """A column of numbers at these rows."""
        ...

    def rows(self, table: str, rows: Rows, columns: Sequence[str]) -> list[dict[str, Any]]:
        """These rows in the order asked for, as plain values."""
        ...

    def leading(self, level: int, k: int) -> Rows:
        """The *k* reports of a level with the highest rating, best first, ties by row."""
        ...

    def keys(self) -> list[str]:
        """The names of all that documents have in their metadata, sorted."""
        ...

    def within(self, wanted: Mapping[str, str]) -> Rows:
        """The text units, ascending, of documents that have all these values in source or metadata.

        `filters.matches` says what fits: `source` may be a path, a folder or a pattern, other values ranges.
        """
        ...
