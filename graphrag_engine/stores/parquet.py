"""The index on disk: tables as Parquet parts named by content, versions as manifests, one lock.

.graphrag/tables/<name>/<content hash>.parquet   parts, shared by all versions that have them
.graphrag/versions/<n>.json                      the manifest of a version; written last
.graphrag/CURRENT                                number of the version in force
.graphrag/derived/<fingerprint>/                 caches for questions; safe to delete
.graphrag/lock                                   held while a run writes
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from graphrag_engine.errors import FormatError, IndexNotFound, Locked, StoreError
from graphrag_engine.schema import FORMAT, TABLES
from graphrag_engine.spool import Spool
from graphrag_engine.stores.content import content_hash
from graphrag_engine.stores.disk import reading, writing
from graphrag_engine.stores.manifest import Entry, Manifest
from graphrag_engine.stores.packed import PACKED, packed, together, unpacked

_ROWS_A_PART = 200_000
"""A table of more rows is split by the first digits of its ids."""
_PAGE, _ROWS_A_LOOK = 1 << 16, 16
"""Bytes of a column that are held until they are packed, and rows after which it is seen how many they are."""
_DICTIONARY = 1 << 16
"""Bytes of distinct values from which on a column is written as it is: they hardly repeat."""


class ParquetStore:
    """One index root on a local disk. Readers see one whole version; nothing is written half."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / ".graphrag"
        self._last: tuple[tuple[int, ...], Manifest] | None = None
        """The manifest that was read last, and by what the file `CURRENT` was known then."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the index for writing, rid of what killed runs left; raises Locked where another run holds it."""
        with writing(self.home):
            self.home.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.home / "lock", timeout=0)
            try:
                lock.acquire()
            except Timeout:
                raise Locked(str(self.root)) from None
        try:
            self._sweep()
            yield
        finally:
            lock.release()

    def current(self) -> Manifest | None:
        """The manifest of the version in force; None before the first one."""
        path = self.home / "CURRENT"
        with self._reading(path):
            try:
                known, last = _known_by(path), self._last
                if last and last[0] == known:
                    return last[1]
                number = int(path.read_text("utf-8"))
            except FileNotFoundError:
                return None
        manifest = self._manifest(number)
        self._last = known, manifest
        return manifest

    def existing(self) -> Manifest:
        """The manifest of the version in force; raises IndexNotFound before the first one."""
        manifest = self.current()
        if manifest is None:
            raise IndexNotFound(str(self.root))
        return manifest

    def versions(self) -> tuple[int, ...]:
        """Numbers of the versions that are kept, oldest first."""
        names = [path.stem for path in (self.home / "versions").glob("*.json")]
        return tuple(sorted(int(name) for name in names if name.isdecimal()))

    def commit(self, manifest: Manifest) -> None:
        """Put a version in force: its manifest first, then the pointer to it."""
        path = self.home / "versions" / f"{manifest.version}.json"
        _write_text(path, manifest.to_json())
        _write_text(self.home / "CURRENT", f"{manifest.version}\n")

    def read(self, name: str, entry: Entry, columns: Sequence[str] | None = None) -> pa.Table:
        """One table of a version in its order: all columns, or those named."""
        schema = pa.schema([TABLES[name].schema.field(each) for each in columns or TABLES[name].columns])
        return pa.concat_tables([self._read_part(self._part(name, part), schema) for part in entry.parts.values()])

    def blocks(self, name: str, parts: Iterable[str], columns: Sequence[str], rows: int) -> Iterator[pa.Table]:
        """The rows of these parts of a table, so many at a time; vectors as bytes."""
        schema = pa.schema([TABLES[name].schema.field(each) for each in columns])
        for part in parts:
            with self._reading(self._part(name, part)), pa.OSFile(str(self._part(name, part))) as file:
                kept = pq.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
                there = [each for each in columns if each in kept.schema_arrow.names]
                for batch in kept.iter_batches(rows, columns=there, use_threads=False):
                    yield _whole(pa.Table.from_batches([batch]), schema)

    def version(self, number: int) -> Manifest | None:
        """The manifest of a version that was kept with all its parts; None where anything of it is gone."""
        try:
            manifest = self._manifest(number)
        except StoreError:
            return None
        parts = ((name, part) for name, entry in manifest.tables.items() for part in entry.parts.values())
        return manifest if all(self._part(name, part).exists() for name, part in parts) else None

    def write(
        self, name: str, made: pa.Table, kept: pa.Table | None = None, same: Mapping[str, str] | None = None
    ) -> tuple[Entry, pa.Table]:
        """Keep a table as parts, and give it back in its order; a part that is there already is not written again.

        *kept* are rows of the last version, in order, beside those *made*; *same* are parts of the last version, by
        the first digits of their ids, that no change concerns.
        """
        schema, order = TABLES[name].schema, TABLES[name].order
        old, new = (packed(each.select(schema.names).cast(schema)) for each in (kept or schema.empty_table(), made))
        ordered = together(old, new, order)
        known = same or {}
        parts = {
            digits: known.get(digits) or self._write_part(name, part)
            for digits, part in _split(ordered, order[0]).items()
        }
        return Entry(parts=parts, rows=ordered.num_rows), unpacked(ordered, schema)

    def spool(self) -> Spool:
        """Where tables lie while a run uses them: on the disk of the index, once it has a place there."""
        return Spool(self.home if self.home.is_dir() else None)

    def derived(self, fingerprint: str, build: Callable[[Path], None]) -> Path:
        """The folder of caches of this fingerprint; *build* fills it where it is not there yet."""
        path = self.home / "derived" / fingerprint
        if path.exists():
            return path
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(prefix="new-", dir=path.parent, ignore_cleanup_errors=True) as side:
                build(Path(side))
                _move_folder(Path(side), path)
        return path

    def forget_derived(self, kept: str) -> None:
        """Delete the caches of all versions but one; who reads them goes on with what is mapped."""
        for path in (self.home / "derived").iterdir():
            if path.name != kept:
                rmtree(path, ignore_errors=True)

    def _manifest(self, number: int) -> Manifest:
        path = self.home / "versions" / f"{number}.json"
        with self._reading(path):
            values = json.loads(path.read_text("utf-8"))
            if isinstance(values, dict) and values.get("format", FORMAT) != FORMAT:
                raise FormatError(str(self.root), values["format"], FORMAT)
            return Manifest.from_dict(values)

    def _read_part(self, path: Path, schema: pa.Schema) -> pa.Table:
        """Columns of a part, read by one thread: several are hardly sooner done, and cost twice the CPU."""
        with self._reading(path), pa.OSFile(str(path)) as file:
            kept = pq.ParquetFile(file, pre_buffer=False)
            part = unpacked(kept.read(columns=schema.names, use_threads=False), schema)
        return _whole(part, schema).cast(schema)

    def _reading(self, path: Path) -> AbstractContextManager[None]:
        return reading(path, f"Restore it, or delete {str(self.home)!r} and index the sources anew.")

    def _sweep(self) -> None:
        """Delete the half-written files of runs that were killed."""
        with writing(self.home):
            for path in self.home.glob("**/.*.tmp"):
                path.unlink(missing_ok=True)

    def _part(self, name: str, part: str) -> Path:
        return self.home / "tables" / name / f"{part}.parquet"

    def _write_part(self, name: str, table: pa.Table) -> str:
        if PACKED in table.schema.types:
            table = table.combine_chunks()  # they may come in many pieces, which the file would show
        part = content_hash(table)
        path = self._part(name, part)
        if not path.exists():
            _write(path, lambda side: pq.write_table(table, side, **_encoding(table)))
        return part


