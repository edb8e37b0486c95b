"""The YAML at the top of a Markdown file → title and metadata."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from graphrag_engine.sources.base import one_line

_QUICK = 4096
"""Characters that libyaml may parse: it recurses on the stack of C, so what is longer is left to Python."""


def parse(text: str) -> tuple[str, dict[str, Any]]:
    """Title and metadata that front matter states, its two lines of dashes included; raises ValueError for none."""
    block = text[text.index("\n") + 1 : max(text.rfind("\n---"), text.rfind("\n..."))]
    try:
        values = yaml.load(block, _loader(block))  # noqa: S506 - both are safe loaders
        if "*" in block and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(block, _loader(block))):
            raise ValueError("repeats parts by reference")
    except yaml.YAMLError as error:
        raise ValueError(f"is not YAML ({getattr(error, 'problem', None) or error})") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    if not isinstance(values, dict):
        raise ValueError("states no keys")
    title = values.pop("title", None)
    return one_line(str(title)) if isinstance(title, str | int | float | date) else "", plain(values)


def plain(values: Mapping[Any, Any]) -> dict[str, Any]:
    """The values as JSON has them; a date as ISO 8601 writes it."""
    return {str(key): _plain(value) for key, value in values.items()}


def _plain(value: object) -> Any:
    if isinstance(value, dict):
        return plain(value)
    if isinstance(value, list | tuple | set):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _loader(block: str) -> type[yaml.SafeLoader | yaml.CSafeLoader]:
    return yaml.CSafeLoader if yaml.__with_libyaml__ and len(block) <= _QUICK else yaml.SafeLoader
