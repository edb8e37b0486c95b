"""The store for questions over a folder of derived files: memory-mapped Arrow, nothing rebuilt."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrag_engine.stores.base import Bearers, Edges, Numbers, Postings, Rows, Searched, Tie
from graphrag_engine.stores.disk import reading
from graphrag_engine.stores.filters import matches
from graphrag_engine.stores.sparse import key, ranges

_TERMS: Mapping[str, str] = {"text_units": "text_unit_terms", "reports": "report_terms"}


def save(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write derived tables so that `MappedStore` can map them: one uncompressed Arrow file each."""
    for name, table in tables.items():
        with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
            file.write_table(table)


class MappedStore:
    """One folder of derived files; a file is opened when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[str, pa.Table] = {}

    def count(self, table: str) -> int:
        """Number of rows of a table."""
        return int(self._table(table).num_rows)

    def names(self, names: Sequence[str]) -> Bearers:
        """Entities with one of these normalised names or aliases."""
        asked, found = self._keyed("names", names)
        entity = self._column("names", "entity")[found].astype(np.int64)
        order = np.lexsort((entity, asked))
        return Bearers(asked[order], entity[order], self._column("names", "alias")[found][order].astype(np.bool_))

    def words(self, words: Sequence[str]) -> list[Rows]:
        """For each word, the entities that have it in a normalised name."""
        asked, found = self._keyed("words", words)
        entity = self._column("words", "entity")[found].astype(np.int64)
        return [np.sort(entity[asked == number]) for number in range(len(words))]

    def search(self, table: Searched, terms: Sequence[str]) -> Postings:
        """All rows that hold one of these search terms."""
        name, lengths = _TERMS[table], self._column(table, "length")
        asked, places = self._keyed(f"{name}.keys", terms)
        near, at = self._slices(name, places)
        row = self._column(name, "row")[at].astype(np.int64)
        term = asked[near]
        return Postings(
            n_rows=len(lengths),
            mean_length=float(lengths.mean()) if len(lengths) else 1.0,
            frequency=np.bincount(term, minlength=len(terms)),
            term=term,
            row=row,
            count=self._column(name, "count")[at].astype(np.float64),
            length=lengths[row].astype(np.float64),
        )

    def nearest(self, table: str, vector: npt.NDArray[np.float32], k: int) -> tuple[Rows, Numbers]:
        """The *k* best rows by an exact scan; none where there are no vectors of this length."""
        rows = self._column(f"{table}.vectors", "row").astype(np.int64)
        column = self._table(f"{table}.vectors")["vector"]
        if not len(rows) or column.type.list_size != len(vector):
            return rows[:0], np.empty(0)
        scores = (column.chunk(0).values.to_numpy().reshape(len(rows), -1) @ vector).astype(np.float64)
        best = np.lexsort((rows, -scores))[:k]
        return rows[best], scores[best]

    def neighbours(self, tie: Tie, rows: Rows) -> Edges:
        """All ties of this kind from these rows."""
        near, at = self._slices(tie, rows)
        far = self._column(tie, "far")[at].astype(np.int64)
        via, weight = far, np.ones(len(far))
        if tie == "related":
            via = self._column(tie, "via")[at].astype(np.int64)
            weight = self.values("relationships", "weight", via)
        elif tie in ("mentions", "mentioned"):
            weight = self._column(tie, "count")[at].astype(np.float64)
        return Edges(rows[near], far, weight, via)

    def degrees(self, tie: Tie, rows: Rows) -> Rows:
        """How many ties of this kind each of these rows has."""
        starts = self._column(f"{tie}.starts", "start")
        found: Rows = starts[rows + 1] - starts[rows]
        return found

    def values(self, table: str, column: str, rows: Rows) -> npt.NDArray[Any]:
        """A column of numbers at these rows."""
        return self._column(table, column)[rows]

    def rows(self, table: str, rows: Rows, columns: Sequence[str]) -> list[dict[str, Any]]:
        """These rows in the order asked for, as plain values."""
        taken = {name: self._table(table)[name] for name in columns}
        return [{name: column[int(row)].as_py() for name, column in taken.items()} for row in rows]

    def leading(self, level: int, k: int) -> Rows:
        """The *k* reports of a level with the highest rating, best first, ties by row."""
        found = np.flatnonzero(self._column("reports", "level") == level)
        rating = self._column("reports", "rating")[found]
        return found[np.lexsort((found, -rating))][:k]

    def keys(self) -> list[str]:
        """The names of all that documents have in their metadata, sorted."""
        stated = self._table("documents")["metadata"].to_pylist()
        return sorted({name for metadata in stated for name in json.loads(metadata or "{}")})

    def within(self, wanted: Mapping[str, str]) -> Rows:
        """The text units, ascending, of documents that have all these values."""
        documents = self._table("documents")
        pairs = zip(documents["source"].to_pylist(), documents["metadata"].to_pylist(), strict=True)
        kept = np.array([matches(source, metadata, wanted) for source, metadata in pairs], np.bool_)
        return np.flatnonzero(kept[self._column("text_units", "document")])

    def _table(self, name: str) -> pa.Table:
        if name not in self._tables:
            path = self.folder / f"{name}.arrow"
            with reading(path, f"Delete {str(self.folder)!r}; the next question makes it anew."):
                self._tables[name] = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        return self._tables[name]

    def _column(self, table: str, column: str) -> npt.NDArray[Any]:
        """A column of numbers, straight from the mapped file."""
        values = self._table(table)[column]
        if not values.num_chunks:
            return np.empty(0, values.type.to_pandas_dtype())
        mapped: npt.NDArray[Any] = values.chunk(0).to_numpy(zero_copy_only=True)
        return mapped

    def _keyed(self, table: str, words: Sequence[str]) -> tuple[Rows, Rows]:
        """Where these words stand in a table sorted by hash: (position asked, row there), one pair a row."""
        keys = self._column(table, "key")
        wanted = np.array([key(word) for word in words], np.uint64)
        low, high = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
        return np.repeat(np.arange(len(words)), high - low), ranges(low, high)

    def _slices(self, name: str, rows: Rows) -> tuple[Rows, Rows]:
        """The ties of rows: (position in *rows*, place of the tie), one pair a tie."""
        starts = self._column(f"{name}.starts", "start")
        low, high = starts[rows], starts[rows + 1]
        return np.repeat(np.arange(len(rows)), high - low), ranges(low, high)
