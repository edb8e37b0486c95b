"""tables -> derived: what questions read, laid out so that a file can be mapped and used as it is.

Rows are spoken of by their number: the position in the table sorted by id. Ties are kept as
compressed sparse rows: table `x` holds the far ends, the heaviest first, table `x.starts` where each row's begin.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.ragged import Ints, distinct, one_array, positions, ranges
from graphrag_engine.offline.ties import LOOSE
from graphrag_engine.schema import TABLES
from graphrag_engine.stores.carry import Tables
from graphrag_engine.stores.forms import bearers, forms
from graphrag_engine.stores.postings import Texts, postings
from graphrag_engine.stores.similar import similar
from graphrag_engine.stores.sparse import Array, sparse
from graphrag_engine.stores.vectors import Vectors

VERSION = 7
"""Raised when the meaning of a derived table changes, or which terms and normal forms a text has."""
_HEADED = 16
"""Mentions that a name in the heading counts as: what a text is about, against what it names in passing."""
_BLOCK = 1024
"""Texts that are cut into words at once, and vectors that are read."""
READS: Mapping[str, tuple[str, ...]] = {
    "documents": ("id", "source", "title", "metadata", "pages"),
    "text_units": ("id", "document_id", "position", "start", "end", "heading", "text"),
    "entity_mentions": ("text_unit_id", "name"),
    "entities": tuple(each for each in TABLES["entities"].columns if each != "note"),
    "relationships": tuple(each for each in TABLES["relationships"].columns if each != "note"),
    "claims": tuple(TABLES["claims"].columns),
    "communities": ("id", "parent_id", "entity_ids"),
    "descriptions": ("id", "text"),
    "reports": ("id", "level", "title", "summary", "findings", "rating", "citations"),
    "vectors": ("id", "kind", "vector"),
}
"""The tables and columns that `build` needs."""
SHARED = ("text_units", "entities", "reports")
"""Those of them that it looks up again and again."""
EMBEDDED: Mapping[str, str] = {"text_unit": "text_units", "report": "reports"}
"""The kinds of vectors that questions search, and the tables of what they stand for."""

Words = Callable[[pa.Table], pa.ChunkedArray]
"""What the rows of a table are found by."""

_LINE_END = pa.scalar("\n", pa.large_string())
_BRACKET = re.compile(r"\s*\([^()]*\)\s*\Z")


def build(tables: Tables, last: Tables | None = None) -> Iterator[tuple[str, pa.Table | Vectors]]:
    """All derived tables of an index with their names, each without gaps and in one chunk, and its vectors.

    They are the same with and without *last*, the derived tables of the version before; with them it is quicker. Each
    is made when it is asked for, and of *tables* those that are not `SHARED` are looked up once or twice.
    """
    for make in (_text_units, _reports, _names, _entities, _relationships, _claims, _members, _alike):
        made = make(tables, last)
        for name in list(made):
            yield name, _in_one_piece(made.pop(name))
    vectors = tables["vectors"]
    for kind, name in EMBEDDED.items():
        yield f"{name}.vectors", _vectors(kind, vectors, tables[name])


def _in_one_piece(table: pa.Table) -> pa.Table:
    """The table in one chunk; its own columns go one by one as they are put together, where nobody else holds them."""
    schema, columns = table.schema, {}
    for name in table.column_names:
        columns[name], table = one_array(table[name]), table.drop_columns([name])
    return pa.table(columns, schema)


def _row_of(ids: pa.ChunkedArray, table: pa.Table) -> Array:
    """The row numbers of ids; -1 for null and for what is not there."""
    return positions(ids, table["id"]).astype(np.int32)


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
    """The table with its descriptions beside it; empty where there is none. Both are in order."""
    place, texts = positions(table["id"], descriptions["id"]), []
    for at in range(0, len(place), _BLOCK):
        rows = place[at : at + _BLOCK]
        there = rows[rows >= 0]
        low, high = (there[0], there[-1] + 1) if len(there) else (0, 0)
        among = one_array(descriptions["text"].slice(low, high - low))
        texts.append(pc.fill_null(among.take(pa.array(rows - low, mask=rows < 0)), ""))
    return table.append_column("description", pa.chunked_array(texts, pa.string()))


def _text_units(tables: Tables, last: Tables | None) -> dict[str, pa.Table]:
    units, documents = tables["text_units"], tables["documents"]
    row = _row_of(units["document_id"], documents)
    table = pa.table(
        {
            **{name: units[name] for name in ("id", "document_id", "position", "start", "end", "heading")},
            "text": units["text"].cast(pa.large_string()),
            "document": row,
            "source": documents["source"].take(row),
            "title": documents["title"].take(row),
        }
    )
    return _searched("text_units", "text_unit_terms", table, _words_of_unit, last)


def _words_of_unit(units: pa.Table) -> pa.ChunkedArray:
    return _lines(units["heading"], units["text"])


def _reports(tables: Tables, last: Tables | None) -> dict[str, pa.Table]:
    reports, communities = tables["reports"], tables["communities"]
    place = pc.index_in(reports["id"], value_set=communities["id"].combine_chunks())
    cited = pa.ListArray.from_arrays(_offsets(reports["citations"]), _cited(reports["citations"], tables["text_units"]))
    table = (
        reports.select(["id", "level", "title", "summary", "findings", "rating"])
        .append_column("citations", cited)
        .append_column("parent", pa.array(_row_of(communities["parent_id"].take(place), reports)))
    )
    return _searched("reports", "report_terms", table, _words_of_report, last)


def _words_of_report(reports: pa.Table) -> pa.ChunkedArray:
    """What a report is found by: its own words, not the frame that all reports share."""
    said = one_array(pc.struct_field(pc.list_flatten(reports["findings"]), "summary")).cast(pa.large_string())
    findings = pc.binary_join(pa.ListArray.from_arrays(_offsets(reports["findings"]), said), _LINE_END)
    return _lines(reports["title"], reports["summary"], pa.chunked_array([findings]))


def _lines(*columns: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts of all columns, one beneath the other, row by row."""
    return pc.binary_join_element_wise(*(column.cast(pa.large_string()) for column in columns), _LINE_END)


