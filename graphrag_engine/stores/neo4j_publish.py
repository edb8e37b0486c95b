"""Bring a workspace on a server to a version of an index: work out what differs, send it, say so."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pyarrow.compute as pc

from graphrag_engine.errors import SchemaClash
from graphrag_engine.results import Event
from graphrag_engine.stores.neo4j_ledger import Ledger
from graphrag_engine.stores.neo4j_marker import PUBLISHED, Marker, Workspace
from graphrag_engine.stores.neo4j_rows import VECTORS
from graphrag_engine.stores.neo4j_schema import Schema, vector_index, vector_property
from graphrag_engine.stores.neo4j_sending import Basis, Batch, Sending
from graphrag_engine.stores.neo4j_versions import Last, Version

_CJK = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
_ENOUGH = 0.05
"""Share of text units with Chinese, Japanese or Korean from which on the analyzer for these is taken."""


@dataclass(kw_only=True)
class Published:
    """What one publish did."""

    how: str
    """`first`, `difference`, `compared` (with what the server has), or `unchanged`."""
    last: int | None = None
    """The version that the server had, where it had a whole one."""
    sent: Counter[str] = field(default_factory=Counter)
    """Rows by label or relationship type."""
    deleted: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Vectors that were not sent, and why."""
    notes: list[str] = field(default_factory=list)


def publish(
    workspace: Workspace,
    now: Version,
    known: Callable[[Marker], Version | None],
    analyzer: str,
    on_event: Callable[[Event], object],
) -> Published:
    """Send a version, or what of it the server does not hold. *known* finds the version of a marker, if it is here."""
    schema = Schema(workspace.server, workspace.name)
    schema.prepare()
    was = workspace.marker()
    if was and was.whole and was.fingerprint == now.fingerprint and _counted(was, workspace):
        return Published(how="unchanged", last=was.version)
    notes = schema.search(_analyzer(now) if analyzer == "auto" else analyzer)
    was = workspace.take()
    run = _Run(workspace, schema, now, was.indexes if was else ())
    done = run.send(_basis(workspace, was, known), on_event)
    done.last = was.version if was and was.whole else None
    done.notes[:0] = notes
    return done


class _Run:
    """One publish that has something to do."""

    def __init__(self, workspace: Workspace, schema: Schema, now: Version, indexes: tuple[str, ...]) -> None:
        self._workspace = workspace
        self._schema = schema
        self._now = now
        self._indexes = indexes
        """Vector indexes that are ours."""
        self._length = now.vector_length()
        self._labels = [VECTORS[kind] for kind in sorted(now.kinds("vectors", "kind")) if kind in VECTORS]

    def send(self, basis: Basis, on_event: Callable[[Event], object]) -> Published:
        """All batches, then indexes, then the word that all is there."""
        how = "first" if basis.first else "compared" if basis.every else "difference"
        done = Published(how=how, notes=self._clear())
        sending = Sending(self._now, basis, self._length, vector_property(self._workspace.name))
        counts: Counter[str] = Counter()
        for batch in _ahead(sending.batches()):
            self._workspace.run(batch.text, rows=batch.rows, **batch.parameters)
            if batch.what:
                counts[batch.stage] += len(batch.rows)
                (done.deleted if batch.gone else done.sent)[batch.what] += len(batch.rows)
                on_event(Event(stage=batch.stage, done=counts[batch.stage], total=0))
        done.refused = sending.refused
        self._index(on_event)
        nodes, relationships = self._workspace.counts()
        self._workspace.finish(
            Marker(
                state=PUBLISHED,
                fingerprint=self._now.fingerprint,
                version=self._now.manifest.version,
                nodes=nodes,
                relationships=relationships,
                indexes=self._indexes,
            )
        )
        return done

    def _clear(self) -> list[str]:
        """Take away our indexes of vectors of another length, told in sentences; raises SchemaClash for others'."""
        told = []
        for label in self._labels:
            has, name = self._schema.dimension(label), vector_index(self._workspace.name, label)
            if has in (None, self._length):
                continue
            if name not in self._indexes:
                raise SchemaClash(
                    f"The vector index {name!r} takes {has} numbers, these vectors have {self._length}, and it was not "
                    "made by graphrag-engine. It was not touched; publish under a --workspace of another name."
                )
            self._schema.drop_vectors(label)
            told.append(f"The vector index {name!r} was made anew, for {self._length} numbers instead of {has}.")
        return told

    def _index(self, on_event: Callable[[Event], object]) -> None:
        """Vector indexes that are missing; they fill quicker than they would grow with the data."""
        schema = Schema(self._workspace.server, self._workspace.name)
        for label in self._labels:
            if schema.dimension(label) is None:
                name = vector_index(self._workspace.name, label)
                self._workspace.own(name)
                self._indexes = tuple(dict.fromkeys((*self._indexes, name)))
                schema.index_vectors(label, self._length)
        on_event(Event(stage="indexes", done=0, total=0))
        schema.wait()


def _basis(workspace: Workspace, was: Marker | None, known: Callable[[Marker], Version | None]) -> Basis:
    """What the server holds: nothing, a version that is here, or what it says itself."""
    if was is None:
        return Last(None)
    before = known(was) if was.whole and _counted(was, workspace) else None
    return Last(before) if before else Ledger(workspace.server, workspace.name)


def _counted(was: Marker, workspace: Workspace) -> bool:
    """Whether the server has as many nodes and relationships as after the last publish."""
    return (was.nodes, was.relationships) == workspace.counts()


def _ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches; the next is made ready while one is on its way."""
    with ThreadPoolExecutor(1) as pool:
        ready = pool.submit(next, batches, None)
        while (batch := ready.result()) is not None:
            ready = pool.submit(next, batches, None)
            yield batch


def _analyzer(now: Version) -> str:
    """By what the first text units are written in."""
    block = next(now.all_blocks("text_units", ("text",)), None)
    if block is None or not len(block):
        return "english"
    return "cjk" if pc.mean(pc.match_substring_regex(block["text"], _CJK)).as_py() >= _ENOUGH else "english"
