"""Words as search and identity see them: terms of a text, and the one form of a name."""

import re
import unicodedata
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from Stemmer import Stemmer

from graphrag_engine.offline.irregular import BASE
from graphrag_engine.offline.korean.particles import stems

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_TERM = re.compile(
    rf"[0-9A-Za-z]++(?:'[A-Za-z]++)*+(?!'?[^\x00-\x7f])|[{_IDEOGRAPHS}]+|[^\W_{_IDEOGRAPHS}]+(?:['\u2019][^\W\d_]+)*"
)
"""Words in ASCII, which most are, come first: they are quickly found."""
_ASCII_TERM = re.compile(r"[0-9A-Za-z]++(?:'[A-Za-z]++)*+")
"""The same of a text in ASCII, in half the time."""
_CUT = bytes(code if code > 127 or chr(code).isalnum() or chr(code) == "'" else ord(" ") for code in range(256))
"""Bytes of UTF-8, with a space for each character of ASCII that no word holds."""
_ACCENTS = re.compile("[\u0300-\u036f]")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DROPPED = re.compile(r"[,;:!?()\[\]{}\"\u201c\u201d\u00ab\u00bb]+")
_GAPS = re.compile(r"[\s_\-\u2010-\u2015/]+")

_stemmer = Stemmer("english", 0)
"""The Snowball algorithm; `forms` remembers its words itself."""


def terms(text: str) -> list[str]:
    """The search terms of a text in order, repeats kept: English stems without accents, other words as they are.

    Korean, Japanese and Chinese runs give their character bigrams, and Korean words of one syllable themselves without
    their particle, so no dictionary is needed, and index and question agree on every machine.
    """
    found: list[str] = []
    for word in split(text):
        found += forms(word)
    return found


def split(text: str) -> list[str]:
    """The words of a text as they are written, in order; `forms` says for which terms each stands."""
    if text.isascii():
        return _ASCII_TERM.findall(text)
    return _TERM.findall(INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def pieces(texts: pa.LargeStringArray) -> pa.ListArray:
    """Each text cut where no word goes on in any script: its words are those that `split` finds in its pieces.

    Hundreds of times quicker than `split`, and few pieces of many texts are distinct.
    """
    _, ends, data = texts.buffers()
    offsets = np.frombuffer(ends, np.int64)[texts.offset :][: len(texts) + 1]
    cut = memoryview(data or b"")[offsets[0] : offsets[-1]].tobytes().translate(_CUT)
    buffers = pa.py_buffer(offsets - offsets[0]), pa.py_buffer(cut)
    return pc.ascii_split_whitespace(pa.LargeStringArray.from_buffers(len(texts), *buffers))


@lru_cache(maxsize=1 << 18)
def forms(word: str) -> tuple[str, ...]:
    """The terms that one word stands for."""
    if word[0] >= "\u3040" and re.match(f"[{_IDEOGRAPHS}]", word):
        bigrams = tuple(word[at : at + 2] for at in range(len(word) - 1)) or (word,)
        return (*bigrams, *(stem for stem in stems(word) if len(stem) == 1 < len(word)))
    folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold())).replace("\u2019", "'")
    plain = unicodedata.normalize("NFC", folded).removesuffix("'s")
    return (_stemmer.stemWord(BASE.get(plain, plain)),)


@lru_cache(maxsize=1 << 18)
def normalise(name: str) -> str:
    """The form under which names are equal: case, width, marks, hyphens and a leading article do not count."""
    folded = (name.lower() if name.isascii() else _folded(name)).replace(".", "")
    if "  " in folded or not folded.replace(" ", "").isalnum():
        folded = _GAPS.sub(" ", _DROPPED.sub("", folded))
    plain = folded.strip(" '")
    return plain.removeprefix("the ") or plain


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", name)).casefold().replace("\u2019", "'")
