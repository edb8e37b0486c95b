"""Archives → the files they hold, read while they are unpacked: nothing is written to disk, and there are limits."""

import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EINVAL
from gzip import BadGzipFile, GzipFile
from lzma import LZMAError
from zipfile import BadZipFile, ZipFile, ZipInfo

from graphrag_engine import layouts
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import kinds, legacy
from graphrag_engine.sources.base import Failed, Noted, one_line
from graphrag_engine.sources.bounded import BOMB, Stream, TooLong, fair
from graphrag_engine.sources.find import other
from graphrag_engine.sources.opening import Content

_MOST_MEMBERS = 100_000
_DAMAGE = (BadZipFile, BadGzipFile, zlib.error, EOFError, LZMAError, NotImplementedError, RuntimeError)
_LOCKED = 1
"""The flag of a member that is encrypted."""
_TOO_MUCH = "unpacks to more than sources.max_mb allows ({} MB)"
_UTF8 = 0x800
"""The flag of a member whose name is UTF-8; `zipfile` takes others for code page 437, which they seldom are."""


@contextmanager
def unpacking() -> Iterator[None]:
    """What libraries raise for a damaged archive becomes ValueError, with the reason."""
    try:
        yield
    except _DAMAGE as error:
        raise ValueError(f"is damaged ({one_line(str(error)) or type(error).__name__})") from None
    except OSError as error:
        if error.errno != EINVAL:
            raise
        raise ValueError("is damaged (a part of it would begin before it does)") from None


def unpacked(content: Content, settings: SourcesSettings) -> Content:
    """What a file packed by gzip holds."""
    most, reason = _bound(settings.max_mb * 1_000_000, content.size, settings)
    stream = Stream(GzipFile(fileobj=content.stream), most, reason)
    return Content(content.name, content.suffix, stream, content.guessed, most)


def members(content: Content, settings: SourcesSettings) -> Iterator[Content | Failed | Noted]:
    """The files of a zip archive, each to be read before the next one is asked for.

    Raises ValueError, with the reason, where it holds or unpacks to more than it may.
    """
    left = settings.max_mb * 1_000_000
    with _opened(content.stream) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.filename)
        if len(infos) > _MOST_MEMBERS:
            raise ValueError(f"holds more than {_MOST_MEMBERS:,} files")
        codecs = _codecs(infos)
        for info in infos:
            found = _judged(info, codecs, content.name)
            if found is None:
                continue
            if not isinstance(found, str):
                yield found
                continue
            if left <= 0:
                raise ValueError(f"{_TOO_MUCH.format(settings.max_mb)}; the rest was left out")
            with archive.open(info) as member:
                most, reason = _bound(left, info.compress_size, settings)
                stream, kind = Stream(member, most, reason), layouts.suffix(found)
                yield Content(found, kind, stream, guessed=not kind, size=most)
                left -= stream.passed


def _opened(stream: Stream) -> ZipFile:
    """The archive in a stream; raises ValueError, with the reason, where there is none."""
    try:
        return ZipFile(stream)
    except TooLong:
        raise
    except ValueError as error:  # a directory that would begin before the file does
        raise BadZipFile(str(error)) from None


def _judged(info: ZipInfo, codecs: tuple[str, ...], archive: str) -> str | Failed | Noted | None:
    """What a member is called by, or why it is not read; None where it is hidden or a folder."""
    path = _name(info, codecs)
    name = f"{archive}/{path}"
    parts = path.split("/")
    if info.is_dir() or any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts):
        return None
    if ".." in parts or path.startswith("/") or ":" in parts[0]:
        return Failed(name, f"{archive!r} holds {path!r}, a path that leads out of it; it was left out.")
    if stat.S_ISLNK(info.external_attr >> 16) or kinds.archived(path) or not kinds.known(path):
        return other(path)
    if info.flag_bits & _LOCKED:
        return Failed(name, f"{name!r} is encrypted; unpack it first.")
    return name


def _codecs(infos: Sequence[ZipInfo]) -> tuple[str, ...]:
    """What names that state no encoding may be in, the likeliest last; all together tell more than one."""
    names = (info.filename for info in infos if not info.flag_bits & _UTF8 and not info.filename.isascii())
    found = legacy.encoding("\n".join(names).encode("cp437", "replace"))
    return ("utf-8",) if found is legacy.WESTERN else ("utf-8", found.codec)


def _name(info: ZipInfo, codecs: tuple[str, ...]) -> str:
    name = info.filename
    if not info.flag_bits & _UTF8:
        for codec in codecs:
            with suppress(UnicodeError):
                name = info.filename.encode("cp437").decode(codec)
    return one_line(name.replace("\\", "/"))


def _bound(left: int, packed: int, settings: SourcesSettings) -> tuple[int, str]:
    """How many bytes a file may unpack to, and the reason where it has more."""
    most = fair(packed)
    return (
        (most, f"{BOMB}; unpack it first if it is none") if most < left else (left, _TOO_MUCH.format(settings.max_mb))
    )
