"""mentions -> entities, relationships, claims: one row a thing, however often it was mentioned."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.hashing import digests
from graphrag_engine.offline.corrections import Corrected, Stated, correct
from graphrag_engine.offline.identity import DROPPED, Identity, identify
from graphrag_engine.offline.ragged import (
    Bools,
    Ints,
    by_id,
    changed,
    distinct_pairs,
    joined,
    one_array,
    string_lists,
    strongest,
)
from graphrag_engine.offline.ties import LOOSE, association
from graphrag_engine.offline.words import INVISIBLE
from graphrag_engine.overrides import FILE, NONE, Overrides
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Tables, TableStage

_TIE, _CLAIM = ("source_id", "target_id", "type"), ("text_unit_id", "subject", "object", "type", "quote")
"""What relationships and claims are known by."""
_BLOCK = 1 << 14
"""Rows that are hashed together."""
_ACRONYM = 5
"""Characters in capitals that need not be a shout."""


def run(tables: Tables, overrides: Overrides) -> Tables:
    """Decide who is who, then gather what is said of each."""
    corrected = _corrected(tables, overrides)
    return {
        **_graph(tables, corrected),
        "claims": _claims(tables["claim_mentions"], corrected.identity, tables["last.claims"]),
    }


def _graph(tables: Tables, corrected: Corrected) -> Tables:
    """Entities and relationships; what they are made with is gone when the claims are made."""
    identity, units = corrected.identity, _Units(tables["text_units"])
    ties = _Ties(tables["relationship_mentions"], identity, units, corrected.ties)
    degree = ties.degrees(len(identity.ids))
    entities, spread = _entities(corrected, tables["entity_mentions"], units, degree)
    return {
        "entities": entities,
        "relationships": ties.table(identity, degree, spread, tables["last.relationships"]),
    }


def notes(tables: Tables, overrides: Overrides) -> list[str]:
    """The names in the overrides that nothing bears."""
    if overrides == NONE:
        return []
    names = _corrected(tables, overrides).unmatched
    return [f"{FILE}, line {name.line}: no entity is called {str(name)!r}; it was passed over." for name in names]


def _corrected(tables: Tables, overrides: Overrides) -> Corrected:
    """Who is who by mentions, resolutions and what people say."""
    return correct(identify(tables["entity_mentions"], tables["resolutions"], tables["text_units"]), overrides)


class _Units:
    """Text units, numbered in the order of their ids."""

    def __init__(self, text_units: pa.Table) -> None:
        self.ids = one_array(text_units["id"].take(pc.sort_indices(text_units["id"])))

    def of(self, column: pa.ChunkedArray) -> Ints:
        """The number of each text unit."""
        found: Ints = pc.index_in(column, value_set=self.ids).to_numpy().astype(np.int64)
        return found

    def lists(self, owners: Ints, units: Ints, n: int) -> pa.ListArray:
        """The text units of each of *n* owners, from sorted pairs."""
        return string_lists(owners, self.ids.take(pa.array(units)), n)


def _entities(corrected: Corrected, mentions: pa.Table, units: _Units, degree: Ints) -> tuple[pa.Table, Ints]:
    """One row an entity, and the number of text units that mention each."""
    identity = corrected.identity
    entity = identity.of(mentions["text_unit_id"], mentions["name"])
    rows = np.flatnonzero(entity >= 0)
    mentions, entity = mentions.select(["text_unit_id", "name"]).take(pa.array(rows)), entity[rows]
    places = distinct_pairs(entity, units.of(mentions["text_unit_id"]))
    frequency = np.bincount(entity, minlength=len(identity.ids))
    names, aliases = _names(identity, mentions, entity, corrected.mentioned)
    shown, others = _shown(corrected, names, aliases)
    columns = {
        "id": identity.ids,
        "name": changed(names, shown, len(identity.ids)),
        "type": identity.types,
        "aliases": changed(aliases, others, len(identity.ids)),
        "frequency": frequency,
        "degree": degree,
        "rank": np.round(np.log2(1.0 + frequency) + np.log2(1.0 + degree), 6),
        "text_unit_ids": units.lists(*places, len(identity.ids)),
        "note": changed(pa.nulls(len(identity.ids), pa.string()), corrected.notes, len(identity.ids)),
    }
    table = by_id(pa.table(columns, schema=TABLES["entities"].schema))
    return table, np.bincount(places[0], minlength=len(identity.ids))


def _shown(corrected: Corrected, names: pa.Array, aliases: pa.ListArray) -> tuple[dict[int, str], dict[int, list[str]]]:
    """The names that people want shown, and with each of them the other names of its entity."""
    others = {}
    for number, name in corrected.names.items():
        known = {names[number].as_py(), *aliases[number].as_py()} if number < len(names) else set()
        others[number] = sorted({*known, *corrected.others.get(number, ())} - {name})
    return dict(corrected.names), others


def _names(identity: Identity, mentions: pa.Table, entity: Ints, n: int) -> tuple[pa.Array, pa.ListArray]:
    """The name of each of *n* entities that are mentioned, and its other spellings.

    A name that a document uses in place of a fuller one names the entity only where nothing else does;
    one in capitals, or with characters that nobody sees, only where it is not written otherwise.
    """
    short = identity.roots.shorter(identity.documents.of(mentions["text_unit_id"]), identity.forms.of(mentions["name"]))
    written = one_array(mentions["name"]).dictionary_encode()
    encoded = pc.replace_substring_regex(written.dictionary, r"\s+", " ").dictionary_encode()
    spellings, of_written = encoded.dictionary, encoded.indices.to_numpy().astype(np.int64)
    owner, spelling, count, full = _uses(entity, of_written[written.indices.to_numpy()], ~short)
    length = pc.utf8_length(spellings).to_numpy().astype(np.int64)
    loud = pc.equal(pc.utf8_upper(spellings), spellings).to_numpy(zero_copy_only=False) & (length > _ACRONYM)
    seen = pc.utf8_normalize(pc.replace_substring_regex(spellings, INVISIBLE.pattern, ""), form="NFC")
    plain = pc.equal(seen, spellings).to_numpy(zero_copy_only=False)
    alphabetical = pc.rank(spellings, tiebreaker="dense").to_numpy().astype(np.int64)

    fair = plain[spelling].astype(np.int64) - loud[spelling]
    name = strongest(owner, full, fair, count, length[spelling], -alphabetical[spelling])
    other = np.delete(np.arange(len(owner)), name)
    other = other[np.lexsort((alphabetical[spelling[other]], owner[other]))]
    aliases = string_lists(owner[other], spellings.take(pa.array(spelling[other])), n)
    return spellings.take(pa.array(spelling[name])), aliases


def _uses(entity: Ints, spelling: Ints, full: Bools) -> tuple[Ints, Ints, Ints, Ints]:
    """Each entity with each of its spellings: how often, and whether ever as a full name."""
    width = int(spelling.max(initial=0)) + 1
    cells, cell, count = np.unique(entity * width + spelling, return_inverse=True, return_counts=True)
    owner, of = np.divmod(cells, width)
    return owner, of, count, (np.bincount(cell, full, len(cells)) > 0).astype(np.int64)


class _Ties:
    """Relationship mentions between two different entities, and ties *added*, grouped by source, target and type."""

    def __init__(self, mentions: pa.Table, identity: Identity, units: _Units, added: Sequence[Stated]) -> None:
        source = identity.of(mentions["text_unit_id"], mentions["source"])
        target = identity.of(mentions["text_unit_id"], mentions["target"])
        rows = np.flatnonzero((source >= 0) & (target >= 0) & (source != target))
        mentions = mentions.select(["text_unit_id", "type", "strength"]).take(pa.array(rows))
        source = np.append(source[rows], np.array([tie.source for tie in added], np.int64))
        target = np.append(target[rows], np.array([tie.target for tie in added], np.int64))
        stated = pa.array([tie.type for tie in added], pa.string())
        encoded = pa.concat_arrays([one_array(mentions["type"]), stated]).dictionary_encode()
        self.types = encoded.dictionary
        kind = encoded.indices.to_numpy().astype(np.int64)
        loose = pc.equal(self.types, LOOSE).to_numpy(zero_copy_only=False)
        turned = loose[kind] & (source > target)
        source, target = np.where(turned, target, source), np.where(turned, source, target)

        ends = np.unique(source * len(identity.ids) + target, return_inverse=True)[1]
        cells, tie = np.unique(ends * len(self.types) + kind, return_inverse=True)
        first = strongest(tie, np.zeros(len(tie)))
        self.source, self.target, self.kind = source[first], target[first], kind[first]
        self.loose = loose[self.kind]
        strength = np.append(mentions["strength"].to_numpy(), [tie.weight for tie in added])
        self.strength = np.bincount(tie, strength, len(cells))
        self.notes = {at: each.note for at, each in zip(tie[len(rows) :].tolist(), added, strict=True) if each.note}
        self.units = units
        self.places = distinct_pairs(tie[: len(rows)], units.of(mentions["text_unit_id"]))

    def degrees(self, n: int) -> Ints:
        """How many different entities each of *n* entities is tied to."""
        low, high = distinct_pairs(np.minimum(self.source, self.target), np.maximum(self.source, self.target))
        return np.bincount(np.concatenate([low, high]), minlength=n)

    def table(self, identity: Identity, degree: Ints, spread: Ints, last: pa.Table) -> pa.Table:
        """One row a relationship; *spread* is the number of text units that mention each entity."""
        ends = pa.array(identity.ids, pa.string())
        source, target = ends.take(pa.array(self.source)), ends.take(pa.array(self.target))
        kind = self.types.take(pa.array(self.kind))
        count = np.bincount(self.places[0], minlength=len(self.source))
        together = association(np.maximum(count, 1), spread[self.source], spread[self.target], len(self.units.ids))
        columns = {
            "id": _ids("relationship", pa.table([source, target, kind], names=_TIE), last),
            "source_id": source,
            "target_id": target,
            "type": kind,
            "weight": np.where(self.loose, together, self.strength),
            "rank": (degree[self.source] + degree[self.target]).astype(np.float64),
            "text_unit_ids": self.units.lists(*self.places, len(self.source)),
            "note": changed(pa.nulls(len(self.source), pa.string()), self.notes, len(self.source)),
        }
        return pa.table(columns, schema=TABLES["relationships"].schema).sort_by("id")


def _ids(kind: str, rows: pa.Table, last: pa.Table) -> pa.Array:
    """The ids of rows of texts; those of the *last* version are used again, since each new one takes a hash."""
    if not len(last):
        return _hashes(kind, rows)
    before = last.select(rows.column_names)
    at = pc.index_in(joined(*rows.columns), value_set=joined(*before.columns))
    same = at.is_valid()
    for new, old in zip(rows.columns, before.take(at).columns, strict=True):
        alike = pc.or_(pc.fill_null(pc.equal(new, old), False), pc.and_(new.is_null(), old.is_null()))
        same = pc.and_(same, one_array(alike))
    fresh = np.flatnonzero(~np.asarray(same))
    made = _hashes(kind, rows.take(pa.array(fresh))).to_pylist()
    return changed(one_array(last["id"]).take(at), dict(zip(fresh.tolist(), made, strict=True)), len(rows))


def _hashes(kind: str, rows: pa.Table) -> pa.Array:
    """A hash of each row of texts, some at a time: as objects they take six times the memory."""
    blocks = (rows.slice(at, _BLOCK) for at in range(0, len(rows), _BLOCK))
    made = (digests(kind, *(column.to_pylist() for column in block.columns)) for block in blocks)
    return pa.concat_arrays([pa.array([], pa.string()), *(pa.array(ids, pa.string()) for ids in made)])


def _claims(mentions: pa.Table, identity: Identity, last: pa.Table) -> pa.Table:
    """One row a claim whose subject is an entity and whose object is not dropped.

    The same words in the same text unit are one claim.
    """
    subject = identity.of(mentions["text_unit_id"], mentions["subject"])
    target = identity.of(mentions["text_unit_id"], mentions["object"])
    ids = _ids("claim", mentions.select(_CLAIM), last)
    stated = pa.array((subject >= 0) & (target != DROPPED))
    rows = pc.index_in(pc.unique(ids.filter(stated)), value_set=ids)
    rows = rows.take(pc.sort_indices(ids.take(rows))).to_numpy()
    entities = pa.array(identity.ids, pa.string())
    named = {
        "id": ids.take(pa.array(rows)),
        "subject_id": entities.take(pa.array(subject[rows])),
        "object_id": entities.take(pa.array(target[rows], mask=target[rows] < 0)),
    }
    kept = mentions.take(pa.array(rows))
    columns = {**named, **{name: kept[name] for name in kept.column_names}}
    return pa.table(columns, schema=TABLES["claims"].schema)


STAGE = TableStage(
    name="merge",
    reads=("text_units", "entity_mentions", "relationship_mentions", "claim_mentions", "resolutions"),
    writes=("entities", "relationships", "claims"),
    version=2,
    run=run,
    last={"relationships": ("id", *_TIE), "claims": ("id", *_CLAIM)},
    corrected=True,
    notes=notes,
)
