"""What vectors and a model say of names, as resolutions: as far as it agrees with itself, and where words say nothing.

Where the words of a document tell what a name stands for, they count there; a judgement on it holds in the others.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import combinations

import pyarrow as pa

from graphrag_engine.offline.candidates import parts
from graphrag_engine.offline.evident import Naming
from graphrag_engine.offline.roots import end, form
from graphrag_engine.offline.rulings import Resolution

_Forms = frozenset[str]


def judged(comparisons: pa.Table, known: Sequence[Resolution], documents: Mapping[str, Naming]) -> Iterator[Resolution]:
    """The judgements that hold, beside what is *known* from people and words."""
    columns = (comparisons[name].to_pylist() for name in ("left", "right", "verdict", "cause", "confidence"))
    rows = _untorn([Resolution(*row) for row in zip(*columns, strict=True)], known)
    told, links = _told(known if rows else ())
    named = _documents({form(name) for row in rows for name in row[:2]} & told.keys(), documents)
    for row in rows:
        left, right = (row.left, row.right) if form(row.left) in told else (row.right, row.left)
        if form(left) not in told and (row.verdict == "same" or end(links, form(left)) != end(links, form(right))):
            yield row
        for document in sorted(named.get(form(left), set()) - told.get(form(left), set())):
            yield row._replace(left=left, right=right, document_id=document)


def _told(known: Sequence[Resolution]) -> tuple[Mapping[str, set[str]], dict[str, str]]:
    """The documents in which each name is known to stand for another, and links that join all that stand for one."""
    told, links = defaultdict[str, set[str]](set), dict[str, str]()
    for row in known:
        low, high = sorted((end(links, form(row.left)), end(links, form(row.right))))
        if row.verdict == "same" and row.document_id is not None:
            told[form(row.left)].add(row.document_id)
        if row.verdict == "same" and low != high:
            links[high] = low
    return told, links


def _documents(forms: Set[str], documents: Mapping[str, Naming]) -> Mapping[str, set[str]]:
    """The documents that use names of these forms."""
    found = defaultdict[str, set[str]](set)
    for document, naming in documents.items() if forms else ():
        for name in naming.named:
            if form(name) in forms:
                found[form(name)].add(document)
    return found


def _untorn(rows: Sequence[Resolution], known: Sequence[Resolution]) -> list[Resolution]:
    """All but those that take one name for two things that are not one."""
    pairs: dict[str, set[_Forms]] = {"same": set(), "different": set()}
    for row in (*rows, *(known if rows else ())):
        pairs[row.verdict].add(frozenset((form(row.left), form(row.right))))
    others = defaultdict[str, set[str]](set)
    for row in rows:
        if row.verdict == "same":
            others[row.left].add(row.right)
            others[row.right].add(row.left)

    def torn(name: str) -> bool:
        return any(_rivals(name, *two, pairs) for two in combinations(sorted(others[name]), 2))

    torn_names = {name for name in others if torn(name)}
    return [row for row in rows if row.verdict != "same" or not torn_names.intersection(row[:2])]


def _rivals(name: str, one: str, other: str, pairs: Mapping[str, set[_Forms]]) -> bool:
    """Whether two names that one name is taken for are two things, or are both longer than it in ways of their own."""
    two = frozenset((form(one), form(other)))
    if two in pairs["different"]:
        return True
    mine, theirs = parts(one), parts(other)
    return two not in pairs["same"] and parts(name) <= mine & theirs and bool(mine - theirs) and bool(theirs - mine)
