"""Addresses of other file systems (`s3://`, `gs://`, `sftp://`, ...) → the files below them, by fsspec."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from graphrag_engine.errors import UsageError
from graphrag_engine.sources.base import one_line

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_PASSWORD = re.compile(r"[^/]*//[^/@:]*:[^/]*@")
_MAGIC = re.compile(r"[*?\[]")


def is_url(source: str) -> bool:
    """Whether a source is an address and no path."""
    return _URL.match(source) is not None


def refuse_password(source: str) -> None:
    """Raises UsageError where an address carries a password, which would be remembered."""
    if found := _PASSWORD.match(source):
        host = source[found.end() :].partition("/")[0]
        raise UsageError(f"The address of {host!r} carries a password, and addresses are remembered. Name it without.")


def check(source: str) -> None:
    """Raises UsageError where an address is none that can be read here."""
    from fsspec import get_filesystem_class

    refuse_password(source)
    if "::" in source:
        raise UsageError(f"{source!r}: chained addresses are not read. Name the one with the files.")
    try:
        get_filesystem_class(source.partition("://")[0].lower())
    except ImportError as error:
        raise UsageError(f"{source!r} needs another package: {error}.") from None
    except ValueError:
        raise UsageError(f"{source!r}: nobody knows this kind of address. Name a file, a folder or a URL.") from None


def listed(source: str) -> list[tuple[str, int]]:
    """The files at or below an address, or those that it matches as a pattern: (address, bytes), sorted.

    Hidden ones are passed over. Raises ValueError, with the reason, where they cannot be listed.
    """
    with _Translated(""):
        files, path = _file_system(source)
        if _MAGIC.search(path):
            found = files.glob(path, detail=True)
        else:
            found = files.find(path, detail=True) or {path: files.info(path)}
        at = len(path.split("/"))
        shown = ((name, info) for name, info in found.items() if info["type"] == "file")
        return sorted(
            (_address(files, source, path, name), int(info.get("size") or 0))
            for name, info in shown
            if not any(part.startswith(".") for part in name.split("/")[at:])
        )


@contextmanager
def opened(address: str) -> Iterator[IO[bytes]]:
    """The bytes of one file; raises ValueError, with the reason, where they cannot be had."""
    with _Translated("cannot be read: "):
        files, path = _file_system(address)
        with files.open(path, "rb") as stream:
            yield stream


def _file_system(address: str) -> tuple[Any, str]:
    """The driver for an address, and the path there; raises ValueError where a driver needs more than an address."""
    from fsspec.core import url_to_fs

    try:
        files, path = url_to_fs(address)
    except (TypeError, AttributeError, NotImplementedError):
        raise ValueError("its kind of file system is not opened by an address alone") from None
    return files, str(path)


def _address(files: Any, source: str, path: str, name: str) -> str:
    """The address of a file below a *source*, whose own *path* is known; some drivers leave out its server."""
    address, server = str(files.unstrip_protocol(name)), source.split("/")[2]
    return address if server in address else source.rstrip("/").removesuffix(path.rstrip("/")) + name


class _Translated:
    """What drivers raise, each its own errors, becomes ValueError with the reason; our own and Python's pass."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        """Translate an error of a driver."""
        if kind and error and issubclass(kind, Exception):
            home = kind.__module__.partition(".")[0]
            if home not in ("builtins", "graphrag_engine", "gzip", "zipfile", "zlib", "lzma"):
                raise ValueError(self._what + (one_line(str(error)) or kind.__name__)) from None
