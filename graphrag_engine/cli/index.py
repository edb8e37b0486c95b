"""The command `index`."""

import sys
from typing import TYPE_CHECKING

import click

from graphrag_engine.cli.common import PARTLY, Common, common, counted, note, print_json
from graphrag_engine.cli.progress import progress

if TYPE_CHECKING:
    from graphrag_engine.results import Changes, Estimate, Failure, IndexReport

_SHOWN_TABLES = {
    "text_units": "text unit",
    "entities": "entity",
    "relationships": "relationship",
    "claims": "claim",
    "communities": "community",
    "reports": "report",
}
_SHOWN = 10
"""Failures and warnings listed one by one; the rest is counted."""


@click.command()
@click.argument("source", nargs=-1)
@click.option("--add", is_flag=True, help="Add to the sources that the index remembers instead of replacing them.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and what it would cost, then stop.")
@click.option("--allow-deletes", is_flag=True, help="Let more than 30 % of the documents leave the index.")
@common
def index(common: Common, source: tuple[str, ...], add: bool, dry_run: bool, allow_deletes: bool) -> None:
    """Build the index from files, folders or globs, or update it.

    Run again it does what has changed: new, edited and deleted documents. Without a SOURCE it takes those that
    it remembers; naming sources replaces them.
    """
    from graphrag_engine.engine import Engine

    with progress(common.quiet) as show:
        engine = Engine.open(common.root, on_event=show)
        result: IndexReport | Estimate
        if dry_run:
            result = engine.estimate(*source, add=add, allow_deletes=allow_deletes)
            lines = _estimated(result)
        else:
            result = engine.index(*source, add=add, allow_deletes=allow_deletes)
            lines = _told(result, common.verbose)
    if not common.quiet:
        _notes(result)
    if common.as_json:
        print_json(result.to_dict())
    else:
        click.echo("\n".join(lines))
    if result.failed:
        sys.exit(PARTLY)


def _notes(result: "IndexReport | Estimate") -> None:
    """Warnings and failures, on stderr."""
    lines = [f"Warning: {warning}" for warning in result.warnings]
    lines += [_failure(failure) for failure in result.failed]
    for line in lines[:_SHOWN]:
        note(line)
    if len(lines) > _SHOWN:
        note(f"... and {len(lines) - _SHOWN} more; `graphrag-engine status` lists what failed.")


def _failure(failure: "Failure") -> str:
    return f"Failed: {failure.stage} {failure.id!r}: {failure.error}"


def _told(result: "IndexReport", verbose: bool) -> list[str]:
    """What was built, in a few lines for a person."""
    lines = [f"Version {result.version}: {_changes(result.documents)}."]
    lines.append("  " + " · ".join(counted(result.tables[name], one) for name, one in _SHOWN_TABLES.items()))
    if verbose:
        lines += [f"  {run.name:<10} {run.seconds:7.2f} s  {run.why}" for run in result.stages]
    return lines


def _estimated(result: "Estimate") -> list[str]:
    """What would be done, in a few lines for a person."""
    stages = ", ".join(stage.name for stage in result.stages) or "none"
    return [
        f"Dry run: {_changes(result.documents)}; nothing was written.",
        f"  about {result.tokens:,} tokens to read; stages to run: {stages}",
        f"  cost: ${result.usage.cost_usd:.2f}; no language model is asked",
    ]


def _changes(changes: "Changes") -> str:
    parts = [
        f"{number:,} {word}"
        for word, number in (
            ("added", changes.added),
            ("changed", changes.changed),
            ("deleted", changes.deleted),
            ("unchanged", changes.unchanged),
        )
        if number
    ]
    return f"{counted(changes.total, 'document')} ({', '.join(parts)})"
