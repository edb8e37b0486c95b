"""The command `doctor`."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from graphrag_engine.cli.common import FAILED, Common, common, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrag_engine.results import Check


@click.command()
@click.option("--model", metavar="NAME", help="Chat model to look at in place of the one that is set.")
@click.option("--embedding", metavar="NAME", help="Embedding model to look at in place of the one that is set.")
@common
def doctor(common: Common, model: str | None, embedding: str | None) -> None:
    """Check that the models can be reached and do what is needed; asks them for a few tokens."""
    from graphrag_engine.engine import Engine

    checks = Engine.open(common.root).doctor(model=model, embedding=embedding)
    well = all(check.ok for check in checks)
    if common.as_json:
        print_json({"ok": well, "checks": [asdict(check) for check in checks]})
    else:
        click.echo("\n".join(line for check in checks for line in _told(check)))
    if not well:
        sys.exit(FAILED)


def _told(check: "Check") -> "Iterator[str]":
    """A line for what was found, and one for what to do."""
    yield f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.told}"
    if check.remedy:
        yield f"      {check.remedy}"
