"""Every paid reply, kept before it is used, so that nothing is asked or paid for twice."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

import numpy as np
import orjson

from graphrag_engine.errors import Damaged, ModelError, StoreError
from graphrag_engine.hashing import digest, digests
from graphrag_engine.llm.base import Embedded, EmbeddingModel, Hear, Model, Reply, Request, Texts, Vectors, streamed
from graphrag_engine.llm.ledger import Ledger, Line

FILE = "replies.sqlite"
_MARK = 0x47524551
"""Tells our files from those of other programs, as SQLite's application_id."""
_LAYOUT = 1
_PATIENCE = 60.0
"""Seconds to wait for other processes that write."""
_TABLES = """
CREATE TABLE replies (key TEXT PRIMARY KEY, task TEXT, model TEXT, prompt_tokens INTEGER, completion_tokens INTEGER,
                      estimated INTEGER, capped INTEGER, text BLOB);
CREATE TABLE vectors (key TEXT PRIMARY KEY, task TEXT, model TEXT, tokens INTEGER, vector BLOB);
CREATE INDEX replies_task ON replies (task);
CREATE INDEX vectors_task ON vectors (task);
"""
_KEEP_REPLY = "INSERT INTO replies VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_KEEP_VECTORS = """
INSERT INTO vectors SELECT json_extract(value, '$[0]'), :task, :model, json_extract(value, '$[1]'),
                           substr(:all, 1 + key * :size, :size) FROM json_each(:rows) WHERE true ON CONFLICT DO NOTHING
