"""The command `query`."""

import sys

import click

from graphrag_engine.cli.common import PARTLY, Common, common, note, print_json


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
@click.option("--filter", "filters", multiple=True, metavar="KEY=VALUE", help="Use documents with this metadata only.")
@click.option("--context", is_flag=True, help="Print the evidence as a model would be shown it.")
@common
def query(common: Common, question: str, mode: str, level: int | None, filters: tuple[str, ...], context: bool) -> None:
    """Answer QUESTION from the index, with numbered citations.

    Exit code 3 where the sources do not say.
    """
    from graphrag_engine.engine import Engine

    engine = Engine.open(common.root)
    wanted = dict(map(_pair, filters))
    ask = engine.context if context else engine.query
    found = ask(question, mode=mode, level=level, filter=wanted)
    if common.verbose:
        for step in found.trace:
            note(" · ".join(f"{key}: {value}" for key, value in step.items()))
    if common.as_json:
        print_json(found.to_dict())
    else:
        click.echo(found.text)
    if not found.grounded:
        sys.exit(PARTLY)


def _pair(text: str) -> tuple[str, str]:
    key, mark, value = text.partition("=")
    if not key or not mark:
        raise click.BadParameter(f"{text!r} is not KEY=VALUE, for example source=letters/", param_hint="--filter")
    return key, value
