"""tables -> derived: what questions read, laid out so that a file can be mapped and used as it is.

Rows are spoken of by their number: the position in the table sorted by id. Ties are kept as
compressed sparse rows: table `x` holds the far ends, table `x.starts` where each row's begin.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import normalize

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.ties import LOOSE
from graphrag_engine.offline.words import normalise, terms
from graphrag_engine.stores.sparse import Array, key, ranges, sparse

VERSION = 1
"""Raised when the meaning of a derived table changes."""
READS = (
    *("documents", "text_units", "entity_mentions", "entities", "relationships"),
    *("claims", "communities", "descriptions", "reports", "vectors"),
)
"""The tables that `build` needs."""

Tables = Mapping[str, pa.Table]
_ACCENTS = re.compile("[\u0300-\u036f]+")
_BRACKET = re.compile(r"\s*\([^()]*\)\s*\Z")


def build(tables: Tables) -> dict[str, pa.Table]:
    """All derived tables of an index, each without gaps and in one chunk."""
    names, words = _names(tables["entities"])
    made = {
        "documents": tables["documents"].select(["source", "metadata"]),
        "names": names,
        "words": words,
        "entities": _described(tables["entities"], tables["descriptions"]).drop_columns(["text_unit_ids"]),
        "relationships": _relationships(tables),
        "claims": _claims(tables),
        **_text_units(tables),
        **_reports(tables),
        **_mentions(tables, names),
        **_vectors(tables),
    }
    made |= _ties(made, tables)
    return {name: table.combine_chunks() for name, table in made.items()}


def unaccented(form: str) -> str:
    """A normalised name without accents, as people type it."""
    return form if form.isascii() else normalize("NFC", _ACCENTS.sub("", normalize("NFD", form)))


def postings(name: str, texts: Iterable[str]) -> tuple[dict[str, pa.Table], Array]:
    """Where each term stands and how often, by the hash of the term; and the number of terms in each text."""
    known: dict[str, int] = {}
    found = [np.array([known.setdefault(term, len(known)) for term in terms(text)], np.int64) for text in texts]
    lengths = np.array([len(numbers) for numbers in found], np.int32)
    flat = np.concatenate([np.empty(0, np.int64), *found])
    rows = np.repeat(np.arange(len(found)), lengths)
    codes, counts = np.unique(flat * max(len(found), 1) + rows, return_counts=True)
    keys = np.array([key(term) for term in known], np.uint64)
    order = np.argsort(keys)
    place = np.empty(len(keys), np.int64)
    place[order] = np.arange(len(keys))
    term, row = np.divmod(codes, max(len(found), 1))
    ties = sparse(name, place[term], len(keys), {"row": row.astype(np.int32), "count": counts.astype(np.int32)})
    return {f"{name}.keys": pa.table({"key": keys[order]}), **ties}, lengths


def _row_of(ids: Any, table: pa.Table) -> Array:
    """The row numbers of ids; -1 for null and for what is not there."""
    rows = pc.index_in(ids, value_set=table["id"].combine_chunks())
    return np.asarray(pc.fill_null(rows, -1)).astype(np.int32)


def _exploded(lists: pa.ChunkedArray, table: pa.Table) -> tuple[Array, Array]:
    """A column of lists of ids as pairs (row of the list, row of the id in *table*); unknown ids are left out."""
    near = np.asarray(pc.list_parent_indices(lists)).astype(np.int32)
    far = _row_of(pc.list_flatten(lists), table)
    return near[far >= 0], far[far >= 0]


def _listed(near: Array, far: Array, n_rows: int) -> pa.Array:
    """Pairs back as one list of numbers a row."""
    starts = np.zeros(n_rows + 1, np.int32)
    np.cumsum(np.bincount(near, minlength=n_rows), out=starts[1:])
    return pa.ListArray.from_arrays(pa.array(starts), pa.array(far))


def _described(table: pa.Table, descriptions: pa.Table) -> pa.Table:
    """The table with its descriptions beside it; empty where there is none."""
    rows = pc.index_in(table["id"], value_set=descriptions["id"].combine_chunks())
    return table.append_column("description", pc.fill_null(descriptions["text"].take(rows), ""))


def _text_units(tables: Tables) -> dict[str, pa.Table]:
    units, documents = tables["text_units"], tables["documents"]
    row = _row_of(units["document_id"], documents)
    texts = (f"{heading}\n{text}" for heading, text in _pairs(units["heading"], units["text"]))
    found, lengths = postings("text_unit_terms", texts)
    table = pa.table(
        {
            **{name: units[name] for name in ("id", "document_id", "position", "start", "end", "heading")},
            "text": units["text"].cast(pa.large_string()),
            "document": row,
            "source": documents["source"].take(row),
            "title": documents["title"].take(row),
            "length": lengths,
        }
    )
    return {"text_units": table, **found}


def _reports(tables: Tables) -> dict[str, pa.Table]:
    reports, communities = tables["reports"], tables["communities"]
    place = pc.index_in(reports["id"], value_set=communities["id"].combine_chunks())
    found, lengths = postings(
        "report_terms", map(_searched, reports.select(["title", "summary", "findings"]).to_pylist())
    )
    cited = pa.ListArray.from_arrays(_offsets(reports["citations"]), _cited(reports["citations"], tables["text_units"]))
    table = (
        reports.select(["id", "level", "title", "summary", "findings", "rating"])
        .append_column("citations", cited)
        .append_column("parent", pa.array(_row_of(communities["parent_id"].take(place), reports)))
        .append_column("length", pa.array(lengths))
    )
    return {"reports": table, **found}


def _searched(report: Mapping[str, Any]) -> str:
    """What a report is found by: its own words, not the frame that all reports share."""
    return "\n".join([report["title"], report["summary"], *(each["summary"] for each in report["findings"])])


def _cited(citations: pa.ChunkedArray, units: pa.Table) -> pa.StructArray:
    """The citations of reports with row numbers of text units in place of ids."""
    flat = pc.list_flatten(citations)
    unit = _row_of(pc.struct_field(flat, "text_unit_id"), units)
    columns = {name: pc.struct_field(flat, name) for name in ("n", "start", "end")} | {"text_unit": unit}
    return pa.table(columns).to_struct_array().combine_chunks()


def _offsets(lists: pa.ChunkedArray) -> pa.Array:
    """Where each list of a column begins in its flattened values, with the end as last."""
    return pa.array(np.concatenate([[0], np.cumsum(pc.list_value_length(lists).to_numpy())]).astype(np.int32))


def _pairs(*columns: pa.ChunkedArray) -> Iterable[tuple[str, ...]]:
    return zip(*(column.to_pylist() for column in columns), strict=True)


def _relationships(tables: Tables) -> pa.Table:
    table, entities = tables["relationships"], tables["entities"]
    units = _listed(*_exploded(table["text_unit_ids"], tables["text_units"]), table.num_rows)
    described = _described(table, tables["descriptions"]).drop_columns(["source_id", "target_id", "text_unit_ids"])
    return (
        described.append_column("source", pa.array(_row_of(table["source_id"], entities)))
        .append_column("target", pa.array(_row_of(table["target_id"], entities)))
        .append_column("text_units", units)
        .append_column("loose", pc.cast(pc.equal(table["type"], LOOSE), pa.int8()))
    )


def _claims(tables: Tables) -> pa.Table:
    table, entities = tables["claims"], tables["entities"]
    return (
        table.drop_columns(["subject_id", "object_id", "text_unit_id"])
        .append_column("subject_row", pa.array(_row_of(table["subject_id"], entities)))
        .append_column("object_row", pa.array(_row_of(table["object_id"], entities)))
        .append_column("text_unit", pa.array(_row_of(table["text_unit_id"], tables["text_units"])))
    )


def _names(entities: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Names and aliases by hash, and the single words of names by hash, each with the entity that bears it."""
    whole: dict[tuple[int, int], bool] = {}
    words: dict[tuple[int, int], None] = {}
    for row, (name, aliases) in enumerate(_pairs(entities["name"], entities["aliases"])):
        for at, form in enumerate(map(normalise, (name, *aliases))):
            for written in dict.fromkeys((form, unaccented(form))):
                whole.setdefault((key(written), row), at > 0)
                words.update(dict.fromkeys((key(word), row) for word in written.split(" ")))
    keys = np.array([hashed for hashed, _ in whole], np.uint64)
    order = np.argsort(keys, kind="stable")
    rows = np.array([row for _, row in whole], np.int32)
    alias = np.fromiter(whole.values(), np.int8, len(whole))
    word_keys = np.array([hashed for hashed, _ in words], np.uint64)
    by_word = np.argsort(word_keys, kind="stable")
    word_rows = np.array([row for _, row in words], np.int32)
    return (
        pa.table({"key": keys[order], "entity": rows[order], "alias": alias[order]}),
        pa.table({"key": word_keys[by_word], "entity": word_rows[by_word]}),
    )


