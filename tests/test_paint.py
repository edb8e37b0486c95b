"""An answer on a terminal: the same words, in colour, within its width."""

import io
import os
import pty
import re
import subprocess

import pytest
from commands import SHIP, program, run
from rich.console import Console

from graphrag_engine.cli.paint import paint
from graphrag_engine.query.answer import Answer, Entity

TEXT = """Evidence from your documents, best first; no language model wrote this.
Understood: Gull Point (place).

PATHS
  Gull Point
  ├ ←sank off~ Tern, a collier of nine hundred tons that was launched at Velm [1]
  │ └ ~built by→ Pell and Sons [2]
  └ ←lit~ Ruth Dane [1]

PASSAGES
  1. The Tern (ships/tern.md)  through Gull Point
     The Tern sank off Gull Point in March 1903 with all hands, within sight of the lamp that Ruth Dane had lit. [1]

--json gives every quote in full.""".replace("~", "\u2013")
PLACE = Entity(id="1", name="Gull Point", type="place", description="", score=1.0, said="Gull Point", how="exact")
ANSWER = Answer(
    question="What sank off Gull Point?", mode="path", text=TEXT, entities=(PLACE,), grounded=True, index_version=1
)
CODES = re.compile(r"\x1b\[[\d;]*m")


def painted(width, answer=ANSWER):
    out = io.StringIO()
    paint(answer, Console(file=out, force_terminal=True, width=width, color_system="standard"))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120, 300])
def test_lines_keep_to_the_width_and_never_get_too_long_to_read(width):
    assert max(map(len, CODES.sub("", painted(width)).splitlines())) <= min(width, 110)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_word_is_lost_or_changed(width):
    assert re.sub(r"[\s│]+", " ", CODES.sub("", painted(width))).strip() == re.sub(r"[\s│]+", " ", TEXT)


def test_a_line_goes_on_below_its_beginning():
    lines = CODES.sub("", painted(50)).splitlines()
    at = next(number for number, line in enumerate(lines) if "The Tern sank" in line)
    tree = next(number for number, line in enumerate(lines) if "Tern, a collier" in line)

    assert re.match(r" {5}\S", lines[at + 1])
    assert lines[tree + 1].startswith("  │ ")


def test_words_of_the_question_are_highlighted_where_they_decide():
    out = painted(120)

    assert re.search(r"\x1b\[1;33msank\x1b", out)
    assert re.search(r"\x1b\[1;33mGull\x1b", out)
    assert not re.search(r"\x1b\[1;33m(?:March|Evidence)\x1b", out)


def ask(root, **environment):
    """The bytes that the command writes on a terminal of 60 columns."""
    screen, end = pty.openpty()
    said = {**os.environ, "COLUMNS": "60", "TERM": "xterm-256color", **environment}
    done = subprocess.run(
        program("query", "What sank off Mere Point?", "--root", root), stdout=end, env=said, check=True
    )
    os.close(end)
    out = b""
    while piece := _read(screen):
        out += piece
    os.close(screen)
    assert done.returncode == 0
    return out.decode()


def _read(screen):
    try:
        return os.read(screen, 65536)
    except OSError:  # how Linux tells the end of a terminal
        return b""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("painted")
    (folder / "ship.txt").write_text(SHIP)
    assert run("index", folder / "ship.txt", "--root", folder).code == 0
    return folder


def test_only_a_terminal_gets_colour_and_wrapped_lines(built):
    plain = run("query", "What sank off Mere Point?", "--root", built).out

    assert "\x1b" not in plain
    assert "\x1b[1;33m" in ask(built)
    assert max(len(CODES.sub("", line)) for line in ask(built).splitlines()) <= 60 < max(map(len, plain.splitlines()))


def test_no_color_is_honoured(built):
    assert not re.search(r"\x1b\[(?:\d;)*3\d", ask(built, NO_COLOR="1"))
