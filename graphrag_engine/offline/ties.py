"""Ties that say no more than that two things stand together, and how much they are worth."""

import numpy as np

from graphrag_engine.offline.ragged import Floats, Ints

LOOSE = "mentioned with"
"""The type of a relationship without a direction, stated by nothing but standing together."""


def association(together: Ints, one: Ints, other: Ints, n: int) -> Floats:
    """How much more often two things stand together than by chance: 0 to 1, times 1 + ln of how often.

    Counts of text units: with both, with each of the two, and all. Normalised pointwise mutual information
    (Bouma, "Normalized (pointwise) mutual information in collocation extraction", 2009), moved from -1..1 to 0..1.
    """
    rarity = np.log(max(n, 1) / together)
    chance = np.log(together * max(n, 1) / np.maximum(one * other, 1))
    gain = np.divide(chance, rarity, out=np.ones(len(together)), where=rarity > 0)
    worth: Floats = np.round((1 + np.clip(gain, -1, 1)) / 2 * (1 + np.log(together)), 6)
    return worth
