"""The index on disk: tables as Parquet parts named by content, versions as manifests, one lock.

.graphrag/tables/<name>/<content hash>.parquet   parts, shared by all versions that have them
.graphrag/versions/<n>.json                      the manifest of a version; written last
.graphrag/CURRENT                                number of the version in force
.graphrag/derived/<fingerprint>/                 caches for questions; safe to delete
.graphrag/lock                                   held while a run writes
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from graphrag_engine.errors import FormatError, IndexNotFound, Locked, StoreError
from graphrag_engine.hashing import digest_bytes
from graphrag_engine.schema import FORMAT, TABLES
from graphrag_engine.stores.manifest import Entry, Manifest

_ROWS_A_PART = 50_000
"""A table of more rows is split by the first digits of its ids."""


class ParquetStore:
    """One index root on a local disk. Readers see one whole version; nothing is written half."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / ".graphrag"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the index for writing; raises Locked where another run holds it."""
        with _reported(self.home):
            self.home.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.home / "lock", timeout=0)
            try:
                lock.acquire()
            except Timeout:
                raise Locked(str(self.root)) from None
        try:
            yield
        finally:
            lock.release()

    def current(self) -> Manifest | None:
        """The manifest of the version in force; None before the first one."""
        with _reported(self.home):
            try:
                number = (self.home / "CURRENT").read_text("utf-8").strip()
            except FileNotFoundError:
                return None
            text = (self.home / "versions" / f"{number}.json").read_text("utf-8")
        return self._parsed(text, number)

    def existing(self) -> Manifest:
        """The manifest of the version in force; raises IndexNotFound before the first one."""
        manifest = self.current()
        if manifest is None:
            raise IndexNotFound(str(self.root))
        return manifest

    def versions(self) -> tuple[int, ...]:
        """Numbers of the versions that are kept, oldest first."""
        return tuple(sorted(int(path.stem) for path in (self.home / "versions").glob("*.json")))

    def commit(self, manifest: Manifest) -> None:
        """Put a version in force: its manifest first, then the pointer to it."""
        path = self.home / "versions" / f"{manifest.version}.json"
        _write_text(path, manifest.to_json())
        _write_text(self.home / "CURRENT", f"{manifest.version}\n")

    def read(self, name: str, entry: Entry, columns: Sequence[str] | None = None) -> pa.Table:
        """One table of a version in its order: all columns, or those named."""
        names = list(columns or TABLES[name].columns)
        with _reported(self.home / "tables" / name):
            parts = [pq.read_table(self._part(name, part), columns=names) for part in entry.parts]
        return pa.concat_tables(parts).cast(pa.schema([TABLES[name].schema.field(each) for each in names]))

    def write(self, name: str, table: pa.Table) -> Entry:
        """Keep a table in its order as parts; a part that is there already is not written again."""
        whole = table.select(TABLES[name].columns).cast(TABLES[name].schema)
        ordered = whole.sort_by([(column, "ascending") for column in TABLES[name].order])
        parts = tuple(self._write_part(name, part) for part in _split(ordered, TABLES[name].order[0]))
        return Entry(parts=parts, rows=ordered.num_rows)

    def derived(self, fingerprint: str, build: Callable[[Path], None]) -> Path:
        """The folder of caches of this fingerprint; *build* fills it where it is not there yet."""
        path = self.home / "derived" / fingerprint
        if path.exists():
            return path
        with _reported(path):
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

    def _parsed(self, text: str, number: str) -> Manifest:
        try:
            manifest = Manifest.from_json(text)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise FormatError(str(self.root), f"unknown (version {number})", FORMAT) from None
        if manifest.format != FORMAT:
            raise FormatError(str(self.root), manifest.format, FORMAT)
        return manifest

    def _part(self, name: str, part: str) -> Path:
        return self.home / "tables" / name / f"{part}.parquet"

    def _write_part(self, name: str, table: pa.Table) -> str:
        part = content_hash(table)
        path = self._part(name, part)
        if not path.exists():
            _write(path, lambda side: pq.write_table(table, side, compression="zstd"))
        return part


def content_hash(table: pa.Table) -> str:
    """Hash of the rows, types and column names, whatever chunks or buffers they came in."""
    columns = {field.name: table[field.name] for field in table.schema}
    for field in table.schema:
        if field.nullable:
            columns[f"{field.name} is null"] = pc.is_null(table[field.name])
            columns[field.name] = pc.fill_null(table[field.name], "" if pa.types.is_string(field.type) else 0)
    plain = pa.table(columns).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, plain.schema) as stream:
        stream.write_table(plain)
    return digest_bytes([memoryview(sink.getvalue())])


def _split(table: pa.Table, column: str) -> list[pa.Table]:
    """A large table in parts by the first one or two digits of its ids, a small one whole."""
    if table.num_rows <= _ROWS_A_PART or not column.endswith("id"):
        return [table]
    digits = 1 if table.num_rows <= 16 * _ROWS_A_PART else 2
    prefixes = pc.utf8_slice_codeunits(table[column], 0, digits).combine_chunks().dictionary_encode()
    counts = pc.value_counts(prefixes.indices).field("counts").to_pylist()
    starts = [sum(counts[:at]) for at in range(len(counts))]
    return [table.slice(start, count) for start, count in zip(starts, counts, strict=True)]


def _write(path: Path, fill: Callable[[Path], object]) -> None:
    """Fill a file beside *path*, then put it in its place: a crash leaves old or new."""
    side = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with _reported(path):
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


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Tell of what the disk refused in one sentence."""
    try:
        yield
    except (OSError, pa.ArrowInvalid) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise StoreError(f"The index cannot be read or written at {str(path)!r}: {reason}.") from error
