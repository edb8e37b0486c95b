"""Encodings of before Unicode are known by what comes out; Western texts stay what they were."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongues import FILES, PAGES, passages

from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import legacy, reading
from graphrag_engine.sources.decode import MENDED, decode, guessed
from graphrag_engine.sources.reading import Found

KOREAN = "\n".join(PAGES["Korean"])
BEYOND = [each for each in FILES if each[2] != "Windows-1252"]
WESTERN = [each[0] for each in FILES if each[2] == "Windows-1252"]


def read(folder: Path, name: str, data: bytes) -> Found:
    (folder / name).write_bytes(data)
    return reading.read((name,), SourcesSettings(), folder)


@pytest.mark.parametrize("sentences", [1, 3, 6])
@pytest.mark.parametrize(("language", "codec", "name"), BEYOND)
def test_a_text_is_read_in_the_encoding_of_its_language(language: str, codec: str, name: str, sentences: int) -> None:
    for text in passages(language, sentences):
        assert decode(text.encode(codec)) == (text, guessed(name))


@pytest.mark.parametrize("language", WESTERN)
def test_western_texts_stay_windows_1252_however_short(language: str) -> None:
    words = " ".join(PAGES[language]).split()
    runs = [" ".join(words[at : at + length]) for length in (1, 2, 3, 9, 99) for at in range(len(words))]

    for text in runs:
        assert decode(text.encode("cp1252")) == (text, None if text.isascii() else guessed("Windows-1252"))


@pytest.mark.parametrize(
    "text",
    [
        "The ferry\u2019s crew wasn\u2019t paid \u2013 “never,” she said…",
        "\xa320 · 4 °C",
        "Il va à Paris.",
        "ÉTÉ À ÖREBRO",
        "«¡Ñ!»",
        "Größer für Öl: ÄÖÜÄ.",
    ],
)
def test_a_few_signs_and_accents_are_no_other_language(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, guessed("Windows-1252"))


def test_one_broken_line_does_not_hide_the_encoding() -> None:
    text, note = decode(KOREAN.encode("cp949") + b"\n\xb0\n" + KOREAN.encode("cp949"))

    assert note == guessed("CP949")
    assert text.replace("\ufffd", "").split() == [*KOREAN.split(), *KOREAN.split()]


def test_damaged_utf_8_is_mended_whatever_its_language() -> None:
    assert decode(KOREAN.encode() + b"\xb0") == (KOREAN + "\ufffd", MENDED)


def test_a_bounded_sample_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "_SAMPLE", 100)

    assert decode(b"ASCII.\n" * 999 + KOREAN.encode("cp949") + b"\n" + b"\xff\n" * 999)[1] == guessed("CP949")


@given(st.binary(max_size=60))
def test_an_encoding_is_found_for_any_bytes(data: bytes) -> None:
    assert legacy.encoding(data).name


def test_subtitles_are_read_in_their_encoding(tmp_path: Path) -> None:
    cue = f"1\n00:00:01,000 --> 00:00:05,000\n{PAGES['Korean'][0]}\n"

    found = read(tmp_path, "talk.srt", cue.encode("cp949"))

    assert found.documents["text"].to_pylist() == [PAGES["Korean"][0]]
    assert found.warnings == (guessed("CP949").format(names="'talk.srt'"),)


@pytest.mark.parametrize("before", [0, 9999])
def test_a_table_is_read_in_one_encoding_however_short_its_rows(tmp_path: Path, before: int) -> None:
    rows = ["id,text", *[f"{number},Pier {number}" for number in range(before)], f"가,{PAGES['Korean'][0]}", "나,문"]

    found = read(tmp_path, "crew.csv", "\r\n".join(rows).encode("cp949"))

    assert {"crew.csv#가", "crew.csv#나"} <= set(found.documents["source"].to_pylist())
    assert found.warnings == (guessed("CP949").format(names="'crew.csv' (2)"),)


def test_rows_of_json_are_read_in_one_encoding(tmp_path: Path) -> None:
    rows = f'{{"id": 1, "text": "문"}}\n{{"id": 2, "text": "{PAGES["Korean"][0]}"}}\n'

    found = read(tmp_path, "crew.jsonl", rows.encode("cp949"))

    assert sorted(found.documents["text"].to_pylist()) == ["문", PAGES["Korean"][0]]


@pytest.mark.parametrize(
    ("codec", "names"),
    [
        ("cp949", ["계약서.txt", "표.txt"]),
        ("cp932", ["議事録.txt", "表紙.txt"]),
        ("cp866", ["Отчёт_1.txt", "Письма.txt"]),
    ],
)
def test_names_in_an_archive_that_state_no_encoding_are_read_in_that_of_all(
    tmp_path: Path, codec: str, names: list[str]
) -> None:
    found = read(tmp_path, "a.zip", _zipped([name.encode(codec) for name in names]))

    assert sorted(found.documents["source"].to_pylist()) == sorted(f"a.zip/{name}" for name in names)


def test_names_of_code_page_437_stay_as_they_are(tmp_path: Path) -> None:
    found = read(tmp_path, "a.zip", _zipped(["Größe.txt".encode("cp437"), "Übermut é.txt".encode("cp437")]))

    assert sorted(found.documents["source"].to_pylist()) == ["a.zip/Größe.txt", "a.zip/Übermut é.txt"]


def _zipped(names: list[bytes]) -> bytes:
    """An archive whose names are these bytes, which `zipfile` alone does not write."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(f"{number}".rjust(len(name), "x"), b"Text.")
    data = file.getvalue()
    for number, name in enumerate(names):
        data = data.replace(f"{number}".rjust(len(name), "x").encode(), name)
    return data
