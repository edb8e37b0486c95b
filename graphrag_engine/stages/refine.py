"""mentions, claims -> descriptions: for each entity and relationship the sentences that say best what it is.

Where more is said of a thing than a few sentences, and there is a model, the model merges it.
Only where there is something to say: an entity is described where a sentence defines it, or where it is a
named thing of two mentions or more and stands in a statement; a relationship where a sentence states it
and both ends are things, not values such as dates. Where sources disagree on a date, a sentence for each
is added. What people say in the overrides stands alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Conversation, Message, Request, Task
from graphrag_engine.offline.descriptions import Description, Said, best, define, describe
from graphrag_engine.offline.disputes import Dated, disputed, once
from graphrag_engine.offline.identity import identify
from graphrag_engine.offline.passages import LITERAL
from graphrag_engine.offline.ragged import Bools, Ints, by_id, holding, one_array, one_of, positions, strings, strongest
from graphrag_engine.offline.roots import UNKNOWN, Forms
from graphrag_engine.offline.ties import LOOSE, rows
from graphrag_engine.prompts import enclosed
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Asked, Asking, Changes, RowStage, Tables, chosen, units_of

_LONGEST = 500
"""Most tokens of a description that a model merges."""
_PLAIN = ("concept", *sorted(LITERAL))
"""Types of entities that no sentence needs to explain."""


class Subject(NamedTuple):
    """An entity or relationship to describe."""

    id: str
    names: tuple[str, ...]
    """Of an entity; a relationship has none."""
    kind: str
    defining: bool
    """Whether the sentences define it, or only name it."""
    sentences: list[Said]
    disputed: list[Said]
    """Sentences that give different dates, shown whatever the others say."""
    note: str | None
    """What people say of it; then nothing else counts."""

    def describe(self) -> Description:
        """The best of its sentences, those on which sources disagree, or what people say."""
        if self.note is not None:
            return Description(self.note, ())
        chosen = (define if self.defining else best)(self.names, self.sentences)
        return describe([*chosen, *(said for said in self.disputed if said not in chosen)])


def touched(tables: Tables, changes: Changes) -> set[str]:
    """Entities and relationships that are new, gone or other, or stand in text units that were read again."""
    units = {*changes.rows("entity_mentions"), *changes.rows("relationship_mentions")}
    units.update(units_of(tables["text_units"], changes.rows("resolutions")))
    found = {
        *changes.rows("entities", "name", "type", "aliases", "frequency", "text_unit_ids", "note"),
        *changes.rows("relationships", "text_unit_ids", "note"),
    }
    for name in ("entities", "relationships"):
        found.update(holding(tables[name], "text_unit_ids", units))
    retyped, ties = changes.rows("entities", "type"), tables["relationships"]
    ends = pc.or_(one_of(ties["source_id"], retyped), one_of(ties["target_id"], retyped))
    found.update(ties["id"].filter(ends).to_pylist())
    claimed = changes.rows("claims", "status", "start_date", "end_date")
    for claims in (changes.before("claims", ("id", "subject_id")), tables["claims"]):
        found.update(claims["subject_id"].filter(one_of(claims["id"], claimed)).to_pylist())
    return found


def fingerprints(subjects: Sequence[Subject], _section: Any) -> Mapping[str, str]:
    """What each description is made from."""
    return {each.id: digest(*each[1:]) for each in subjects}


def tasks(
    subjects: Sequence[Subject], asking: Asking, ids: Collection[str], _kept: Tables
) -> Iterable[Task[Mapping[str, Any]]]:
    """One task an entity or relationship."""
    wanted = set(ids)
    for each in subjects:
        if each.id in wanted:
            yield Task(each.id, (), partial(_told, each, asking))


def gather(results: Mapping[str, Any]) -> Tables:
    """The descriptions as a table."""
    return {"descriptions": pa.Table.from_pylist(list(results.values()), TABLES["descriptions"].schema)}


def _told(subject: Subject, asking: Asking, _results: Mapping[str, Any]) -> Conversation[Mapping[str, Any]]:
    sentences = list(dict.fromkeys((*subject.disputed, *subject.sentences))) if subject.disputed else subject.sentences
    row = {"id": subject.id, "kind": subject.kind, "n_sources": len({each.unit for each in sentences})}
    spoken = sum(estimate_tokens(each.text) for each in sentences) if asking.model else 0
    if asking.model is None or subject.note is not None or spoken <= asking.section.merge_from:
        found = subject.describe()
        return {**row, "text": found.text, "text_unit_ids": found.units}
    shown = _fitting(sentences, asking.section.context_tokens)
    text = yield from _merged(subject, shown, asking.model)
    units = tuple(dict.fromkeys(each.unit for each in shown))
    return {**row, "text": text, "text_unit_ids": units, "cut": len(sentences) - len(shown)}


def _merged(subject: Subject, shown: Sequence[Said], model: Asked) -> Conversation[str]:
    """What a model makes of what is said of a thing."""
    listed = "\n".join(f"- {' '.join(each.text.split())}" for each in shown)
    head = ", also ".join(subject.names) or "A relationship"
    messages = (Message("system", model.prompts["refine"]), Message("user", enclosed(f"{head}\n{listed}")))
    reply = yield Request(messages=messages, max_tokens=_LONGEST, task=f"refine:{subject.id}")
    return " ".join(reply.text.split())


def _fitting(sentences: Sequence[Said], budget: int) -> list[Said]:
    """Those on which sources disagree, then as many as fit, in the order of the sources."""
    kept: list[Said] = []
    for each in sentences:
        budget -= estimate_tokens(each.text)
        if budget < 0 and kept:
            break
        kept.append(each)
    return kept


def prepare(tables: Tables, among: Set[str] | None) -> list[Subject]:
    """Everything that is described, or what has one of these ids, each with the sentences to choose from."""
    entities, relationships = by_id(tables["entities"]), by_id(chosen(tables["relationships"], among))
    mentions, ties = _concerned(tables, among, relationships)
    identity = identify(mentions, tables["resolutions"], tables["text_units"])
    plain = pc.is_in(entities["type"], value_set=pa.array(_PLAIN)).to_numpy()
    definitions, stated = _described(mentions), _described(ties)
    row = np.append(positions(pa.chunked_array([pa.array(identity.ids, pa.string())]), entities["id"]), -1)
    own = row[identity.of(definitions["text_unit_id"], definitions["name"])]
    source = row[identity.of(stated["text_unit_id"], stated["source"])]
    target = row[identity.of(stated["text_unit_id"], stated["target"])]

    worthy = ~plain & (entities["frequency"].to_numpy() > 1)
    worthy[own[own >= 0]] = False
    asked = _asked(entities, among)
    ends = np.concatenate([source, target])
    tie = rows(relationships, entities, source, target, stated["type"])
    valued = np.append(plain, True)
    spoken = pc.not_equal(stated["type"], LOOSE).to_numpy() & ~valued[source] & ~valued[target]

    names = _names(entities, asked)
    odds = _disputed(tables, entities, asked)
    ids, none = relationships["id"].to_pylist(), list[Said]()
    sentences = _sentences(stated)
    return [
        *_noted("entity", entities, among),
        *_noted("relationship", relationships, among),
        *(
            Subject(*names[at], "entity", defining, said, odds.get(at, none), None)
            for defining, owners, told in (
                (True, np.where(asked[own], own, -1), _sentences(definitions)),
                (False, np.where(asked[ends] & np.append(worthy, False)[ends], ends, -1), sentences * 2),
            )
            for at, said in _grouped(owners, told)
        ),
        *(
            Subject(ids[at], (), "relationship", False, said, none, None)
            for at, said in _grouped(np.where(spoken & _asked(relationships, among)[tie], tie, -1), sentences)
        ),
    ]


def _concerned(tables: Tables, among: Set[str] | None, relationships: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Mentions of entities and of relationships: all that tell of these *relationships* and of what is *among* these.

    With them all mentions that decide whom they mean: those of the same names, and of names that are joined with any.
    """
    mentions, stated, resolved = (tables[name] for name in ("entity_mentions", "relationship_mentions", "resolutions"))
    if among is None:
        return mentions, stated
    ends = (id_ for side in ("source_id", "target_id") for id_ in relationships[side].to_pylist())
    entities = chosen(tables["entities"], {*among, *ends})
    forms = Forms(mentions["name"], stated["source"], stated["target"])
    asked = np.zeros(len(forms.names) + 1, bool)
    for names in (entities["name"], pc.list_flatten(entities["aliases"]), resolved["left"], resolved["right"]):
        asked[forms.of(names)] = True
    asked[UNKNOWN] = False
    source, target = forms.of(stated["source"]), forms.of(stated["target"])
    told = np.flatnonzero(asked[source] | asked[target])
    asked[source[told]] = asked[target[told]] = True
    asked[UNKNOWN] = False
    return mentions.filter(pa.array(asked[forms.of(mentions["name"])])), stated.take(pa.array(told))


