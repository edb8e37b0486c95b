"""Ties that say no more than that two things stand together, and how much they are worth."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.ragged import Floats, Ints, lookup, positions

LOOSE = "mentioned with"
"""The type of a relationship without a direction, stated by nothing but standing together."""


def association(together: Ints, one: Ints, other: Ints, n: int) -> Floats:
    """How much more often two things stand together than by chance: 0 to 1, times 1 + ln of how often.

    Counts of text units: with both, with each of the two, and all. Normalised pointwise mutual information
    (Bouma, "Normalized (pointwise) mutual information in collocation extraction", 2009), moved from -1..1 to 0..1.
    To a tenth, and *n* to a power of two, so that a text unit more does not change all weights a little.
    """
    about = 2.0 ** np.ceil(np.log2(max(n, 1)))
    rarity = np.log(about / together)
    chance = np.log(together * about / np.maximum(one * other, 1))
    gain = np.divide(chance, rarity, out=np.ones(len(together)), where=rarity > 0)
    worth: Floats = np.round((1 + np.clip(gain, -1, 1)) / 2 * (1 + np.log(together)), 1)
    return worth


def rows(relationships: pa.Table, entities: pa.Table, source: Ints, target: Ints, types: pa.ChunkedArray) -> Ints:
    """The relationship from each source to its target of this type; -1 for none.

    *source* and *target* are rows of *entities*, -1 for unknown; the answer is a row of *relationships*.
    """
    kinds = pa.chunked_array([pc.unique(relationships["type"])])
    kind = positions(types, kinds)
    found = np.full(len(source), -1, np.int64)
    asked = np.flatnonzero((source >= 0) & (target >= 0) & (kind >= 0))
    if not len(relationships):
        return found
    ends = positions(relationships["source_id"], entities["id"]), positions(relationships["target_id"], entities["id"])
    known = (ends[0] * len(entities) + ends[1]) * len(kinds) + positions(relationships["type"], kinds)
    order = np.argsort(known)
    at, hit = lookup((source[asked] * len(entities) + target[asked]) * len(kinds) + kind[asked], known[order])
    found[asked] = np.where(hit, order[at], -1)
    return found
