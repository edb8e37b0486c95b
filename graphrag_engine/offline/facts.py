"""What ties say in words, and where their sources say it."""

import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache, partial

from graphrag_engine.offline.corpus import Corpus
from graphrag_engine.offline.passages import speaks_of_a_person
from graphrag_engine.offline.reports import Fact, Place, plain
from graphrag_engine.offline.tied import Claim
from graphrag_engine.offline.wording import of_report

_NEGATIVE = re.compile(r"\b(?:not|never|no|nor|neither)\b|n't\b|(?:지 않다|아니다)\Z")
_CAUTION: Mapping[tuple[str, ...], str] = {("FALSE",): "denied", ("SUSPECTED",): "reported, not certain", ("TRUE",): ""}
_KEPT = 1 << 12
"""Ties that are kept."""


class Facts:
    """The ties of a corpus as reports show them; the last few thousand are kept, for communities of one branch."""

    def __init__(self, corpus: Corpus) -> None:
        self.place = lru_cache(_KEPT)(partial(_place, corpus))
        """Where a tie is stated: its first claim, else its description, else the first sentence with both ends."""
        self.of = lru_cache(_KEPT)(partial(_fact, corpus, self.place))
        """A tie as it is shown, where the sources state it."""
        self.shown = lru_cache(_KEPT)(partial(_shown, corpus, self.place))
        """Whether a reader of the sentence sees both ends of a tie there; a pronoun may stand for a person."""


def _place(corpus: Corpus, tie: int) -> Place | None:
    ties, order = corpus.ties, corpus.units.place
    claimed = [Place(each.unit, each.start, each.end) for each in ties.claims(tie) if each.start >= 0]
    if claimed:
        return min(claimed, key=lambda place: (order[place.unit], place.start))
    said = ties.description(tie)
    for unit in sorted(ties.units(tie), key=order.__getitem__):
        passage = corpus.passage(unit)
        start = passage.text.find(said) if said else -1
        if start >= 0:
            return Place(unit, start, start + len(said))
        shared = set(passage.where(ties.source[tie])).intersection(passage.where(ties.target[tie]))
        if shared:
            return Place(unit, *passage.span(min(shared)))
    return None


def _shown(corpus: Corpus, place_of: Callable[[int], Place | None], tie: int) -> bool:
    if (place := place_of(tie)) is None:
        return False
    ties, passage = corpus.ties, corpus.passage(place.unit)
    source, at = ties.source[tie], passage.number(place.start)
    if at < 0 or at not in passage.where(ties.target[tie]):
        return False
    return at in passage.where(source) or (
        corpus.entities[source].type == "person" and speaks_of_a_person(passage.said(at))
    )


def _fact(corpus: Corpus, place_of: Callable[[int], Place | None], tie: int) -> Fact | None:
    place = place_of(tie)
    if place is None:
        return None
    sentence = plain(corpus.passage(place.unit).text[place.start : place.end])
    return Fact(place, _worded(corpus, tie, sentence), sentence)


def _worded(corpus: Corpus, tie: int, sentence: str) -> str:
    """A tie in words, with its one date, and a caution in the language of its sentence unless it is simply stated."""
    kind, claims = corpus.ties.type[tie], corpus.ties.claims(tie)
    source = corpus.entities[corpus.ties.source[tie]].names[0]
    target = corpus.entities[corpus.ties.target[tie]].names[0]
    notes = _notes(kind, claims, sentence) if claims else ""
    return f"{source} \u2013 {kind} \u2013 {target}{notes}"


def _notes(kind: str, claims: Collection[Claim], sentence: str) -> str:
    """The one date of these claims, and how far they are to be trusted."""
    dates = {claim.date for claim in claims} - {""}
    statuses = tuple(sorted({claim.status for claim in claims}))
    caution = "" if statuses == ("FALSE",) and _NEGATIVE.search(kind) else _CAUTION.get(statuses, "disputed")
    told = caution and of_report(f"{kind} {sentence}").known(caution)
    notes = [note for note in (dates.pop() if len(dates) == 1 else "", told) if note]
    return f" ({', '.join(notes)})" if notes else ""