def _names(entities: pa.Table, asked: Bools) -> dict[int, tuple[str, tuple[str, ...]]]:
    """The id and the names of each entity that is asked for, by its row."""
    at = np.flatnonzero(asked)
    columns = (entities[name].take(pa.array(at)).to_pylist() for name in ("id", "name", "aliases"))
    return {row: (id_, (name, *more)) for row, id_, name, more in zip(at.tolist(), *columns, strict=True)}


def _asked(table: pa.Table, among: Collection[str] | None) -> Bools:
    """For each row whether it is one of these and people say nothing of it, and False for row -1."""
    return np.append((_among(table, among) & table["note"].is_null().to_numpy()), False)


def _among(table: pa.Table, among: Collection[str] | None) -> Bools:
    if among is None:
        return np.ones(len(table), bool)
    found: Bools = one_of(table["id"], among).to_numpy()
    return found


def _noted(kind: str, table: pa.Table, among: Collection[str] | None) -> Iterator[Subject]:
    """What people describe."""
    noted = table.filter(pa.array(_among(table, among) & table["note"].is_valid().to_numpy()))
    for id_, note in zip(noted["id"].to_pylist(), noted["note"].to_pylist(), strict=True):
        yield Subject(id_, (), kind, False, [], [], note)


def _disputed(tables: Tables, entities: pa.Table, asked: Bools) -> dict[int, list[Said]]:
    """The entities on whose dates documents disagree, by rows, each with the sentences that tell."""
    claims = tables["claims"]
    kinds = one_array(claims["type"]).dictionary_encode()
    single = np.array([bool(once(kind)) for kind in kinds.dictionary.to_pylist()], bool)[kinds.indices.to_numpy()]
    about = positions(claims["subject_id"], entities["id"])
    stated = claims["start_date"].is_valid().to_numpy() & pc.not_equal(claims["status"], "FALSE").to_numpy()
    wanted = np.flatnonzero(single & stated & asked[about])
    claims, units = claims.take(pa.array(wanted)), tables["text_units"]
    documents = units["document_id"].take(pc.index_in(claims["text_unit_id"], value_set=one_array(units["id"])))
    columns = (claims[name].to_pylist() for name in ("type", "start_date", "end_date", "text_unit_id", "quote"))
    dated: dict[int, list[Dated]] = {}
    for row, where, *claim in zip(about[wanted].tolist(), documents.to_pylist(), *columns, strict=True):
        kind, start, end, unit, quote = claim
        dated.setdefault(row, []).append(Dated(kind, start, end or start, where, Said(unit, quote)))
    return {row: told for row, each in dated.items() if len(each) > 1 and (told := disputed(each))}


