"""From names in an index to names in a graph database: the one sanitiser. Pure.

Labels and relationship types are the only text of an index that may stand in the text of a statement; all else
are parameters. Here they lose everything but letters, marks, digits and `_`, and are quoted all the same.
"""

import unicodedata

from graphrag_engine.errors import ServerError, UsageError
from graphrag_engine.hashing import digest

DEFAULT = "default"
"""The workspace of those who name none."""
UNTYPED = "Untyped"
"""Label of an entity without a type, or whose type has no letter or digit."""
RELATED = "RELATED_TO"
"""Type of a relationship without one, and of all after the commonest."""

_LONGEST = 64
_LONGEST_ID = 1000
_LONGEST_NAME = 200
_KEPT = {"L", "M", "N"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_LABELS = {"Document", "Chunk", "Claim"}
_TYPES = {"FIRST_CHUNK", "PART_OF", "NEXT_CHUNK", "HAS_ENTITY", "IN_COMMUNITY", "PARENT_COMMUNITY"}
_TYPES |= {"HAS_CLAIM", "ABOUT", "FROM_CHUNK"}


def label(kind: str) -> str:
    """A type of entities as a label: PascalCase with a Latin initial, none of those that are taken."""
    words = _words(kind)
    if len(kind) > 1 and kind.isupper():
        words = [word.lower() for word in words]
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    if not joined:
        return UNTYPED
    taken = joined in _LABELS or not ("A" <= joined[0] <= "Z")
    return _cut(f"Type{joined}" if taken else joined)


def relationship_type(kind: str) -> str:
    """A predicate as a relationship type: UPPER_SNAKE, none of those that tie documents, chunks and claims."""
    joined = _cut("_".join(_words(kind)).upper())
    return f"IS_{joined}" if joined in _TYPES else joined or RELATED


def quoted(name: str) -> str:
    """A name as it may stand in a statement.

    Doubling backticks alone is not enough: `\\\\u0060` becomes a backtick before the statement is read.
    """
    return "`" + name.replace("\\", "\\u005c").replace("`", "``") + "`"


def workspace(name: str) -> str:
    """The name of a workspace; raises UsageError where it has characters that cannot be seen, or is too long."""
    if any(unicodedata.category(each) in _HIDDEN for each in name):
        raise UsageError(f"The workspace {name!r} has characters that cannot be seen; name it with letters and digits.")
    if not name.strip() or len(name) > _LONGEST:
        raise UsageError(f"A workspace has a name of 1 to {_LONGEST} characters, not {name[:_LONGEST]!r}.")
    return unicodedata.normalize("NFC", name)


def suffix(workspace: str) -> str:
    """What tells the vector indexes and properties of a workspace from those of the default one."""
    return "" if workspace == DEFAULT else f"_{digest('workspace', workspace)}"


def scope(workspace: str) -> str:
    """The word in every full-text entry that tells its workspace: digits, which no analyzer changes."""
    return f"scope{int(digest('scope', workspace), 16)}"


def checked_id(value: str) -> str:
    """An id that an index of the server can hold; raises ServerError for any other."""
    if not 0 < len(value) <= _LONGEST_ID:
        raise ServerError(
            f"An id of {len(value):,} characters cannot be published: {value[:40]!r}... Ids have 1 to 1,000."
        )
    return value


def shortened(name: str, most: int = _LONGEST_NAME) -> str:
    """A name for people, in one line; the server refuses to index a very long one."""
    line = " ".join(name[: 4 * most].split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _words(text: str) -> list[str]:
    """The words of a type, of what can be seen."""
    plain = unicodedata.normalize("NFC", text)
    return "".join(each if unicodedata.category(each)[0] in _KEPT else " " for each in _visible(plain)).split()


def _visible(text: str) -> str:
    """Without what has no width of its own; what separates stays as a blank."""
    return "".join(each for each in text if each.isspace() or unicodedata.category(each) not in _HIDDEN)


def _cut(name: str) -> str:
    return name[:_LONGEST].rstrip("_")
