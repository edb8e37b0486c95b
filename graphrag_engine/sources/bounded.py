"""A stream with an end: no more than was agreed on is read, however long its source goes on."""

import io
from gzip import GzipFile
from typing import IO

_BUFFER = 1 << 16
_MOST_RATIO = 200
"""Times its packed size that a file may have unpacked; text seldom has 20, a bomb 1,000."""
_SMALL = 10_000_000
"""Bytes that are no bomb, however small they were packed."""
BOMB = f"unpacks to more than {_MOST_RATIO} times its size, as bombs do"


def fair(packed: int) -> int:
    """Bytes to which so many may unpack."""
    return _SMALL + _MOST_RATIO * packed


class TooLong(ValueError):
    """There is more in a stream than may be read."""


class _Bounded(io.RawIOBase):
    """The first *most* bytes of a stream; raises TooLong, with a reason, where there are more."""

    def __init__(self, stream: IO[bytes] | GzipFile, most: int, reason: str) -> None:
        self._stream = stream
        self._most = most
        self._reason = reason
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = self._stream.seek(offset, whence)
        return self.at

    def readall(self) -> bytes:
        """All that is left, taken at once: many small pieces would be held beside what they are joined to."""
        pieces = []
        while self.at < self._most and (data := self._stream.read(self._most - self.at)):
            pieces.append(data)
            self.at += len(data)
        self._check()
        return b"".join(pieces)

    def _check(self) -> None:
        if self.at >= self._most and self._stream.read(1):
            raise TooLong(self._reason)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io hands over nothing else
        self._check()
        data = self._stream.read(min(len(buffer), self._most - self.at))
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)


class Stream(io.BufferedReader):
    """The first *most* bytes of a stream, buffered; where there are more, reading beyond them raises TooLong."""

    def __init__(self, stream: IO[bytes] | GzipFile, most: int, reason: str) -> None:
        self._bounded = _Bounded(stream, most, reason)
        super().__init__(self._bounded, _BUFFER)

    @property
    def passed(self) -> int:
        """Bytes taken from the stream so far."""
        return self._bounded.at
