"""Whether what is cited says what is claimed: by words, numbers and names, without a model."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from graphrag_engine.offline.evidence import Span, adjoin
from graphrag_engine.offline.text import sentences
from graphrag_engine.offline.words import terms
from graphrag_engine.query import reading
from graphrag_engine.query.question import FUNCTION_WORDS, content

UNSUPPORTED = " [not supported]"
"""Stands behind a sentence that its citations do not support."""
_ENOUGH = 0.5
"""Share of the content words of a sentence that its citations must hold."""
_QUOTED = 3
"""Sentences of one passage that are cited for one sentence of an answer."""
_WORTH = 2
"""What a further one must add: a number or name, or two words."""
_HEADING = 8
"""Words of the longest line without an end mark that claims nothing."""
_COMMON = 3
"""Short words by which it is told whether two texts are of one language."""
_SHARED = 0.34
_LOOKED_AT = 500
"""Characters of a text by which its script is told."""
_MARK = re.compile(r"\s?\[(\d+)\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d{3})*(?:[.,]\d+)?(?!s\b)")
_NAME = re.compile(r"[^\W\d_a-z][\w'\u2019-]*(?: [^\W\d_a-z][\w'\u2019-]*)*")
_WORD = re.compile(r"[^\W\d_]+")
_ENDS = re.compile(r"[.!\u3002\uff01\u2026][\"'\u2019\u201d\u00bb)*_\s]*\Z")
_DECLINES = re.compile(
    r"\b(?:sources?|documents?|texts?|passages?|context|information|material)\b.{0,60}(?:\b(?:not?|nothing|none)\b|n['\u2019]t\b)"
    r"|\b(?:no|not enough|nothing|none)\b.{0,40}\b(?:sources?|documents?|passages?|context|information)\b"
    r"|\bnot .{0,30}\b(?:mentioned|stated|provided)\b",
    re.IGNORECASE,
)
_NOUNS_LARGE = frozenset("der die das und ist ein eine den dem von mit des im nicht sich auf wurde war".split())
"""Words of German, which writes all nouns as names."""
_SCRIPTS = ("a-z\u00c0-\u024f", "\u0370-\u03ff", "\u0400-\u052f", "\u0590-\u05ff", "\u0600-\u06ff", "\u0900-\u097f")
_SCRIPT = re.compile("|".join(f"([{each}])" for each in (*_SCRIPTS, "\u3040-\u30ff\u3400-\u9fff", "\uac00-\ud7af")))
_LETTER = re.compile(f"{_SCRIPT.pattern}|.", re.DOTALL)
_WRITTEN = dict(
    zip("one two three four five six seven eight nine ten eleven twelve".split(), range(1, 13), strict=True)
)


def best(text: str, span: Span, claim: str) -> list[Span]:
    """The sentences of a passage that a claim rests on, in text order, neighbours in one.

    Where none fits its first one; all of it, where the claim is of another language.
    """
    begin, end = span
    spans = [(begin + first, begin + last) for first, last in reading.sentences(text[begin:end])]
    held = [reading.terms(text[slice(*each)]) for each in spans]
    worth = _worth(claim)
    chosen: list[int] = []
    while spans and len(chosen) < _QUOTED:
        gains = [sum(worth[term] for term in worth.keys() & each) for each in held]
        at = max(range(len(spans)), key=lambda place: (gains[place], -place))
        if gains[at] < (_WORTH if chosen else 1):
            break
        chosen.append(at)
        worth = {term: value for term, value in worth.items() if term not in held[at]}
    if not chosen and spans and _alike(claim, text[begin:end]):
        chosen = [0]
    return _joined(text, [spans[at] for at in sorted(chosen)]) or [_trimmed(text, span)]


def _alike(claim: str, text: str) -> bool:
    return _script(claim) == _script(text) and _same_language(claim, text)


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for span in spans:
        if found and adjoin(text, found[-1], span):
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
    return found


def _trimmed(text: str, span: Span) -> Span:
    said = text[slice(*span)]
    return span[0] + len(said) - len(said.lstrip()), span[1] - len(said) + len(said.rstrip())


def _worth(claim: str) -> dict[str, int]:
    """What the terms of a claim are worth: names and numbers twice as much."""
    telling = {term for name in _names(claim) for term in terms(name)}
    return {term: 2 if term in telling or term.isdigit() else 1 for term in content(terms(claim))}


@dataclass(frozen=True)
class Evidence:
    """What citations show."""

    quotes: str
    heads: str
    """Titles and headings above the quotes."""
    texts: str
    """The whole passages in which they stand."""

    @property
    def said(self) -> str:
        """The quotes and what stands above them."""
        return f"{self.quotes}\n{self.heads}"

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of these."""
        return frozenset(terms(self.said))


def supports(shown: Evidence, claim: str) -> bool:
    """Whether quotes hold half of the content words of a claim and all its numbers, and the passages all its names.

    Of another script or language than the quotes, only numbers and names are looked for.
    """
    if not _numerals(claim) <= _numerals(shown.said):
        return False
    if _script(claim) != (script := _script(shown.quotes)):
        return all(_stands_in(word, shown) for word in _in_script(claim, script))
    if not all(_stands_in(name, shown) for name in _names(claim)):
        return False
    if not _same_language(claim, shown.texts):
        return True
    wanted = content(terms(claim))
    return sum(term in shown.terms for term in wanted) >= _ENOUGH * len(wanted)


