"""Names in a Korean sentence: proper nouns with the nouns that belong to them, without a person's title."""

import re
from collections.abc import Iterator, Sequence

from graphrag_engine.offline.korean.morphemes import Morpheme, is_noun, touches
from graphrag_engine.offline.korean.nouns import (
    BODIES,
    FULL_NAME,
    GENERIC,
    INSTITUTIONS,
    KIND,
    LANDFORMS,
    NEAR,
    SURNAMES,
    TITLES,
    kind_by_ending,
    may_be_person,
)
from graphrag_engine.offline.names import Span, named

_PROPER = ("NNP", "SL", "SH")
_RANK = re.compile(rf"(?:\A|\S)(?:{'|'.join(sorted(title for title in TITLES if len(title) > 1))})\Z")
_VESSEL = "호"
_CALLED = ("씨", "님", "군", "양", "옹")
_PLAIN = re.compile(r"(?![a-z]{1,3}\Z|\d+\Z)[\uac00-\ud7a3\u4e00-\u9fffA-Za-z0-9 .&'\u00b7-]{2,40}\Z")


def names(text: str, parts: Sequence[Morpheme]) -> list[Span]:
    """The names among the morphemes of one sentence, in order; their kind is `name` where nothing tells more."""
    found: list[Span] = []
    before: Morpheme | None = None
    for first, last in _compounds(parts):
        alone = parts[first] if last - first == 1 and parts[first].tag == "NNG" else None
        span = _inside(text, parts, first, last)
        if span is None and alone and before and _lies(text, before, alone):
            span = named(text, before.start, alone.end, "place")
        before = alone
        if span is None:
            if found and last - first == 1 and _heads(text, found[-1], parts[first]):
                found[-1] = named(text, found[-1].start, parts[first].end, KIND[parts[first].form])
            continue
        if found and _belong(text, found[-1], span):
            found[-1] = named(text, found[-1].start, span.end, _kind_of_both(found[-1], span))
        else:
            found.append(span)
    return [span for span in found if _is_name(span.name)]


def _compounds(parts: Sequence[Morpheme]) -> Iterator[tuple[int, int]]:
    """Runs of nouns without a gap: the first morpheme, and the one after the last."""
    first = 0
    while first < len(parts):
        last = first + 1
        if is_noun(parts[first]):
            while (
                last < len(parts)
                and touches(parts, last)
                and (is_noun(parts[last]) or _splinter(parts[first:last], parts[last]))
            ):
                last += 1
            yield first, last
        first = last


def _splinter(before: Sequence[Morpheme], after: Morpheme) -> bool:
    """Whether a morpheme is rather the last syllable of a name: `이철` + `규`, or of a ship: `청명` + `호`."""
    if after.form == _VESSEL and after.tag == "NNB":
        return before[-1].tag in ("NNG", "NNP")
    length = after.end - before[0].start
    return (
        before[0].tag == "NNP" and after.tag in ("NNB", "NR") and length == FULL_NAME
        and len(after.form) == 1 and after.form not in _CALLED and before[0].form[0] in SURNAMES
    )  # fmt: skip


def _inside(text: str, parts: Sequence[Morpheme], first: int, last: int) -> Span | None:
    """The name in a run of nouns; None where there is none."""
    titled = last < len(parts) and parts[last].form in _CALLED and parts[last].tag in ("NNB", "XSN")
    while last - first > 1 and parts[last - 1].form in (*TITLES, *_CALLED) and _proper(parts[first : last - 1]):
        last, titled = last - 1, True
    run = parts[first:last]
    start, end = run[0].start, run[-1].end
    if not titled and (kind := _by_head(run)):
        return named(text, start, end, "person" if may_be_person(text[start:end]) else kind)
    if end - start in (2, FULL_NAME) and _is_person(run):
        return named(text, start, end, "person")
    own = _own(run)
    if own is None:
        return None
    start, end = own
    kind = "person" if titled and end == run[-1].end else kind_by_ending(text[start:end])
    return named(text, start, end, kind)


def _proper(run: Sequence[Morpheme]) -> bool:
    return any(map(_is_proper, run))


def _is_proper(each: Morpheme) -> bool:
    """Whether a morpheme is a name; small letters are of units and words."""
    return each.tag in _PROPER and not (each.tag == "SL" and each.form.islower())


def _by_head(run: Sequence[Morpheme]) -> str:
    """The kind that the last noun of a compound tells: `태백` + `조선소`; empty where it tells none."""
    head = run[-1].form
    if len(run) == 1:
        return "organisation" if head in INSTITUTIONS else ""
    if run[-1].tag in _PROPER and head not in KIND:
        return ""
    if _proper(run[:-1]):
        return KIND.get(head, "")
    if head == _VESSEL and len(run) == 2 and len(run[0].form) > 1 and run[0].tag == "NNG":
        return "work"
    return "organisation" if head in BODIES and run[0].tag != "XPN" else ""


def _is_person(run: Sequence[Morpheme]) -> bool:
    """Whether short nouns in a row are rather the name of a Korean that no dictionary knows."""
    return (
        len(run) > 1
        and run[0].tag == "NNP"
        and run[0].form[0] in SURNAMES
        and all(len(each.form) == 1 or (each.tag != "NNP" and len(run) == 2) for each in run[1:])
        and len(run[0].form) < FULL_NAME
    )


def _own(run: Sequence[Morpheme]) -> tuple[int, int] | None:
    """Offsets of the first row of proper nouns in a run."""
    found: tuple[int, int] | None = None
    for each in run:
        if _is_proper(each):
            found = (found[0] if found else each.start, each.end)
        elif found and not (each.tag == "SN" and each.start == found[1]):
            break
    return found


def _belong(text: str, before: Span, after: Span) -> bool:
    """Whether two names with one space between them are one: foreign names, a place in a place, `일본 정부`."""
    if text[before.end : after.start] != " " or "person" in (_sure(before), _sure(after)):
        return False
    if before.kind == "place":
        return after.kind in ("place", "organisation")
    return after.kind != "place" or before.kind == "name"


def _sure(span: Span) -> str:
    """The kind of a name where its form leaves no doubt."""
    return span.kind if " " not in span.name else "name"


def _heads(text: str, before: Span, noun: Morpheme) -> bool:
    """Whether a noun by itself is the head of the name before it: `크레이 곶`."""
    return (
        text[before.end : noun.start] == " "
        and noun.form in KIND.keys() - TITLES
        and before.kind in ("name", "place")
        and KIND[noun.form] != "work"
    )


def _lies(text: str, before: Morpheme, noun: Morpheme) -> bool:
    """Whether two common nouns name a place on the map: `갈매기 여울`."""
    near = before.form in NEAR or len(before.form) == 1
    return noun.form in LANDFORMS and not near and text[before.end : noun.start] == " "


def _kind_of_both(before: Span, after: Span) -> str:
    return after.kind if after.kind != "name" else "name" if before.kind == "place" else before.kind


def _is_name(name: str) -> bool:
    """Whether it can stand for something in particular: more than a letter or surname, no word of many things."""
    return bool(_PLAIN.match(name)) and name not in GENERIC and not _RANK.search(name)
