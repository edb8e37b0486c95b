"""SOURCE → files: what is named, what lies below a folder, what a pattern matches. Order on disk never matters.

An address is a source as well: of a page on the web, or of files in another file system (`remote`).
"""

import math
import os
import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from graphrag_engine import layouts
from graphrag_engine.errors import SourceNotFound, UsageError
from graphrag_engine.sources import kinds, remote, web
from graphrag_engine.sources.base import Failed, Noted

_OTHERS = "Files of other kinds were left out ({n}): {names}."
_GONE = "No longer there: {names}."
_MAGIC = re.compile(r"[*?\[]")
_HERE = ("file://", "local://")


@dataclass(frozen=True, slots=True)
class File:
    """One file to read."""

    path: str
    """Where it really is, links resolved; or its address."""
    name: str
    """Its path below the SOURCE, with `/`: what its documents are called by."""
    folder: str
    """Name of the folder that the SOURCE is or lies in; tells equal names apart."""
    named: bool
    """Whether the SOURCE asks for it or for its kind, so that it is read as text whatever its suffix."""
    size: int = 0
    """Bytes, of a file in another file system."""

    @property
    def guessed(self) -> bool:
        """Whether only its content can tell what kind it is."""
        return not self.named and not self.suffix

    @property
    def suffix(self) -> str:
        """The suffix in lower case, with its dot and without `.gz`; empty where there is none."""
        return layouts.suffix(self.name)


Found = File | Failed | Noted
_Place = tuple[str, str]
"""Name below the SOURCE, path on disk."""


def named(sources: Iterable[str | os.PathLike[str]], root: Path) -> tuple[str, ...]:
    """Sources as typed → as an index remembers them: relative to its root where they lie inside, else absolute.

    Raises SourceNotFound where there is nothing of that name, UsageError for a kind that is not supported.
    """
    return tuple(_remembered(_existing(os.fspath(source)), root) for source in sources)


def files(sources: Iterable[str], root: Path) -> Iterator[Found]:
    """The files of all sources (as remembered): each real file once, each under a name of its own."""
    paths: set[str] = set()
    names: set[str] = set()
    for found in (each for source in sources for each in _files(source, root)):
        if not isinstance(found, File):
            yield found
        elif found.path not in paths:
            paths.add(found.path)
            longer = f"{found.folder}/{found.name}"
            name = found.name if found.name not in names else longer
            yield replace(found, name=name) if name not in names else _namesake(longer)
            names.add(name)


def other(name: str) -> Noted:
    """The note that a file of this name is of a kind that is not read."""
    return Noted(_OTHERS, PurePosixPath(name).suffix.rstrip(".").lower() or "without suffix")


def _namesake(name: str) -> Failed:
    return Failed(name, f"Another file is called {name!r} too; rename one of them.")


def _existing(source: str) -> str:
    """The source, if there is something to find; raises as `named` does."""
    if source.startswith(_HERE):
        return _existing(_path(source))
    if remote.is_url(source):
        (web if web.is_page(source) else remote).check(source)
        return source
    if not source or not (_exists(Path(source)) or next(_matches(_absolute(source)), None)):
        raise SourceNotFound(source)
    return source


def _path(address: str) -> str:
    """The path that a `file://` address stands for; raises UsageError for a file of another machine."""
    path = unquote(address.partition("://")[2].removeprefix("localhost"))
    if not path.startswith("/"):
        raise UsageError(f"{address!r} is on another machine; name a path, or an address that can be read from here.")
    return path


def _remembered(source: str, root: Path) -> str:
    if remote.is_url(source):
        return source
    path, home = _absolute(source), _absolute(root)
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else path.as_posix()


