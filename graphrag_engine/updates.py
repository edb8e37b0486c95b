"""What a run finds changed since the last version, and whether it may go on. Pure: tables in, tables out."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from graphrag_engine.errors import DeletionRefused, NothingToIndex
from graphrag_engine.results import Changes

_GUARD_FROM = 10
"""Documents from which an index is guarded against mass deletion."""
_GUARD_SHARE = 0.3
"""Share of the documents that may leave in one run."""


@dataclass(frozen=True)
class Update:
    """How the documents of the next version differ from those of the last one."""

    changes: Changes
    fresh: pa.Table
    """Documents that are new or changed."""
    kept: pa.Array
    """Ids of documents that stay although they were not found."""


def compare(found: pa.Table, unreadable: Collection[str], before: pa.Table) -> Update:
    """Hold the documents *found* against those of the last version (*before*: id, source, content_hash).

    The documents of an *unreadable* source stay as they were: not readable today is not gone. An empty
    source stands for all of them.
    """
    known = dict(zip(before["id"].to_pylist(), before["content_hash"].to_pylist(), strict=True))
    ids, hashes = found["id"].to_pylist(), found["content_hash"].to_pylist()
    fresh = [known.get(each) != content for each, content in zip(ids, hashes, strict=True)]
    missing = before.filter(pc.invert(pc.is_in(before["id"], pa.array(ids, pa.string()))))
    kept = [_stands_in(source, unreadable) for source in missing["source"].to_pylist()]
    added = sum(each not in known for each in ids)
    changes = Changes(
        added=added,
        changed=sum(fresh) - added,
        deleted=len(kept) - sum(kept),
        unchanged=len(ids) - sum(fresh) + sum(kept),
    )
    stay = missing["id"].combine_chunks().filter(pa.array(kept, pa.bool_()))
    return Update(changes, found if all(fresh) else found.filter(pa.array(fresh, pa.bool_())), stay)


def guard(changes: Changes, allow_deletes: bool, reasons: Sequence[str] = ()) -> None:
    """Raises NothingToIndex, or DeletionRefused where so much is gone that a folder may be unmounted.

    *reasons* are sentences on what could not be read.
    """
    if not changes.total:
        raise NothingToIndex(changes.deleted, reasons)
    before = changes.changed + changes.deleted + changes.unchanged
    if before >= _GUARD_FROM and changes.deleted > before * _GUARD_SHARE and not allow_deletes:
        raise DeletionRefused(changes.deleted, before)


def _stands_in(source: str, places: Collection[str]) -> bool:
    """Whether a document's source is one of these places, a row of one, or below one."""
    ends = [mark.start() for mark in re.finditer("[#/]", source)]
    return any(source[:end] in places for end in (0, *ends, len(source)))
