"""Whether names of a text are missing from what was read there, as far as rules can tell."""

import re
from collections.abc import Iterable

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.offline.cues import words
from graphrag_engine.offline.lexicon import UPPER
from graphrag_engine.offline.words import normalise

_NAME = re.compile(
    rf"[{UPPER}](?<=[\w,;:(]\s.)[\w'\u2019.-]*(?:\s(?:(?:of|the|de|von|van)\s){{0,2}}[{UPPER}][\w'\u2019.-]*){{0,5}}"
)
"""Words with capitals, where no sentence begins. A set of letters comes first, so that the engine skips all others."""
_NO_NAMES = words(
    "i january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mr mrs ms dr"
)
_MISSED, _SHARE = 3, 0.4
"""Names that must be missing, and their share of all."""
_CROWDED = 0.25
"""Share of words with capitals from which on these say nothing: titles, tables, languages that write nouns so."""
_TOKENS = 250
"""Tokens in which a text without telling capitals should name one thing."""


def is_thin(text: str, names: Iterable[str]) -> bool:
    """Whether many names of a text are not among *names*."""
    found = {*map(normalise, {*_NAME.findall(text)})}
    told = [each for each in map(str.split, found) if not _NO_NAMES.issuperset(each)]
    known = set(" ".join(map(normalise, names)).split())
    if len(told) > _CROWDED * text.count(" ") or text == text.upper():
        return estimate_tokens(text) // _TOKENS > len(known)
    missed = sum(map(known.isdisjoint, told))
    return missed >= _MISSED and missed >= _SHARE * len(told)
