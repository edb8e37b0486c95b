"""Tables and long texts in files without a name: the system may take their memory back, and none of them stays."""

import mmap
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from weakref import ref

import pyarrow as pa

LARGE = 1 << 25
"""Bytes from which on rows are worth a file."""


class Spool:
    """Files in a folder, mapped as long as something of them is used."""

    def __init__(self, folder: Path | None = None) -> None:
        """*folder* is there already; without one it is that of the system for temporary files."""
        self._folder = folder
        self._mapped: list[ref[mmap.mmap]] = []

    def table(self, rows: pa.Table) -> pa.Table:
        """The same rows in the same pieces; a small table, or one that the disk does not take, as it is."""
        if rows.nbytes < LARGE:
            return rows
        with suppress(OSError), TemporaryFile(dir=self._folder) as file:
            with pa.ipc.new_file(file, rows.schema) as writer:
                writer.write_table(rows)
            return pa.ipc.open_file(pa.BufferReader(pa.py_buffer(self._map(file)))).read_all()
        return rows

    def text(self, pieces: Iterable[bytes]) -> memoryview:
        """These pieces, one behind the other; raises OSError where the disk does not take them."""
        with TemporaryFile(dir=self._folder) as file:
            file.writelines(pieces)
            return memoryview(self._map(file) if file.tell() else b"")

    def let_go(self) -> None:
        """Keep nothing of the files in memory until it is asked for again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            for mapped in filter(None, [each() for each in self._mapped]):
                mapped.madvise(mmap.MADV_DONTNEED)

    def _map(self, file: IO[bytes]) -> mmap.mmap:
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._mapped = [*(each for each in self._mapped if each()), ref(mapped)]
        return mapped


class Growing:
    """A table that comes bit by bit; no more of it than some megabytes is held in memory."""

    def __init__(self, spool: Spool, schema: pa.Schema) -> None:
        self._spool = spool
        self._schema = schema
        self._large: list[pa.Table] = []
        self._bits: list[pa.Table] = []
        self._bytes = 0

    def add(self, bit: pa.Table) -> None:
        """More rows."""
        self._bits.append(bit)
        self._bytes += bit.nbytes
        if self._bytes >= LARGE:
            self._put_down()

    def add_mapped(self, rows: pa.Table) -> None:
        """More rows, which lie in a file already."""
        self._put_down()
        self._large.append(rows)

    def table(self) -> pa.Table:
        """All rows in the order in which they came, in one piece or in several large ones; they are let go of here."""
        self._put_down()
        rows, self._large = self._large or [self._schema.empty_table()], []
        return rows[0] if len(rows) == 1 else pa.concat_tables(rows)

    def _put_down(self) -> None:
        if self._bits:
            together = pa.concat_tables(self._bits)
            self._bits, self._bytes = [], 0
            self._large.append(self._spool.table(together.combine_chunks()))
