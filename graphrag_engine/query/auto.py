"""Mode `auto`: the mode that fits a question, chosen without asking a model, and why."""

from typing import Literal

from graphrag_engine.query import global_, local, path, vector
from graphrag_engine.query.broad import is_broad
from graphrag_engine.query.found import Asked, Found
from graphrag_engine.stores.base import Store


def mode(store: Store, asked: Asked) -> tuple[Literal["local", "global", "vector"], str]:
    """The mode in which to look for text units, and why; where names are known, paths may then be told as well."""
    named = len({link.said for link in asked.links.found})
    if named:
        return "local", f"since {named} names are known" if named > 1 else "since one name is known"
    if store.count("reports") and is_broad(asked.question):
        shared = "" if asked.grounded else "; no passage holds half of its words"
        return "global", f"since no name is known and the question asks for the whole{shared}"
    if asked.grounded:
        return "local", "since no name is known, but a passage holds half of the question's words"
    return "vector", "since no name is known and no passage holds half of the question's words"


def find(store: Store, asked: Asked, k: int, reports: int) -> tuple[Found, str]:
    """The evidence in the mode that fits, with at most *reports* of these where they matter most, and why it does."""
    chosen, why = mode(store, asked)
    if chosen == "global":
        return global_.find(store, asked, k, reports), why
    if chosen == "vector":
        return vector.find(asked, k), why
    around = local.find(store, asked, k)
    return _joined(store, around, why) if asked.links.found else (around, why)


def _joined(store: Store, around: Found, names: str) -> tuple[Found, str]:
    """Paths and what lies around them where they say more than one tie does; else what lies around the names."""
    asked, joined = around.asked, path.join(store, around)
    if any(hops[-1].far in asked.links.entities for hops in joined.paths):
        return joined, f"{names} and ties join them"
    if any(len(hops) > 1 for hops in joined.paths):
        return joined, f"{names} and a chain of ties leads on"
    return around, f"{names} and no chain of ties leads on"
