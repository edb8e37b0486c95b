"""The command `status`."""

import shlex
from typing import TYPE_CHECKING

import click

from graphrag_engine.cli.common import Common, common, counted, print_json, spent
from graphrag_engine.cli.progress import progress

if TYPE_CHECKING:
    from graphrag_engine.results import Status


@click.command()
@common
def status(common: Common) -> None:
    """Show what the index holds, what is stale and why, and what failed."""
    from graphrag_engine.engine import Engine

    with progress(common.quiet) as show:
        state = Engine.open(common.root, on_event=show).status()
    if common.as_json:
        print_json(state.to_dict())
    else:
        click.echo("\n".join(_told(state, common.verbose)))


def _told(state: "Status", verbose: bool) -> list[str]:
    lines = [
        f"Index at {state.root}, version {state.version} of {state.created}",
        f"  sources: {', '.join(map(repr, state.sources))}",
        f"  model: {state.model} · embedding: {state.embedding} · cost so far: ${state.usage.cost_usd:.2f}",
    ]
    if verbose:
        lines += [f"  {stage:<10} {spent(usage)}" for stage, usage in state.usage_by_stage.items()]
    lines += [f"  {rows:>9,} {name.replace('_', ' ')}" for name, rows in state.tables.items()]
    lines += _pending(state)
    lines += [f"  failed: {each.stage} {each.id!r}: {each.error}" for each in state.failed]
    lines += [f"  {warning}" for warning in state.warnings]
    if verbose:
        lines.append(f"  format {state.format}, versions kept: {', '.join(map(str, state.versions))}")
    return lines


def _pending(state: "Status") -> list[str]:
    changes = state.documents
    lines = []
    if changes.any:
        lines.append(
            f"  sources have changed: {changes.added} added, {changes.changed} changed, {changes.deleted} deleted"
        )
    if state.stale:
        lines.append(f"  stages to run: {', '.join(stage.name for stage in state.stale)}")
        lines.append(f"  because: {state.stale[0].name}: {state.stale[0].why}")
    if not lines:
        return [f"  up to date with its sources ({counted(changes.total, 'document')})"]
    return [*lines, f"  Bring it up to date with: graphrag-engine index --root {shlex.quote(state.root)}"]
