"""The command `index`."""

import sys
from typing import TYPE_CHECKING

import click

from graphrag_engine.cli.common import PARTLY, Common, common, counted, note, print_json, spent
from graphrag_engine.cli.progress import progress

if TYPE_CHECKING:
    from graphrag_engine.results import Changes, Estimate, Failure, IndexReport, StageRun

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
@click.option("--model", metavar="NAME", help="Chat model that reads and writes, such as gpt-4o-mini; offline: none.")
@click.option("--embedding", metavar="NAME", help="Embedding model, such as text-embedding-3-small; hashing, none.")
@click.option(
    "--max-cost", type=click.FloatRange(min=0), metavar="USD", help="Stop before more than this is spent on models."
)
@click.option("--retry-failed", is_flag=True, help="Try again what failed, without a look at the sources.")
@common
def index(
    common: Common,
    source: tuple[str, ...],
    add: bool,
    dry_run: bool,
    allow_deletes: bool,
    model: str | None,
    embedding: str | None,
    max_cost: float | None,
    retry_failed: bool,
) -> None:
    """Build the index from files, folders, globs or addresses, or update it.

    Run again it does what has changed: new, edited and deleted documents. Without a SOURCE it takes those that
    it remembers; naming sources replaces them. The models are remembered as well. A model's key comes from
    OPENAI_API_KEY, its address from OPENAI_BASE_URL or settings.yaml.
    """
    from graphrag_engine.engine import Engine

    if retry_failed and (source or add or dry_run):
        raise click.UsageError("--retry-failed takes the documents as they are in the index: name no SOURCE.")
    with progress(common.quiet) as show:
        engine = Engine.open(common.root, on_event=show)
        result: IndexReport | Estimate
        if dry_run:
            result = engine.estimate(*source, add=add, allow_deletes=allow_deletes, model=model, embedding=embedding)
            lines = _estimated(result)
        else:
            result = engine.index(
                *source,
                add=add,
                allow_deletes=allow_deletes,
                model=model,
                embedding=embedding,
                max_cost=max_cost,
                retry_failed=retry_failed,
            )
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
    if result.stopped:
        return ["The last version stays in force." if result.version else "There is no version yet.", *_asked(result)]
    lines = [f"Version {result.version}: {_changes(result.documents)}."]
    lines.append("  " + " \u00b7 ".join(counted(result.tables[name], one) for name, one in _SHOWN_TABLES.items()))
    lines += _asked(result)
    if verbose:
        lines += [_run(run) for run in result.stages]
    return lines


def _asked(result: "IndexReport") -> list[str]:
    """What models were asked, and what that cost."""
    kept = sum(run.cached for run in result.stages)
    if not (result.usage.requests or kept):
        return []
    again = f", {result.retries:,} of them again" if result.retries else ""
    saved = f"; {counted(kept, 'answer')} kept from earlier" if kept else ""
    return [f"  models: {spent(result.usage)}{again}{saved}"]


def _run(run: "StageRun") -> str:
    asked = f", {counted(run.requests, 'request')}, {run.cached:,} kept" if run.requests or run.cached else ""
    return f"  {run.name:<10} {run.seconds:7.2f} s  {run.why}{asked}"


def _estimated(result: "Estimate") -> list[str]:
    """What would be done, in a few lines for a person."""
    stages = ", ".join(stage.name for stage in result.stages) or "none"
    lines = [
        f"Dry run: {_changes(result.documents)}; nothing was written.",
        f"  about {result.tokens:,} tokens to read; stages to run: {stages}",
    ]
    if not result.usage.requests:
        return [*lines, f"  cost: ${result.usage.cost_usd:.2f}; no language model is asked"]
    lines += [f"  {due.name:<10} about {spent(due.usage)}" for due in result.stages if due.usage.requests]
    names = " and ".join(
        name for name in (result.model, result.embedding) if name not in ("offline", "hashing", "none")
    )
    return [*lines, f"  cost: about ${result.usage.cost_usd:.2f}, with {names}"]


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
