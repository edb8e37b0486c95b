"""An answer on a terminal: wrapped to its width, its structure in colour, the words that decide it highlighted."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from graphrag_engine.offline.words import terms
from graphrag_engine.query.question import content

if TYPE_CHECKING:
    from graphrag_engine.query.answer import Answer

_WIDEST = 110
"""Columns after which lines get hard to read, however wide the terminal."""
_NARROWEST = 30
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_INDENT = re.compile(r"(?:[ \u2502\u251c\u2514]|\d+\. |- (?=\S))*")
_MARK = re.compile(r"\[\d+\]")
_TIE = re.compile("[\u2013\u2190][^\u2013\u2190\u2192]+[\u2013\u2192](?= )")
_TITLE = re.compile(r"  \d+\. (?P<title>.*?)(?P<source> \([^()]*\))?(?P<through>  through .*)?$")
_LABEL = re.compile(r"(?:Understood|Mode|Not known here):")
_AFTER_FIRST = str.maketrans({"\u251c": "\u2502", "\u2514": " "})
"""The branches of a tree as they go on in the second line of an entry."""


def paint(answer: "Answer", console: Console | None = None) -> None:
    """Print an answer for a person; colour and width are the console's, by default of stdout."""
    console = console or Console()
    names = [each.name for each in answer.entities if each.said]
    wanted = set(content(terms(" ".join([answer.question, *names]))))
    width = max(min(console.width, _WIDEST), _NARROWEST)
    for line in _lines(answer.text, wanted):
        lead = _INDENT.match(line.plain)
        indent = lead[0] if lead and line.plain[:1] == " " else ""
        rest = Text(re.sub(r"[^ \u2502]", " ", indent.translate(_AFTER_FIRST)))
        folded = line[len(indent) :].wrap(console, width - len(indent)) or [Text()]
        for place, piece in enumerate(folded):
            piece.rstrip()
            console.print((rest if place else line[: len(indent)]) + piece, soft_wrap=True, highlight=False)


def _lines(text: str, wanted: set[str]) -> Iterator[Text]:
    """The lines of an answer in style."""
    section = ""
    for number, line in enumerate(text.split("\n")):
        styled = Text(line)
        if line and line[0] != " " and line.isupper():
            section = line
            styled.stylize("bold cyan")
        elif line[:1] != " ":
            styled.stylize("dim", 0, len(line) if not number or line.startswith("--") else 0)
            styled.highlight_regex(_LABEL, "cyan")
        elif section.startswith("SOURCES"):
            styled.stylize("dim")
        else:
            _inside(styled, wanted, is_title=section in ("PASSAGES", "REPORTS") and bool(_TITLE.match(line)))
        styled.highlight_regex(_MARK, "cyan")
        yield styled


def _inside(line: Text, wanted: set[str], *, is_title: bool) -> None:
    """Style what a section holds: titles, ties, words that decide."""
    title = _TITLE.match(line.plain)
    if is_title and title:
        line.stylize("bold", *title.span("title"))
        for part in ("source", "through"):
            line.stylize("dim", *title.span(part))
        return
    line.highlight_regex(_TIE, "magenta")
    for word in _WORD.finditer(line.plain):
        if wanted.intersection(terms(word[0])):
            line.stylize("bold yellow", *word.span())
