import json
from pathlib import Path
from typing import Any

import pytest

from graphrag_engine.hashing import digest
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources.reading import Found, read


def rows(folder: Path, *lines: object, settings: SourcesSettings | None = None) -> Found:
    """What a file of these lines holds: objects as JSON, text and bytes as they are."""
    data = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    (folder / "old-crew.jsonl").write_bytes(b"\n".join(data))
    return read(("old-crew.jsonl",), settings or SourcesSettings(), folder)


def documents(found: Found) -> dict[str, dict[str, Any]]:
    return {row.pop("source"): row for row in found.documents.to_pylist()}


def test_a_row_is_a_document_with_everything_else_as_metadata(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        {"id": "v", "year": 1902, "title": " Captain\n Vale ", "text": " He\r\nsailed.", "at": {"b": 1, "a": None}},
    )

    assert found.documents.to_pylist() == [
        {
            "id": digest("document", "old-crew.jsonl#v"),
            "source": "old-crew.jsonl#v",
            "title": "Captain Vale",
            "text": " He\r\nsailed.",
            "content_hash": digest("Captain Vale", " He\r\nsailed.", [], '{"at":{"a":null,"b":1},"year":1902}'),
            "pages": [],
            "metadata": '{"at":{"a":null,"b":1},"year":1902}',
        }
    ]
    assert (found.failed, found.warnings) == ((), ())


def test_a_row_without_id_is_named_by_the_hash_of_its_title_and_text(tmp_path: Path) -> None:
    found = rows(tmp_path, {"text": "One."}, {"title": "T", "text": "One.", "id": None}, {"id": "", "text": "Two."})

    hashes = [digest("", "One."), digest("T", "One."), digest("", "Two.")]
    assert documents(found).keys() == {f"old-crew.jsonl#{each}" for each in hashes}


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ({"id": 7, "text": "The mate\n\nHe sailed."}, "The mate"),
        ({"id": 7, "text": "He sailed."}, "old crew 7"),
        ({"text": "He sailed."}, "old crew"),
        ({"id": 7, "title": "  ", "text": "He sailed."}, "old crew 7"),
        ({"id": 7, "title": 1902, "text": "He sailed."}, "1902"),
        ({"id": 7, "title": ["a"], "text": "He sailed."}, "old crew 7"),
    ],
)
def test_a_row_is_called_by_its_title_else_its_first_line_else_its_file_and_id(
    tmp_path: Path, row: dict[str, object], title: str
) -> None:
    assert rows(tmp_path, row).documents["title"].to_pylist() == [title]


def test_a_title_that_is_no_text_stays_in_the_metadata(tmp_path: Path) -> None:
    assert rows(tmp_path, {"title": ["a"], "text": "x."}).documents["metadata"].to_pylist() == ['{"title":["a"]}']


def test_columns_can_have_other_names(tmp_path: Path) -> None:
    settings = SourcesSettings(title_column="name", text_column="body", id_column="key")

    found = documents(
        rows(tmp_path, {"key": 1, "name": "Vale", "body": "He sailed.", "text": "kept"}, settings=settings)
    )

    row = found["old-crew.jsonl#1"]
    assert (row["title"], row["text"], row["metadata"]) == ("Vale", "He sailed.", '{"text":"kept"}')


GOOD = {"id": "good", "text": "He sailed. " * 50}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("He sailed.", "is not JSON (Expecting value at character 1)"),
        ("[1]", "is not a JSON object"),
        ('"text"', "is not a JSON object"),
        ({"content": "x"}, "has no 'text' (settings can name another column: sources.text_column)"),
        ({"text": 5}, "has a 'text' that is not text"),
        ({"text": " \n"}, "has an empty 'text'"),
        ({"id": True, "text": "x"}, "has an 'id' that is neither text nor a number"),
        ({"id": ["a"], "text": "x"}, "has an 'id' that is neither text nor a number"),
        ({"id": "good", "text": "x"}, "has the id 'good' of line 1"),
        ('{"text": "x", "n": ' + "[" * 100_000 + "}", "is nested too deeply"),
        (b"\0" * 99, "looks binary"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_bad_row_is_listed_with_its_line_and_the_others_are_read(tmp_path: Path, line: object, reason: str) -> None:
    found = rows(tmp_path, GOOD, "", line, {"id": "last", "text": "He came home."})

    assert documents(found).keys() == {"old-crew.jsonl#good", "old-crew.jsonl#last"}
    assert found.failed == (("old-crew.jsonl:3", f"Line 3 of 'old-crew.jsonl' {reason}."),)


def test_of_equal_rows_without_id_one_is_kept(tmp_path: Path) -> None:
    found = rows(tmp_path, {"text": "x"}, {"text": "x", "year": 1}, {"text": "y"}, {"text": "x"})

    assert len(found.documents) == 2
    assert found.warnings == (
        "Rows with the title and text of an earlier one were left out (2): 'old-crew.jsonl' (2).",
    )
    assert found.failed == ()


def test_hundreds_of_bad_rows_are_not_all_listed(tmp_path: Path) -> None:
    found = rows(tmp_path, GOOD, *["{"] * 250)

    assert len(found.failed) == 101
    assert found.failed[-1] == ("old-crew.jsonl:more", "150 more lines of 'old-crew.jsonl' are not readable rows.")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (r'{"text": "a\ud800b"}', "a\ufffdb"),
        (r'{"text": "a\u0000b"}', "a\ufffdb"),
        (r'{"text": "\ud83d\udea2"}', "\U0001f6a2"),
        (b'{"text": "caf\xe9"}', "caf\xe9"),
        (b'\xef\xbb\xbf{"text": "x"}\r', "x"),
        ('{"text": "a\u2028b\x85c"}', "a\u2028b\x85c"),
    ],
)
def test_odd_characters_are_made_fit_for_a_table(tmp_path: Path, line: object, text: str) -> None:
    assert rows(tmp_path, line).documents["text"].to_pylist() == [text]


def test_metadata_is_always_json_whatever_the_numbers(tmp_path: Path) -> None:
    found = rows(tmp_path, r'{"text": "x", "n": NaN, "i": -Infinity, "e": 1e999, "s": "\ud800", "k": "항"}')

    assert found.documents["metadata"].to_pylist() == ['{"e":null,"i":null,"k":"항","n":null,"s":"\ufffd"}']


def test_a_file_of_rows_may_be_utf16(tmp_path: Path) -> None:
    text = '{"text": "Käpt\'n", "id": 1}\n{"text": "항구", "id": 2}\n'
    (tmp_path / "a.ndjson").write_bytes(text.encode("utf-16"))

    assert read(("a.ndjson",), SourcesSettings(), tmp_path).documents.sort_by("source")["text"].to_pylist() == [
        "Käpt'n",
        "항구",
    ]


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    lines = [{"id": number, "text": f"Row {number}."} for number in range(20)]

    assert rows(tmp_path, *lines).documents == rows(tmp_path, *reversed(lines)).documents


@pytest.mark.parametrize(
    ("data", "reason"), [("", "is empty"), (" \n\n", "is empty"), (b"PK\x03\x04\x00\x00", "looks binary")]
)
def test_a_file_without_rows_fails_as_a_whole(tmp_path: Path, data: object, reason: str) -> None:
    assert rows(tmp_path, data).failed == (("old-crew.jsonl", f"'old-crew.jsonl' {reason}."),)


def test_a_very_long_row_is_read(tmp_path: Path) -> None:
    text = "The tide turned. " * 300_000

    assert rows(tmp_path, {"text": text}).documents["text"].to_pylist() == [text]
