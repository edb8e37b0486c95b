"""The store for questions over a folder of derived files: memory-mapped Arrow, nothing rebuilt."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrag_engine.offline.ragged import ranges
from graphrag_engine.stores import ann
from graphrag_engine.stores.base import Bearers, Edges, Numbers, Postings, Rows, Searched, Tie
from graphrag_engine.stores.disk import reading
from graphrag_engine.stores.filters import matches
from graphrag_engine.stores.sparse import highest, key, shared
from graphrag_engine.stores.vectors import Vectors, mapped, write

_TERMS: Mapping[str, str] = {"text_units": "text_unit_terms", "reports": "report_terms"}
_SINGLE = 12
"""So many rows are read one by one: about as quick, and what takes several need not be loaded."""
_FEW = 16
"""Of so many vectors one is worth to be looked at alone; of fewer, all are scanned."""
_WEIGHTS: Mapping[str, str] = {"mentions": "count", "mentioned": "count", "related": "weight", "similar": "weight"}
"""The column that says what a tie weighs; ties without weigh 1."""


def save(folder: Path, tables: Iterable[tuple[str, pa.Table | Vectors]]) -> None:
    """Write derived tables, by name, so that `MappedStore` can map them: one uncompressed Arrow file each.

    Of vectors it holds the rows; they themselves are in a file of numpy's beside it.
    """
    for name, made in tables:
        if isinstance(made, Vectors):
            write(folder / f"{name}.npy", made)
        table = pa.table({"row": made.row}) if isinstance(made, Vectors) else made
        with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
            file.write_table(table)
        del made, table  # the next one is made when it is asked for


class MappedStore:
    """One folder of derived files; a file is opened when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[str, pa.Table] = {}
        self._arrays: dict[tuple[str, str], pa.Array] = {}
        self._matrices: dict[str, ann.Matrix] = {}
        self._columns: dict[tuple[str, str], npt.NDArray[Any]] = {}
        self._means: dict[str, float] = {}
        self._proposers: dict[str, ann.Index | None] = {}

    def count(self, table: str) -> int:
        """Number of rows of a table."""
        return int(self._table(table).num_rows)

    def names(self, names: Sequence[str]) -> Bearers:
        """Entities with one of these normalised names or aliases."""
        asked, found = self._keyed("names", names)
        entity = self._column("names", "entity")[found].astype(np.int64)
        order = np.lexsort((entity, asked))
        return Bearers(asked[order], entity[order], self._column("names", "alias")[found][order].astype(np.bool_))

    def bearing(self, words: Sequence[str], most: int) -> Rows:
        """The entities with all these words in a name; the rarest word proposes, the others are looked up."""
        column, (low, high) = self._column("words", "entity"), self._between("words", words)
        order = np.argsort(high - low, kind="stable").tolist()
        if not order or (len(order) == 1 and high[order[0]] - low[order[0]] > most):
            return np.empty(0, np.int64)
        found = column[low[order[0]] : high[order[0]]]
        for number in order[1:]:
            found = found[shared(found, column[low[number] : high[number]])]
        return found[: 0 if len(found) > most else most].astype(np.int64)

    def frequencies(self, table: Searched, terms: Sequence[str]) -> Rows:
        """For each search term, the rows that hold it."""
        low, high = self._postings(table, terms)
        return high - low

    def search(self, table: Searched, terms: Sequence[str], among: Rows | None = None) -> Postings:
        """All rows, or those *among*, that hold one of these search terms."""
        name = _TERMS[table]
        low, high = self._postings(table, terms)
        rows = self._column(name, "row")
        if among is None:
            term, at = np.repeat(np.arange(len(terms)), high - low), ranges(low, high)
        else:
            ends = zip(low.tolist(), high.tolist(), strict=True)
            places = [start + shared(rows[start:end], among) for start, end in ends]
            term = np.repeat(np.arange(len(terms)), [len(each) for each in places])
            at = np.concatenate([np.empty(0, np.int64), *places])
        row = rows[at].astype(np.int64)
        return Postings(
            n_rows=self.count(table),
            mean_length=self._mean_length(table),
            term=term,
            row=row,
            count=self._column(name, "count")[at].astype(np.float64),
            length=self.values(table, "length", row).astype(np.float64),
        )

    def nearest(
        self, table: str, vector: npt.NDArray[np.float32], k: int, among: Rows | None = None
    ) -> tuple[Rows, Numbers]:
        """The *k* best rows by an exact scan of all or of those *among*, or where an index proposes some, of these.

        None where there are no vectors of this length.
        """
        rows, matrix = self.vectors(table)
        if matrix.shape[1] != len(vector):
            return rows[:0], np.empty(0)
        places = self._proposed(table, vector, k) if among is None else shared(rows, among)
        few = len(places) < len(rows) // _FEW
        scores = matrix[places] @ vector if few else (matrix @ vector)[places]
        best = highest(scores, k)
        return rows[places[best]], scores[best].astype(np.float64)

    def vectors(self, table: str) -> tuple[Rows, ann.Matrix]:
        """The rows of a table that have vectors, ascending, and these, straight from the mapped file."""
        if table not in self._matrices:
            self._matrices[table] = self._opened(f"{table}.vectors.npy", mapped)
        return self._column(f"{table}.vectors", "row").astype(np.int64), self._matrices[table]

    def indexed(self, table: str) -> Path:
        """Where an index of the vectors of a table lies, if there is one."""
        return self.folder / f"{table}.ann"

    def neighbours(self, tie: Tie, rows: Rows, most: int | None = None) -> Edges:
        """The ties of this kind from these rows, the heaviest of each first; of one row no more than *most*."""
        counts, at = self._ties(tie, rows, most)
        far = self._column(tie, "far")[at].astype(np.int64)
        via = self._column(tie, "via")[at].astype(np.int64) if tie == "related" else far
        weight = self._column(tie, _WEIGHTS[tie])[at].astype(np.float64) if tie in _WEIGHTS else np.ones(len(far))
        return Edges(np.repeat(rows, counts), far, weight, via)

    def ends(self, tie: Tie, rows: Rows, most: int | None = None) -> Rows:
        """The far ends alone of the same ties."""
        _, at = self._ties(tie, rows, most)
        return self._column(tie, "far")[at].astype(np.int64)

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
        arrays, numbers = [self._array(table, name) for name in columns], rows.tolist()
        if len(numbers) > _SINGLE:
            wanted = pa.array(rows)
            taken = [array.take(wanted).to_pylist() for array in arrays]
            return [dict(zip(columns, values, strict=True)) for values in zip(*taken, strict=True)]
        return [{name: array[row].as_py() for name, array in zip(columns, arrays, strict=True)} for row in numbers]

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

    def _ties(self, tie: Tie, rows: Rows, most: int | None) -> tuple[Rows, Rows]:
        """How many ties from each of these rows are asked for, and where they all stand."""
        starts = self._column(f"{tie}.starts", "start")
        low, high = starts[rows], starts[rows + 1]
        counts = high - low if most is None else np.minimum(high - low, most)
        return counts, ranges(low, low + counts)

    def _table(self, name: str) -> pa.Table:
        if name not in self._tables:
            self._tables[name] = self._opened(f"{name}.arrow", _table)
        return self._tables[name]

    def _opened(self, name: str, opener: Callable[[Path], Any]) -> Any:
        path = self.folder / name
        with reading(path, f"Delete {str(self.folder)!r}; the next question makes it anew."):
            return opener(path)

    def _column(self, table: str, column: str) -> npt.NDArray[Any]:
        """A column of numbers, straight from the mapped file."""
        if (table, column) not in self._columns:
            values = self._array(table, column)
            self._columns[table, column] = values.to_numpy(zero_copy_only=True)
        return self._columns[table, column]

    def _array(self, table: str, column: str) -> pa.Array:
        """A column, straight from the mapped file."""
        if (table, column) not in self._arrays:
            values = self._table(table)[column]
            self._arrays[table, column] = values.chunk(0) if values.num_chunks else pa.array([], values.type)
        return self._arrays[table, column]

    def _proposed(self, table: str, vector: npt.NDArray[np.float32], k: int) -> Rows:
        """Places of vectors among which the nearest are: those that an index proposes, or all."""
        index, n_rows = self._proposer(table), self.count(f"{table}.vectors")
        places = ann.search(index, vector, k) if index and k < n_rows // _FEW else np.arange(0)
        return places if len(places) >= min(k, n_rows) else np.arange(n_rows)

    def _proposer(self, table: str) -> ann.Index | None:
        if table not in self._proposers:
            self._proposers[table] = ann.open_index(self.indexed(table), self.count(f"{table}.vectors"))
        return self._proposers[table]

    def _mean_length(self, table: str) -> float:
        if table not in self._means:
            lengths = self._column(table, "length")
            self._means[table] = float(lengths.mean()) if len(lengths) else 1.0
        return self._means[table]

    def _keyed(self, table: str, words: Sequence[str]) -> tuple[Rows, Rows]:
        """Where these words stand in a table sorted by hash: (position asked, row there), one pair a row."""
        low, high = self._between(table, words)
        return np.repeat(np.arange(len(words)), high - low), ranges(low, high)

    def _between(self, table: str, words: Sequence[str]) -> tuple[Rows, Rows]:
        """For each word, where its rows begin and end in a table sorted by hash."""
        keys = self._column(table, "key")
        wanted = np.array([key(word) for word in words], np.uint64)
        return np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")

    def _postings(self, table: Searched, terms: Sequence[str]) -> tuple[Rows, Rows]:
        """For each term, where its postings begin and end."""
        low, high = self._between(f"{_TERMS[table]}.keys", terms)
        starts = self._column(f"{_TERMS[table]}.starts", "start")
        return starts[low], starts[high]


def _table(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
