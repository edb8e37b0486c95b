"""What ties say in words, and where their sources say it."""

import re
from collections.abc import Mapping

from graphrag_engine.offline.corpus import Corpus
from graphrag_engine.offline.passages import speaks_of_a_person
from graphrag_engine.offline.reports import Fact, Place, plain
from graphrag_engine.offline.wording import of_report

_NEGATIVE = re.compile(r"\b(?:not|never|no|nor|neither)\b|n't\b|(?:지 않다|아니다)\Z")
_CAUTION: Mapping[tuple[str, ...], str] = {("FALSE",): "denied", ("SUSPECTED",): "reported, not certain", ("TRUE",): ""}


class Facts:
    """The ties of a corpus as reports show them; each is looked up once for all reports."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._ties = corpus.ties
        self._places: dict[int, Place | None] = {}
        self._told: dict[int, Fact | None] = {}

    def place(self, tie: int) -> Place | None:
        """Where a tie is stated: its first claim, else its description, else the first sentence with both ends."""
        if tie not in self._places:
            self._places[tie] = self._place(tie)
        return self._places[tie]

    def of(self, tie: int) -> Fact | None:
        """A tie as it is shown, where the sources state it."""
        if tie not in self._told:
            self._told[tie] = self._fact(tie)
        return self._told[tie]

    def shown(self, tie: int) -> bool:
        """Whether a reader of the sentence sees both ends of a tie there; a pronoun may stand for a person."""
        if (place := self.place(tie)) is None:
            return False
        passage, source = self._corpus.passage(place.unit), self._ties.source[tie]
        at = passage.number(place.start)
        if at < 0 or at not in passage.where(self._ties.target[tie]):
            return False
        pronoun = self._corpus.entities[source].type == "person" and speaks_of_a_person(passage.said(at))
        return pronoun or at in passage.where(source)

    def _fact(self, tie: int) -> Fact | None:
        place = self.place(tie)
        if place is None:
            return None
        return Fact(place, self._worded(tie), plain(self._corpus.texts[place.unit][place.start : place.end]))

    def _place(self, tie: int) -> Place | None:
        order, said = self._corpus.order, self._ties.description[tie]
        claims = self._ties.claims(tie)
        claimed = [Place(each.unit, each.start, each.end) for each in claims if each.start is not None]
        if claimed:
            return min(claimed, key=lambda place: (order[place.unit], place.start))
        for unit in sorted(self._ties.units(tie), key=order.__getitem__):
            start = self._corpus.texts[unit].find(said) if said else -1
            if start >= 0:
                return Place(unit, start, start + len(said))
            passage = self._corpus.passage(unit)
            ends = self._ties.source[tie], self._ties.target[tie]
            shared = set.intersection(*(set(passage.where(end)) for end in ends))
            if shared:
                return Place(unit, *passage.spans[min(shared)])
        return None

    def _worded(self, tie: int) -> str:
        """A tie in words, with its one date, and a caution unless it is simply stated."""
        kind, claims = self._ties.type[tie], self._ties.claims(tie)
        ends = (self._corpus.entities[end].names[0] for end in (self._ties.source[tie], self._ties.target[tie]))
        dates = {claim.date for claim in claims} - {None}
        statuses = tuple(sorted({claim.status for claim in claims})) or ("TRUE",)
        caution = "" if statuses == ("FALSE",) and _NEGATIVE.search(kind) else _CAUTION.get(statuses, "disputed")
        say = of_report(kind)
        notes = [note for note in (dates.pop() if len(dates) == 1 else "", say.known(caution)) if note]
        return f" \u2013 {kind} \u2013 ".join(ends) + (f" ({', '.join(notes)})" if notes else "")
