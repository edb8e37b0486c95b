"""A long text is read and cut piece by piece, and nobody can tell by the result."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphrag_engine import book, longtext
from graphrag_engine.hashing import digest, digest_long
from graphrag_engine.layouts import outline
from graphrag_engine.longtext import LongText
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import reading, texts
from graphrag_engine.sources.find import named
from graphrag_engine.stages.chunk import units

LINES = st.sampled_from(
    [
        "The tide turned at noon, and nobody saw it.",
        "",
        " ",
        "# Harbour",
        "## The *old* lock",
        "Gates",
        "-----",
        "=====",
        "```",
        "code # no heading",
        "| gate | width |",
        "- a rope",
        "word " * 30,
        "x" * 70,
        "\u6f22\u5b57\u3002" * 9,
        "\U0001f6a2 \u201cAhoy\u201d",
        "\t\r",
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=20), max_size=60).map("\n".join)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few bytes, so that short texts have many."""
    monkeypatch.setattr(longtext, "_PIECE", 7)
    monkeypatch.setattr(longtext, "_RUN", 40)
    monkeypatch.setattr(book, "_PAGE", 60)


once = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@once
@given(TEXTS, st.integers(0, 90), st.integers(0, 90))
def test_its_length_slices_and_pieces_are_those_of_the_string(tiny: None, text: str, start: int, end: int) -> None:
    long = LongText(text.encode())

    assert (len(long), long[:], "".join(long.pieces())) == (len(text), text, text)
    assert (long[start:end], long[start:], long[:end]) == (text[start:end], text[start:], text[:end])


@once
@given(TEXTS, st.sampled_from(["a.md", "a.txt", "a.rst", "a.py"]))
def test_it_is_outlined_as_the_string(tiny: None, text: str, source: str) -> None:
    assert outline(source, LongText(text.encode())) == outline(source, text)


@once
@given(TEXTS, st.sampled_from([8, 20]), st.sampled_from(["a.md", "a.txt", "a.rst", "a.py"]))
def test_it_is_cut_as_the_string(tiny: None, text: str, size: int, source: str) -> None:
    assert units("d", "Title", LongText(text.encode()), size, source) == units("d", "Title", text, size, source)


@given(TEXTS)
def test_it_is_hashed_as_the_string(text: str) -> None:
    assert digest_long("a", iter([text[:5], text[5:]]), 1, ["b"]) == digest("a", text, 1, ["b"])


@pytest.mark.parametrize("data", [b"# A\r\n\xff", "# \u00c5".encode("cp1252"), b"\xef\xbb\xbf# A", b"# A" * 9])
def test_a_long_file_is_read_as_a_short_one(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    found = texts.decoded(data)
    monkeypatch.setattr(texts, "LONG", 2)

    assert [part and part[:] for part in texts.decoded(data)] == list(found)


@pytest.mark.parametrize(("large", "times"), [(1 << 25, 1.2), (1 << 20, 0.4)])
def test_a_long_file_is_held_once_while_it_is_read_or_lies_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int, times: float
) -> None:
    """As a string it would take four bytes a character, because of one character."""
    monkeypatch.setattr(reading, "LARGE", large)
    (tmp_path / "a.txt").write_text("\U0001f6a2" + "The tide turned at noon.\n\n" * 400_000, "utf-8")
    size = (tmp_path / "a.txt").stat().st_size
    sources = named([tmp_path], tmp_path)

    tracemalloc.start()
    found = reading.read(sources, SourcesSettings(), tmp_path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found.documents["text"].nbytes > size
    assert most < times * size
