"""Publishing an index to a graph server: addresses, versions, and what a run tells of itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from graphrag_engine import settings as configuration
from graphrag_engine.errors import ServerError, UsageError
from graphrag_engine.local_neo4j.server import USER, LocalServer
from graphrag_engine.results import Check, Compared, Comparison, DropReport, Event, Failure, PublishReport
from graphrag_engine.settings import Neo4jSettings
from graphrag_engine.stores import neo4j_names as names
from graphrag_engine.stores.neo4j_check import Sum, of_index, of_server
from graphrag_engine.stores.neo4j_drop import drop
from graphrag_engine.stores.neo4j_marker import Marker, Workspace
from graphrag_engine.stores.neo4j_publish import publish
from graphrag_engine.stores.neo4j_server import Address, Server
from graphrag_engine.stores.neo4j_versions import Version
from graphrag_engine.stores.parquet import ParquetStore

_REMEDY = "NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD and NEO4J_DATABASE lead to it; `publish --help` tells more."


@dataclass(frozen=True)
class Publishing:
    """The half of the engine that sends; what its verbs promise stands in `Engine`."""

    root: Path
    store: ParquetStore
    settings: Neo4jSettings
    on_event: Callable[[Event], object]

    def publish(self, uri: str | None, workspace: str, database: str | None) -> PublishReport:
        """See `Engine.publish`."""
        workspace = names.workspace(workspace)
        now = Version(self.store, self.store.existing())
        address = self.address(uri, database)
        begun = time.monotonic()
        with Server.open(address, self.settings) as server:
            space = Workspace(server, workspace, uuid4().hex, names.scope(workspace))
            done = publish(space, now, self._known, self.settings.analyzer, self.on_event)
        return PublishReport(
            store=address.uri,
            database=address.database,
            workspace=workspace,
            version=now.manifest.version,
            last_version=done.last,
            how=done.how,
            sent=dict(sorted(done.sent.items())),
            deleted=dict(sorted(done.deleted.items())),
            seconds=time.monotonic() - begun,
            failed=tuple(Failure(stage="vectors", id=each, error=f"The vector {why}.") for each, why in done.refused),
            warnings=tuple(done.notes),
        )

    def check(self, uri: str | None, workspace: str, database: str | None) -> Comparison:
        """See `Engine.check_published`."""
        workspace = names.workspace(workspace)
        now = Version(self.store, self.store.existing())
        address = self.address(uri, database)
        with Server.open(address, self.settings) as server:
            found = of_server(server, workspace)
        wanted = of_index(now)
        rows = {name: (wanted.get(name, Sum()), found.get(name, Sum())) for name in sorted({*wanted, *found})}
        return Comparison(
            store=address.uri,
            database=address.database,
            workspace=workspace,
            version=now.manifest.version,
            parts=tuple(
                Compared(name=name, index=mine.count, server=theirs.count, equal=mine == theirs)
                for name, (mine, theirs) in rows.items()
            ),
        )

    def drop(self, uri: str | None, workspace: str, database: str | None) -> DropReport:
        """See `Engine.drop_published`."""
        workspace = names.workspace(workspace)
        address = self.address(uri, database)
        with Server.open(address, self.settings) as server:
            gone = drop(Workspace(server, workspace, uuid4().hex, names.scope(workspace)))
        return DropReport(store=address.uri, database=address.database, workspace=workspace, deleted=dict(gone))

    def doctor(self) -> tuple[Check, ...]:
        """Whether the graph server does what is needed; nothing where none is set."""
        if not self.settings.uri and LocalServer(self.root).running() is None:
            return ()
        try:
            with Server.open(self.address(None, None), self.settings) as server:
                told = f"Neo4j {server.version} answers at {self.address(None, None).uri!r}"
        except (ServerError, UsageError) as error:
            return (Check(name="neo4j", ok=False, told=str(error), remedy=_REMEDY),)
        return (Check(name="neo4j", ok=True, told=told),)

    def address(self, uri: str | None, database: str | None) -> Address:
        """Where to, and as whom: as told, as set, or the local server of this folder. Raises UsageError."""
        password = configuration.neo4j_password(self.root)
        if found := uri or self.settings.uri:
            if not password:
                raise UsageError(f"No password for the server at {found!r}: set NEO4J_PASSWORD.")
            return Address(found, self.settings.username, password, database or self.settings.database)
        local = LocalServer(self.root)
        if running := local.running():
            return Address(running.uri, USER, local.password(), database or self.settings.database)
        raise UsageError(
            "No server to publish to: name one with --store neo4j://HOST or NEO4J_URI, "
            "or start one here: graphrag-engine neo4j start"
        )

    def _known(self, marker: Marker) -> Version | None:
        """The version that a marker speaks of, where it is still here."""
        for number in dict.fromkeys((marker.version, *reversed(self.store.versions()))):
            manifest = self.store.version(number)
            if manifest and (found := Version(self.store, manifest)).fingerprint == marker.fingerprint:
                return found
        return None