def _searched(name: str, terms: str, table: pa.Table, words: Words, last: Tables | None) -> dict[str, pa.Table]:
    """A table with the length of what its rows are found by, and the postings of that."""
    place = _staying(table, last[name], words) if last else np.full(table.num_rows, -1)
    found, lengths = postings(terms, _new(table, place, words), place, last)
    return {name: table.append_column("length", pa.array(lengths)), **found}


def _staying(table: pa.Table, old: pa.Table, words: Words) -> Ints:
    """For each row, the old row with the same id where it is found by the same words; else -1. Both are in order."""
    place = positions(table["id"], old["id"])
    for at in range(0, len(place), _BLOCK):
        kept = at + np.flatnonzero(place[at : at + _BLOCK] >= 0)
        if len(kept):
            same = pc.equal(_found_by(table, kept, words), _found_by(old, place[kept], words))
            place[kept[~np.asarray(same)]] = -1
    return place


def _new(table: pa.Table, place: Ints, words: Words) -> Iterator[Texts]:
    """What rows without a place are found by."""
    for at in range(0, len(place), _BLOCK):
        rows = at + np.flatnonzero(place[at : at + _BLOCK] < 0)
        if len(rows):
            yield rows, _found_by(table, rows, words)


def _found_by(table: pa.Table, rows: Ints, words: Words) -> pa.Array:
    """The words of some rows, ascending; what lies before and behind them is not looked at."""
    among = table.slice(rows[0], rows[-1] + 1 - rows[0])
    return one_array(words(among if len(rows) == len(among) else among.take(pa.array(rows - rows[0]))))


def _cited(citations: pa.ChunkedArray, units: pa.Table) -> pa.StructArray:
    """The citations of reports with row numbers of text units in place of ids."""
    flat = pc.list_flatten(citations)
    unit = _row_of(pc.struct_field(flat, "text_unit_id"), units)
    columns = {name: pc.struct_field(flat, name) for name in ("n", "start", "end")} | {"text_unit": unit}
    return pa.table(columns).to_struct_array().combine_chunks()


