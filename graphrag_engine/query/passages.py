"""Which passages are shown and which of their sentences: those that bear on the question, best first."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from math import fsum

import numpy as np

from graphrag_engine.offline.evidence import (
    DISPUTE,
    LEAD_IN,
    REASON,
    Cue,
    Span,
    adjoin,
    asked_for,
    best_sentences,
    cue,
    is_filler,
)
from graphrag_engine.offline.words import terms
from graphrag_engine.query.citations import Citations, Unit
from graphrag_engine.query.found import Found
from graphrag_engine.query.names import Names, flat
from graphrag_engine.query.ranking import NOTHING, Ranking, ranked
from graphrag_engine.query.stated import heard, plain, states
from graphrag_engine.stores.base import Store

_SENTENCES = 2
"""Sentences shown of a passage."""
TOUCHED = 12
"""Entities, of most mass, that count as touched."""
_THROUGH = 3
"""Entities named as the reason for a passage."""
_MEASURES = ("date", "money", "quantity")
"""Types that tell nobody why a passage is here."""
_CANDIDATES = 5
_SMOOTHING = 8
"""Terms added to a sentence's length, so that a short one does not win by being short."""
_BRIDGE = 0.5
"""Weight of the name of a touched entity in choosing sentences, as a share of the question's own words."""
_MARKED, _FACT, _STEP = 0.3, 0.4, 0.1
"""What a cue and a fact shown count beside all words of the question, and what a place in the ranking counts."""
_HEADED = 0.4
"""What a name is worth in a passage headed by it, where every sentence is about it."""
_LEAST = 1e-6
_LOOKED_AT = 4
"""Sentences of a passage of which those shown are chosen."""


@dataclass(frozen=True)
class Sentence:
    """A sentence as shown, with its number."""

    said: str
    n: int
    apart: bool
    """Whether something was left out before it."""


@dataclass(frozen=True)
class Passage:
    """A text unit as shown: its best sentences, and the entities that led to it."""

    title: str
    source: str
    sentences: tuple[Sentence, ...]
    through: tuple[str, ...]


@dataclass(frozen=True)
class Possible:
    """Something of the type that was asked for, and where it stands. No answer: a candidate."""

    name: str
    n: int


@dataclass(frozen=True)
class _Draft:
    """A text unit with the sentences chosen of it, before any is cited."""

    row: int
    spans: tuple[Span, ...]
    bears: float
    """How well they bear on the question, less what its place in the ranking takes off; 0 or less: padding."""


