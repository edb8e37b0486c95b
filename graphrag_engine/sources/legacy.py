"""Bytes that are not UTF-8 → the encoding that they are likely in, by the characters that come out in each."""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import NamedTuple

_SAMPLE = 1 << 12
"""Bytes of lines beyond ASCII that are looked at."""
_LEAST = 0.8
"""Share of the characters beyond ASCII, without signs, that are to be words of the language."""
_FEWEST = 4
"""Bytes of words that are to be there; fewer may come out so by chance."""
_BEYOND = bytes(range(0x80, 0x100))
_HIGH = range(0xA1, 0xFF)
_SIGNS = re.compile(r"[\x00-\x7f\xa0\xa7\xab\xb0\xb7\xbb\u2010-\u203b\u20ac\u2116\u2122\u3000-\u3017\uff01-\uff5e]+")
"""What any language may write between its words."""
_ALONE = r"(?<![^\W\d_])(?:%s)(?![^\W\d_])"
"""A word between anything but letters: accents of Western texts come out as letters of others, but among ASCII."""
_CYRILLIC = _ALONE % r"[\u0400-\u045f][\u0430-\u045f]+|[\u0400-\u042f]{2,}"
_GREEK = _ALONE % r"[\u0386-\u03ce][\u0390\u03ac-\u03ce]+|[\u0391-\u03ab]{2,}"
_JAPANESE = "[%s\u3041-\u3096\u30a1-\u30fc\u3005]{2,}"
_FREQUENT_KANA = "のにはをたがでてとしれさいるなもっかあこうすらりまだよンースルトリアラ"


class Everyday(NamedTuple):
    """The double bytes of the characters that people use every day, as standards put them together."""

    codec: str
    first: range
    second: Iterable[int]


class Encoding(NamedTuple):
    """An encoding of before Unicode: what people and Python call it, and how to know texts in it."""

    name: str
    codec: str
    frequent: str = ""
    """The most frequent characters of its language."""
    words: str = ""
    """A pattern for a word or a run of characters; `%s` in it stands for *everyday* ones."""
    everyday: Everyday | None = None


WESTERN = Encoding("Windows-1252", "cp1252")
"""What is left where bytes are like no other language."""
_KANJI = Everyday("euc_jp", range(0xB0, 0xD0), _HIGH)
_ENCODINGS = (
    Encoding(
        "CP949",
        "cp949",
        "이다는의에을가하고지를도로기한사은리자어시서대인나해스정아그있들수일라부장게보원전만과주제으안것여니오거조상마면동성우적했었",
        "[%s\u3131-\u3163]+",
        Everyday("euc_kr", range(0xB0, 0xC9), _HIGH),
    ),
    Encoding("Shift-JIS", "cp932", _FREQUENT_KANA, _JAPANESE, _KANJI),
    Encoding(
        "GB18030",
        "gb18030",
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多",
        "[%s]{2,}",
        Everyday("gb2312", range(0xB0, 0xD8), _HIGH),
    ),
    Encoding(
        "Big5",
        "big5",
        "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多",
        "[%s]{2,}",
        Everyday("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *_HIGH)),
    ),
    Encoding("EUC-JP", "euc_jp", _FREQUENT_KANA, _JAPANESE, _KANJI),
    Encoding("Windows-1251", "cp1251", "оеаинтсрвл", _CYRILLIC),
    Encoding("KOI8-R", "koi8_r", "оеаинтсрвл", _CYRILLIC),
    Encoding("CP866", "cp866", "оеаинтсрвл", _CYRILLIC),
    Encoding("Windows-1253", "cp1253", "αοιετσνηυρςάέίό", _GREEK),
)


def encoding(data: bytes) -> Encoding:
    """The encoding in which these bytes are most like words of its language; `WESTERN` where they are so in none."""
    lines = _sample(data)
    best = max(_ENCODINGS, key=lambda each: _likeness(lines, each))
    return best if _likeness(lines, best) else WESTERN


def _sample(data: bytes) -> list[bytes]:
    """The first lines that are not ASCII."""
    lines, left = [], _SAMPLE
    for line in BytesIO(data):
        if left <= 0:
            break
        if not line.isascii():
            lines.append(line[:left])
            left -= len(line)
    return lines


def _likeness(lines: list[bytes], each: Encoding) -> float:
    """How much lines look like the language of an encoding, from 0 for not at all; a broken line counts against it.

    Capitals count less: in KOI8-R and Windows-1251 those of the one are small letters of the other.
    """
    text, broken = "", 0
    for line in lines:
        try:
            text += getincrementaldecoder(each.codec)().decode(line)
        except UnicodeDecodeError:
            broken += len(line) - len(line.translate(None, _BEYOND))
    written = _SIGNS.sub("", text)
    words = "".join(_words(each).findall(text))
    if len(words.encode(each.codec)) < _FEWEST or len(words) < _LEAST * (len(written) + broken):
        return 0
    frequent = sum(map(written.lower().count, each.frequent))
    return (len(words) + 2 * frequent - sum(map(str.isupper, written)) / 2) / len(written)


@cache
def _words(each: Encoding) -> re.Pattern[str]:
    if each.everyday is None:
        return re.compile(each.words)
    codec, first, second = each.everyday
    return re.compile(
        each.words % "".join(bytes((high, low)).decode(codec, "ignore") for high in first for low in second)
    )
