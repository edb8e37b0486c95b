"""The folder of caches that questions of a version use: made once, found again by what it was made from."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from graphrag_engine.errors import Damaged
from graphrag_engine.hashing import digest
from graphrag_engine.schema import TABLES
from graphrag_engine.stores import ann, carry, derived
from graphrag_engine.stores.disk import writing
from graphrag_engine.stores.manifest import Entry, Manifest
from graphrag_engine.stores.packed import unpacked
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.stores.reader import MappedStore, save
from graphrag_engine.thrift import give_back

MOST_SCANNED = 50_000
"""Vectors of one kind that are searched one by one; of more an index is made."""


def folder(
    store: ParquetStore,
    manifest: Manifest,
    last: Manifest | None = None,
    known: Mapping[str, pa.Table] | None = None,
) -> Path:
    """The caches of a version; made where they are not there, from those of the *last* version where these are.

    *known* are those of its tables that need not be read.
    """
    there = known or {}

    def read(name: str) -> Any:
        columns = derived.READS[name]
        if name == "vectors":
            return _Vectors(store, manifest.entry(name))
        return there[name].select(columns) if name in there else store.read(name, manifest.entry(name), columns)

    def build(path: Path) -> None:
        tables = _Tables(read)
        give_back()  # reading takes twice what it leaves
        kept = carry.last(store.home / "derived" / _fingerprint(last)) if last else None
        save(path, derived.build(tables, kept))
        carry.seal(path)

    return store.derived(_fingerprint(manifest), build)


class _Tables(dict[str, pa.Table]):
    """Those that are shared; any other is read when it is asked for, and not kept."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__({name: read(name) for name in derived.SHARED})
        self._read = read

    def __missing__(self, name: str) -> pa.Table:
        return self._read(name)


class _Vectors:
    """The table of vectors as far as `derived` asks for it: a column, or rows of it block by block."""

    def __init__(self, store: ParquetStore, entry: Entry) -> None:
        self._store, self._entry = store, entry

    def __getitem__(self, column: str) -> pa.ChunkedArray:
        return self._store.read("vectors", self._entry, (column,))[column]

    def to_batches(self, max_chunksize: int) -> Iterator[pa.Table]:
        """The vectors, so many at a time; their numbers are not copied."""
        parts = self._entry.parts.values()
        for block in self._store.blocks("vectors", parts, ("vector",), max_chunksize):
            yield unpacked(block, TABLES["vectors"].schema)


def propose(store: ParquetStore, manifest: Manifest) -> None:
    """Make an index of the vectors of each kind that are too many to be scanned, where the library for it is there."""
    reader = _reader(store, manifest)
    for table in _scanned(reader) if ann.installed() else ():
        with writing(reader.indexed(table)):
            ann.build(reader.vectors(table)[1], reader.indexed(table))


def advice(store: ParquetStore, manifest: Manifest) -> tuple[str, ...]:
    """What a person can do for vectors that are scanned though they are many."""
    reader = _reader(store, manifest)
    remedy = "run" if ann.installed() else "install the extra 'ann' (pip install 'graphrag-engine[ann]') and run"
    return tuple(
        f"{reader.count(f'{table}.vectors'):,} vectors of {table.replace('_', ' ')} are searched one by one; "
        f"to search them faster, {remedy} `graphrag-engine index`."
        for table in _scanned(reader)
    )


def _reader(store: ParquetStore, manifest: Manifest) -> MappedStore:
    """The caches of a version, which may not be there."""
    return MappedStore(store.home / "derived" / _fingerprint(manifest))


def _scanned(reader: MappedStore) -> list[str]:
    """The tables with many vectors and no index of them; none where the caches are gone."""
    try:
        many = [table for table in derived.EMBEDDED.values() if reader.count(f"{table}.vectors") > MOST_SCANNED]
    except Damaged:
        return []
    return [table for table in many if not ann.about(reader.indexed(table)).exists()]


def forget_others(store: ParquetStore, manifest: Manifest) -> None:
    """Delete the caches of all other versions; they are made again where one is asked for."""
    store.forget_derived(_fingerprint(manifest))


def _fingerprint(manifest: Manifest) -> str:
    parts = {name: manifest.entry(name).parts for name in derived.READS}
    return digest("derived", derived.VERSION, parts)
