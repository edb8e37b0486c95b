"""Ids and fingerprints: short hashes of plain content, equal on every machine."""

import json
from collections.abc import Iterable, Iterator
from hashlib import blake2b, sha256
from json.encoder import encode_basestring

import orjson

_BYTES = 8
_PLAIN = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_slowly = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(value: object) -> bytes:
    """The one JSON of a plain value; raises TypeError for any other."""
    try:
        return orjson.dumps(value, _named, _PLAIN)
    except TypeError:  # surrogates, numbers of more than 64 bits, keys that are none, and what is not plain
        return _slowly(value).encode("utf-8", "surrogatepass")


def _named(value: object) -> list[object]:
    """A tuple whose places have names, as any other."""
    if isinstance(value, tuple):
        return list(value)
    raise TypeError


def digest(*parts: object) -> str:
    """Sixteen hexadecimal digits for a tuple of plain JSON values (None, bool, int, float, str, list, dict).

    Raises TypeError for anything else: a value without a canonical form has no stable hash.
    """
    return _digest(canonical(parts))


def digest_long(*parts: object) -> str:
    """The same as `digest`, where an iterator stands for the text that its pieces make."""
    state = blake2b(b"[", digest_size=_BYTES)
    for number, part in enumerate(parts):
        if number:
            state.update(b",")
        for piece in _in_pieces(part):
            state.update(piece)
    state.update(b"]")
    return state.hexdigest()


def _in_pieces(value: object) -> Iterator[bytes]:
    """The one JSON of a plain value, or of a text in pieces."""
    if not isinstance(value, Iterator):
        yield canonical(value)
        return
    yield b'"'
    for piece in value:
        yield canonical(piece)[1:-1]
    yield b'"'


def digests(kind: str, *columns: Iterable[str | None]) -> list[str]:
    """The same as `digest(kind, *row)` for each row of columns of texts, in less than half the time."""
    quoted = [["null" if text is None else encode_basestring(text) for text in column] for column in columns]
    head = encode_basestring(kind)
    texts = (f"[{head},{row}]".encode("utf-8", "surrogatepass") for row in map(",".join, zip(*quoted, strict=True)))
    return [_digest(text) for text in texts]


def hashes(contents: Iterable[bytes]) -> list[str]:
    """Sixteen hexadecimal digits for each of these bytes."""
    return list(map(_digest, contents))


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=_BYTES).hexdigest()


def digest_bytes(chunks: Iterable[bytes | memoryview]) -> str:
    """Sixteen hexadecimal digits for the bytes of *chunks*, one after the other.

    For many bytes: processors compute SHA-256 themselves, at twice the speed of BLAKE2.
    """
    state = sha256()
    for chunk in chunks:
        state.update(chunk)
    return state.hexdigest()[: 2 * _BYTES]
