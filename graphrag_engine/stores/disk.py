"""What the disk refuses, and what is damaged on it: each in one sentence."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from graphrag_engine.errors import Damaged, StoreError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raises StoreError where the disk refuses to write."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"The index cannot be written at {str(path)!r}: {_reason(error)}.") from error


@contextmanager
def reading(path: Path, remedy: str) -> Iterator[None]:
    """Raises Damaged, with the *remedy*, where a file is gone or not what was written; else StoreError."""
    try:
        yield
    except (OSError, ValueError, pa.ArrowException) as error:
        number = getattr(error, "errno", None)
        if number in (None, errno.ENOENT):
            raise Damaged(str(path), "missing" if number else "not what was written", remedy) from error
        raise StoreError(f"The index cannot be read at {str(path)!r}: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    """The system's words for an error, without the path or the call that Python and Arrow add to them."""
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else str(error).partition("\n")[0].rstrip(".")
