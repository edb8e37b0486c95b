"""Mode `path`: cited chains of ties between the names of a question, or from them along its predicates."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from graphrag_engine.offline.ties import LOOSE
from graphrag_engine.query import local, paths
from graphrag_engine.query.along import MOST_HOPS
from graphrag_engine.query.citations import Citations
from graphrag_engine.query.found import Asked, Found, Path
from graphrag_engine.query.matching import along, worth
from graphrag_engine.query.names import Names
from graphrag_engine.query.ranking import ranked
from graphrag_engine.query.statements import Statements
from graphrag_engine.stores.base import Store

_MOST = 5
"""Paths that are told."""
_EACH = 6
"""Paths between the same two names that are looked at."""


def find(store: Store, asked: Asked, k: int) -> Found:
    """Paths and the evidence around them; not grounded where there is no path."""
    return join(store, local.find(store, asked, k))


def join(store: Store, around: Found) -> Found:
    """The paths through what was found around the names of a question; the order of text units stays the walk's."""
    stated = Statements(store, around, Citations(store), Names(store))
    every = (path for path in _ranked(store, around) if all(stated.place(hop.relationship) for hop in path))
    kept = tuple(islice(every, _MOST))
    kept = tuple(path for path in kept if LOOSE not in _types(store, path)) or kept
    places = [stated.place(hop.relationship) for path in kept for hop in path]
    near = np.union1d(around.near.rows, np.array([place[0] for place in places if place], np.int64))
    return replace(
        around,
        mode="path",
        grounded=bool(kept),
        near=ranked(near, around.near.of(near)),
        paths=kept,
        trace=(*around.trace, _told(around, kept)),
    )


def _ranked(store: Store, around: Found) -> Iterable[Path]:
    """Paths, those first whose predicates hold most of the question; of equals the shortest between two names."""
    asked, known = around.asked, worth(around.asked)
    if not asked.links.found:
        return []
    joined = paths.between(store, asked.links, around.entities, asked.scope, _EACH)
    joined = [tuple(paths.apt(store, hop, known, asked.scope) for hop in path) for path in joined]
    led = [path for path in around.led if len(path) > 1 or not joined]
    once: dict[frozenset[int], Path] = {}
    for path in (*joined, *led):
        once.setdefault(frozenset(hop.relationship for hop in path), path)
    return sorted(once.values(), key=lambda path: -along(_types(store, path), known))


def _types(store: Store, path: Path) -> list[str]:
    rows = np.array([hop.relationship for hop in path])
    return [said["type"] for said in store.rows("relationships", rows, ("type",))]


def _told(around: Found, kept: tuple[Path, ...]) -> Mapping[str, Any]:
    names = list(dict.fromkeys(link.said for link in around.asked.links.found))
    where = "between" if len(names) > 1 else "from"
    return {
        "step": "paths",
        "why": f"{len(kept)} of at most {MOST_HOPS} ties {where} {', '.join(names) or 'no name'}, each tie stated",
        "hops": [len(path) for path in kept],
    }
