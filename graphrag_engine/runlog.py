"""The log of all runs of an index, in its folder: when each began, what its stages did, what went wrong."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from graphrag_engine.errors import GraphRAGError
from graphrag_engine.results import Event, IndexReport

FILE = "index.log"
_MOST = 5_000_000
"""Bytes of a log; the one before is kept beside it."""


class _Forgiving(RotatingFileHandler):
    """A log that stops no run where it cannot be written."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name that logging calls
        """Write nothing."""

    def close(self) -> None:
        """Let go of the file, whether or not it took what was left."""
        with suppress(OSError):
            super().close()


class RunLog:
    """What one run writes into the log."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._stage = ""

    def event(self, event: Event) -> None:
        """A stage that begins."""
        if event.stage != self._stage:
            self._stage = event.stage
            asked = (
                f", {event.usage.requests} requests, ${event.usage.cost_usd:.4f} so far" if event.usage.requests else ""
            )
            self._log.info("%s begins%s", event.stage, asked)

    def report(self, report: IndexReport) -> None:
        """How the run ended."""
        for run in report.stages:
            asked = f", {run.requests} requests, {run.cached} kept" if run.requests or run.cached else ""
            self._log.info("%s: %s, %.3f s%s", run.name, run.why, run.seconds, asked)
        for warning in report.warnings:
            self._log.warning("%s", warning)
        for failure in report.failed:
            self._log.error("failed: %s %s: %s", failure.stage, failure.id, failure.error)
        usage = report.usage
        self._log.info(
            "version %d; %d requests, %d of them again, %d tokens in, %d out, $%.6f",
            report.version,
            usage.requests,
            report.retries,
            usage.prompt_tokens,
            usage.completion_tokens,
            usage.cost_usd,
        )
        if report.stopped:
            self._log.warning("%s", report.stopped)


@contextmanager
def logged(home: Path) -> Iterator[RunLog]:
    """A run that is written into the log, with the error that ends it."""
    handler = _Forgiving(home / FILE, maxBytes=_MOST, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.Logger("run")
    log.addHandler(handler)
    log.info("a run begins")
    try:
        yield RunLog(log)
    except GraphRAGError as error:
        log.error("%s", error)
        raise
    except KeyboardInterrupt:
        log.warning("interrupted")
        raise
    finally:
        handler.close()


def both(one: Callable[[Event], object], other: Callable[[Event], object]) -> Callable[[Event], None]:
    """Tell both of each event."""

    def tell(event: Event) -> None:
        one(event)
        other(event)

    return tell
