"""What models are told: plain text with `$name` blanks, shipped beside this file; a root may hold edited copies.

Named after the stage or search that uses them. `$$` is a dollar.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import Template

from graphrag_engine.errors import SettingsError
from graphrag_engine.hashing import digest

FOLDER = "prompts"
"""Folder of the edited copies in a root."""
_LEAST = 6
"""Hexadecimal digits of a mark."""


@cache
def shipped() -> dict[str, str]:
    """The prompts of this version, by name."""
    return {path.stem: path.read_text("utf-8").strip() for path in sorted(Path(__file__).parent.glob("*.md"))}


def files() -> dict[str, str]:
    """The same as files to edit: path below a root -> text."""
    return {f"{FOLDER}/{name}.md": text + "\n" for name, text in shipped().items()}


def load(root: Path) -> dict[str, str]:
    """The prompts by name, edited ones before those of this version.

    Raises SettingsError for a file that is no prompt, cannot be read, or has other blanks than the shipped one.
    """
    return shipped() | {path.stem: _edited(path) for path in sorted((root / FOLDER).glob("*.md"))}


def fill(prompt: str, /, **values: str) -> str:
    """A prompt with its blanks filled; raises SettingsError where blanks and values are not the same."""
    if (found := blanks(prompt)) != values.keys():
        raise SettingsError(f"A prompt has the blanks {_listed(found)}, and the values {_listed(values)}.")
    return Template(prompt).substitute(values)


def blanks(text: str) -> set[str]:
    """The names of a prompt's blanks; raises SettingsError for a dollar that begins none."""
    if not (template := Template(text)).is_valid():
        raise SettingsError("A '$' is followed by no name. Write '$$' for a dollar.")
    return set(template.get_identifiers())


def enclosed(text: str) -> str:
    """A text of others between two lines that it does not hold itself: data, not a part of the prompt."""
    mark = digest(text)
    length = next((n for n in range(_LEAST, len(mark)) if f"text-{mark[:n]}" not in text), len(mark))
    return f"<text-{mark[:length]}>\n{text}\n</text-{mark[:length]}>"


def _edited(path: Path) -> str:
    """The prompt in a file of the user's."""
    if path.stem not in shipped():
        raise SettingsError(f"{str(path)!r} is no prompt; prompts are {', '.join(shipped())}.")
    try:
        text = path.read_text("utf-8-sig").strip()
    except OSError as error:
        raise SettingsError(f"{str(path)!r} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{str(path)!r} is not text in UTF-8.") from None
    _check(path, text)
    return text


def _check(path: Path, text: str) -> None:
    """Raise SettingsError where a prompt has another blank than the shipped one, or lacks one."""
    wanted = blanks(shipped()[path.stem])
    try:
        found = blanks(text)
    except SettingsError as error:
        raise SettingsError(f"{str(path)!r}: {error}") from None
    if unknown := found - wanted:
        raise SettingsError(f"{str(path)!r} has the blank {_listed(unknown)}; known are {_listed(wanted)}.")
    if missing := wanted - found:
        raise SettingsError(f"{str(path)!r} lacks the blank {_listed(missing)}, so what belongs there would be lost.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"${name}" for name in sorted(names)) or "none"
