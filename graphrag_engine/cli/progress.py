"""Progress on stderr: a live line on a terminal, one plain line a stage elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphrag_engine.cli.common import note

if TYPE_CHECKING:
    from graphrag_engine.results import Event


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[["Event"], None]]:
    """What to call with each event of a run."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with _live() as show:
            yield show
    else:
        yield _plain()


@contextmanager
def _live() -> Iterator[Callable[["Event"], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<10}"), BarColumn(28), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        shown = ("sources", bars.add_task("sources", total=None))

        def show(event: "Event") -> None:
            nonlocal shown
            if event.stage != shown[0]:
                bars.remove_task(shown[1])
                shown = (event.stage, bars.add_task(event.stage, total=None))
            bars.update(shown[1], total=event.total or None, completed=event.done)

        yield show


def _plain() -> Callable[["Event"], None]:
    told: set[str] = set()

    def show(event: "Event") -> None:
        if event.stage not in told:
            told.add(event.stage)
            note(f"{event.stage} ...")

    return show
