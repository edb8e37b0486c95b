"""What a model is shown of a community, numbered so that it can cite: things, ties and claims, or reports below it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.offline.corpus import Corpus
from graphrag_engine.offline.reports import Fact, Place, plain

Row = Mapping[str, Any]

_SHARES = {"Reports on its parts": 0.6, "Entities": 0.25, "Relationships": 0.45, "Claims": 0.3}
"""Of the room that sections before it left over, in this order; the last may fill what is left."""
MARK = re.compile(r"\s?\[(\d{1,6}(?:\s?,\s?\d{1,6})*)\]")
"""A reference to citations, such as [3] or [3, 7], and the blank before it."""
_CAUTION = {"FALSE": "denied", "SUSPECTED": "not certain", "TRUE": ""}


class Line(NamedTuple):
    """One thing to know, and the sentences it rests on."""

    text: str
    places: Sequence[Place]


@dataclass(frozen=True)
class Brief:
    """What a model is shown of a community."""

    text: str
    places: Mapping[int, Sequence[Place]]
    """The sentences that each number refers to."""
    cut: int
    """Lines that did not fit."""


def brief(sections: Mapping[str, Iterable[Line]], budget: int) -> Brief:
    """Numbered lines under headings, best first, of about *budget* tokens at most.

    What one section leaves over, the next may use.
    """
    written: list[str] = []
    places: dict[int, Sequence[Place]] = {}
    left, cut = float(budget), 0
    for at, (heading, lines) in enumerate(sections.items()):
        room = left if at == len(sections) - 1 else left * _SHARES[heading]
        listed = list(lines)
        kept = _fitting(listed, room)
        if kept:
            written.append(f"{heading}:")
        for line in kept:
            number = len(places) + 1
            places[number] = line.places
            written.append(f"[{number}] {line.text}")
        left -= sum(map(_tokens, kept))
        cut += len(listed) - len(kept)
    return Brief("\n".join(written), places, cut)


def _fitting(lines: Sequence[Line], room: float) -> Sequence[Line]:
    """The first lines that fit; no later, shorter one is slipped in before a better."""
    for at, line in enumerate(lines):
        room -= _tokens(line)
        if room < 0:
            return lines[:at]
    return lines


def _tokens(line: Line) -> int:
    return estimate_tokens(line.text) + 4


def entities(corpus: Corpus, members: Iterable[str]) -> Iterator[Line]:
    """What each thing is, with the first sentence that names it."""
    for member in members:
        each = corpus.entities[member]
        said = corpus.descriptions.get(member, "")
        place = _naming(corpus, member)
        yield Line(f"{each.names[0]} ({each.type})" + (f": {plain(said)}" if said else ""), [place] if place else [])


def _naming(corpus: Corpus, member: str) -> Place | None:
    """The first sentence that names a thing."""
    for unit in sorted(corpus.entities[member].units, key=corpus.units.place.__getitem__):
        passage = corpus.passage(unit)
        if where := passage.where(member):
            return Place(unit, *passage.span(where[0]))
    return None


def ties(facts: Iterable[tuple[Fact, str]]) -> Iterator[Line]:
    """Ties as they are shown, with what is said of them."""
    for fact, said in facts:
        yield Line(f"{fact.shown}: {plain(said or fact.sentence)}", [fact.place])


def claims(corpus: Corpus, community_ties: Iterable[int]) -> Iterator[Line]:
    """Claims that state a tie of the community, with their dates, in the words of the source."""
    for tie in community_ties:
        for claim in corpus.ties.claims(tie):
            if claim.start < 0:
                continue
            notes = [note for note in (claim.date, _CAUTION.get(claim.status, claim.status)) if note]
            words = plain(corpus.units.text(claim.unit)[claim.start : claim.end])
            told = f" ({', '.join(notes)})" if notes else ""
            yield Line(f"\u201c{words}\u201d{told}", [Place(claim.unit, claim.start, claim.end)])


def below(reports: Iterable[Row]) -> Iterator[Line]:
    """What the reports below say: their summaries, then the first finding of each, the second of each, and so on."""
    listed = [(row, _places(row)) for row in reports]
    for row, places in listed:
        yield Line(f"{row['title']}: {unmarked(row['summary'])}", list(places.values())[:1])
    for rank in range(max((len(row["findings"]) for row, _ in listed), default=0)):
        for row, places in listed:
            for finding in row["findings"][rank : rank + 1]:
                cited = [places[n] for n in finding["citations"] if n in places]
                yield Line(f"{row['title']}: {unmarked(finding['summary'])}", cited)


def _places(row: Row) -> dict[int, Place]:
    return {each["n"]: Place(each["text_unit_id"], each["start"], each["end"]) for each in row["citations"]}


def unmarked(text: str) -> str:
    """A text without the marks that refer to its own citations."""
    return MARK.sub("", text)
