"""Where the sources state that two things are tied: the sentence that names both, or none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graphrag_engine.offline.evidence import Span, opens_with_pronoun
from graphrag_engine.offline.korean.particles import cut
from graphrag_engine.offline.words import normalise
from graphrag_engine.offline.words import terms as every
from graphrag_engine.query.question import content
from graphrag_engine.query.reading import sentences, terms

_WORD = re.compile(r"\w+")
_PERSONAL = re.compile(r"\W*(?:She|Her|He|His)\b")
_MALE = re.compile(r"\W*(?:He|His)\b")
_THE_NOUN = re.compile(r"\W*(?:The|This)\s[a-z]")
_PIECE = re.compile(r"[,:(\u2013\u2014|]")
_SURNAME = 3
"""Letters of the shortest last name that stands for a person."""


@dataclass(frozen=True)
class End:
    """One side of a tie: how it may be written."""

    names: tuple[str, ...]
    """Words of each name, in lower case, with a space on either side."""
    is_person: bool
    last: tuple[str, ...] = ()
    """Last names, which will do for a person."""

    def stands_in(self, said: str, others: Iterable["End"] = ()) -> bool:
        """Whether a text in the form of `heard` names it; a last name inside another's name does not count."""
        if any(name in said for name in self.names):
            return True
        for name in (name for other in others for name in other.names):
            said = said.replace(name, " | ")
        return any(name in said for name in self.last)


def end(names: Sequence[str], kind: str) -> End:
    """The side of a tie that bears these names."""
    forms = [form for form in map(plain, names) if form.strip()]
    last = [f" {form.split()[-1]} " for form in forms if kind == "person" and len(form.split()) > 1]
    return End(tuple(forms), kind == "person", tuple(each for each in last if len(each) > _SURNAME + 1))


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    """The words of a text in normal form, with a space before and behind each."""
    return f" {' '.join(_WORD.findall(normalise(text.replace('*', ' ')).replace(chr(39) + 's', ' ')))} "


def heard(text: str) -> str:
    """The words of a text as `plain` has them; behind them, for Korean, the same without their particles."""
    said = plain(text)
    if said.isascii():
        return said
    bare = [(cut(word) or (word,))[0] for word in said.split()]
    return said if bare == said.split() else f"{said}| {' '.join(bare)} "


def states(text: str, span: Span, heading: str, ends: Sequence[End], *, own: bool) -> bool:
    """Whether a sentence names all *ends*; of one its opening may speak as `she`, `its` or `the yard`.

    *own*: the sentence is what the tie was read from, so that its opening has been understood already.
    """
    earlier = [each for each in sentences(text) if each[1] <= span[0]]
    return _states(text, span, earlier[-1] if earlier else (0, 0), heading, ends, own=own)


def stating(text: str, heading: str, ends: Sequence[End], predicate: str) -> Span | None:
    """The sentence of *text* that names all *ends* and most words of the predicate, at least half; None without one."""
    wanted = set(content(every(predicate)))
    spans = sentences(text)
    found: list[tuple[int, int, Span]] = []
    for place, (before, span) in enumerate(zip([(0, 0), *spans], spans, strict=False)):
        held = len(wanted & terms(text[slice(*span)]))
        if 2 * held >= len(wanted) and _states(text, span, before, heading, ends, own=False):
            found.append((held, -place, span))
    return max(found)[2] if found else None


def _states(text: str, span: Span, before: Span, heading: str, ends: Sequence[End], *, own: bool) -> bool:
    said = heard(text[span[0] : span[1]])
    absent = [each for each in ends if not each.stands_in(said, [other for other in ends if other is not each])]
    if len(absent) != 1:
        return not absent
    return _is_meant(text[span[0] : span[1]], heard(text[before[0] : before[1]]), heading, absent[0], own=own)


def _is_meant(said: str, before: str, heading: str, missing: End, *, own: bool) -> bool:
    """Whether the opening of a sentence stands for what it does not name: the topic, or what was spoken of before."""
    is_topic = any(plain(_PIECE.split(part)[0]) in missing.names for part in heading.split(" > "))
    if not opens_with_pronoun(said):
        return own and is_topic and bool(_THE_NOUN.match(said))
    if missing.is_person:
        return bool(_PERSONAL.match(said)) and (own or is_topic or missing.stands_in(before))
    return not _MALE.match(said) and (is_topic or before.startswith(missing.names))
