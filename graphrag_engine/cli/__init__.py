"""The command line: parse, call the engine, print. Errors become one line, here and nowhere else."""

import atexit
import gc
import os
import sys
from errno import ENOSPC
from typing import Any

import click

from graphrag_engine.cli.common import FAILED
from graphrag_engine.cli.doctor import doctor
from graphrag_engine.cli.index import index
from graphrag_engine.cli.init import init
from graphrag_engine.cli.neo4j import neo4j
from graphrag_engine.cli.publish import publish
from graphrag_engine.cli.query import query
from graphrag_engine.cli.status import status
from graphrag_engine.errors import GraphRAGError, UsageError

INTERRUPTED = 130


class OneLineErrors(click.Group):
    """Turns what was raised on purpose into one line and an exit code; a bug keeps its traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except GraphRAGError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(2 if isinstance(error, UsageError) else FAILED)
        except OSError as error:
            if error.errno != ENOSPC:
                raise
            click.echo("Error: The output cannot be written: No space left on device.", err=True)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python flushes at its end
            ctx.exit(FAILED)
        except KeyboardInterrupt:
            click.echo("Interrupted. What was finished before is kept; run the command again to go on.", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="graphrag-engine")
def cli() -> None:
    """Turns a folder of documents into a knowledge graph and answers questions with checked citations.

    \b
    graphrag-engine index docs/            build the index, or update it
    graphrag-engine query "Who ...?"       ask; every answer shows its sources
    """


for command in (init, index, query, status, doctor, publish, neo4j):
    cli.add_command(command)


def main() -> None:
    """The program `graphrag-engine`."""
    os.putenv("ARROW_DEFAULT_MEMORY_POOL", "system")  # the usual one keeps what parts were written with
    os.putenv("OPENBLAS_NUM_THREADS", "1")  # of numpy; two take twice the CPU, for they wait by counting
    atexit.register(gc.freeze)  # a process that ends need not look for cycles among all that it holds
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # both are text files here
    cli(prog_name="graphrag-engine")
