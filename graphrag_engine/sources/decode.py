"""Bytes → text: byte-order marks, UTF-8, and what to make of everything else."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, getincrementaldecoder
from collections.abc import Iterable
from io import BytesIO

from graphrag_engine.sources import legacy
from graphrag_engine.sources.legacy import WESTERN, Encoding

_GUESSED = "Read as {encoding}, since it is not UTF-8: {{names}}."
MENDED = "Damaged characters were replaced by U+FFFD: {names}."
_MARKS = (
    (BOM_UTF8, "utf-8"),
    (BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
_ASCII = bytes(range(128))
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r\f\b\x1b"))
_MOST_CONTROLS = 0.05
_SAMPLE = 1 << 16
"""Bytes of which this share may be control characters."""
_BLOCK = 1 << 20
"""Bytes that are looked through at once: a long text lies in a file."""
_SIGNATURES = (b"%PDF-", b"{\\rtf")
_ENOUGH = 1 << 12
"""Bytes of lines that are not UTF-8, from which on others tell no more of their encoding."""


class Lines:
    """The lines of one file → text: those that were met tell in which encoding a short one is."""

    def __init__(self, head: bytes) -> None:
        """*head* is what the file begins with."""
        self._met = b""
        self._known: Encoding | None = None
        if marked(head)[1] == "utf-8":
            self._meet(BytesIO(head))

    def decode(self, line: bytes) -> tuple[str, str | None]:
        """What `decode` makes of a line."""
        if not line.isascii() and len(self._met) < _ENOUGH and line not in self._met:
            self._meet([line])
        return decode(line, self._known)

    def _meet(self, lines: Iterable[bytes]) -> None:
        met = self._met + b"".join(line for line in lines if not _is_utf8(line))
        if met != self._met:
            self._met = met
            self._known = None if _mostly_utf8(met, met.decode("utf-8", "replace")) else legacy.encoding(met)


def guessed(encoding: str) -> str:
    """The sentence to note about a file that was read in an encoding that nothing states."""
    return _GUESSED.format(encoding=encoding)


def decode(data: bytes, known: Encoding | None = None) -> tuple[str, str | None]:
    """The text of these bytes without its byte-order mark, and the sentence to note about it, if any.

    *known* is the encoding of what stands around them, where that is not UTF-8.
    Raises ValueError, with the reason, where they do not look like text.
    """
    if looks_binary(data):
        raise ValueError("looks binary")
    mark, encoding = marked(data)
    body = memoryview(data)[len(mark) :]
    try:
        return str(body, encoding), None
    except UnicodeDecodeError:
        mended = str(body, encoding, "replace")
    if mark or (known in (None, WESTERN) and _mostly_utf8(data, mended)):
        return mended, MENDED
    found = known or legacy.encoding(data)
    return str(body, found.codec, "replace"), guessed(found.name)


def marked(data: bytes | memoryview) -> tuple[bytes, str]:
    """The byte-order mark that data begins with, or none, and the encoding to try first."""
    return next((known for known in _MARKS if data[: len(known[0])] == known[0]), (b"", "utf-8"))


def looks_binary(data: bytes | memoryview) -> bool:
    """Whether bytes hold NUL or many control characters without a byte-order mark, or begin as a known binary file."""
    if marked(data)[0]:
        return False
    sample = bytes(data[:_SAMPLE])
    if sample.startswith(_SIGNATURES) or any(
        b"\0" in bytes(data[at : at + _BLOCK]) for at in range(0, len(data), _BLOCK)
    ):
        return True
    return len(sample) - len(sample.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(sample)


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 as far as they go: a character at their end may be cut."""
    try:
        getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(data: bytes, mended: str) -> bool:
    """Whether more characters beyond ASCII came out whole than damaged."""
    ascii_characters = len(data) - len(data.translate(None, _ASCII))
    damaged = mended.count("\ufffd") - data.count("\ufffd".encode())
    whole = len(mended) - ascii_characters - damaged
    return whole > damaged
