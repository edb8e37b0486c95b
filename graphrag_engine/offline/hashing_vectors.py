"""Vectors of texts without a model: signed feature hashing of words and of the characters in them.

Weinberger et al., "Feature hashing for large scale multitask learning" (2009). No count over a corpus goes
into a vector, so none goes stale. Two texts are near each other where they share words, or parts of words.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from zlib import crc32

import numpy as np
import numpy.typing as npt

from graphrag_engine.offline.cues import FUNCTION
from graphrag_engine.offline.words import terms

Vectors = npt.NDArray[np.float32]
_Ints = npt.NDArray[np.int64]

_BLOCK = 2048
"""Texts that are worked out at once."""
_RUN = 3
"""Characters in a run."""
_PARTS = 0.6
"""Length of the part of a term's vector that stands for its characters; the word itself has 1."""
_COMMON = 0.15
"""What a function word weighs."""
_FUNCTION = frozenset(term for word in FUNCTION for term in terms(word))
"""English function words, as stems."""


def embed(texts: Iterable[str], dimensions: int) -> Vectors:
    """One vector of length 1 a text (all zeros for a text without words): array of texts x dimensions."""
    listed = list(texts)
    blocks = [_block(listed[at : at + _BLOCK], dimensions) for at in range(0, len(listed), _BLOCK)]
    return np.concatenate([np.zeros((0, dimensions), np.float32), *blocks])


def _block(texts: Sequence[str], dimensions: int) -> Vectors:
    counts = [Counter(terms(text)) for text in texts]
    vocabulary = {term: number for number, term in enumerate(dict.fromkeys(chain.from_iterable(counts)))}
    term = np.fromiter((vocabulary[each] for counted in counts for each in counted), np.int64)
    often = np.fromiter(chain.from_iterable(counted.values() for counted in counts), np.float64, len(term))
    text = np.repeat(np.arange(len(texts)), [len(counted) for counted in counts])
    starts, cell, part = _features(list(vocabulary), dimensions)
    many = np.diff(starts)[term]
    feature = np.repeat(starts[term] - (np.cumsum(many) - many), many) + np.arange(many.sum())
    amount = np.repeat(1.0 + np.log(often), many) * part[feature]
    flat = np.bincount(np.repeat(text, many) * dimensions + cell[feature], amount, len(texts) * dimensions)
    vectors = flat.astype(np.float64).reshape(len(texts), dimensions)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0).astype(np.float32)
    return unit


def _features(words: Sequence[str], dimensions: int) -> tuple[_Ints, _Ints, npt.NDArray[np.float64]]:
    """The features of all words in one row: where those of each word start (and the end), cells, signed weights."""
    hashes = [_hashes(word) for word in words]
    many = np.fromiter(map(len, hashes), np.int64, len(hashes))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(many)])
    mixed = np.fromiter(chain.from_iterable(hashes), np.uint64, int(starts[-1])) * np.uint64(0x9E3779B97F4A7C15)
    cell = ((mixed >> np.uint64(33)) % np.uint64(dimensions)).astype(np.int64)
    whole = np.zeros(len(cell), bool)
    whole[starts[:-1]] = True
    weight = np.where(whole, 1.0, _PARTS / np.sqrt(np.maximum(np.repeat(many, many) - 1, 1)))
    common = np.fromiter((_COMMON if word in _FUNCTION else 1.0 for word in words), np.float64, len(words))
    sign = np.where(mixed >> np.uint64(32) & np.uint64(1), 1.0, -1.0)
    return starts, cell, sign * weight * np.repeat(common, many)


@lru_cache(maxsize=1 << 17)
def _hashes(word: str) -> tuple[int, ...]:
    """Hashes of a word and of each run of three characters in it, its ends marked."""
    marked = f"<{word}>"
    parts = (marked[at : at + _RUN] for at in range(len(marked) - _RUN + 1)) if len(word) > 2 else ()
    return tuple(crc32(part.encode("utf-8", "surrogatepass")) for part in (f" {word}", *parts))
