"""mentions, claims -> descriptions: for each entity and relationship the sentences that say best what it is.

Where more is said of a thing than a few sentences, and there is a model, the model merges it.
Only where there is something to say: an entity is described where a sentence defines it, or where it is a
named thing of two mentions or more and stands in a statement; a relationship where a sentence states it
and both ends are things, not values such as dates. Where sources disagree on a date, a sentence for each
is added. What people say in the overrides stands alone.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.llm.base import Conversation, Message, Request, Task
from graphrag_engine.offline.descriptions import Said
from graphrag_engine.offline.disputes import Dated, disputed, once
from graphrag_engine.offline.identity import identify
from graphrag_engine.offline.passages import LITERAL
from graphrag_engine.offline.ragged import Bools, Ints, by_id, holding, one_array, one_of, positions
from graphrag_engine.offline.roots import UNKNOWN, Forms
from graphrag_engine.offline.subjects import SAID, Groups, Row, Sentences, Subject, Subjects
from graphrag_engine.offline.ties import LOOSE, rows
from graphrag_engine.prompts import enclosed
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Asked, Asking, Changes, RowStage, Tables, chosen, units_of

_LONGEST = 500
"""Most tokens of a description that a model merges."""
_PLAIN = ("concept", *sorted(LITERAL))
"""Types of entities that no sentence needs to explain."""


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


def fingerprints(prepared: Sequence[Subjects], _section: Any) -> Iterator[tuple[str, str]]:
    """What each description is made from."""
    return chain.from_iterable(subjects.fingerprints() for subjects in prepared)


def tasks(prepared: Sequence[Subjects], asking: Asking, ids: Collection[str], _kept: Tables) -> Iterator[Task[Row]]:
    """One task for some thousand entities or relationships, and one for each of which a model may have to be asked."""
    wanted = pa.array(ids, pa.string())
    for bit in (bit for subjects in prepared for bit in subjects.among(wanted).bits()):
        yield from _by_rules(bit) if asking.model is None else _by_model(bit, asking.section, asking.model)


def gather(results: Mapping[str, Any]) -> Tables:
    """The descriptions as a table."""
    schema = TABLES["descriptions"].schema
    columns = {name: [row[name] for row in results.values()] for name in schema.names}
    return {"descriptions": pa.table(columns, schema)}


def _by_rules(subjects: Subjects) -> Iterator[Task[Row]]:
    """All of them in one task."""
    if len(subjects):
        first, *more = subjects.ids()
        yield Task(first, (), partial(_chosen, subjects), more=tuple(more))


def _by_model(subjects: Subjects, section: Any, model: Asked) -> Iterator[Task[Row]]:
    """One task each; those that a model is surely not asked of in one."""
    much = subjects.sizes() > section.merge_from
    yield from _by_rules(subjects.some(np.flatnonzero(~much)))
    for each in map(subjects.some, np.flatnonzero(much).reshape(-1, 1)):
        (id_,) = each.ids()
        yield Task(id_, (), partial(_told, each, section, model))


def _chosen(subjects: Subjects, _results: Mapping[str, Row]) -> Conversation[list[Row]]:
    """What rules choose from the sentences of each."""
    return subjects.rows()
    yield  # makes this function a generator


def _told(subjects: Subjects, section: Any, model: Asked, _results: Mapping[str, Row]) -> Conversation[Row]:
    """What a model makes of the sentences of one, or rules where too little is said."""
    (subject,) = subjects.objects()
    sentences = subject.said()
    if sum(estimate_tokens(each.text) for each in sentences) <= section.merge_from:
        return subject.described()
    shown = _fitting(sentences, section.context_tokens)
    text = yield from _merged(subject, shown, model)
    units = tuple(dict.fromkeys(each.unit for each in shown))
    return {**subject.row(text, units), "cut": len(sentences) - len(shown)}


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


def prepare(tables: Tables, among: Set[str] | None) -> list[Subjects]:
    """Everything that is described, or what has one of these ids, each with the sentences to choose from."""
    entities, relationships = by_id(tables["entities"]), by_id(chosen(tables["relationships"], among))
    mentions, ties = _concerned(tables, among, relationships)
    own, source, target = _meant(tables, entities, mentions, ties)
    types = _described(ties, "type")["type"]

    plain = pc.is_in(entities["type"], value_set=pa.array(_PLAIN)).to_numpy()
    worthy = np.append(~plain & (entities["frequency"].to_numpy() > 1), False)
    worthy[own] = False
    valued = np.append(plain, True)
    spoken = pc.not_equal(types, LOOSE).to_numpy() & ~valued[source] & ~valued[target]

    asked = _asked(entities, among)
    ends = np.concatenate([source, target])
    tie = rows(relationships, entities, source, target, types)
    told = spoken & _asked(relationships, among)[tie]
    definitions, statements = (Sentences.of(_described(each, *SAID)) for each in (mentions, ties))
    named, tied = _things(entities), _things(relationships)
    entity = partial(Subjects, "entity", named, disputed=_disputed(tables, entities, asked))
    return [
        _noted("entity", named, among),
        _noted("relationship", tied, among),
        entity(Groups.of(np.where(asked[own], own, -1), definitions), definitions, defining=True),
        entity(Groups.of(np.where((asked & worthy)[ends], ends, -1), statements), statements),
        Subjects("relationship", tied, Groups.of(np.where(told, tie, -1), statements), statements),
    ]


def _described(mentions: pa.Table, *columns: str) -> pa.Table:
    """Some columns of the mentions that come with words."""
    return mentions.select(columns).filter(pc.not_equal(mentions["description"], ""))


def _meant(tables: Tables, entities: pa.Table, mentions: pa.Table, ties: pa.Table) -> Iterator[Ints]:
    """The entities that described mentions mean, by row and -1 for none: those they name, and those at either end."""
    identity = identify(mentions, tables["resolutions"], tables["text_units"])
    row = np.append(positions(pa.chunked_array([pa.array(identity.ids, pa.string())]), entities["id"]), -1)
    for told, column in ((mentions, "name"), (ties, "source"), (ties, "target")):
        worded = pc.not_equal(told["description"], "").to_numpy()
        yield row[identity.of(told["text_unit_id"], told[column])[worded]]


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


def _asked(table: pa.Table, among: Collection[str] | None) -> Bools:
    """For each row whether it is one of these and people say nothing of it, and False for row -1."""
    return np.append((_among(table, among) & table["note"].is_null().to_numpy()), False)


def _among(table: pa.Table, among: Collection[str] | None) -> Bools:
    if among is None:
        return np.ones(len(table), bool)
    found: Bools = one_of(table["id"], among).to_numpy()
    return found


def _noted(kind: str, table: pa.Table, among: Collection[str] | None) -> Subjects:
    """What people describe."""
    noted = np.flatnonzero(_among(table, among) & table["note"].is_valid().to_numpy())
    return Subjects(kind, table, Groups.silent(noted), Sentences.none(), noted=True)


def _things(table: pa.Table) -> pa.Table:
    """What is told of entities or relationships themselves, in one chunk."""
    names = [name for name in ("id", "name", "aliases", "note") if name in table.column_names]
    return pa.table([one_array(table[name]) for name in names], names)


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


STAGE = RowStage(
    name="refine",
    reads=(
        *("entities", "relationships", "claims"),
        *("entity_mentions", "relationship_mentions", "resolutions", "text_units"),
    ),
    writes=("descriptions",),
    version=3,
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