def _offsets(lists: pa.ChunkedArray) -> pa.Array:
    """Where each list of a column begins in its flattened values, with the end as last."""
    return pa.array(np.concatenate([[0], np.cumsum(pc.list_value_length(lists).to_numpy())]).astype(np.int32))


def _entities(tables: Tables, _: Tables | None) -> dict[str, pa.Table]:
    described = _described(tables["entities"].drop_columns(["text_unit_ids"]), tables["descriptions"])
    return {"documents": tables["documents"].select(["source", "metadata", "pages"]), "entities": described}


def _relationships(tables: Tables, _: Tables | None) -> dict[str, pa.Table]:
    """Relationships, and the ties from entity to entity along them, both ways."""
    table, entities = tables["relationships"], tables["entities"]
    units = _listed(*_exploded(table["text_unit_ids"], tables["text_units"]), table.num_rows)
    source, target = (_row_of(table[side], entities) for side in ("source_id", "target_id"))
    table = table.drop_columns(["source_id", "target_id", "text_unit_ids"])
    made = (
        _described(table, tables["descriptions"])
        .append_column("source", pa.array(source))
        .append_column("target", pa.array(target))
        .append_column("text_units", units)
        .append_column("loose", pc.cast(pc.equal(table["type"], LOOSE), pa.int8()))
    )
    return {"relationships": made, **_related(source, target, table["weight"].to_numpy(), entities.num_rows)}


def _related(source: Array, target: Array, weights: Array, n_rows: int) -> dict[str, pa.Table]:
    via = np.flatnonzero((source >= 0) & (target >= 0) & (source != target)).astype(np.int32)
    weight = np.tile(weights[via], 2)
    near, far = np.concatenate([source[via], target[via]]), np.concatenate([target[via], source[via]])
    heaviest = np.argsort(-weight, kind="stable")
    columns = {"far": far[heaviest], "via": np.tile(via, 2)[heaviest], "weight": weight[heaviest]}
    return sparse("related", near[heaviest], n_rows, columns)


def _claims(tables: Tables, _: Tables | None) -> dict[str, pa.Table]:
    """Claims, and the ties to them from the entities that they are about."""
    table, entities = tables["claims"], tables["entities"]
    ends = [_row_of(table[side], entities) for side in ("subject_id", "object_id")]
    made = (
        table.drop_columns(["subject_id", "object_id", "text_unit_id"])
        .append_column("subject_row", pa.array(ends[0]))
        .append_column("object_row", pa.array(ends[1]))
        .append_column("text_unit", pa.array(_row_of(table["text_unit_id"], tables["text_units"])))
    )
    near, far = np.concatenate(ends), np.tile(np.arange(table.num_rows, dtype=np.int32), 2)
    return {"claims": made, **sparse("claimed", near[near >= 0], entities.num_rows, {"far": far[near >= 0]})}


def _names(tables: Tables, last: Tables | None) -> dict[str, pa.Table]:
    """What is looked up by name: entities by whole names and by words of them, and the mentions of each."""
    entities, mentions, units = tables["entities"], tables["entity_mentions"], tables["text_units"]
    headed, parts = _headings(units["heading"])
    written = [entities["name"], pc.list_flatten(entities["aliases"]), mentions["name"], parts]
    table, (name, alias, spoken, heading) = forms(written, last)
    owner = np.concatenate([np.arange(len(name)), np.asarray(pc.list_parent_indices(entities["aliases"]))])
    names, words = bearers(table, np.concatenate([name, alias]), owner, np.arange(len(owner)) >= len(name))
    low, high = (np.searchsorted(names["key"].to_numpy(), table["key"].to_numpy(), side) for side in ("left", "right"))

    def borne(form: Ints, unit: Ints) -> Array:
        """Codes (entity * number of text units + unit) of all entities that bear a form in its unit."""
        bearer = names["entity"].to_numpy()[ranges(low[form], high[form])].astype(np.int64)
        codes: Array = bearer * max(units.num_rows, 1) + np.repeat(unit, high[form] - low[form])
        return codes

    unit = _row_of(mentions["text_unit_id"], units)
    found = borne(spoken[unit >= 0], unit[unit >= 0]), distinct(borne(heading, headed))
    return {"forms": table, "names": names, "words": words, **_mentions(tables, *found)}


