"""A community's report put together from sentences and facts of the sources: nothing in it is written anew."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log2
from typing import Any, NamedTuple

from graphrag_engine.offline.wording import ENGLISH, Wording, of_report

_NOTE = "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*"
_PLURALS = {
    "person": "persons",
    "organisation": "organisations",
    "place": "places",
    "work": "works",
    "event": "events",
    "date": "dates",
    "money": "sums of money",
    "quantity": "quantities",
    "concept": "concepts",
    "name": "other names",
}
_SINGULARS = {"money": "sum of money", "name": "other name"}
_RATES = 1 << 12
"""Ratings that are kept: most communities are as small as many others."""
_EMPHASIS = re.compile(r"\*\*|__|`")
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")


class Place(NamedTuple):
    """Exactly the cited sentence: offsets in the text unit."""

    unit: str
    start: int
    end: int


class Quote(NamedTuple):
    """A chosen sentence as it is shown, and the title of its document."""

    place: Place
    shown: str
    document: str


class Fact(NamedTuple):
    """A relationship as it is shown, with the sentence that states it."""

    place: Place
    shown: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a report is put together from."""

    names: Sequence[str]
    """The entities that give the title, weightiest first."""
    types: Iterable[str]
    """The type of each entity."""
    dates: Iterable[str]
    """Texts in which the years of the profile are looked for."""
    ties: int
    passages: int
    documents: int
    quotes: Sequence[Quote]
    """In the order of the documents."""
    best: Sequence[Place]
    """The places of the quotes, best first."""
    facts: Sequence[Fact]


@dataclass
class _Numbers:
    """Citation numbers, given in the order in which they are asked for."""

    known: dict[Place, int] = field(default_factory=dict)

    def of(self, place: Place) -> int:
        return self.known.setdefault(place, len(self.known) + 1)


def write(material: Material) -> dict[str, Any]:
    """The columns of a report: title, summary, full_content, findings, rating, rating_explanation, citations."""
    numbers = _Numbers()
    say = of_report(" ".join([*material.names, *(quote.shown for quote in material.quotes)]))
    title = " \u00b7 ".join(material.names)
    profile = _profile(material, say)
    said = _sentences(material.quotes, numbers)
    facts = [f"- {fact.shown} [{numbers.of(fact.place)}]" for fact in material.facts]
    rating, why = rate(material.ties, material.documents, say)
    return {
        "title": title,
        "summary": _summary(material, numbers) or profile,
        "full_content": "\n\n".join(
            [
                f"# {title}",
                say(_NOTE),
                profile,
                *_section(say("What the sources say"), said, "\n\n"),
                *_section(say("Facts"), facts, "\n"),
            ]
        ),
        "findings": _findings(material, numbers, say),
        "rating": rating,
        "rating_explanation": why,
        "citations": [
            {"n": n, "text_unit_id": place.unit, "start": place.start, "end": place.end}
            for place, n in numbers.known.items()
        ],
    }


def plain(text: str) -> str:
    """A sentence on one line, without marks of emphasis."""
    marked = "*" in text or "_" in text or "`" in text
    return " ".join(_EMPHASIS.sub("", text).split()).strip("*_ ") if marked else " ".join(text.split())


@lru_cache(_RATES)
def rate(ties: int, documents: int, say: Wording = ENGLISH) -> tuple[float, str]:
    """Importance from 0 to 10 with the reason: each doubling of relationships or of documents adds one."""
    rating = round(min(10.0, log2(1 + ties) + log2(1 + documents)), 1)
    counts = say.count(ties, "relationship"), say.count(documents, "document")
    return rating, say("{} of 10: {}, stated in {}.", say.number(rating), *counts)


def _summary(material: Material, numbers: _Numbers) -> str:
    """The two best sentences, in the order of the documents."""
    best = set(material.best[:2])
    return " ".join(f"{quote.shown} [{numbers.of(quote.place)}]" for quote in material.quotes if quote.place in best)


def _sentences(quotes: Sequence[Quote], numbers: _Numbers) -> list[str]:
    """The quoted sentences, one paragraph a document."""
    paragraphs: dict[str, list[str]] = {}
    for quote in quotes:
        paragraphs.setdefault(quote.document, []).append(f"{quote.shown} [{numbers.of(quote.place)}]")
    return [f"**{document}:** {' '.join(lines)}" for document, lines in paragraphs.items()]


def _findings(material: Material, numbers: _Numbers, say: Wording) -> list[dict[str, Any]]:
    """Each sentence and each fact; the explanation tells where it stands."""
    quoted = [(quote.shown, say("From {!r}.", quote.document), quote.place) for quote in material.quotes]
    stated = [(fact.shown, fact.sentence, fact.place) for fact in material.facts]
    return [
        {"summary": summary, "explanation": explanation, "citations": [numbers.of(place)]}
        for summary, explanation, place in [*quoted, *stated]
    ]


def _profile(material: Material, say: Wording) -> str:
    """One line: how many entities of which types, from where, over which years."""
    counts = Counter(material.types)
    kinds = sorted(counts, key=lambda kind: (kind == "name", -counts[kind], kind))
    named = [say.count(counts[kind], _SINGULARS.get(kind, kind), _PLURALS.get(kind)) for kind in kinds]
    whole, ties = say.count(counts.total(), "entity", "entities"), say.count(material.ties, "relationship")
    passages, documents = say.count(material.passages, "passage"), say.count(material.documents, "document")
    line = say("{} ({}) with {}, from {} of {}", whole, say(", ").join(named), ties, passages, documents)
    years = sorted(set(_YEAR.findall(" ".join(material.dates))))
    if len(years) > 1:
        return line + say("; years {} to {}.", years[0], years[-1])
    return line + say("; year {}.", years[0]) if years else say("{}.", line)


def _section(heading: str, parts: Sequence[str], between: str) -> list[str]:
    return [f"## {heading}", between.join(parts)] if parts else []
