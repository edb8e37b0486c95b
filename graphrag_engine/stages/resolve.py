"""mentions, comparisons -> resolutions: which names are one thing, and which only look so, where and why."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.offline.evident import evident, naming
from graphrag_engine.offline.homonyms import UNTYPED
from graphrag_engine.offline.identity import OVERRIDE, Identity, identify
from graphrag_engine.offline.judged import judged
from graphrag_engine.offline.ragged import distinct_pairs, one_array
from graphrag_engine.offline.roots import form
from graphrag_engine.offline.rulings import Resolution, as_table, decided, undisputed
from graphrag_engine.overrides import Overrides
from graphrag_engine.stages.base import Tables, TableStage

_HOMONYM = 0.8
"""Confidence that things of different types are two."""


def run(tables: Tables, overrides: Overrides) -> Tables:
    """Look for aliases in each document by itself, then in all of them, then at what else speaks for them.

    What people say goes before all evidence, what words say before what vectors and models do.
    """
    documents = naming(tables)
    mentioned = pc.unique(tables["entity_mentions"]["name"]).to_pylist()
    names = {form(name): name for name in sorted(mentioned, reverse=True)}
    rulings, words = list(decided(overrides, names.keys())), evident(documents)
    further = judged(tables["comparisons"], [*rulings, *words], documents)
    rows = [*rulings, *undisputed([*words, *further], overrides)]
    identity = identify(_doubtful(tables["entity_mentions"], rows), as_table(rows), tables["text_units"])
    return {"resolutions": as_table([*rows, *_namesakes(identity, names, overrides)])}


def _namesakes(identity: Identity, names: Mapping[str, str], overrides: Overrides) -> Iterator[Resolution]:
    """What bears one name and is of different types, unless people give all of it one type."""
    retyped = {name.text: identity.bearing(name.text) for name, _ in overrides.retype if name.type is None}
    for text, bearers in retyped.items():
        if len(bearers) > 1:
            yield Resolution(text, text, "same", OVERRIDE, 1.0)
    for root, bearers in identity.namesakes():
        usual, *others = (identity.types[entity] for entity in bearers)
        for kind in others if bearers not in retyped.values() else ():
            yield Resolution(names[root], names[root], "different", "homonym", _HOMONYM, None, usual, kind)


def _doubtful(mentions: pa.Table, rows: Iterable[Resolution]) -> pa.Table:
    """All mentions of names that are joined with others, or that mentions give different types."""
    names, types = (one_array(mentions[column]).dictionary_encode() for column in ("name", "type"))
    forms: dict[str, int] = {}
    number = np.array([forms.setdefault(form(name), len(forms)) for name in names.dictionary.to_pylist()], np.int64)
    of_name = number[names.indices.to_numpy()]
    telling = pc.invert(pc.is_in(mentions["type"], value_set=pa.array(UNTYPED))).to_numpy()
    owner, _ = distinct_pairs(of_name[telling], types.indices.to_numpy()[telling].astype(np.int64))
    doubtful = np.bincount(owner, minlength=len(forms)) > 1
    doubtful[[forms[each] for row in rows for name in row[:2] if (each := form(name)) in forms]] = True
    return mentions.filter(pa.array(doubtful[of_name]))


STAGE = TableStage(
    name="resolve",
    reads=("text_units", "entity_mentions", "comparisons"),
    writes=("resolutions",),
    version=2,
    run=run,
    corrected=True,
)
