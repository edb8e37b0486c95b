"""Rows of CSV and TSV files."""

import json
from pathlib import Path
from typing import Any

import pytest
from papers import VALE

from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import delimited, reading
from graphrag_engine.sources.reading import Found


def read(folder: Path, data: str | bytes, name: str = "crew.csv") -> Found:
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return reading.read((name,), SourcesSettings(), folder)


def rows(found: Found) -> dict[str, tuple[str, str, Any]]:
    return {
        row["source"]: (row["title"], row["text"], json.loads(row["metadata"])) for row in found.documents.to_pylist()
    }


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_row_is_a_document_whatever_parts_its_fields(tmp_path: Path, mark: str) -> None:
    lines = [["id", "title", "text", "year"], ["1", "Vale", f'"He said ""no""{mark}\nand left."', "1902"]]
    found = read(tmp_path, "\n".join(mark.join(line) for line in lines))

    assert rows(found) == {"crew.csv#1": ("Vale", f'He said "no"{mark}\nand left.', {"year": "1902"})}


def test_a_file_of_tabs_has_no_other_marks(tmp_path: Path) -> None:
    assert list(rows(read(tmp_path, "id\ttext,a,b\ttext\n1\tx\tHe left.\n", "crew.tsv"))) == ["crew.tsv#1"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    assert rows(read(tmp_path, "id,text\n1,caf\xe9\n".encode(encoding)))["crew.csv#1"][1] == "caf\xe9"


def test_bad_rows_are_listed_by_their_line_and_the_others_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, 'id,text\n1,"a\nb"\n2,x,y\n\n3,\n4,d\n')

    assert sorted(rows(found)) == ["crew.csv#1", "crew.csv#4"]
    assert found.failed == (
        ("crew.csv:4", "Line 4 of 'crew.csv' has 3 fields, but there are 2 columns."),
        ("crew.csv:6", "Line 6 of 'crew.csv' has no 'text' (settings can name another column: sources.text_column)."),
    )


@pytest.mark.parametrize("field", ["x" * 5_000_000, ("x" * 99 + "\n") * 100_000], ids=["line", "lines"])
def test_a_field_of_many_megabytes_costs_its_row_alone(tmp_path: Path, field: str) -> None:
    found = read(tmp_path, f'id,text\n1,"{VALE}"\n2,"{field}"\n3,He left.\n')

    assert sorted(rows(found)) == ["crew.csv#1", "crew.csv#3"]
    why = "is no row (a field of it has more than 4 MB; perhaps its quote is never closed)"
    assert found.failed == (("crew.csv:3", f"Line 3 of 'crew.csv' {why}."),)


def test_behind_a_quote_that_is_never_closed_nothing_is_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_ENDLESS", 100)

    found = read(tmp_path, 'id,text\n1,a\n2,"never\n' + "3,closed\n" * 99)

    assert list(rows(found)) == ["crew.csv#1"]
    assert found.failed == (
        ("crew.csv", "'crew.csv' has a quote in line 3 that is never closed; the rest was left out."),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_do_anywhere(tmp_path: Path, end: str) -> None:
    found = read(tmp_path, end.join(["id,text", '1,"a', 'b"', "2,c"]))

    assert [text for _, text, _ in rows(found).values()] in ([f"a{end}b", "c"], ["c", f"a{end}b"])


@pytest.mark.parametrize(
    ("data", "why"), [(b"", "is empty"), (b"id,text\n", "is empty"), (b"\0\1\2" * 99, "looks binary")]
)
def test_a_file_without_rows_is_one_line(tmp_path: Path, data: bytes, why: str) -> None:
    assert read(tmp_path, data).failed == (("crew.csv", f"'crew.csv' {why}."),)
