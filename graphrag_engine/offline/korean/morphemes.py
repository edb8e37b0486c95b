"""Korean text -> morphemes, by the optional library kiwipiepy (extra `korean`); loaded when first used."""

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, NamedTuple

_LIBRARIES = ("kiwipiepy", "kiwipiepy_model")
_UNLISTED = 2
"""The library's number for a common noun that is not in its dictionary: mostly a name."""


class Morpheme(NamedTuple):
    """One morpheme of a text; its tag is of the Sejong tag set: NNP a proper noun, JKO the particle of an object."""

    form: str
    tag: str
    start: int
    end: int
    """Offsets in the text; an ending may share a syllable with what is before it."""


@cache
def installed() -> bool:
    """Whether the library is there."""
    return find_spec("kiwipiepy") is not None


def versions() -> dict[str, str]:
    """The versions on which morphemes depend; none without the library."""
    return {name: version(name) for name in _LIBRARIES} if installed() else {}


def morphemes(text: str) -> list[Morpheme]:
    """The morphemes of a text in order; nouns that no dictionary knows count as proper."""
    return [
        Morpheme(each.form, _tag(each.tag, each.id), each.start, each.start + each.len)
        for each in _analyser().tokenize(text)
    ]


@lru_cache(maxsize=1 << 14)
def joined(*parts: tuple[str, str]) -> str:
    """Morphemes, each as form and tag, written as one word."""
    return str(_analyser().join(parts))


@cache
def _analyser() -> Any:
    from kiwipiepy import Kiwi  # heavy, and optional

    return Kiwi(num_workers=1)


def _tag(tag: str, number: int) -> str:
    return "NNP" if tag == "NNG" and number == _UNLISTED else tag.split("-")[0]


def is_noun(each: Morpheme) -> bool:
    """Whether a morpheme may be a part of a name."""
    return each.tag in ("NNG", "NNP", "SL", "SH", "XPN", "XSN", "SN", "XR")


def touches(parts: Sequence[Morpheme], at: int) -> bool:
    """Whether nothing stands between a morpheme and the one before it."""
    return at > 0 and parts[at - 1].end >= parts[at].start
