"""Names as they are written -> the hashes they are looked up by, and who bears them."""

import re
from collections.abc import Sequence
from functools import cache
from unicodedata import normalize

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.ragged import Ints, one_array, ranges
from graphrag_engine.offline.words import normalise
from graphrag_engine.stores.carry import Tables
from graphrag_engine.stores.sparse import Array, key

_ACCENTS = re.compile("[\u0300-\u036f]+")


def forms(columns: Sequence[pa.ChunkedArray], last: Tables | None) -> tuple[pa.Table, list[Ints]]:
    """One row for each distinct string of *columns*, and for each column the rows of its strings.

    A row holds the string, the hash of its normalised form, that of the form without accents, and those
    of the words of both. Rows of *last* are used again.
    """
    strings = pa.concat_arrays([one_array(column).cast(pa.large_string()) for column in columns]).dictionary_encode()
    ends = np.cumsum([len(column) for column in columns])
    rows = np.split(np.asarray(strings.indices).astype(np.int64), ends[:-1])
    return _known(strings.dictionary, last), rows


def bearers(table: pa.Table, form: Ints, owner: Ints, alias: Array) -> tuple[pa.Table, pa.Table]:
    """Whole names, and the single words of names, by hash, each with the entity that bears it.

    *form* is a row of *table*, *owner* the entity that is called so, *alias* whether by an alias (1) or its name (0).
    """
    both = np.concatenate([table["key"].to_numpy()[form], table["plain"].to_numpy()[form]])
    owners, aliases = np.tile(owner, 2), np.tile(alias, 2)
    best = _firsts(both, owners, aliases)
    words = one_array(table["words"])
    low, high = (np.asarray(words.offsets)[form + side] for side in (0, 1))
    word, has = np.asarray(words.values)[ranges(low, high)], np.repeat(owner, high - low)
    once = _firsts(word, has)
    return (
        pa.table({"key": both[best], "entity": owners[best].astype(np.int32), "alias": aliases[best].astype(np.int8)}),
        pa.table({"key": word[once], "entity": has[once].astype(np.int32)}),
    )


def _firsts(keys: Array, owners: Ints, *ranks: Array) -> Ints:
    """The first place of each pair of key and owner, by rank, in the order of the pairs."""
    order = np.lexsort((*ranks, owners, keys))
    new = np.ones(len(order), np.bool_)
    new[1:] = (keys[order][1:] != keys[order][:-1]) | (owners[order][1:] != owners[order][:-1])
    found: Ints = order[new]
    return found


def unaccented(form: str) -> str:
    """A normalised name without accents, as people type it."""
    return form if form.isascii() else normalize("NFC", _ACCENTS.sub("", normalize("NFD", form)))


def _known(written: pa.Array, last: Tables | None) -> pa.Table:
    if last is None:
        return _hashed(written)
    place = pc.index_in(written, value_set=one_array(last["forms"]["form"]))
    fresh = np.asarray(place.is_null())
    at = np.where(fresh, last["forms"].num_rows + np.cumsum(fresh) - 1, np.asarray(place.fill_null(0)))
    both = pa.concat_tables([last["forms"], _hashed(written.filter(pa.array(fresh)))])
    return both.combine_chunks().take(pa.array(at))


def _hashed(written: pa.Array) -> pa.Table:
    hashed = cache(key)
    names = [normalise(string) for string in written.to_pylist()]
    plain = [unaccented(name) for name in names]
    pairs = zip(names, plain, strict=True)
    words = [sorted({hashed(word) for form in {*pair} for word in form.split(" ")}) for pair in pairs]
    return pa.table(
        {
            "form": written,
            "key": np.array([key(name) for name in names], np.uint64),
            "plain": np.array([key(name) for name in plain], np.uint64),
            "words": pa.array(words, pa.list_(pa.uint64())),
        }
    )
