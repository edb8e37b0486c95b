"""Mode `local`: the walk from the names and words of a question; text units and all that hangs on them."""

from collections.abc import Mapping
from typing import Any

from graphrag_engine.query import facts, paths
from graphrag_engine.query.found import Asked, Found
from graphrag_engine.query.walk import Restart, restart, walk
from graphrag_engine.stores.base import Store

_RELATIONSHIPS = 16
_CLAIMS = 12
_REPORTS = 3
_PATHS = 3


def find(store: Store, asked: Asked, k: int) -> Found:
    """Evidence by the balanced walk; at most *k* text units."""
    start = restart(asked.links, asked.hits, store.count("text_units"))
    walked = walk(store, start, asked.scope.allowed)
    chains = paths.between(store, asked.links, walked.entities, asked.scope, _PATHS)
    return Found(
        mode="local",
        asked=asked,
        grounded=asked.grounded,
        units=walked.units.top(k),
        entities=walked.entities,
        relationships=facts.relationships(store, walked, asked.scope, _RELATIONSHIPS),
        claims=facts.claims(store, walked, asked.scope, _CLAIMS),
        reports=facts.reports(store, walked, asked.scope, _REPORTS),
        paths=chains,
        trace=(_told(start, len(walked.units.rows), len(walked.entities.rows)),),
    )


def _told(start: Restart, n_units: int, n_entities: int) -> Mapping[str, Any]:
    named = round(float(start.entity_weights.sum()), 3)
    return {
        "step": "walk",
        "why": f"{named:.0%} of the restart on names, the rest on text units by their words",
        "text_units": n_units,
        "entities": n_entities,
    }
