"""The command `publish`."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from graphrag_engine.cli.common import PARTLY, Common, common, counted, note, print_json
from graphrag_engine.cli.progress import progress

if TYPE_CHECKING:
    from graphrag_engine.results import Compared, Comparison, DropReport, PublishReport

_HOW = {
    "first": "all of it",
    "difference": "what changed since version {last}",
    "compared": "what the server lacked by its own account",
    "unchanged": "the server has it already",
}
_SHOWN = 10


@click.command()
@click.option("--store", metavar="URI", help="Address of the server: neo4j://HOST, bolt://HOST:PORT. Else NEO4J_URI.")
@click.option("--workspace", default="default", show_default=True, help="Name of this index among others there.")
@click.option("--database", metavar="NAME", help="Database of the server. Else NEO4J_DATABASE, or its default one.")
@click.option("--check", is_flag=True, help="Only compare, by content; exit code 3 where server and index differ.")
@click.option("--drop", is_flag=True, help="Take the workspace from the server; others stay whole.")
@common
def publish(common: Common, store: str | None, workspace: str, database: str | None, check: bool, drop: bool) -> None:
    """Send the index to a Neo4j server, or what has changed since the last time.

    Needs Neo4j 5.26 or newer, no plugin. NEO4J_USERNAME and NEO4J_PASSWORD say who connects. Without an address it
    takes the server that `graphrag-engine neo4j start` runs for this index.
    """
    from graphrag_engine.engine import Engine

    if check and drop:
        raise click.UsageError("--check only compares and --drop deletes; name one of them.")
    with progress(common.quiet) as show:
        engine = Engine.open(common.root, on_event=show)
        act = engine.check_published if check else engine.drop_published if drop else engine.publish
        result = act(store, workspace=workspace, database=database)
    _print(common, result)


def _print(common: Common, result: "PublishReport | Comparison | DropReport") -> None:
    from graphrag_engine.results import Comparison, PublishReport

    if isinstance(result, PublishReport) and not common.quiet:
        _notes(result)
    if common.as_json:
        print_json(result.to_dict())
    elif isinstance(result, PublishReport):
        click.echo("\n".join(_published(result, common.verbose)))
    elif isinstance(result, Comparison):
        click.echo("\n".join(_compared(result, common.verbose)))
    else:
        nodes = counted(sum(result.deleted.values()), "node")
        click.echo(f"Dropped the workspace {result.workspace!r}: {nodes} deleted.")
    if (isinstance(result, Comparison) and not result.equal) or (isinstance(result, PublishReport) and result.failed):
        sys.exit(PARTLY)


def _notes(result: "PublishReport") -> None:
    for warning in result.warnings:
        note(f"Warning: {warning}")
    for failure in result.failed[:_SHOWN]:
        note(f"Failed: {failure.stage} {failure.id!r}: {failure.error}")
    if len(result.failed) > _SHOWN:
        note(f"... and {len(result.failed) - _SHOWN} more; --json lists all.")


def _published(result: "PublishReport", verbose: bool) -> list[str]:
    how = _HOW[result.how].format(last=result.last_version)
    rate = f" ({result.rows / max(result.seconds, 1e-6):,.0f} rows/s)" if result.rows else ""
    gone = sum(result.deleted.values())
    lines = [f"Version {result.version} is published to {result.store} as {result.workspace!r}: {how}."]
    lines.append(f"  {counted(result.rows, 'row')} sent, {gone:,} deleted, in {result.seconds:.1f} s{rate}")
    if verbose:
        lines += _listed("sent", result.sent) + _listed("deleted", result.deleted)
    return lines


def _listed(what: str, counts: Mapping[str, int]) -> list[str]:
    return [f"  {what} {number:>9,} {name}" for name, number in counts.items()]


def _compared(result: "Comparison", verbose: bool) -> list[str]:
    shown = [part for part in result.parts if verbose or not part.equal]
    lines = [f"  {part.name}: index {part.index:,}, server {part.server:,}{_other(part)}" for part in shown]
    if result.equal:
        return [f"The server holds version {result.version} as it is, in {result.workspace!r}.", *lines]
    head = f"The server does not hold version {result.version} as it is, in {result.workspace!r}:"
    return [head, *lines, "  If publish does not mend it: publish --drop, then publish again."]


def _other(part: "Compared") -> str:
    return ", of other content" if part.index == part.server and not part.equal else ""
