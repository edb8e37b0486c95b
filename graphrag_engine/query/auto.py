"""Mode `auto`: the mode that fits a question, chosen without asking a model, and why."""

from graphrag_engine.query import global_, local, path, vector
from graphrag_engine.query.broad import is_broad
from graphrag_engine.query.found import Asked, Found
from graphrag_engine.stores.base import Store


def find(store: Store, asked: Asked, k: int) -> tuple[Found, str]:
    """The evidence in the mode that fits, and why it does."""
    named = len({link.said for link in asked.links.found})
    if named:
        return _around(store, asked, k, named)
    if store.count("reports") and is_broad(asked.question):
        shared = "" if asked.grounded else "; no passage holds half of its words"
        return global_.find(store, asked, k), f"since no name is known and the question asks for the whole{shared}"
    if asked.grounded:
        return local.find(store, asked, k), "since no name is known, but a passage holds half of the question's words"
    return vector.find(asked, k), "since no name is known and no passage holds half of the question's words"


def _around(store: Store, asked: Asked, k: int, named: int) -> tuple[Found, str]:
    """Paths and what lies around them where they say more than one tie does; else what lies around the names."""
    around = local.find(store, asked, k)
    joined = path.join(store, around)
    names = f"since {named} names are known" if named > 1 else "since one name is known"
    if any(hops[-1].far in asked.links.entities for hops in joined.paths):
        return joined, f"{names} and ties join them"
    if any(len(hops) > 1 for hops in joined.paths):
        return joined, f"{names} and a chain of ties leads on"
    return around, f"{names} and no chain of ties leads on"
