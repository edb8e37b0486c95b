"""Progress on stderr: a live line on a terminal; elsewhere plain lines, one a stage and one a minute."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from graphrag_engine.cli.common import note

if TYPE_CHECKING:
    from graphrag_engine.results import Event

_MINUTE = 60.0


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[["Event"], None]]:
    """What to call with each event of a run."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with _live() as show:
            yield show
    else:
        yield Plain()


@contextmanager
def _live() -> Iterator[Callable[["Event"], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(16),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[asked]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        shown = ("sources", bars.add_task("sources", total=None, rate="", asked=""))

        def show(event: "Event") -> None:
            nonlocal shown
            if event.told:
                bars.console.print(event.told, highlight=False)
                return
            if event.stage != shown[0]:
                bars.remove_task(shown[1])
                shown = (event.stage, bars.add_task(event.stage, total=None, rate="", asked=""))
            speed = bars.tasks[0].speed
            rate = f"{speed:,.1f}{_unit(event)} a second" if speed else ""
            bars.update(shown[1], total=event.total or None, completed=event.done, rate=rate, asked=_asked(event))

        yield show


class Plain:
    """One line when a stage begins, and one a minute while it lasts.

    The rate is that of what was done since the line before; what a stage prepares before its first row has none.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self._stage = ""
        self._told = self._since = 0.0
        self._done = 0

    def __call__(self, event: "Event") -> None:
        """Tell of an event, if it is time."""
        if event.told:
            note(event.told)
            return
        now = self.clock()
        if event.stage != self._stage:
            self._stage, self._told, self._done = event.stage, now, 0
            note(f"{event.stage} ...")
        if not self._done:
            self._since, self._done = now, event.done
        elif now - self._told >= _MINUTE:
            note(f"{event.stage} {self._rate(event, now - self._since)}{_asked(event)}")
            self._told, self._since, self._done = now, now, event.done

    def _rate(self, event: "Event", seconds: float) -> str:
        rate = (event.done - self._done) / max(seconds, 1e-9)
        left = f", {(event.total - event.done) / rate / _MINUTE:.0f} min left" if event.total and rate else ""
        of = f" of {event.total:,}" if event.total else ""
        return f"{event.done:,}{of}{_unit(event)}, {rate:,.1f} a second{left}"


def _unit(event: "Event") -> str:
    """What is counted, where it is not rows."""
    return " kB" if event.stage == "sources" else ""


def _asked(event: "Event") -> str:
    """What the run has asked of models so far."""
    usage = event.usage
    if not usage.requests:
        return ""
    again = f", {event.retries:,} again" if event.retries else ""
    tokens = usage.prompt_tokens + usage.completion_tokens
    return f"  {usage.requests:,} requests{again}, {tokens:,} tokens, ${usage.cost_usd:.2f}"