def _stands_in(name: str, shown: Evidence) -> bool:
    """Whether the words of a name stand in what is shown."""
    wanted = set(content(terms(name)))
    return wanted <= shown.terms or wanted <= reading.terms(shown.texts)


def _numerals(text: str) -> set[str]:
    """The numbers of a text, written in digits or up to twelve in words."""
    digits = {re.sub(r"[.,](?=\d{3}\b)", "", each) for each in _NUMBER.findall(text)}
    return digits | {str(_WRITTEN[word]) for word in _WORD.findall(text.lower()) if word in _WRITTEN}


def _names(text: str) -> list[str]:
    """Runs of capitalised words; one at the beginning only if a second follows. None where all nouns are large."""
    if len(_NOUNS_LARGE.intersection(text.lower().split())) > 1:
        return []
    found = []
    for run in _NAME.finditer(text):
        words = run[0].split(" ")
        if run.start() == 0 and (words[0].lower() in FUNCTION_WORDS or len(words) == 1):
            words = words[1:]
        found += [" ".join(words)] if words else []
    return found


def _script(text: str) -> int | None:
    """Which script most letters of a text are of; None where there are none."""
    counts: dict[int | None, int] = {}
    if text.isascii():
        return 1 if _WORD.search(text) else None
    for found in _SCRIPT.finditer(text[:_LOOKED_AT].lower()):
        counts[found.lastindex] = counts.get(found.lastindex, 0) + 1
    return max(counts, key=lambda script: counts[script], default=None)


def _in_script(text: str, script: int | None) -> list[str]:
    """The words of a text in this script, without what another one adds to them."""
    letters = "".join(each[0] if each.lastindex == script else " " for each in _LETTER.finditer(text.lower()))
    return letters.split()


def _same_language(claim: str, around: str) -> bool:
    """Whether the short words of a claim are those of the text around its quotes, or too few to tell."""
    short = reading.short_words(claim)
    shared = short & reading.short_words(around)
    return len(short) < _COMMON or len(shared) > _SHARED * len(short)


def checked(text: str, read: Callable[[Iterable[int]], Evidence]) -> tuple[list[Span], bool]:
    """The sentences of an answer that are not supported, and whether any is that cites something.

    *read* gives what citations show. What cites nothing rests on what its paragraph cites.
    """
    blank = _MARK.sub(lambda mark: " " * len(mark[0]), text)
    spans = sentences(blank)
    marks = _owned(text, spans)
    wrong: list[Span] = []
    grounded = False
    for place, (start, end) in enumerate(spans):
        claim, own = " ".join(blank[start:end].split()), marks[place]
        if not own and not _claims(text, (start, end), claim):
            continue
        cited = own or [
            n for other, at in enumerate(spans) if "\n\n" not in _between(text, at, (start, end)) for n in marks[other]
        ]
        if cited and supports(read(cited), claim):
            grounded = grounded or _says(claim)
        else:
            wrong.append((start, end))
    return wrong, grounded


def _owned(text: str, spans: Sequence[Span]) -> list[list[int]]:
    """For each sentence the numbers that stand in it, or behind it."""
    found: list[list[int]] = [[] for _ in spans]
    place = 0
    for mark in _MARK.finditer(text):
        while place + 1 < len(spans) and spans[place + 1][0] <= mark.start():
            place += 1
        if spans:
            found[place].append(int(mark[1]))
    return found


def _between(text: str, one: Span, other: Span) -> str:
    first, second = sorted((one, other))
    return text[first[1] : second[0]]


def _claims(text: str, span: Span, claim: str) -> bool:
    """Whether a sentence without citations says something that one could check."""
    line = text[text.rfind("\n", 0, span[0]) + 1 : span[0]]
    heading = "#" in line or (not _ENDS.search(claim) and len(claim.split()) <= _HEADING)
    asks = claim.endswith(("?", "\uff1f", ":", "\uff1a"))
    return _says(claim) and not (heading or asks or _DECLINES.search(claim))


def _says(claim: str) -> bool:
    """Whether there is enough in a sentence to be checked."""
    return len(content(terms(claim))) > 1 or bool(_NUMBER.search(claim))


def noted(text: str, wrong: Iterable[Span]) -> str:
    """The text with a note behind each of these sentences."""
    ends = []
    for _, end in wrong:
        behind = re.compile(r"[.!?]*(?:\s?\[\d+\])*[.!?]*").match(text, end)
        ends.append(behind.end() if behind else end)
    for end in sorted(ends, reverse=True):
        text = text[:end] + UNSUPPORTED + text[end:]
    return text


def bare(text: str) -> str:
    """A text without marks."""
    return _MARK.sub("", text)


def plain(text: str, spans: Iterable[Span]) -> tuple[str, ...]:
    """These sentences without marks."""
    return tuple(" ".join(_MARK.sub("", text[slice(*span)]).split()) for span in spans)
