"""Mode `local`: the walk from the names and words of a question; text units and all that hangs on them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graphrag_engine.query import chain, facts, paths
from graphrag_engine.query.found import Asked, Found
from graphrag_engine.query.ranking import Ranking, ranked
from graphrag_engine.query.walk import Restart, restart, walk
from graphrag_engine.stores.base import Store

_NEAR = 12
_TIES = 400
"""Relationships in which a chain is looked for."""
_RELATIONSHIPS = 16
_CLAIMS = 12
_REPORTS = 3
_PATHS = 3


def find(store: Store, asked: Asked, k: int) -> Found:
    """Evidence by the balanced walk; at most *k* text units."""
    start = restart(asked.links, asked.hits, store.count("text_units"))
    walked = walk(store, start, asked.scope.allowed)
    ties = facts.ties(store, walked)
    worth = {term: asked.hits.weights[term] for term in asked.content}
    leading = chain.chained(store, ties.top(_TIES), asked.links.entities.tolist(), walked.entities, worth)
    chains = paths.between(store, asked.links, walked.entities, asked.scope, _PATHS)
    return Found(
        mode="local",
        asked=asked,
        grounded=asked.grounded,
        units=walked.units.top(k),
        near=walked.units.top(max(k, _NEAR)),
        chain=tuple(leading),
        entities=walked.entities,
        relationships=_with(facts.relationships(store, ties, asked.scope, _RELATIONSHIPS), leading, ties),
        claims=facts.claims(store, walked, asked.scope, _CLAIMS),
        reports=facts.reports(store, walked, asked.scope, _REPORTS),
        paths=chains,
        trace=(_told(start, len(walked.units.rows), len(walked.entities.rows)),),
    )


def _with(found: Ranking, leading: Sequence[int], ties: Ranking) -> Ranking:
    """The ties found and those that lead to what is asked for."""
    rows = np.union1d(found.rows, np.array(leading, np.int64))
    return ranked(rows, ties.of(rows))


def _told(start: Restart, n_units: int, n_entities: int) -> Mapping[str, Any]:
    named = round(float(start.entity_weights.sum()), 3)
    return {
        "step": "walk",
        "why": f"{named:.0%} of the restart on names, the rest on passages by their words",
        "text_units": n_units,
        "entities": n_entities,
    }
