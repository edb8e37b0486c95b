"""text_units -> lexicon: what the whole corpus says of a word, quantised, so that an update reads little again.

The sums that it decides from are kept as tallies, so that an update counts little again either.
"""

from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.korean.morphemes import installed
from graphrag_engine.offline.lexicon import Counts, count
from graphrag_engine.offline.ragged import Texts, groups, one_array
from graphrag_engine.offline.scripts import SYLLABLES
from graphrag_engine.schema import TABLES
from graphrag_engine.stages.base import Tables, TableStage

_KINDS = tuple(each.name for each in fields(Counts))
_UNIT = ("id", "document_id", "text")


def run(tables: Tables, _section: Any) -> Tables:
    """Correct the sums by the documents that are gone, new or other than before, then decide."""
    before, now = tables["last.text_units"], tables["text_units"]
    changed = pa.chunked_array([*_fresh(before, now).chunks, *_fresh(now, before).chunks], pa.string())
    counts = _counts(tables["last.tallies"])
    counts.remove(count(_texts(before, changed)))
    counts.add(count(_texts(now, changed)))
    columns = list(zip(*counts.lexicon().rows(), strict=True)) or [(), (), ()]
    return {
        "lexicon": pa.table([pa.array(column, pa.string()) for column in columns], schema=TABLES["lexicon"].schema),
        "tallies": _tallies(counts),
    }


def _fresh(units: pa.Table, others: pa.Table) -> pa.ChunkedArray:
    """The documents of text units that are not among the others; an id stands for document and text."""
    among = pc.is_in(units["id"], value_set=one_array(others["id"]))
    return units["document_id"].filter(pc.invert(among))


def _texts(text_units: pa.Table, documents: pa.ChunkedArray) -> Iterator[tuple[str, Iterator[str]]]:
    """Each of these documents with the texts of its units, one by one: all of them may not fit."""
    rows = np.flatnonzero(pc.is_in(text_units["document_id"], value_set=one_array(documents)))
    owners = one_array(text_units["document_id"]).take(pa.array(rows)).dictionary_encode()
    owner = owners.indices.to_numpy().astype(np.int64)
    order, texts = np.argsort(owner, kind="stable"), Texts(text_units["text"])
    starts = groups(owner[order], len(owners.dictionary)).tolist()
    for document, (start, end) in zip(owners.dictionary.to_pylist(), pairwise(starts), strict=True):
        yield document, map(texts.__getitem__, rows[order[start:end]].tolist())


def _counts(tallies: pa.Table) -> Counts:
    """The sums that a table holds."""
    found = Counts()
    for kind in _KINDS:
        rows = tallies.filter(pc.equal(tallies["kind"], kind))
        sums = zip(rows["text"].to_pylist(), rows["count"].to_pylist(), strict=True)
        getattr(found, kind).update(dict(sums))
    return found


def _tallies(counts: Counts) -> pa.Table:
    """The sums as a table."""
    kinds: list[str] = []
    texts: list[str] = []
    times: list[int] = []
    for kind in _KINDS:
        sums = getattr(counts, kind)
        kinds += [kind] * len(sums)
        texts += sums.keys()
        times += sums.values()
    return pa.table([kinds, texts, times], schema=TABLES["tallies"].schema)


def notes(tables: Tables, _section: Any) -> list[str]:
    """Which documents give no names: their capitals tell nothing, or they need a library that is not there."""
    return [*_uncased(tables), *_korean(tables)]


def _korean(tables: Tables) -> list[str]:
    """The one line that names the extra, where there is Korean text and the extra is not there."""
    followed = tables["tallies"].filter(pc.equal(tables["tallies"]["kind"], "followed"))
    if installed() or not pc.any(pc.match_substring_regex(followed["text"], f"[{SYLLABLES}]")).as_py():
        return []
    remedy = "install the extra 'korean' (pip install 'graphrag-engine[korean]') and run again"
    return [f"Korean text: {remedy} for its names, relationships and claims; only nouns that recur were taken."]


def _uncased(tables: Tables) -> list[str]:
    uncased = pc.equal(tables["lexicon"]["decision"], "uncased").to_pylist().count(True)
    if not uncased:
        return []
    documents = "1 document has" if uncased == 1 else f"{uncased:,} documents have"
    why = "hardly a capital letter, or hardly another (chats, capitals throughout, bad scans)"
    return [f"{documents} {why}: recurring phrases and what stands together were taken from there, but no names."]


STAGE = TableStage(
    name="survey",
    reads=("text_units",),
    writes=("lexicon", "tallies"),
    version=3,
    run=run,
    last={"text_units": _UNIT, "tallies": ()},
    read_by="extract",
    notes=notes,
)