def _absolute(path: str | Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute() would keep ".."


def _exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - Path.exists() raises for names that are too long


def _is_folder(path: str | Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir() raises where a folder above may not be entered


def _name(path: str) -> str:
    """A path as documents are called by it: composed letters, and only those that text can hold."""
    return unicodedata.normalize("NFC", os.fsencode(path).decode("utf-8", "replace"))


def _files(source: str, root: Path) -> Iterator[Found]:
    """The files of one source as remembered."""
    if remote.is_url(source):
        yield from [File(source, source, "", named=True)] if web.is_page(source) else _elsewhere(source)
        return
    path = _absolute(_absolute(root) / source)
    if _is_folder(path):
        yield from (_of_kind(each, path, "") for each in _below(path))
    elif _exists(path):
        yield File(os.path.realpath(path), _name(path.name), _name(path.parent.name), named=True)
    else:
        yield from list(_matches(path)) or [Noted(_GONE, repr(source))]


def _elsewhere(address: str) -> Iterator[Found]:
    """The files of an address in another file system, each called by its own."""
    try:
        listed = remote.listed(address)
    except FileNotFoundError:
        yield Failed(address, f"{address!r} is not there.", hides="")
        return
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        yield Failed(address, f"{address!r} cannot be listed: {reason}.", hides="")
        return
    for path, size in listed:
        file = File(path, path, "", named=path == address, size=size)
        yield file if file.named or kinds.known(path) else other(path)


def _matches(path: Path) -> Iterator[Found]:
    """The files that a pattern matches; a part of it that exists as written stands for itself."""
    base, wanted = Path(path.anchor), deque(path.parts[1:])
    while wanted and (not _MAGIC.search(wanted[0]) or _exists(base / wanted[0])):
        base /= wanted.popleft()
    if not wanted or not _is_folder(base):
        return
    suffix = PurePosixPath(wanted[-1]).suffix.lower()
    parts = [unicodedata.normalize("NFC", part) for part in wanted]
    for each in _below(base, math.inf if "**" in wanted else len(wanted)):
        if _leads(each.hides or "", parts) if isinstance(each, Failed) else _fits(each[0].split("/"), parts):
            yield _of_kind(each, base, suffix)


def _fits(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether a path, in parts, matches a pattern; `**` stands for any number of parts."""
    if not wanted or not parts:
        return not parts and all(part == "**" for part in wanted)
    if wanted[0] == "**":
        return _fits(parts, wanted[1:]) or _fits(parts[1:], wanted)
    return fnmatchcase(parts[0], wanted[0]) and _fits(parts[1:], wanted[1:])


def _leads(folder: str, wanted: Sequence[str]) -> bool:
    """Whether what a pattern matches may lie below a folder."""
    fixed = takewhile(lambda part: part != "**", wanted)
    return all(fnmatchcase(part, pattern) for part, pattern in zip(folder.split("/"), fixed, strict=False) if folder)


def _of_kind(found: _Place | Failed, base: Path, suffix: str) -> Found:
    """The file that was found, or a note that its kind is not read; *suffix* is the kind that a pattern names."""
    if isinstance(found, Failed):
        return found
    name, path = found
    file = File(path, name, _name(base.name), named=bool(suffix) and name.lower().endswith(suffix))
    return file if file.named or kinds.known(name) else other(name)


def _below(base: Path, deepest: float = math.inf) -> Iterator[_Place | Failed]:
    """The files below a folder, at most *deepest* parts down; hidden ones are passed over.

    Links are followed last and no folder is entered twice: so loops end, and a file is called by its own
    path where it has one here.
    """
    entered: set[str] = set()
    links: deque[_Place] = deque([("", str(base))])
    while links:
        name, path = links.popleft()
        real = os.path.realpath(path)
        if not _is_folder(real):
            yield name, real
        elif not name or name.count("/") + 1 < deepest:
            yield from _tree((name, real), deepest, entered, links)


def _tree(top: _Place, deepest: float, entered: set[str], links: deque[_Place]) -> Iterator[_Place | Failed]:
    """The files below *top* that no link leads to; the *links* met on the way are put off."""
    folders = [top]
    while folders:
        above, folder = folders.pop()
        if folder in entered:
            continue
        entered.add(folder)
        try:
            entries = _entries(folder)
        except OSError as error:
            name = above or _name(folder)
            yield Failed(name, f"The folder {name!r} cannot be read: {error.strerror}.", hides=above)
            continue
        for entry in entries:
            name = _name(f"{above}/{entry.name}" if above else entry.name)
            if entry.is_symlink():
                links.append((name, entry.path))
            elif not entry.is_dir(follow_symlinks=False):
                yield name, entry.path
            elif name.count("/") + 1 < deepest:
                folders.append((name, entry.path))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """What a folder holds, by name, without what is hidden."""
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)