def _known_by(path: Path) -> tuple[int, ...]:
    """What changes with every new version, since each puts a new file in the place of the old one."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _whole(part: pa.Table, schema: pa.Schema) -> pa.Table:
    """These columns of a part; one that may be null and is younger than the part is null."""
    for field in schema:
        if field.nullable and field.name not in part.column_names:
            part = part.append_column(field, pa.nulls(len(part), field.type))
    return part.select(schema.names)


def _encoding(table: pa.Table) -> Mapping[str, Any]:
    """How a part is written: nobody asks for statistics; vectors are read six times faster as they are.

    An update rewrites most parts and reads all, so that LZ4 saves it more time than Zstandard saves space.
    """
    if PACKED in table.schema.types:
        return {"compression": "none", "use_dictionary": False, "write_statistics": False}
    pages = {"data_page_size": _PAGE, "write_batch_size": _ROWS_A_LOOK, "dictionary_pagesize_limit": _DICTIONARY}
    long = pa.large_string() in table.schema.types
    return {"compression": "lz4", "write_statistics": False, **pages, **(_long_values(table.schema) if long else {})}


def _long_values(schema: pa.Schema) -> Mapping[str, Any]:
    """How a table with long texts is written: their pages need two copies less of what they hold."""
    return {"use_dictionary": [field.name for field in schema if field.type == pa.string()], "data_page_version": "2.0"}


def _split(table: pa.Table, column: str) -> dict[str, pa.Table]:
    """A large table in parts by the first one or two digits of its ids, a small one whole."""
    if table.num_rows <= _ROWS_A_PART or not column.endswith("id"):
        return {"": table}
    digits = 1 if table.num_rows <= 16 * _ROWS_A_PART else 2
    prefixes = pc.utf8_slice_codeunits(table[column], 0, digits).combine_chunks().dictionary_encode()
    counts = pc.value_counts(prefixes.indices).field("counts").to_pylist()
    starts = [sum(counts[:at]) for at in range(len(counts))]
    names = prefixes.dictionary.to_pylist()
    return {name: table.slice(start, count) for name, start, count in zip(names, starts, counts, strict=True)}


def _write(path: Path, fill: Callable[[Path], object]) -> None:
    """Fill a file beside *path*, then put it in its place: a crash leaves old or new."""
    side = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            fill(side)
            with side.open("rb+") as file:
                os.fsync(file.fileno())
            side.replace(path)
        finally:
            side.unlink(missing_ok=True)


def _write_text(path: Path, text: str) -> None:
    _write(path, lambda side: side.write_text(text, "utf-8"))


def _move_folder(side: Path, path: Path) -> None:
    """Put a finished folder in its place; where another process was quicker, its folder is the same."""
    try:
        side.rename(path)
    except OSError:
        if not path.exists():
            raise
    side.mkdir(exist_ok=True)
