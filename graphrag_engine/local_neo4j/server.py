"""Start, stop and watch a server whose data, settings and password lie in one folder."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from graphrag_engine.errors import ServerError, UsageError
from graphrag_engine.local_neo4j import artifacts

USER = "neo4j"
FOLDER = ".neo4j"
"""Where the server of an index keeps everything, in the folder of the index."""
_PORTS = (7687, 7474)
_PATIENCE = 90
"""Seconds until a started server must answer."""
_GRACE = 30
"""Seconds a server may take to end before it is killed."""
_OPENS = tuple(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in ("java.nio", "java.io", "sun.nio.ch"))
_HEAP = ("-Xms128m", "-Xmx1g")
_SHORTEST = 8
"""Characters that Neo4j wants of a password."""


@dataclass(frozen=True)
class Running:
    """A server that runs."""

    pid: int
    bolt: int
    http: int

    @property
    def uri(self) -> str:
        """Where drivers connect."""
        return f"bolt://127.0.0.1:{self.bolt}"

    @property
    def browser(self) -> str:
        """Where people look at it."""
        return f"http://127.0.0.1:{self.http}/browser/"


class LocalServer:
    """One server in a folder of its own; it listens on this machine alone."""

    def __init__(self, root: Path, jars: Path | None = None) -> None:
        self.home = root.absolute() / FOLDER
        self._jars = jars or artifacts.shared()
        self._state = self.home / "running.json"
        self.password_file = self.home / "password"
        self._log = self.home / "logs" / "console.log"

    def running(self) -> Running | None:
        """The server of this folder; None where none runs."""
        try:
            found = Running(**json.loads(self._state.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return found if _is_ours(found.pid, self.home) else None

    def password(self) -> str:
        """The password of the user `neo4j`; raises ServerError before the first start."""
        try:
            return self.password_file.read_text("utf-8").strip()
        except OSError as error:
            raise ServerError(f"No password at {str(self.password_file)!r}: {error.strerror}.") from None

    def start(
        self,
        password: str | None = None,
        *,
        ports: tuple[int, int] | None = None,
        java: Sequence[str] = _HEAP,
        config: Mapping[str, str] | None = None,
    ) -> Running:
        """Start it where it does not run, and wait until it answers. Raises ServerError.

        *password* counts at the first start alone; without one a random one is made. *ports* are those of drivers and
        of Browser, by default the usual ones, or free ones where those are taken. *java* are options of the virtual
        machine, *config* more lines of `neo4j.conf`.
        """
        if found := self.running():
            return found
        jars = artifacts.fetch(self._jars)
        bolt, http = ports or tuple(map(_free, _PORTS))
        try:
            self._write_config(bolt, http, config or {})
            self._set_password(jars, password)
            found = Running(self._launch(jars, java), bolt, http)
            self._state.write_text(json.dumps(asdict(found)), "utf-8")
        except OSError as error:
            raise ServerError(f"The server cannot be set up in {str(self.home)!r}: {error.strerror}.") from None
        self._wait(found)
        return found

    def stop(self) -> bool:
        """Stop it, waiting for its end; whether one ran."""
        found = self.running()
        if found is None:
            return False
        os.kill(found.pid, signal.SIGTERM)
        if not self._ended(found.pid, _GRACE):
            self.kill()
        return True

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if found := self.running():
            os.kill(found.pid, signal.SIGKILL)
            self._ended(found.pid, _GRACE)

    def _ended(self, pid: int, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while _is_ours(pid, self.home):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def _write_config(self, bolt: int, http: int, more: Mapping[str, str]) -> None:
        (self.home / "conf").mkdir(parents=True, exist_ok=True)
        (self.home / "logs").mkdir(exist_ok=True)
        values = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{bolt}",
            "server.bolt.advertised_address": f"127.0.0.1:{bolt}",
            "server.http.enabled": "true",
            "server.http.listen_address": f"127.0.0.1:{http}",
            "server.https.enabled": "false",
            "dbms.security.auth_enabled": "true",
            "dbms.usage_report.enabled": "false",
            "server.memory.pagecache.size": "128m",
            "db.tx_log.preallocate": "false",
            "db.tx_log.rotation.size": "16m",
            "db.tx_log.rotation.retention_policy": "keep_none",
            "db.logs.query.enabled": "OFF",
            "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
            **more,
        }
        lines = (f"{name}={value}\n" for name, value in values.items())
        (self.home / "conf" / "neo4j.conf").write_text("".join(lines), "utf-8")

    def _set_password(self, jars: Path, password: str | None) -> None:
        """At the first start: Neo4j reads it once."""
        if self.password_file.exists():
            return
        chosen = password or secrets.token_urlsafe(12)
        if len(chosen) < _SHORTEST:
            raise UsageError(f"A password for Neo4j needs {_SHORTEST} characters or more; NEO4J_PASSWORD is shorter.")
        command = self._java(jars, (), "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", *_verbatim(chosen))
        done = subprocess.run(command, env=self._environ(), capture_output=True, text=True, check=False)  # noqa: S603 - ours
        if done.returncode:
            raise ServerError(f"The password could not be set: {done.stderr.strip()[:300]}")
        with os.fdopen(os.open(self.password_file, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(chosen + "\n")

    def _launch(self, jars: Path, java: Sequence[str]) -> int:
        """The number of the new process, which is nobody's child and outlives this one."""
        arguments = (f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}", "--console-mode")
        command = self._java(jars, java, "org.neo4j.server.CommunityEntryPoint", *arguments)
        begin = ("sh", "-c", '"$@" </dev/null >"$0" 2>&1 & echo $!', str(self._log))
        done = subprocess.run(  # noqa: S603 - the user's own Java, with arguments of ours
            [*begin, *command], env=self._environ(), stdout=subprocess.PIPE, check=True, start_new_session=True
        )
        return int(done.stdout)

    def _java(self, jars: Path, options: Sequence[str], *rest: str) -> list[str]:
        return [shutil.which("java") or "java", *options, *_OPENS, "-cp", f"{jars}/*", *rest]

    def _environ(self) -> dict[str, str]:
        return {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}

    def _wait(self, found: Running) -> None:
        until = time.monotonic() + _PATIENCE
        while not _answers(found.bolt):
            if not _is_ours(found.pid, self.home):
                raise ServerError(f"The server did not start: {self._last_words()}")
            if time.monotonic() > until:
                self.kill()
                raise ServerError(f"The server did not answer in {_PATIENCE} seconds: {self._last_words()}")
            time.sleep(0.1)

    def _last_words(self) -> str:
        lines = [line for line in self._log.read_text("utf-8", "replace").splitlines() if line.strip()]
        telling = [line for line in lines if "ERROR" in line or "Exception" in line]
        return f"{(telling or lines or ['it gave no reason'])[0][:300]} (log: {str(self._log)!r})"


def _verbatim(text: str) -> tuple[str, str]:
    """A text as an argument that is neither taken for an option nor for the name of a file of arguments."""
    return "--", f"@{text}" if text.startswith("@") else text


def _answers(port: int) -> bool:
    """Whether a Bolt server shakes hands on this port; an open port alone is not yet a server."""
    hello = b"\x60\x60\xb0\x17" + b"\x00\x00\x00\x05" + bytes(12)
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as talk:
        talk.sendall(hello)
        return len(talk.recv(4)) == 4
    return False


def _free(wanted: int) -> int:
    """This port, or any free one where it is taken."""
    for port in (wanted, 0):
        with suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise ServerError("No free port on this machine.")


def _is_ours(pid: int, home: Path) -> bool:
    """Whether this process is a server of this folder, and not ended; a number may be used again by another."""
    command = ["ps", "-ww", "-p", str(pid), "-o", "args="]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
    return f"--home-dir={home}" in done.stdout
