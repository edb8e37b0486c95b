"""What the caches of the last version give to the next: whatever is made of the same text is not made again."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from unicodedata import unidata_version
from zlib import crc32

import pyarrow as pa

from graphrag_engine.hashing import digest

Tables = Mapping[str, pa.Table]

CARRIED = (
    *("text_units", "text_unit_terms", "text_unit_terms.keys", "text_unit_terms.starts"),
    *("reports", "report_terms", "report_terms.keys", "report_terms.starts", "forms"),
)
"""The derived tables that others are carried over from."""

_SEAL = "seal"


def seal(folder: Path) -> None:
    """Note what the files of *folder* hold and which libraries made them, once all are written."""
    (folder / _SEAL).write_text(_seal(folder), "utf-8")


def last(folder: Path) -> Tables | None:
    """The tables to carry over; None where one is gone or damaged, or other libraries made them."""
    try:
        if (folder / _SEAL).read_bytes() != _seal(folder).encode():
            return None
        return {name: pa.ipc.open_file(_mapped(folder, name)).read_all() for name in CARRIED}
    except (OSError, pa.ArrowException):
        return None


def _seal(folder: Path) -> str:
    return digest(version("PyStemmer"), unidata_version, [crc32(_mapped(folder, name)) for name in CARRIED])


def _mapped(folder: Path, name: str) -> pa.Buffer:
    return pa.memory_map(str(folder / f"{name}.arrow")).read_buffer()
