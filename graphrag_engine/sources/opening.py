"""A file, wherever it is → its bytes: on this disk, in another file system, on the web."""

import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BytesIO

from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import remote, web
from graphrag_engine.sources.bounded import Stream
from graphrag_engine.sources.find import File

_GREW = "grew while it was read; index it again when it is whole"


@dataclass(frozen=True, slots=True)
class Content:
    """An open file."""

    name: str
    """What its documents are called by."""
    suffix: str
    """What it is read as."""
    stream: Stream
    guessed: bool
    """Whether only its bytes can tell what kind it is."""
    size: int
    """Most bytes that it has."""


def opened(file: File, settings: SourcesSettings) -> AbstractContextManager[Content]:
    """The bytes of a file; raises OSError, or ValueError with the reason, where they cannot be had."""
    if web.is_page(file.path):
        return _page(file, settings)
    return _remote(file, settings) if remote.is_url(file.path) else _local(file, settings)


@contextmanager
def _local(file: File, settings: SourcesSettings) -> Iterator[Content]:
    """A file on this disk, as long as it is now."""
    found = os.stat(file.path)  # noqa: PTH116 - a path is long to make for each file
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("is not a regular file")
    check(found.st_size, settings)
    with open(file.path, "rb", 0) as stream:  # noqa: PTH123 - as above
        yield Content(file.name, file.suffix, Stream(stream, found.st_size, _GREW), file.guessed, found.st_size)


@contextmanager
def _remote(file: File, settings: SourcesSettings) -> Iterator[Content]:
    check(file.size, settings)
    with remote.opened(file.path) as stream:
        yield Content(file.name, file.suffix, Stream(stream, file.size, _GREW), file.guessed, file.size)


@contextmanager
def _page(file: File, settings: SourcesSettings) -> Iterator[Content]:
    suffix, data = web.read(file.path, settings)
    yield Content(file.name, suffix, Stream(BytesIO(data), len(data), _GREW), guessed=False, size=len(data))


def check(size: int, settings: SourcesSettings) -> None:
    """Raises ValueError where so many bytes are more than may be read."""
    if size > settings.max_mb * 1_000_000:
        raise ValueError(f"is {size / 1e6:,.0f} MB long, more than sources.max_mb allows ({settings.max_mb})")