def _described(mentions: pa.Table) -> pa.Table:
    """The mentions that come with words."""
    return mentions.filter(pc.not_equal(mentions["description"], ""))


def _sentences(mentions: pa.Table) -> list[Said]:
    """What mentions say, and where."""
    return list(map(Said, strings(mentions["text_unit_id"]), strings(mentions["description"])))


def _grouped(owners: Ints, told: Sequence[Said]) -> Iterator[tuple[int, list[Said]]]:
    """The sentences of each owner, once each; owners stand beside what is told, those below 0 have none."""
    order = np.flatnonzero(owners >= 0)
    order = order[np.argsort(owners[order], kind="stable")]
    first = strongest(owners[order], np.zeros(len(order)))
    sentences = list(map(told.__getitem__, order.tolist()))
    starts = [*first.tolist(), len(sentences)]
    for number, (start, end) in zip(owners[order][first].tolist(), pairwise(starts), strict=True):
        yield number, list(dict.fromkeys(sentences[start:end]))


STAGE = RowStage(
    name="refine",
    reads=(
        *("entities", "relationships", "claims"),
        *("entity_mentions", "relationship_mentions", "resolutions", "text_units"),
    ),
    writes=("descriptions",),
    version=2,
    owner="id",
    touched=touched,
    prepare=prepare,
    fingerprints=fingerprints,
    tasks=tasks,
    gather=gather,
    prompts=("refine",),
    counts=lambda row: {"cut": row["cut"]} if "cut" in row else {},
    notes={"cut": "{n:,} statements did not fit into what the model was shown for descriptions."},
)
