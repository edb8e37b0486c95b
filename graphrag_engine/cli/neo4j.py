"""The commands `neo4j start`, `neo4j stop`, `neo4j status` and `neo4j assets`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphrag_engine.cli.common import Common, common, counted, note, print_json

if TYPE_CHECKING:
    from graphrag_engine.local_neo4j.server import LocalServer, Running


@click.group()
def neo4j() -> None:
    """Run a Neo4j server on this machine without Docker, and look at the graph.

    The server needs Java 17 and Maven. It is Neo4j Community Edition, licensed under the GPL: your own Maven fetches
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


@neo4j.command()
@click.argument("directory", metavar="DIR")
@common
def assets(common: Common, directory: str) -> None:
    """Write queries, a guide and a style for Neo4j Browser into DIR; what is there under their names is replaced."""
    from pathlib import Path

    from graphrag_engine import browser

    written = browser.write(Path(directory))
    if common.as_json:
        print_json({"written": [str(path) for path in written]})
        return
    click.echo(f"Wrote {counted(len(browser.queries()), 'query')}, a guide and a style into {directory}.")
    click.echo(f"  Drop style.grass and then {browser.FAVOURITES} onto the window of Neo4j Browser; open guide.html.")


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
