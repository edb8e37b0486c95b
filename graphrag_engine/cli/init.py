"""The command `init`."""

import click


@click.command()
@click.argument("directory", metavar="[DIR]", default=".")
def init(directory: str) -> None:
    """Write a commented settings.yaml and the prompts, to edit. An index needs none."""
    from graphrag_engine.engine import Engine

    for path in Engine.init(directory):
        click.echo(f"Wrote {path}.")
    click.echo("Every setting is a comment with its default, every prompt is the one in use; change what you like.")
