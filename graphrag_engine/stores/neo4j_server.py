"""A graph server: one driver, what it may be asked, and its errors in our words. The only importer of `neo4j`."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from graphrag_engine.errors import AccessRefused, SchemaClash, ServerError, ServerUnavailable, UsageError
from graphrag_engine.settings import Neo4jSettings
from graphrag_engine.stores.neo4j_names import shortened

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, Session, Transaction
    from neo4j.exceptions import DriverError, Neo4jError

T = TypeVar("T")

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
_OLDEST = (5, 26)
_CONNECT = 10.0
"""Seconds for one attempt to connect."""
_LONGEST_PAUSE = 5.0
_MISSING = "Neo.ClientError.Database.DatabaseNotFound"
_RACES = {f"Neo.ClientError.Schema.{what}AlreadyExists" for what in ("EquivalentSchemaRule", "Index", "Constraint")}
"""What IF NOT EXISTS says all the same where another run makes the same thing at this moment."""
_CLASHES = ("Neo.ClientError.Schema.", "Neo.DatabaseError.Schema.")


@dataclass(frozen=True)
class Address:
    """Where a server is, and who asks."""

    uri: str
    username: str
    password: str
    database: str = ""

    def __post_init__(self) -> None:
        scheme, _, rest = self.uri.partition("://")
        if scheme not in SCHEMES or not rest:
            raise UsageError(f"{self.uri!r} is no address of a Neo4j server; write neo4j://HOST or bolt://HOST:PORT.")
        if "@" in rest:
            raise UsageError(
                "The address of the server holds a name or password; set NEO4J_USERNAME and NEO4J_PASSWORD."
            )
        for value in (self.uri, self.username, self.password, self.database):
            if value != value.encode("utf-8", "ignore").decode() or "\0" in value:
                raise UsageError("Address, user, password or database of the server hold bytes that are no text.")


class Server:
    """One database of a server that runs. A call is repeated while the server is away, for *patience* seconds."""

    def __init__(self, driver: "Driver", address: Address, patience: float) -> None:
        self._driver = driver
        self._address = address
        self._patience = patience
        self.version = ""

    @classmethod
    @contextmanager
    def open(cls, address: Address, settings: Neo4jSettings) -> Iterator["Server"]:
        """Connect, and close at the end; raises ServerUnavailable, AccessRefused, or ServerError for an old server."""
        import neo4j

        logging.getLogger("neo4j").addHandler(logging.NullHandler())  # else what we try again is told on stderr
        patience = settings.patience
        with _in_our_words(address):
            driver = neo4j.GraphDatabase.driver(
                address.uri,
                auth=(address.username, address.password),
                notifications_min_severity="OFF",
                connection_timeout=_CONNECT,
                connection_acquisition_timeout=max(_CONNECT, patience),
                max_transaction_retry_time=0,
                telemetry_disabled=True,
                user_agent="graphrag-engine",
            )
        with driver:
            server = cls(driver, address, patience)
            server._greet()
            yield server

    def rows(self, text: str, **parameters: Any) -> list[dict[str, Any]]:
        """All rows of an answer."""
        return self._patiently(lambda session: session.execute_read(_all, text, parameters))

    def stream(self, text: str, take: Callable[[Iterator[Sequence[Any]]], T], **parameters: Any) -> T:
        """What *take* makes of the rows of an answer, which are read as it goes; it may be called again."""

        def work(transaction: "ManagedTransaction") -> T:
            return take(record.values() for record in transaction.run(text, dict(parameters)))

        return self._patiently(lambda session: session.execute_read(work))

    def command(self, text: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a command of its own transaction, for what changes the schema."""
        return self._patiently(lambda session: [record.data() for record in session.run(text, parameters)])

    def write(self, work: Callable[["Transaction"], T]) -> T:
        """Do this in one transaction. It may be done again, also where it was done but the answer was lost."""

        def whole(session: "Session") -> T:
            with session.begin_transaction() as transaction:
                result = work(transaction)
                transaction.commit()
                return result

        return self._patiently(whole)

    def _patiently(self, work: Callable[["Session"], T]) -> T:
        """Do it again, after ever longer pauses, while the server is away."""
        with _in_our_words(self._address):
            return self._tried(work)

    def _tried(self, work: Callable[["Session"], T]) -> T:
        from neo4j.exceptions import DriverError, Neo4jError

        pause, until = 0.1, None
        while True:
            try:
                with self._driver.session(database=self._address.database or None) as session:
                    return work(session)
            except (Neo4jError, DriverError) as error:
                until = until or time.monotonic() + self._patience
                if not self._passes(error) or time.monotonic() + pause > until:
                    raise
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _passes(self, error: "Neo4jError | DriverError") -> bool:
        """Whether it may go better next time. A commit without an answer is among them: batches may be sent twice."""
        from neo4j.exceptions import IncompleteCommit, Neo4jError

        code = error.code if isinstance(error, Neo4jError) else ""
        starting = code == _MISSING and bool(self.version)
        return starting or code in _RACES or isinstance(error, IncompleteCommit) or error.is_retryable()

    def _greet(self) -> None:
        """One attempt: a server that is down at the beginning is not waited for."""
        patience, self._patience = self._patience, 0
        found = self.rows(
            "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0] AS is"
        )
        version = found[0]["is"]
        if _numbers(version) < _OLDEST:
            raise ServerError(f"The server is Neo4j {version}; {'.'.join(map(str, _OLDEST))} or newer is needed.")
        self._patience, self.version = patience, version