def _mentions(tables: Tables, names: pa.Table) -> dict[str, pa.Table]:
    """Which text unit mentions which entity, and how often; a heading counts as a mention of what it names."""
    units, mentions = tables["text_units"], tables["entity_mentions"]
    n_units = max(units.num_rows, 1)
    entity, unit = _exploded(tables["entities"]["text_unit_ids"], units)
    stated = np.unique(entity.astype(np.int64) * n_units + unit)
    spoken = _bearers(names, mentions["name"], _row_of(mentions["text_unit_id"], units), n_units, _as_written)
    headed = _bearers(names, units["heading"], np.arange(units.num_rows), n_units, _parts_of_heading)
    codes, counts = np.unique(np.concatenate([spoken[np.isin(spoken, stated)], headed]), return_counts=True)
    pairs = np.union1d(stated, headed)
    times = np.ones(len(pairs), np.int32)
    times[np.searchsorted(pairs, codes)] = counts
    entity, unit = np.divmod(pairs, n_units)
    return {
        **sparse("mentions", entity, tables["entities"].num_rows, {"far": unit.astype(np.int32), "count": times}),
        **sparse("mentioned", unit, units.num_rows, {"far": entity.astype(np.int32), "count": times}),
    }


def _as_written(name: str) -> list[str]:
    return [name]