class Passages:
    """Chooses passages and candidates for one answer; remembers what was shown."""

    def __init__(self, store: Store, found: Found, cited: Citations, names: Names) -> None:
        self.shown: dict[str, int] = {}
        """Sentences shown, on one line, with their numbers."""
        self.rows: set[int] = set()
        """Text units shown."""
        self._store = store
        self._found = found
        self._cited = cited
        self._names = names
        self._cue: Cue | None = cue(found.asked.question.text)

    def chosen(self, facts: Iterable[tuple[int, Span]]) -> tuple[Passage, ...]:
        """The passages: those first that hold what was asked, or a fact that is shown; no padding, but always one."""
        stated: dict[int, list[Span]] = {}
        for row, span in facts:
            stated.setdefault(row, []).append(span)
        weights = self._weights()
        drafts = [self._draft(row, place, weights, stated.get(row, ())) for place, row in enumerate(self._rows(stated))]
        kept = [draft for draft in drafts if draft.bears > 0] or drafts[:1]
        made = (self._passage(draft) for draft in sorted(kept, key=lambda draft: -draft.bears))
        shown = (passage for passage in made if passage.sentences)
        return tuple(islice(shown, len(self._found.units.rows)))

    def candidates(self) -> tuple[Possible, ...]:
        """Entities of the type asked for in sentences shown that hold a content word of the question."""
        weights = self._found.asked.hits.weights
        asked = set(self._found.asked.content)
        held = {said: terms(said) for said in self.shown}
        worth = {
            said: fsum(weights[term] for term in asked & set(words)) / (len(words) + _SMOOTHING) ** 0.5
            for said, words in held.items()
        }
        placed: list[tuple[float, int, str, str]] = []
        for place, row in enumerate(self._fitting().rows.tolist()):
            name = str(self._names.name(row))
            said = max((each for each in self.shown if plain(name) in heard(each)), key=worth.__getitem__, default="")
            if worth.get(said):
                placed.append((-worth[said], place, name, said))
        longest = sorted({plain(name) for _, _, name, _ in placed}, key=len)
        part = {name for at, name in enumerate(longest) if any(name in other for other in longest[at + 1 :])}
        found = {plain(name): Possible(name, self.shown[said]) for _, _, name, said in sorted(placed)}
        return tuple(each for name, each in found.items() if name not in part)[:_CANDIDATES]

    def unspoken(self) -> list[str]:
        """The content words of the question where no path leads on and no sentence shown holds one; names are known."""
        asked, question = self._found.asked, self._found.asked.question
        if self._found.paths or not asked.links.found or set(asked.content) & set(terms("\n".join(self.shown))):
            return []
        words = dict.fromkeys(question.spoken)
        return [word for word in words if set(terms(word)) & set(asked.content)]

    def _rows(self, stated: Mapping[int, Sequence[Span]]) -> list[int]:
        """As many rows as were asked for, by rank: the best, those with a fact shown before the others."""
        rows: list[int] = self._found.near.rows.tolist() or self._found.units.rows.tolist()
        if self._found.mode == "global":
            return rows
        first = [row for row in rows if row in stated]
        kept = set([*first, *(row for row in rows if row not in stated)][: len(self._found.units.rows)])
        return [row for row in rows if row in kept]

    def _draft(self, row: int, place: int, weights: Mapping[str, float], stated: Sequence[Span]) -> _Draft:
        """The sentences of a passage and how well the best bears: all words of the question are worth 1."""
        unit = self._cited.unit(row)
        headed = set(terms(unit.heading))
        telling = self._telling(weights, headed)
        best = best_sentences(unit.text, telling, _LOOKED_AT, topic=headed, marked=self._cue)
        best = [span for span in best if flat(unit.text[slice(*span)]) not in self.shown]
        worth = {span: self._worth(unit, span, headed) for span in (*stated, *best)}
        if self._cue is REASON and any(worth.values()):
            worth |= {span: _MARKED for span in best if not worth[span] and REASON.of(unit.text[slice(*span)]) == 1.0}
        apt = [span for span in best if worth[span] > 0 and span not in stated]
        spans = [*stated, *sorted(apt, key=lambda span: -worth[span])][:_SENTENCES]
        spans += [span for span in best if any(self._leads(unit.text, each, span) for each in spans)]
        bears = max((worth[span] for span in spans), default=0.0) + _FACT * bool(stated)
        shown = tuple(sorted(dict.fromkeys(spans or best[:1])))
        place = 0 if stated and self._found.paths else place
        return _Draft(row, shown, max(bears - _STEP * place, _LEAST / (1 + place)) if bears > 0 else 0.0)

    def _telling(self, weights: Mapping[str, float], headed: Set[str]) -> dict[str, float]:
        """What terms are worth in a passage whose heading holds some: those tell its sentences less apart."""
        asked = self._found.asked
        kept = {term: worth for term, worth in weights.items() if term in asked.hits.weights or term not in headed}
        return {
            term: worth * (_HEADED if term in headed and term not in asked.content else 1.0)
            for term, worth in kept.items()
        }

    def _worth(self, unit: Unit, span: Span, headed: Set[str]) -> float:
        """How well a sentence bears: its share of the question's words and its mark; 0 for padding."""
        asked, said = self._found.asked, unit.text[slice(*span)]
        held = asked.hits.weights.keys() & set(terms(said))
        content = held & set(asked.content)
        mark = self._cue.of(said) if self._cue else 0.0
        disputed = self._cue is DISPUTE and mark == 1.0
        if is_filler(unit.text, span) or not (content or disputed or self._is_named(unit, span)):
            return 0.0
        held |= asked.hits.weights.keys() & headed if content else set()
        share = fsum(asked.hits.weights[term] for term in held) / (sum(asked.hits.weights.values()) or 1.0)
        return share + _LEAST + (_MARKED * mark if content or disputed or not asked.content else 0.0)

    def _leads(self, text: str, span: Span, after: Span) -> bool:
        """Whether a short sentence that bears a cue says what it promises only in the next."""
        said = text[slice(*span)]
        short = self._cue is not None and len(said.split()) < LEAD_IN and self._cue.of(said) > 0
        return short and span[1] <= after[0] and adjoin(text, span, after)

    def _is_named(self, unit: Unit, span: Span) -> bool:
        """Whether a sentence names what the question names."""
        ends = (self._names.end(link.entity) for link in self._found.asked.links.found)
        return any(states(unit.text, span, unit.heading, [end], own=False) for end in ends)

    def _passage(self, draft: _Draft) -> Passage:
        unit = self._cited.unit(draft.row)
        chosen: list[Sentence] = []
        before: Span | None = None
        for span in draft.spans:
            said = flat(unit.text[slice(*span)])
            if said not in self.shown:
                self.shown[said] = self._cited.cite(draft.row, *span)
                apart = before is not None and not adjoin(unit.text, before, span)
                chosen.append(Sentence(said, self.shown[said], apart))
                before = span
        self.rows |= {draft.row} if chosen else set()
        return Passage(unit.title, unit.source, tuple(chosen), self._through(draft.row))

    def _through(self, row: int) -> tuple[str, ...]:
        """The touched entities that a text unit mentions, strongest first."""
        here = set(self._store.neighbours("mentioned", np.array([row])).far.tolist())
        linked = [link.entity for link in self._found.asked.links.found]
        touched = dict.fromkeys([*linked, *self._found.entities.top(TOUCHED).rows.tolist()])
        said = [self._names.entity(entity) for entity in touched if entity in here]
        title = self._cited.unit(row).title
        names = [each["name"] for each in said if each["type"] not in _MEASURES and each["name"] != title]
        return tuple(names[:_THROUGH])

    def _fitting(self) -> Ranking:
        """Entities of the type asked for in the text units near, by mass; none whose name the question holds."""
        asked = self._found.asked
        kinds = asked_for(asked.question.text)
        if not kinds or not len(self._found.entities.rows):
            return NOTHING
        here = self._store.neighbours("mentioned", np.sort(self._found.near.rows)).far
        rows = np.setdiff1d(here, asked.links.entities)
        rows = rows[[self._names.entity(row)["type"] in kinds for row in rows.tolist()]]
        words = set(terms(asked.question.text))
        rows = rows[[not words.issuperset(terms(str(self._names.name(row)))) for row in rows.tolist()]]
        found = ranked(rows, self._found.entities.of(rows))
        return found.top(int((found.scores > 0).sum()))

    def _weights(self) -> dict[str, float]:
        """What each term is worth in a sentence: words of the question, then names touched or of the type asked for."""
        weights = dict(self._found.asked.hits.weights)
        ground = _BRIDGE * sum(weights.values()) / max(len(weights), 1)
        touched = self._found.entities.top(TOUCHED)
        shares = {row: mass / touched.scores[0] for row, mass in touched.pairs()}
        shares.update(dict.fromkeys(self._fitting().rows.tolist(), 1.0))
        for row, share in shares.items():
            for term in terms(str(self._names.name(row))):
                weights[term] = max(weights.get(term, 0.0), ground * share)
        return weights
