"""What all commands share: their common options, JSON on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from graphrag_engine.results import Usage

FAILED = 1
"""Exit code where what was asked for did not succeed."""
PARTLY = 3
"""Exit code where a part failed, or a question found nothing."""


@dataclass(frozen=True)
class Common:
    """The options that all commands have."""

    root: str
    as_json: bool
    quiet: bool
    verbose: bool


_OPTIONS = (
    click.option("--root", default=".", show_default=True, metavar="DIR", help="Folder of the index."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout, nothing else there."),
    click.option("--quiet", is_flag=True, help="Print no progress and no warnings."),
    click.option("--verbose", is_flag=True, help="Print how it was done as well."),
)


def common(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the common options, as one argument before its own."""

    @wraps(command)
    def wrapped(root: str, as_json: bool, quiet: bool, verbose: bool, **own: Any) -> None:
        command(Common(root, as_json, quiet, verbose), **own)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def print_json(document: Mapping[str, Any]) -> None:
    """The document on stdout, readable by people too."""
    click.echo(json.dumps(document, ensure_ascii=sys.stdout.encoding.lower() != "utf-8", indent=2))


def counted(number: int, one: str) -> str:
    """A number with its noun: 1 document, 2 documents, 0 entities."""
    many = f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"
    return f"{number:,} {one if number == 1 else many}"


def spent(usage: "Usage") -> str:
    """What was asked of models, in words: requests, tokens, dollars."""
    tokens = f"{usage.prompt_tokens:,} tokens in, {usage.completion_tokens:,} out"
    return f"{counted(usage.requests, 'request')}, {tokens}, ${usage.cost_usd:.4f}"


def note(text: str) -> None:
    """A line for a person, on stderr."""
    click.echo(text, err=True)
