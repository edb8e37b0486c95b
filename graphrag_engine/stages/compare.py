"""mentions, name_vectors -> comparisons: whether names that may be one thing are, where their words leave a doubt.

Off unless names are embedded or a chat model is named for it. Very near names are one by their vectors; on the others
the model is asked, a batch at a time. A batch ends where it is full or the hash of a name says so: another name changes
the batches that it is compared in, and those after them up to the next such name.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa

from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Conversation, Message, Request, Task
from graphrag_engine.offline.candidates import Candidate, candidates
from graphrag_engine.offline.evident import evident, naming
from graphrag_engine.offline.rulings import MODEL, VECTOR
from graphrag_engine.offline.standing import Standing, standing
from graphrag_engine.prompts import enclosed
from graphrag_engine.replies.pairs import PAIRS, verdicts
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Asked, Asking, RowStage, Tables

_PAIRS = 30
"""Most pairs in a batch."""
_ENDS = "0"
"""Last digit of the hash of a name that ends its batch: one in sixteen."""
_BEFORE, _AFTER = 60, 100
"""Characters of the text around a name that nothing else describes."""
_LONGEST = 200
"""Characters of one description."""
_CONFIDENCE = {VECTOR: 0.6, MODEL: 0.7}


@dataclass(frozen=True)
class Batch:
    """Pairs that are judged together."""

    pairs: Sequence[tuple[str, str]]
    """Those that leave a doubt, numbered from 1."""
    text: str
    """What a model is shown of them."""
    sure: Sequence[tuple[str, str]]
    """Those that vectors decide."""

    @property
    def id(self) -> str:
        """The first pair: no other batch holds it."""
        return " / ".join(min((*self.pairs, *self.sure)))


class Names:
    """The names to compare; worked out only where somebody asks."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.embedded = len(tables["name_vectors"]) > 0

    @cached_property
    def batches(self) -> Mapping[str, Batch]:
        """All pairs in doubt, in batches, by id."""
        names = standing(self._tables, evident(naming(self._tables)))
        kept = self._tables["name_vectors"]
        vectors = dict(zip(kept["name"].to_pylist(), kept["vector"].to_pylist(), strict=True))
        batches = [self._batch(names, pairs) for pairs in _cut(names, candidates(names, vectors))]
        return {batch.id: batch for batch in batches}

    def _batch(self, names: Sequence[Standing], pairs: Sequence[Candidate]) -> Batch:
        doubtful = [pair for pair in pairs if not pair.sure]
        lines: list[str] = []
        shown = set[int]()
        for n, pair in enumerate(doubtful, 1):
            if n == 1 or pair.left != doubtful[n - 2].left:
                lines.append(f"* {self._told(names[pair.left], again=pair.left in shown)}")
            lines.append(f"{n}. {self._told(names[pair.right], again=pair.right in shown)}")
            shown |= {pair.left, pair.right}
        named = {pair: (names[pair.left].name, names[pair.right].name) for pair in pairs}
        return Batch([named[pair] for pair in doubtful], "\n".join(lines), [named[p] for p in pairs if p.sure])

    def _told(self, each: Standing, *, again: bool) -> str:
        """A name in a line, with its type and at the first time what is said of it, or the words around it."""
        said = [] if again else [text[:_LONGEST] for text in each.said] or self._around(each)
        return f"{each.name} ({each.type})" + (f": {' '.join(said)}" if said else "")

    def _around(self, each: Standing) -> list[str]:
        if each.at is None:
            return []
        unit, start, end = each.at
        text = self._texts[unit]
        gap = text.find(" ", start - _BEFORE, start) if start > _BEFORE else -1
        begin = gap if gap >= 0 else max(0, start - _BEFORE)
        return [f"\u201c{' '.join(text[begin : end + _AFTER].split())}\u201d"]

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        units = self._tables["text_units"]
        return dict(zip(units["id"].to_pylist(), units["text"].to_pylist(), strict=True))


def _cut(names: Sequence[Standing], pairs: Iterable[Candidate]) -> Iterator[list[Candidate]]:
    """The pairs in batches, those of one left name side by side, in an order that no other name changes."""
    hashed = {at: digest(names[at].name) for at in {pair.left for pair in pairs}}
    batch: list[Candidate] = []
    ordered = sorted(pairs, key=lambda pair: (hashed[pair.left], names[pair.right].name))
    for left, group in groupby(ordered, key=lambda pair: pair.left):
        mine = list(group)
        if batch and len(batch) + len(mine) > _PAIRS:
            yield batch
            batch = []
        for at in range(0, len(mine) - _PAIRS, _PAIRS):
            yield mine[at : at + _PAIRS]
        batch += mine[(len(mine) - 1) // _PAIRS * _PAIRS :]
        if hashed[left].endswith(_ENDS):
            yield batch
            batch = []
    if batch:
        yield batch


_NOTES = {
    "left": "{n:,} pairs of names that may be one thing were not judged, and stay apart.",
    "bad": "{n:,} judgements on pairs of names could not be used, and were left out.",
}


class _Judged(NamedTuple):
    """What was decided of a batch."""

    rows: Sequence[Mapping[str, Any]]
    bad: int
    """Records of the reply that are no judgement of a pair."""
    left: int
    """Pairs that it does not judge."""


def fingerprints(names: Names, asking: Asking) -> Iterator[tuple[str, str]]:
    """What is shown of each batch, and what vectors decide."""
    batches = names.batches if asking.model or names.embedded else {}
    return ((name, digest(batch.text, [[*pair] for pair in batch.sure])) for name, batch in batches.items())


def tasks(names: Names, asking: Asking, ids: Collection[str], _kept: Tables) -> Iterable[Task[_Judged]]:
    """One task a batch."""
    for name in ids:
        yield Task(name, (), partial(_judged, names.batches[name], asking.model))


def gather(results: Mapping[str, _Judged]) -> Tables:
    """The judgements as a table."""
    rows = [row for each in results.values() for row in each.rows]
    return {"comparisons": pa.Table.from_pylist(rows, TABLES["comparisons"].schema)}


def _judged(batch: Batch, model: Asked | None, _results: Mapping[str, _Judged]) -> Conversation[_Judged]:
    rows = [_row(batch, pair, VECTOR, same=True) for pair in batch.sure]
    if model is None or not batch.pairs:
        return _Judged(rows, 0, 0)
    messages = (Message("system", model.prompts["compare"]), Message("user", enclosed(batch.text)))
    limit = model.sampling["max_tokens"]
    reply = yield Request(messages=messages, shape=PAIRS, max_tokens=limit, task=f"compare:{batch.id}")
    found = verdicts(reply.text, len(batch.pairs))
    rows += [_row(batch, batch.pairs[n - 1], MODEL, same=same) for n, same in found.same.items()]
    return _Judged(rows, found.bad, len(batch.pairs) - len(found.same))


def _row(batch: Batch, pair: tuple[str, str], cause: str, *, same: bool) -> Mapping[str, Any]:
    verdict = "same" if same else "different"
    ends = dict(zip(("left", "right"), pair, strict=True))
    return {**ends, "verdict": verdict, "cause": cause, "confidence": _CONFIDENCE[cause], "batch": batch.id}


STAGE = RowStage(
    name="compare",
    reads=("text_units", "entity_mentions", "name_vectors"),
    writes=("comparisons",),
    version=1,
    owner="batch",
    prepare=lambda tables, _: Names(tables),
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
    prompts=("compare",),
    optional=True,
    counts=lambda judged: {"bad": judged.bad, "left": judged.left},
    notes=_NOTES,
)
