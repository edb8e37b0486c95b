"""Mode `local`: the walk from the names and words of a question; text units and all that hangs on them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphrag_engine.query import along, facts
from graphrag_engine.query.found import Asked, Found
from graphrag_engine.query.matching import worth
from graphrag_engine.query.ranking import Ranking
from graphrag_engine.query.walk import Restart, restart, walk
from graphrag_engine.stores.base import Store

_NEAR = 12
_BEGINNINGS = 3
"""Entities of most mass to begin a chain from where the question names none."""
_RELATIONSHIPS = 16
_CLAIMS = 12
_REPORTS = 3


def passages(store: Store, asked: Asked, k: int) -> Ranking:
    """The best *k* text units by the balanced walk, and nothing that hangs on them."""
    return walk(store, _start(store, asked), asked.scope.allowed).units.top(k)


def find(store: Store, asked: Asked, k: int) -> Found:
    """Evidence by the balanced walk; at most *k* text units."""
    start = _start(store, asked)
    walked = walk(store, start, asked.scope.allowed)
    begin = asked.links.entities.tolist() or walked.entities.top(_BEGINNINGS).rows.tolist()
    led = along.walks(store, begin, worth(asked), walked.entities, asked.scope)
    found = Found(
        mode="local",
        asked=asked,
        grounded=asked.grounded,
        units=walked.units.top(k),
        near=walked.units.top(max(k, _NEAR)),
        led=tuple(walk.hops for walk in led),
        entities=walked.entities,
        claims=facts.claims(store, walked, asked.scope, _CLAIMS),
        reports=facts.reports(store, walked, asked.scope, _REPORTS),
        trace=(_told(start, len(walked.units.rows), len(walked.entities.rows)),),
    )
    ties = facts.relationships(store, walked, asked.scope, _RELATIONSHIPS, found.chain)
    return replace(found, relationships=ties)


def _start(store: Store, asked: Asked) -> Restart:
    return restart(asked.links, asked.prior, store.count("text_units"))


def _told(start: Restart, n_units: int, n_entities: int) -> Mapping[str, Any]:
    named = round(float(start.entity_weights.sum()), 3)
    return {
        "step": "walk",
        "why": f"{named:.0%} of the restart on names, the rest on passages by their words",
        "text_units": n_units,
        "entities": n_entities,
    }
