"""The commands `neo4j start`, `neo4j stop` and `neo4j status`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphrag_engine.cli.common import Common, common, note, print_json

if TYPE_CHECKING:
    from graphrag_engine.local_neo4j.server import LocalServer, Running


@click.group()
def neo4j() -> None:
    """Run a Neo4j server on this machine without Docker.

    It needs Java 17 and Maven. The server, Neo4j Community Edition, is licensed under the GPL: your own Maven fetches
    it from Maven Central at the first start (140 MB), and it does not ship with graphrag-engine. It listens on this
    machine alone; its data lie in .neo4j in the folder of the index.
    """


@neo4j.command()
@common
def start(common: Common) -> None:
    """Start the server, and wait until it answers. The password is NEO4J_PASSWORD at the first start, else random."""
    from graphrag_engine.settings import neo4j_password

    server = _server(common.root)
    if not common.quiet:
        note("starting ...")
    _show(common, server, server.start(neo4j_password(Path(common.root)) or None))


@neo4j.command()
@common
def stop(common: Common) -> None:
    """Stop the server; its data stay."""
    stopped = _server(common.root).stop()
    if common.as_json:
        print_json({"running": False, "stopped": stopped})
    else:
        click.echo("Stopped." if stopped else "No server runs here.")


@neo4j.command()
@common
def status(common: Common) -> None:
    """Say whether the server runs, and where. Exit code 1 where it does not."""
    server = _server(common.root)
    running = server.running()
    _show(common, server, running)
    if running is None:
        sys.exit(1)


def _server(root: str) -> "LocalServer":
    from pathlib import Path

    from graphrag_engine.local_neo4j.server import LocalServer

    return LocalServer(Path(root))


def _show(common: Common, server: "LocalServer", running: "Running | None") -> None:
    if common.as_json:
        print_json({"running": False} if running is None else _document(server, running))
    elif running is None:
        click.echo("No server runs here. Start one: graphrag-engine neo4j start")
    else:
        found = _document(server, running)
        click.echo(f"Neo4j {found['version']} runs at {running.uri} · Browser: {running.browser}")
        click.echo(f"  user {found['username']}, password in {found['password_file']}")
        click.echo("  graphrag-engine publish sends the index there; graphrag-engine neo4j stop ends it.")


def _document(server: "LocalServer", running: "Running") -> dict[str, Any]:
    from graphrag_engine.local_neo4j.artifacts import VERSION
    from graphrag_engine.local_neo4j.server import USER

    return {
        "running": True,
        "version": VERSION,
        "uri": running.uri,
        "browser": running.browser,
        "username": USER,
        "password_file": str(server.password_file),
        "pid": running.pid,
    }
