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
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="KEY=VALUE",
    help="Use documents with this metadata only: kind=ship, date=1920..1930, source=letters/. May be repeated.",
)
@click.option("--context", is_flag=True, help="Print the evidence as a model would be shown it.")
@common
def query(common: Common, question: str, mode: str, level: int | None, filters: tuple[str, ...], context: bool) -> None:
    """Answer QUESTION from the index, with numbered citations.

    Exit code 3 where the sources do not say.
    """
    from graphrag_engine.engine import Engine
    from graphrag_engine.query.answer import Answer

    engine = Engine.open(common.root)
    ask = engine.context if context else engine.query
    found = ask(question, mode=mode, level=level, filter=_wanted(filters))
    if common.verbose:
        for step in found.trace:
            note(f"{step['step']}: {step['why']}")
    if common.as_json:
        print_json(found.to_dict())
    elif isinstance(found, Answer) and sys.stdout.isatty():
        from graphrag_engine.cli.paint import paint

        paint(found)
    else:
        click.echo(found.text)
    if not found.grounded:
        sys.exit(PARTLY)


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
