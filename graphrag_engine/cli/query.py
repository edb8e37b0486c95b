"""The command `query`."""

import sys
from contextlib import closing
from typing import TYPE_CHECKING

import click

from graphrag_engine.cli.common import PARTLY, Common, common, note, print_json

if TYPE_CHECKING:
    from graphrag_engine.query.answer import Answer
    from graphrag_engine.query.context import Context


@click.command()
@click.argument("question")
@click.option(
    "--mode",
    type=click.Choice(["auto", "local", "global", "path", "vector"]),
    default="auto",
    show_default=True,
    help="Where to look: around entities, in community reports, along ties, by similarity; auto: as the question asks.",
)
@click.option("--level", type=click.IntRange(min=0), help="Use reports of this level only; 0 is the coarsest.")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="KEY=VALUE",
    help="Use documents with this metadata only: kind=ship, date=1920..1930, source=letters/. May be repeated.",
)
@click.option("--context", is_flag=True, help="Print the evidence as a model would be shown it.")
@click.option("--model", metavar="NAME", help="Chat model that answers; offline: evidence in order, no model.")
@click.option("--stream", is_flag=True, help="Print the answer while the model writes it.")
@common
def query(
    common: Common,
    question: str,
    mode: str,
    level: int | None,
    filters: tuple[str, ...],
    context: bool,
    model: str | None,
    stream: bool,
) -> None:
    """Answer QUESTION from the index, with numbered citations.

    Exit code 3 where the sources do not say.
    """
    if stream and (common.as_json or context):
        raise click.UsageError("--stream prints an answer as it comes, so neither --json nor --context go with it.")
    from graphrag_engine.engine import Engine

    wanted = _wanted(filters)
    with closing(Engine.open(common.root)) as engine:
        found: Answer | Context
        if context:
            found = engine.context(question, mode=mode, level=level, filter=wanted)
        else:
            hear = _print if stream else None
            found = engine.query(question, mode=mode, level=level, filter=wanted, model=model, hear=hear)
    for warning in () if common.quiet else found.warnings:
        note(f"Warning: {warning}")
    if common.verbose:
        for step in found.trace:
            note(f"{step['step']}: {step['why']}")
    _show(found, as_json=common.as_json, streamed=stream)
    if not found.grounded:
        sys.exit(PARTLY)


def _show(found: "Answer | Context", *, as_json: bool, streamed: bool) -> None:
    """Print what was found, or what of it was not printed while it was written."""
    from graphrag_engine.query.answer import Answer
    from graphrag_engine.query.write import below

    if as_json:
        print_json(found.to_dict())
    elif isinstance(found, Answer) and found.written:
        click.echo("\n\n".join(["" if streamed else found.text, below(found, checks=streamed)]).rstrip())
    elif streamed:
        click.echo()
    elif isinstance(found, Answer) and sys.stdout.isatty():
        from graphrag_engine.cli.paint import paint

        paint(found)
    else:
        click.echo(found.text)


def _print(piece: str) -> None:
    click.echo(piece, nl=False)
    sys.stdout.flush()


def _wanted(filters: tuple[str, ...]) -> dict[str, str]:
    """The filters by key; each key once."""
    pairs = [_pair(text) for text in filters]
    keys = [key for key, _ in pairs]
    if twice := [key for key in keys if keys.count(key) > 1]:
        raise click.BadParameter(f"{twice[0]!r} is given twice; one value a key.", param_hint="--filter")
    return dict(pairs)


def _pair(text: str) -> tuple[str, str]:
    key, mark, value = text.partition("=")
    if not key or not mark:
        raise click.BadParameter(f"{text!r} is not KEY=VALUE, for example source=letters/", param_hint="--filter")
    return key, value
