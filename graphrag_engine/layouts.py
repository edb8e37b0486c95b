"""The outline of a document, as the kind of its file has it: Markdown, reStructuredText or source code."""

import re
from functools import lru_cache
from pathlib import PurePosixPath

from graphrag_engine import markdown
from graphrag_engine.longtext import Text
from graphrag_engine.markdown import Heading, Outline

MARKDOWN = frozenset(".md .markdown .mdx".split())
RESTRUCTURED = frozenset(".rst .rest".split())
CODE = frozenset(
    ".bash .c .cc .clj .cpp .cs .cxx .dart .erl .ex .exs .f90 .go .h .hpp .hs .java .jl .js .jsx .kt .kts .lua .m .mjs "
    ".ml .php .pl .pm .proto .ps1 .py .pyi .r .rb .rs .scala .sh .sql .swift .ts .tsx .vb .vue .zig .zsh".split()
)
"""Suffixes of source code, which is text without headings, cut between lines."""

_ROW = re.compile(r"\.(?:jsonl|ndjson|csv|tsv)(?:\.gz)?#", re.IGNORECASE)
_BLANK = re.compile(r"^[^\S\n]*+\n", re.MULTILINE)
_UNDERLINED = re.compile(
    r"^(?P<title>[^\s\x00-\x1f][^\n]{0,199})\n(?P<under>([!-/:-@\[-`{-~])\3{2,}+)[ \t\r]*$", re.MULTILINE
)


@lru_cache(maxsize=16)
def suffix(name: str) -> str:
    """The suffix of a file in lower case, with its dot and without `.gz`; empty where there is none."""
    path = PurePosixPath(name)
    packed = path.suffix.lower() == ".gz"
    return PurePosixPath(path.stem if packed else path.name).suffix.rstrip(".").lower()


def outline(source: str, text: Text) -> Outline:
    """The outline of a document by its source; what is no Markdown, but text, is read like it, without front matter."""
    kind = "" if _ROW.search(source) else suffix(source)
    if kind in CODE:
        return Outline(paragraphs=_paragraphs(text[:]), code=[(0, len(text))])
    if kind in RESTRUCTURED:
        return Outline(headings=_underlined(text[:]), paragraphs=_paragraphs(text[:]))
    return markdown.outline(text, markdown.front_matter(text) if kind in MARKDOWN else 0)


def _paragraphs(text: str) -> list[int]:
    """Where the lines begin that follow blank ones."""
    ends = [blank.end() for blank in _BLANK.finditer(text)]
    return [end for end in ends if end < len(text) and not _BLANK.match(text, end)]


def _underlined(text: str) -> list[Heading]:
    """The sections of reStructuredText; the first kind of line under a title is level 1, the next new kind level 2."""
    levels: dict[tuple[str, bool], int] = {}
    headings = []
    for found in _UNDERLINED.finditer(text):
        title, under = found["title"].rstrip(), found["under"]
        if len(under) < len(title) or not any(map(str.isalnum, title)):
            continue
        above = text.rfind("\n", 0, max(0, found.start() - 1)) + 1
        over = text[above : found.start()].strip() == under
        level = levels.setdefault((under[0], over), len(levels) + 1)
        headings.append(Heading(above if over else found.start(), found.end(), min(level, 6), title))
    return headings
