"""The outline of a text as Markdown shows it: headings, paragraphs, code blocks. Plain prose has paragraphs only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from graphrag_engine.longtext import Text, runs

_LONGEST = 200
"""Characters in a heading; a longer line is text."""

_MARK = re.compile(
    r"\n(?:"
    r"(?P<blank>[^\S\n]*+(?=\n|\Z))"
    rf"| {{0,3}}(?P<level>\#{{1,6}})[ \t](?P<heading>[^\n]{{1,{_LONGEST}}})(?=\n|\Z)"
    r"| {0,3}(?P<under>=++|-{3,}+)[^\S\n]*+(?=\n|\Z)"
    r"|[^\S\n]*+(?P<fence>`{3,}+|~{3,}+)(?P<info>[^\n]*+)"
    r")"
)
_FRONT = re.compile(r"---[ \t]*\r?\n(?=(?:[ \t]*(?:#[^\n]*)?\r?\n)*+[\w\"'][^\n:]{0,99}:\s)")
_FRONT_END = re.compile(r"\n(?:---|\.\.\.)[ \t]*+(?:\r?\n|\r?\Z)")
_FRONT_MOST = 1 << 16
"""Characters within which front matter ends."""
_NO_TITLE = re.compile(r"\s{4}|\s*(?:[-*+>|]\s|\d{1,3}[.)]\s|\#|`{3}|~{3})")
_CLOSING = re.compile(r"(?:^|[ \t])#+[ \t\r]*$")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_EMPHASIS = re.compile(r"(?<!\\)(\*\*|\*|~~|``|`|(?<!\w)__|(?<!\w)_)(?=\S)([^`]+?)(?<=[^\s\\])\1(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: where its line begins, where its last line ends, its level from 1, its words."""

    start: int
    end: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What a text is made of, as offsets in it, each in order."""

    headings: list[Heading] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)
    """Where the lines begin that follow blank ones, outside of code."""
    code: list[tuple[int, int]] = field(default_factory=list)
    """Fenced code blocks, fences included; one that never ends goes on to the end of the text."""
    body: int = 0
    """Where the text begins that is not front matter."""


def outline(text: Text, body: int = 0) -> Outline:
    """The outline of a text from *body* on, the start of a line, in one pass of linear time.

    Headings are those of CommonMark, but none is longer than 200 characters, and an underlined one is
    a single line after a blank one and has three dashes at least.
    """
    found = Outline(body=body)
    edge = body  # where the last blank line or heading ended; as if a newline stood before the text
    fence: tuple[int, re.Match[str]] | None = None
    for base, mark in _marks(text, body):
        kind = mark.lastgroup
        if fence:
            if kind == "info" and _closes(mark, fence[1]):
                found.code.append((fence[0], base + mark.end() - 1))
                fence = None
        elif kind == "info":
            fence = None if "`" in mark["info"] and mark["fence"][0] == "`" else (base + mark.start(), mark)
        elif kind == "blank":
            _paragraph(found.paragraphs, base + mark.start(), base + mark.end())
            edge = base + mark.end()
        elif heading := _heading(text, mark, base, edge):
            found.headings.append(heading)
            edge = base + mark.end()
    if fence:
        found.code.append((fence[0], len(text)))
    return found


def _marks(text: Text, body: int) -> Iterator[tuple[int, re.Match[str]]]:
    """What stands out in the lines from *body* on, and the offset of the lines that it was found in."""
    for base, lines in runs(text, body):
        for mark in _MARK.finditer("\n" + lines):
            yield base, mark


def front_matter(text: Text) -> int:
    """Where the text begins behind its front matter: lines of YAML between one of `---` and one of `---` or `...`."""
    head = text[: _FRONT_MOST + _LONGEST]
    opened = _FRONT.match(head)
    closed = _FRONT_END.search(head, opened.end() - 1, _FRONT_MOST) if opened else None
    return closed.end() if closed else 0


def plain(line: str) -> str:
    """One line without the marks of emphasis, code and links."""
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", line)))).strip()


def _paragraph(starts: list[int], start: int, end: int) -> None:
    """Note that a paragraph begins after this blank line, unless another blank line follows."""
    if starts and starts[-1] == start:
        starts.pop()
    starts.append(end)


def _heading(text: Text, mark: re.Match[str], base: int, edge: int) -> Heading | None:
    """The heading that this line is, or that it underlines; *mark* and *edge* count as in "newline + text"."""
    start, end = base + mark.start(), base + mark.end() - 1
    if mark["level"]:
        words = plain(_CLOSING.sub("", mark["heading"]))
        return Heading(start, end, len(mark["level"]), words) if words else None
    line = text[edge : start - 1] if 1 < start - edge <= _LONGEST else "\n"
    if "\n" in line or _NO_TITLE.match(line) or not (words := plain(line)):
        return None
    return Heading(edge, end, 1 if mark["under"][0] == "=" else 2, words)


def _closes(mark: re.Match[str], fence: re.Match[str]) -> bool:
    """Whether this line ends the code block that *fence* began."""
    return mark["fence"].startswith(fence["fence"]) and not mark["info"].strip()
