"""mentions -> descriptions: for each entity and relationship the sentences that say best what it is.

Only where there is something to say: an entity is described where a sentence defines it, or where it is a
named thing of two mentions or more and stands in a statement; a relationship where a sentence states it
and both ends are things, not values such as dates.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Conversation, Task, said
from graphrag_engine.offline.descriptions import Description, Said, best, define
from graphrag_engine.offline.identity import identify
from graphrag_engine.offline.passages import LITERAL
from graphrag_engine.offline.ragged import Ints, by_id, strongest
from graphrag_engine.offline.ties import LOOSE, rows
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import RowStage, Tables

_PLAIN = ("concept", *sorted(LITERAL))
"""Types of entities that no sentence needs to explain."""


class Subject(NamedTuple):
    """An entity or relationship to describe."""

    id: str
    kind: str
    names: tuple[str, ...]
    """Of an entity; a relationship has none."""
    defining: bool
    """Whether the sentences define it, or only name it."""
    sentences: list[Said]

    def describe(self) -> Description | None:
        """The best of its sentences."""
        if self.defining:
            return define(self.names, self.sentences)
        return best(self.names, self.sentences)


def fingerprints(subjects: Sequence[Subject], _section: Any) -> Mapping[str, str]:
    """What each description is made from."""
    return {each.id: digest(each.kind, each.names, each.defining, each.sentences) for each in subjects}


def tasks(
    subjects: Sequence[Subject], _section: Any, ids: Collection[str], _kept: Tables
) -> Iterable[Task[Mapping[str, Any]]]:
    """One task an entity or relationship."""
    wanted = set(ids)
    for each in subjects:
        if each.id in wanted:
            yield Task(each.id, (), partial(_told, each))


def gather(results: Mapping[str, Any]) -> Tables:
    """The descriptions as a table."""
    return {"descriptions": pa.Table.from_pylist(list(results.values()), TABLES["descriptions"].schema)}


def _told(subject: Subject, _results: Mapping[str, Any]) -> Conversation[Mapping[str, Any]]:
    found = subject.describe() or Description("", ())
    units = len({sentence.unit for sentence in subject.sentences})
    row = {"id": subject.id, "kind": subject.kind, "text": found.text, "n_sources": units, "text_unit_ids": found.units}
    return said(row)


def _subjects(tables: Tables) -> Iterator[Subject]:
    """Everything that is described, each with the sentences to choose from."""
    entities, relationships = by_id(tables["entities"]), by_id(tables["relationships"])
    identity = identify(tables["entity_mentions"], tables["resolutions"], tables["text_units"])
    plain = pc.is_in(entities["type"], value_set=pa.array(_PLAIN)).to_numpy()
    definitions = _described(tables["entity_mentions"])
    stated = _described(tables["relationship_mentions"])
    own = identity.of(definitions["text_unit_id"], definitions["name"])
    source = identity.of(stated["text_unit_id"], stated["source"])
    target = identity.of(stated["text_unit_id"], stated["target"])
    statements = _sentences(stated)

    worthy = ~plain & (entities["frequency"].to_numpy() > 1)
    worthy[own[own >= 0]] = False
    ends = np.concatenate([source, target])
    ends = np.where((ends >= 0) & np.append(worthy, False)[ends], ends, -1)
    names = [
        (name, *more) for name, more in zip(entities["name"].to_pylist(), entities["aliases"].to_pylist(), strict=True)
    ]
    for number, sentences in _grouped(own, _sentences(definitions)):
        yield Subject(identity.ids[number], "entity", names[number], True, sentences)
    for number, sentences in _grouped(ends, statements + statements):
        yield Subject(identity.ids[number], "entity", names[number], False, sentences)
    ids = relationships["id"].to_pylist()
    tie = rows(relationships, entities, source, target, stated["type"])
    valued = np.append(plain, True)
    spoken = pc.not_equal(stated["type"], LOOSE).to_numpy() & ~valued[source] & ~valued[target]
    for number, sentences in _grouped(np.where(spoken, tie, -1), statements):
        yield Subject(ids[number], "relationship", (), False, sentences)


def _described(mentions: pa.Table) -> pa.Table:
    """The mentions that come with words."""
    return mentions.filter(pc.not_equal(mentions["description"], ""))


def _sentences(mentions: pa.Table) -> list[Said]:
    return list(map(Said, mentions["text_unit_id"].to_pylist(), mentions["description"].to_pylist()))


def _grouped(owners: Ints, sentences: list[Said]) -> Iterator[tuple[int, list[Said]]]:
    """The sentences of each owner, once each; owners stand beside sentences, those below 0 have none."""
    order = np.flatnonzero(owners >= 0)
    order = order[np.argsort(owners[order], kind="stable")]
    first = strongest(owners[order], np.zeros(len(order)))
    numbers, places = owners[order][first].tolist(), order.tolist()
    for number, (start, end) in zip(numbers, pairwise([*first.tolist(), len(places)]), strict=True):
        yield number, list(dict.fromkeys(sentences[at] for at in places[start:end]))


STAGE = RowStage(
    name="refine",
    reads=("entities", "relationships", "entity_mentions", "relationship_mentions", "resolutions", "text_units"),
    writes=("descriptions",),
    version=1,
    owner="id",
    prepare=lambda tables: list(_subjects(tables)),
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
)
