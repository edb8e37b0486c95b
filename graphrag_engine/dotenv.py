"""A `.env` file: names and values that stand in for the environment. Its text never reaches a message."""

import re
from pathlib import Path

from graphrag_engine.errors import SettingsError

FILE = ".env"
_ASSIGNED = re.compile(
    r"""(?:export\s+)?(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'#](?:[^#]|(?<=\S)#)*)?)\s*(?:#.*)?"""
)


def read(path: Path) -> dict[str, str]:
    """The lines `NAME=value` of a file, quoted or not; other lines are of no concern. Raises SettingsError."""
    try:
        text = path.read_text("utf-8-sig") if path.is_file() else ""
    except OSError as error:
        raise SettingsError(f"Cannot read {str(path)!r}: {error.strerror}.") from None
    except ValueError:
        raise SettingsError(f"{str(path)!r} is not UTF-8 text.") from None
    found = [assigned.groups() for line in text.splitlines() if (assigned := _ASSIGNED.fullmatch(line.strip()))]
    return {name: double or single or (bare or "").strip() for name, double, single, bare in found}
