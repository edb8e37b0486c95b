"""German writes every noun with a capital: which of them are names is told by the articles before the others."""

import re
from collections.abc import Iterable, Iterator

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.names import Span, named

_COMMON = (" und ", " der ", " das ", " ist ", " eine ", " den ", " dem ", " wurde ", " im ", " nicht ", " mit ")
_SHARE = 0.04
"""Of all words: these alone are more in any German text, and fewer in an English one with a German title."""
_ARTICLES = words(
    "der die das den dem des ein eine einen einem einer eines kein keine keinen im am zum zur vom beim ins ans "
    "dieser diese dieses diesen diesem jeder jede jedes seine sein seinen seiner ihre ihr ihren ihrer viele alle"
)
_OPENING = _ARTICLES | words("in an auf aus bei von nach mit für durch über unter vor seit bis um als und aber auch")
_WORD = re.compile(r"\S+")


def is_german(text: str) -> bool:
    """Whether a text is in German."""
    if " und " not in text:
        return False
    return sum(map(text.count, _COMMON)) >= _SHARE * len(text.split())


def names(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """The spans without nouns that are no names: what an article stands before somewhere, alone."""
    for span in found:
        own = _without_articles(text, span) if span.kind == "name" else span
        if own and not (own.kind == "name" and " " not in own.name and _is_noun(text, own.name)):
            yield own


def _without_articles(text: str, span: Span) -> Span | None:
    """A name without what leads to it, up to the next article inside: `Im Jahr`, `Hamburg die Werft`."""
    kept: list[re.Match[str]] = []
    for word in _WORD.finditer(text, span.start, span.end):
        if kept and word.group() in _ARTICLES:
            break
        if kept or word.group().lower() not in _OPENING:
            kept.append(word)
    return named(text, kept[0].start(), kept[-1].end()) if kept else None


def _is_noun(text: str, word: str) -> bool:
    """Whether an article stands right before a word somewhere in a text."""
    at = text.find(f" {word}")
    while at >= 0:
        before = text[max(0, at - 12) : at].split()
        if before and before[-1].lower() in _ARTICLES:
            return True
        at = text.find(f" {word}", at + 1)
    return False
