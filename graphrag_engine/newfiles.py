"""Files that are written once for people to edit, and never over what they wrote."""

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from graphrag_engine.errors import StoreError


def create(root: Path, files: Mapping[str, str]) -> tuple[Path, ...]:
    """Write these files (path below *root* -> text) but for those that are there, and say which.

    Raises StoreError where all of them are there, or the disk refuses.
    """
    written = tuple(path for name, text in files.items() if _create(path := root / name, text))
    if not written:
        raise StoreError(f"{', '.join(files)} are in {str(root)!r} already; they were left as they are.")
    return written


def _create(path: Path, text: str) -> bool:
    """Write one file, unless it is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            _fill(file, text)
    except FileExistsError:
        if path.is_file():
            return False
        raise StoreError(f"Cannot write {str(path)!r}: something else is there.") from None
    except OSError as error:
        raise StoreError(f"Cannot write {str(path)!r}: {error.strerror}.") from None
    return True


def _fill(file: TextIO, text: str) -> None:
    """Write a new file, or leave none."""
    try:
        file.write(text)
        file.flush()
    except OSError:
        Path(file.name).unlink()
        raise