"""
"""In one statement: between two a thread that computes may take its turn, which is long."""
_COUNT = """
SELECT substr(task, 1, instr(task, ':') - 1) AS stage, model, count(*), sum(prompt_tokens), sum(completion_tokens), 0
FROM replies GROUP BY stage, model
UNION ALL
SELECT substr(task, 1, instr(task, ':') - 1) AS stage, model, count(DISTINCT task), sum(tokens), 0, 1
FROM vectors GROUP BY stage, model
"""
_FIND_REPLY = "SELECT prompt_tokens, completion_tokens, estimated, capped, text FROM replies WHERE key = ?"
_FIND_VECTORS = "SELECT key, vector FROM vectors WHERE key IN (SELECT value FROM json_each(?))"


class Count(NamedTuple):
    """What is kept of one stage and one model."""

    stage: str
    model: str
    requests: int
    prompt_tokens: int
    completion_tokens: int
    embedded: bool


class Replies:
    """The file of replies of one index, for many processes at once. It holds hashes of requests, never a secret.

    Append and look up only; forgetting is the one exception. The first reply to a request counts. A reply survives
    the death of the process as soon as it is kept; a power cut may take the last ones, and they are asked again.
    All methods raise StoreError where the file cannot be read or written, Damaged where it is not what was written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def find(self, key: str) -> Reply | None:
        """The reply that is kept for a request; none where there is no file yet."""
        if self._connection is None and not self.path.exists():
            return None
        with self._open() as file:
            row = file.execute(_FIND_REPLY, (key,)).fetchone()
        if row is None:
            return None
        prompt, completion, estimated, capped, text = row
        return Reply(
            text=text.decode("utf-8", "surrogatepass"),
            prompt_tokens=prompt,
            completion_tokens=completion,
            estimated=bool(estimated),
            capped=bool(capped),
            cached=True,
        )

    def keep(self, key: str, reply: Reply, *, model: str, task: str) -> Reply:
        """Keep a reply, and give back what is kept now: an earlier one, where another process was quicker."""
        text = reply.text.encode("utf-8", "surrogatepass")
        counts = (reply.prompt_tokens, reply.completion_tokens, reply.estimated, reply.capped)
        with self._open() as file:
            done = file.execute(_KEEP_REPLY, (key, task, model, *counts, text))
        return reply if done.rowcount else self.find(key) or reply

    def find_vectors(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """The vectors that are kept, by key; one query for all."""
        listed = "[" + ",".join(f'"{key}"' for key in keys) + "]"
        with self._open() as file:
            rows = file.execute(_FIND_VECTORS, (listed,)).fetchall()
        return {key: np.frombuffer(vector, "<f4") for key, vector in rows}

    def keep_vectors(
        self, vectors: Mapping[str, Vectors], *, tokens: Sequence[int], model: str, task: str
    ) -> dict[str, Vectors]:
        """Keep vectors by key, all or none, and give back what is kept now."""
        rows = orjson.dumps(list(zip(vectors, tokens, strict=True))).decode()
        numbers = np.stack(list(vectors.values())).astype("<f4", copy=False)
        size = numbers.shape[1] * numbers.itemsize
        given = {"task": task, "model": model, "rows": rows, "all": numbers.tobytes(), "size": size}
        with self._open() as file:
            done = file.execute(_KEEP_VECTORS, given)
        return dict(vectors) if done.rowcount == len(vectors) else self.find_vectors(list(vectors))

    def counts(self) -> list[Count]:
        """What is kept, by stage and model; nothing where there is no file yet. A batch of vectors is one request."""
        if not self.path.exists():
            return []
        with self._open() as file:
            return [Count(*row) for row in file.execute(_COUNT).fetchall()]

    def forget(self, tasks: Iterable[str]) -> int:
        """Remove what was asked for these tasks, down to its bytes; how many rows that were."""
        listed = [(task,) for task in tasks]
        with self._open() as file:
            before = file.total_changes
            with _whole(file):
                file.executemany("DELETE FROM replies WHERE task = ?", listed)
                file.executemany("DELETE FROM vectors WHERE task = ?", listed)
            gone = file.total_changes - before
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return gone

    def close(self) -> None:
        """Let go of the file; it opens again when it is used."""
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The file, for one thread at a time."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = _connect(self.path)
                yield self._connection
            except (OSError, sqlite3.Error) as error:
                raise _told(self.path, error) from error


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file, and make it where there is none; while others do the same, wait for them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + _PATIENCE
    while True:
        file = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            _prepare(file, path)
        except sqlite3.OperationalError as error:  # SQLite never waits for its change to WAL
            file.close()
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        except (StoreError, sqlite3.Error):
            file.close()
            raise
        else:
            return file


def _prepare(file: sqlite3.Connection, path: Path) -> None:
    """Make the tables where there are none; raises StoreError for a file of another program or version."""
    if not _ours(file, path):
        with _whole(file):
            if not _ours(file, path):
                for statement in _TABLES.split(";"):
                    file.execute(statement)
                file.execute(f"PRAGMA application_id = {_MARK}")
                file.execute(f"PRAGMA user_version = {_LAYOUT}")
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
        file.execute(f"PRAGMA {setting}").fetchall()


def _ours(file: sqlite3.Connection, path: Path) -> bool:
    """Whether our tables are there already."""
    found = [file.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    if found == [_MARK, _LAYOUT]:
        return True
    if found != [0, 0] or file.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
        raise StoreError(f"{str(path)!r} is not a file of replies of this version. Move it out of the way.")
    return False


@contextmanager
def _whole(file: sqlite3.Connection) -> Iterator[None]:
    """All of what is written inside, or nothing."""
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
        file.execute("COMMIT")
    finally:
        if file.in_transaction:
            with suppress(sqlite3.Error):
                file.execute("ROLLBACK")


def _code(error: BaseException) -> int:
    """SQLite's number for a failure, without its details."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _told(path: Path, error: OSError | sqlite3.Error) -> StoreError:
    """The error as one sentence."""
    if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Damaged(str(path), "not what was written", "Move it out of the way: what it held is asked again.")
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return StoreError(f"Replies cannot be kept in {str(path)!r}: {reason}.")


def key(model: str, parameters: Mapping[str, Any], request: Request) -> str:
    """What a reply is kept by: all that can change it."""
    return digest("chat", model, dict(parameters), request.key())


class Cached:
    """A chat model that is asked only what it has not answered before; a broken reply is not kept.

    *parameters* is what changes its replies beside the request: sampling, and the like. Equal requests at the same
    time wait for the first.
    """

    def __init__(self, model: Model, replies: Replies, ledger: Ledger, parameters: Mapping[str, Any]) -> None:
        self.model = model
        self.name = model.name
        self.replies = replies
        self.ledger = ledger
        self._parameters = parameters
        self._turns = WeakValueDictionary[str, asyncio.Lock]()

    async def complete(self, request: Request) -> Reply:
        """The kept reply, else that of the model, kept before it is given."""
        return await self._reply(request, lambda: self.model.complete(request))

    async def stream(self, request: Request, hear: Hear) -> Reply:
        """The same in pieces; a kept reply is one."""
        reply = await self._reply(request, lambda: streamed(self.model, request, hear))
        if reply.cached:
            hear(reply.text)
        return reply

    async def _reply(self, request: Request, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        name = key(self.name, self._parameters, request)
        turn = self._turns.setdefault(name, asyncio.Lock())
        async with turn:
            if kept := self.replies.find(name):
                self.ledger.add(request.task, self.name, Line(cached=1))
                return kept
            reply = await ask()
            return reply if reply.broken else self.replies.keep(name, reply, model=self.name, task=request.task)


class CachedEmbeddings:
    """An embedder that is asked only for texts it has not embedded before, *batch* at a time, equal ones once.

    *parameters* is what changes its vectors beside the text: the dimension that is asked for. Equal texts at the same
    time wait for the first.
    """

    def __init__(
        self, model: EmbeddingModel, replies: Replies, ledger: Ledger, parameters: Mapping[str, Any], batch: int
    ) -> None:
        self.model = model
        self.name = model.name
        self.replies = replies
        self.ledger = ledger
        self.batch = batch
        self._made_with = digest("vectors", model.name, dict(parameters))
        self._under_way: dict[str, asyncio.Future[None]] = {}

    async def embed(self, texts: Texts) -> Embedded:
        """The kept vectors and those of the model, kept before they are given; raises ModelError if one batch fails.

        Then those of the other batches are kept all the same.
        """
        keys = digests(self._made_with, texts.texts)
        by_key = dict(zip(keys, texts.texts, strict=True))
        while ahead := {self._under_way[key] for key in by_key if key in self._under_way}:
            await asyncio.wait(ahead)
        found = self.replies.find_vectors(list(by_key))
        missing = [key for key in by_key if key not in found]
        cached = sum(key in found for key in keys)
        self.ledger.add(texts.task, self.name, Line(cached=cached))
        batches = [missing[at : at + self.batch] for at in range(0, len(missing), self.batch)]
        asked = [self._ask({key: by_key[key] for key in batch}, texts.task, found) for batch in batches]
        with self._at_work(missing):
            replies = await asyncio.gather(*asked, return_exceptions=True)
        for reply in replies:
            if isinstance(reply, BaseException):
                raise reply
        paid = [reply for reply in replies if isinstance(reply, Embedded)]
        return Embedded(
            vectors=self._rows([found[key] for key in keys]),
            prompt_tokens=sum(reply.prompt_tokens for reply in paid),
            estimated=any(reply.estimated for reply in paid),
            cached=cached,
        )

    @contextmanager
    def _at_work(self, keys: Sequence[str]) -> Iterator[None]:
        """Texts that others wait for until this ends, one way or the other."""
        done = asyncio.get_running_loop().create_future()
        self._under_way.update(dict.fromkeys(keys, done))
        try:
            yield
        finally:
            for key in keys:
                del self._under_way[key]
            done.set_result(None)

    async def _ask(self, texts: Mapping[str, str], task: str, found: dict[str, Vectors]) -> Embedded:
        """Ask for one batch of texts by key, keep their vectors, and add them to those found."""
        reply = await self.model.embed(Texts(texts=tuple(texts.values()), task=task))
        vectors = dict(zip(texts, reply.vectors, strict=True))
        tokens = _shares(reply.prompt_tokens, [len(text) for text in texts.values()])
        found.update(self.replies.keep_vectors(vectors, tokens=tokens, model=self.name, task=task))
        return replace(reply, limits=None)

    def _rows(self, vectors: Sequence[Vectors]) -> Vectors:
        """One vector a row; raises ModelError where the model has changed behind its name."""
        lengths = sorted({len(vector) for vector in vectors})
        if len(lengths) > 1:
            told = " and ".join(map(str, lengths))
            raise ModelError(
                f"The model {self.name!r} has given vectors of {told} numbers: another one bears its name now. "
                "Name the one that is meant, or forget what is kept of the other."
            )
        return np.stack(vectors) if vectors else np.empty((0, 0), np.float32)


def _shares(total: int, sizes: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to *sizes* that make up *total*."""
    ends = np.cumsum([0, *sizes], dtype=np.float64)
    marks = np.rint(ends * (total / ends[-1] if ends[-1] else 0)).astype(int)
    return [int(share) for share in np.diff(marks)]
