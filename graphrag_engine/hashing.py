"""Ids and fingerprints: short hashes of plain content, equal on every machine."""

import json
from collections.abc import Iterable
from hashlib import blake2b

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def digest(*parts: object) -> str:
    """Sixteen hexadecimal digits for a tuple of plain JSON values (None, bool, int, float, str, list, dict).

    Raises TypeError for anything else: a value without a canonical form has no stable hash.
    """
    return digest_bytes([_canonical(parts).encode("utf-8", "surrogatepass")])


def digest_bytes(chunks: Iterable[bytes | memoryview]) -> str:
    """Sixteen hexadecimal digits for the bytes of *chunks*, one after the other."""
    state = blake2b(digest_size=8)
    for chunk in chunks:
        state.update(chunk)
    return state.hexdigest()
