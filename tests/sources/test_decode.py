import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.sources.decode import MENDED, decode, guessed

TEXT = "Käpt'n Vale\r\n항구 \U0001f6a2\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_no_part_of_the_text(mark: bytes, encoding: str) -> None:
    assert decode(mark + TEXT.encode(encoding)) == (TEXT, None)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf8_comes_out_unchanged(text: str) -> None:
    assert decode(b" " + text.encode()) == (" " + text, None)


@pytest.mark.parametrize("text", ["Der Käpt'n fuhr nach Hause.", "„Zoë“ im Café", "naïve 20 €"])
def test_other_encodings_are_read_as_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, guessed("Windows-1252"))


def test_bytes_that_windows_1252_does_not_know_are_replaced() -> None:
    assert decode(b"caf\xe9 \x81") == ("café \ufffd", guessed("Windows-1252"))


@pytest.mark.parametrize("broken", [b"\xff", b"\xc3", b"\xe2\x82"])
def test_a_few_broken_bytes_do_not_make_utf8_another_encoding(broken: bytes) -> None:
    assert decode("äöü".encode() + broken + b" end") == ("äöü\ufffd end", MENDED)


def test_a_damaged_utf16_file_is_mended() -> None:
    assert decode(codecs.BOM_UTF16_LE + "end".encode("utf-16-le") + b"x") == ("end\ufffd", MENDED)


@pytest.mark.parametrize(
    "data",
    [
        b"text\0text",
        bytes(range(1, 255)),
        b"%PDF-1.7 all letters",
        b"\x7fELF\x02\x01\x01",
        "UTF-16 without mark".encode("utf-16-le"),
    ],
    ids=repr,
)
def test_what_looks_binary_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="looks binary"):
        decode(data)


@pytest.mark.parametrize("text", ["\x1b[31mred\x1b[0m log line", "page one\fpage two", "a\tb\r\nc\td"])
def test_terminal_colours_tabs_and_form_feeds_are_text(text: str) -> None:
    assert decode(text.encode()) == (text, None)
