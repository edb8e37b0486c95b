"""The Neo4j server of the tests: the one that is named, else one by Docker, else one by Java and Maven.

`python tests/graph_server.py` says which it is, and fetches what that one needs.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from graphrag_engine.errors import GraphRAGError
from graphrag_engine.local_neo4j import artifacts
from graphrag_engine.local_neo4j.server import LocalServer

URI = "GRAPHRAG_ENGINE_TEST_NEO4J_URI"
JARS = Path(__file__).parent.parent / ".neo4j-jars"
IMAGE = f"neo4j:{artifacts.VERSION}"
QUICK = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_SECONDS = 90


class Named:
    """A server that somebody runs; its password is in NEO4J_PASSWORD."""

    can_restart = False

    def __init__(self):
        self.uri = os.environ[URI]
        self.password = os.environ.get("NEO4J_PASSWORD", "")

    def start(self):
        """It runs."""

    def stop(self):
        """It runs on."""


class ByDocker:
    """A container that goes away at the end."""

    can_restart = True

    def __init__(self):
        self.name = f"graphrag-engine-test-{secrets.token_hex(4)}"
        self.password = secrets.token_hex(8)
        self.port = free_port()
        self.uri = f"bolt://127.0.0.1:{self.port}"

    def start(self):
        known = docker("ps", "-a", "-q", "-f", f"name={self.name}").stdout
        options = ("-d", "--name", self.name, "-p", f"127.0.0.1:{self.port}:7687")
        options += ("-e", f"NEO4J_AUTH=neo4j/{self.password}", "-e", "NEO4J_server_memory_heap_max__size=512m")
        docker("start", self.name) if known else docker("run", *options, IMAGE, check=True)
        wait(self)

    def kill(self):
        docker("kill", self.name)

    def stop(self):
        docker("rm", "-f", "-v", self.name)


class ByJava:
    """A server in a folder of its own, with jars that are fetched once."""

    can_restart = True

    def __init__(self, folder, config=()):
        self.server = LocalServer(folder, JARS)
        self.password = secrets.token_hex(8)
        self.ports = (free_port(), free_port())
        self.uri = f"bolt://127.0.0.1:{self.ports[0]}"
        self.config = dict(config)

    def start(self):
        self.server.start(self.password, ports=self.ports, java=QUICK, config=self.config)
        wait(self)

    def kill(self):
        self.server.kill()

    def stop(self):
        self.server.stop()


def choose(folder):
    """The server to test with, not yet started; a sentence where there can be none."""
    if os.environ.get(URI):
        return Named()
    if shutil.which("docker") and docker("info").returncode == 0:
        return ByDocker()
    return artifacts.missing() or ByJava(folder)


def docker(*arguments, check=False):
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=check)  # noqa: S607 - theirs


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(server):
    """Until it answers questions."""
    import neo4j

    until = time.monotonic() + _SECONDS
    while True:
        try:
            driver = neo4j.GraphDatabase.driver(server.uri, auth=("neo4j", server.password))
            with driver, driver.session() as session:
                return session.run("RETURN 1").consume()
        except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def main():
    server = choose(Path())
    if isinstance(server, str):
        sys.stderr.write(f"Tests against a Neo4j server are left out: {server}.\n")
    elif isinstance(server, ByJava):
        try:
            artifacts.fetch(JARS)
        except GraphRAGError as error:
            sys.stderr.write(f"Tests against a Neo4j server cannot run: {error}\n")


if __name__ == "__main__":
    main()