def _all(transaction: "ManagedTransaction", text: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [record.data() for record in transaction.run(text, dict(parameters))]


def _numbers(version: str) -> tuple[int, ...]:
    """The first two numbers of a version: 5.26.30, 2026.08.1, 5.27-aura."""
    first = version.split("-")[0].split(".")
    return tuple(int(each) for each in first[:2] if each.isdecimal())


@contextmanager
def _in_our_words(address: Address) -> Iterator[None]:
    """Errors of the driver as ours, in one sentence each."""
    from neo4j import exceptions as theirs

    where = address.uri
    try:
        yield
    except (theirs.ConfigurationError, ValueError) as error:
        raise UsageError(f"{where!r} is no address that the driver takes: {shortened(str(error))}.") from None
    except theirs.AuthError:
        raise AccessRefused(
            f"The server at {where!r} refuses the user {address.username!r} with this password. "
            "Set NEO4J_USERNAME and NEO4J_PASSWORD."
        ) from None
    except theirs.Neo4jError as error:
        raise _refusal(error, address) from None
    except theirs.DriverError as error:
        raise ServerUnavailable(
            f"No Neo4j server answers at {where!r}: {shortened(str(error))}. What was sent is kept; once it is back, "
            "the same command goes on."
        ) from None


def _refusal(error: "Neo4jError", address: Address) -> ServerError:
    """What a server said, in our words."""
    code, said = error.code or "", shortened(error.message or "")
    if code == _MISSING:
        return ServerError(
            f"The server at {address.uri!r} has no database {shortened(address.database)!r}; Community has 'neo4j'."
        )
    if "ReadOnly" in code or "read-only" in said or "read only" in said:
        return ServerError(f"The database at {address.uri!r} is read-only; nothing can be published to it. ({said})")
    if code.startswith(_CLASHES):
        return SchemaClash(
            f"What others put into the database stands in the way: {said} "
            "Publish to a server of its own, or take that away first."
        )
    if code.startswith("Neo.ClientError.Security."):
        return AccessRefused(f"The server at {address.uri!r} does not let {address.username!r} do this: {said}")
    if error.is_retryable():
        return ServerUnavailable(f"The server at {address.uri!r} could not do it, again and again: {said} ({code})")
    return ServerError(f"The server at {address.uri!r} refused: {said} ({code})")
