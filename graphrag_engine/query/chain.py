"""Ties that lead from the names of a question to what it asks for, by the words of the question in their predicates."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphrag_engine.offline.words import terms
from graphrag_engine.query.ranking import Ranking
from graphrag_engine.stores.base import Store

_MOST = 6
_BEGINNINGS = 3
"""Entities of most mass to begin from where the question names none."""
_BROTHERS = 1
"""Further ties of the same type from the same thing that come with one."""
_RENAMED = re.compile(
    r"(?:also |formerly |later |now )?(?:known|launched|registered|born|christened|called) as|renamed"
)
"""Predicates between two names of one thing."""


@dataclass(frozen=True)
class _Tie:
    """A relationship and its ends as rows, the words of worth in its predicate, and its score."""

    row: int
    source: int
    target: int
    type: str
    terms: frozenset[str]
    score: float

    def beyond(self, reached: set[int]) -> bool:
        """Whether exactly one end is reached."""
        return (self.source in reached) != (self.target in reached)


def chained(
    store: Store, ties: Ranking, begin: Sequence[int], entities: Ranking, worth: Mapping[str, float]
) -> list[int]:
    """Rows of ties, each tied to one before it or to where the question begins; no word of it is spent twice.

    *ties*: candidates with their scores; *worth*: what each word of the question is worth in a predicate.
    """
    known = _read(store, ties, worth)
    reached = set(begin) or set(entities.top(_BEGINNINGS).rows.tolist())
    left = dict(worth)
    chosen: dict[int, None] = {}
    while len(chosen) < _MOST:
        steps = max(_steps(known, reached, left), key=lambda step: step[0], default=None)
        if steps is None:
            break
        _, links = steps
        last = links[-1]
        for tie in [*links, *_brothers(known, last, chosen)]:
            chosen[tie.row] = None
            reached |= {tie.source, tie.target}
        left = {term: value for term, value in left.items() if term not in last.terms}
    return list(chosen)[:_MOST]


def _read(store: Store, ties: Ranking, worth: Mapping[str, float]) -> list[_Tie]:
    """The ties that can be a step: with a word of the question, or between two names of one thing."""
    found = store.rows("relationships", ties.rows, ("source", "target", "type"))
    made = [
        _Tie(
            row, said["source"], said["target"], said["type"], frozenset(worth.keys() & set(terms(said["type"]))), score
        )
        for said, (row, score) in zip(found, ties.pairs(), strict=True)
    ]
    return [tie for tie in made if tie.terms or _RENAMED.match(tie.type)]


def _steps(
    known: Sequence[_Tie], reached: set[int], left: Mapping[str, float]
) -> Iterator[tuple[tuple[float, float, int], list[_Tie]]]:
    """Each next tie with its rank; where it hangs on another name of what is reached, that tie before it."""
    renamed = {end: tie for tie in known if _RENAMED.match(tie.type) and tie.beyond(reached) for end in _ends(tie)}
    for tie in known:
        gain = sum(left.get(term, 0.0) for term in tie.terms)
        if gain <= 0:
            continue
        if tie.beyond(reached):
            yield (gain, tie.score, -tie.row), [tie]
        else:
            bridge = next((renamed[end] for end in _ends(tie) if end in renamed and end not in reached), None)
            if bridge and not reached & set(_ends(tie)):
                yield (gain, tie.score, -tie.row), [bridge, tie]


def _brothers(known: Sequence[_Tie], tie: _Tie, chosen: Mapping[int, None]) -> list[_Tie]:
    """Ties of the same type from the same thing: two founders of one yard."""
    alike = [each for each in known if (each.type, each.source) == (tie.type, tie.source)]
    return [each for each in alike if each.row != tie.row and each.row not in chosen][:_BROTHERS]


def _ends(tie: _Tie) -> tuple[int, int]:
    return tie.source, tie.target