def _mentions(tables: Tables, spoken: Array, headed: Array) -> dict[str, pa.Table]:
    """Which text unit mentions which entity, and how often; a heading counts as several mentions of what it names."""
    n_units = max(tables["text_units"].num_rows, 1)
    entity, unit = _exploded(tables["entities"]["text_unit_ids"], tables["text_units"])
    stated = distinct(entity.astype(np.int64) * n_units + unit)
    said, counts = np.unique(spoken, return_counts=True)
    there = np.append(stated, -1)[np.searchsorted(stated, said)] == said
    pairs = distinct(np.concatenate([stated, headed]))
    times = np.zeros(len(pairs), np.int32)
    times[np.searchsorted(pairs, said[there])] = counts[there]
    times[np.searchsorted(pairs, headed)] += _HEADED
    times = np.maximum(times, 1)
    heaviest = np.argsort(-times, kind="stable")
    times, (entity, unit) = times[heaviest], np.divmod(pairs[heaviest], n_units)
    return {
        **sparse("mentions", entity, tables["entities"].num_rows, {"far": unit.astype(np.int32), "count": times}),
        **sparse("mentioned", unit, tables["text_units"].num_rows, {"far": entity.astype(np.int32), "count": times}),
    }


def _headings(headings: pa.ChunkedArray) -> tuple[Ints, pa.ChunkedArray]:
    """What text units may name in their headings: (number of the text unit, string), side by side."""
    encoded = one_array(headings).dictionary_encode()
    parts = [_parts_of_heading(heading) for heading in encoded.dictionary.to_pylist()]
    starts, index = np.cumsum([0, *map(len, parts)]), np.asarray(encoded.indices)
    low, high = starts[index], starts[index + 1]
    strings = pa.array([part for each in parts for part in each], pa.string())
    return np.repeat(np.arange(len(index)), high - low), pa.chunked_array([strings.take(pa.array(ranges(low, high)))])


def _parts_of_heading(heading: str) -> list[str]:
    """A path of headings as the names it may hold, with and without a closing bracket."""
    parts = [heading, *heading.split(" > ")]
    return parts + [_BRACKET.sub("", part) for part in parts]


def _alike(tables: Tables, _: Tables | None) -> dict[str, pa.Table]:
    """Ties between entities of like names."""
    named = _vectors("entity", tables["vectors"], tables["entities"])
    near, far, cosine = similar(named.whole())
    columns = {"far": named.row[far], "weight": cosine}
    return sparse("similar", named.row[near], tables["entities"].num_rows, columns)


def _members(tables: Tables, _: Tables | None) -> dict[str, pa.Table]:
    """Ties from entities to the reports on them."""
    communities, entities = tables["communities"], tables["entities"]
    community, entity = _exploded(communities["entity_ids"], entities)
    report = _row_of(communities["id"], tables["reports"])[community]
    return sparse("reported", entity[report >= 0], entities.num_rows, {"far": report[report >= 0]})


def _vectors(kind: str, vectors: pa.Table, table: pa.Table) -> Vectors:
    """The vectors of a kind, of rows of the table that they stand for; both are in order."""
    rows = np.where(np.asarray(pc.equal(vectors["kind"], kind)), _row_of(vectors["id"], table), -1)
    return Vectors(rows[rows >= 0], partial(_chosen, vectors, rows >= 0))


def _chosen(vectors: pa.Table, wanted: Array) -> Iterator[Array]:
    """The vectors that are wanted; nothing is read where none is."""
    at = 0
    for block in vectors.to_batches(max_chunksize=_BLOCK) if wanted.any() else ():
        numbers = np.asarray(one_array(block["vector"]).flatten())
        if len(block):
            yield numbers.reshape(len(block), -1)[wanted[at : at + len(block)]]
        at += len(block)
