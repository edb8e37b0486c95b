"""The command `init`."""

import click


@click.command()
@click.argument("directory", metavar="[DIR]", default=".")
def init(directory: str) -> None:
    """Write a commented settings.yaml to edit. An index needs none."""
    from graphrag_engine.engine import Engine

    path = Engine.init(directory)
    click.echo(f"Wrote {path}. Every setting in it is a comment with its default; change what you like.")
