"""What a document is called: as it says itself, else as its file is named."""

import re
from functools import lru_cache
from pathlib import PurePosixPath

from graphrag_engine import layouts
from graphrag_engine.longtext import Text
from graphrag_engine.markdown import plain

_MOST_CHARACTERS = 100
_MOST_WORDS = 12
_HEAD = 1 << 16
"""Characters in which a first line begins, if there is one."""
_END_MARKS = tuple(".?!,;:\u2026\u3002\uff1f\uff01\uff0c\uff1b\uff1a\u3001")
_FIRST_LINE = re.compile(rf"\s*+(?:\#{{1,6}}[ \t]+)?([^\n]{{1,{_MOST_CHARACTERS + 1}}})")


def of_file(name: str, text: Text) -> str:
    """The title of a text file: its first heading if its kind has any, else its first line if that can be a title.

    Source code is called by the name of its file.
    """
    kind = layouts.suffix(name)
    if kind in layouts.CODE:
        return PurePosixPath(name).name
    if kind not in layouts.MARKDOWN | layouts.RESTRUCTURED:
        return first_line(text[:_HEAD]) or stem(name)
    outline = layouts.outline(name, text)
    heading = next((heading.text for heading in outline.headings), None)
    return heading or first_line(text[outline.body : outline.body + _HEAD]) or stem(name)


def first_line(text: str) -> str | None:
    """The first line with words in it, if it is short, no sentence and not the beginning of one."""
    found = _FIRST_LINE.match(text)
    if found is None or len(found[1].rstrip()) > _MOST_CHARACTERS or text[found.end() : found.end() + 2].islower():
        return None
    if found[1].rstrip().endswith(_END_MARKS):
        return None
    line = plain(found[1])
    words = line.split()
    if len(words) > _MOST_WORDS or line.endswith(_END_MARKS) or not any(map(str.isalnum, line)):
        return None
    return " ".join(words)


@lru_cache(maxsize=16)
def stem(name: str) -> str:
    """The name of a file in words: without folder and suffix, with spaces for hyphens and underscores."""
    path = PurePosixPath(name.removesuffix(".gz"))
    return " ".join(re.sub(r"[-_]+", " ", path.stem).split()) or path.name