def _parts_of_heading(heading: str) -> list[str]:
    """A path of headings as the names it may hold, with and without a closing bracket."""
    parts = [heading, *heading.split(" > ")]
    return parts + [_BRACKET.sub("", part) for part in parts]


def _bearers(names: pa.Table, texts: pa.ChunkedArray, unit: Array, n_units: int, parts: Any) -> Array:
    """Codes (entity * n_units + unit) of all entities that bear a name of *texts*, one for each time."""
    encoded = texts.combine_chunks().dictionary_encode()
    encoded = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    forms = [sorted({key(normalise(part)) for part in parts(text)}) for text in encoded.dictionary.to_pylist()]
    owner = np.repeat(np.arange(len(forms)), [len(found) for found in forms])
    wanted = np.array([hashed for found in forms for hashed in found], np.uint64)
    keys = names["key"].to_numpy()
    low, high = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
    bearer = names["entity"].to_numpy()[ranges(low, high)].astype(np.int64)
    pairs = np.unique(np.repeat(owner, high - low) * (bearer.max(initial=0) + 1) + bearer)
    text, entity = np.divmod(pairs, bearer.max(initial=0) + 1)
    starts = np.searchsorted(text, np.arange(len(forms) + 1))
    index = np.asarray(encoded.indices)
    index, unit = index[unit >= 0], unit[unit >= 0].astype(np.int64)
    low, high = starts[index], starts[index + 1]
    codes: Array = entity[ranges(low, high)] * n_units + np.repeat(unit, high - low)
    return codes


def _ties(made: Tables, tables: Tables) -> dict[str, pa.Table]:
    """Entity to entity along relationships (both ways), to claims about it, and to reports on it."""
    n_rows = made["entities"].num_rows
    ends = [made["relationships"][side].to_numpy() for side in ("source", "target")]
    via = np.flatnonzero((ends[0] >= 0) & (ends[1] >= 0) & (ends[0] != ends[1])).astype(np.int32)
    near, far = np.concatenate([ends[0][via], ends[1][via]]), np.concatenate([ends[1][via], ends[0][via]])
    return {
        **sparse("related", near, n_rows, {"far": far, "via": np.concatenate([via, via])}),
        **sparse("claimed", *_claimants(made["claims"], n_rows)),
        **sparse("reported", *_members(tables, n_rows)),
    }


def _claimants(claims: pa.Table, n_rows: int) -> tuple[Array, int, dict[str, Array]]:
    near = np.concatenate([claims["subject_row"].to_numpy(), claims["object_row"].to_numpy()])
    far = np.tile(np.arange(claims.num_rows, dtype=np.int32), 2)
    return near[near >= 0], n_rows, {"far": far[near >= 0]}


def _members(tables: Tables, n_rows: int) -> tuple[Array, int, dict[str, Array]]:
    community, entity = _exploded(tables["communities"]["entity_ids"], tables["entities"])
    report = _row_of(tables["communities"]["id"], tables["reports"])[community]
    return entity[report >= 0], n_rows, {"far": report[report >= 0]}


def _vectors(tables: Tables) -> dict[str, pa.Table]:
    """One matrix of 32-bit floats a kind, in the order of the rows it belongs to."""
    return {
        f"{name}.vectors": _matrix(tables["vectors"].filter(pc.field("kind") == kind), tables[name])
        for kind, name in (("text_unit", "text_units"), ("entity", "entities"), ("report", "reports"))
    }


def _matrix(vectors: pa.Table, table: pa.Table) -> pa.Table:
    rows = _row_of(vectors["id"], table)
    flat = np.asarray(pc.list_flatten(vectors["vector"])).astype(np.float32)
    width = len(flat) // max(len(rows), 1) or 1
    order = np.argsort(rows, kind="stable")[int((rows < 0).sum()) :]
    ordered = pa.FixedSizeListArray.from_arrays(pa.array(flat.reshape(-1, width)[order].ravel()), width)
    return pa.table({"row": rows[order], "vector": ordered})
