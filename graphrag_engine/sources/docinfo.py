"""The fields below the title of reStructuredText, or at its very top → metadata."""

import re
from typing import Any

import yaml

from graphrag_engine.longtext import Text
from graphrag_engine.sources.base import one_line
from graphrag_engine.sources.front_matter import plain

_HEAD = 1 << 16
"""Characters within which fields end."""
_SKIPPED = r"(?:[^\S\n]*\n|\.\.(?:[^\S\n][^\n]*)?\n(?:[^\S\n]+\S[^\n]*\n)*)*+"
_LINE = r"[!-/:-@\[-`{-~]{2,}[^\S\n]*\n"
_TITLE = rf"(?:{_LINE})?[^\S\n]*[^\s:][^\n]*\n{_LINE}"
_FIELD = r":(?![:\s])([^:\n]{1,99}):(?=\s)([^\n]*\n(?:[^\S\n]+\S[^\n]*\n)*)"
_FIELDS = re.compile(rf"{_SKIPPED}((?:{_TITLE}{_SKIPPED}){{0,2}})((?:{_FIELD})++)")
_EACH = re.compile(_FIELD)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ][\d:.+Z -]+)?")


def parse(text: Text) -> tuple[dict[str, Any], int]:
    """What fields state, by name in lower case, and where the text goes on if it begins with them, else 0.

    Fields without a value state nothing.
    """
    found = _FIELDS.match(text[:_HEAD] + "\n")
    if found is None:
        return {}, 0
    stated = {one_line(name).lower(): _value(one_line(value)) for name, value in _EACH.findall(found[2])}
    end = 0 if found[1] else min(found.end(), len(text))
    return plain({name: value for name, value in stated.items() if value != ""}), end


def _value(written: str) -> Any:
    """A date as YAML reads it; all else, and a date that there is not, as it is written."""
    if not _DATE.fullmatch(written):
        return written
    try:
        return yaml.safe_load(written)
    except ValueError:
        return written
