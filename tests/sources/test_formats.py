"""What each format becomes: text, title, metadata, pages."""

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from papers import CODE, FILES, FRONT, HART, LOCKED, RESTRUCTURED, VALE, pdf, saved, zipped

from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import apart, child, reading
from graphrag_engine.sources.reading import Found

LAUGHS = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))


def read(folder: Path, **settings: Any) -> Found:
    return reading.read((str(folder),), SourcesSettings(**settings), folder)


def one(folder: Path, name: str, data: bytes | str | None = None) -> dict[str, Any]:
    """The one document of this file."""
    (folder / name).write_bytes(FILES[name] if data is None else data.encode() if isinstance(data, str) else data)
    found = read(folder)
    assert found.failed == ()
    (row,) = found.documents.to_pylist()
    return {**row, "metadata": json.loads(row["metadata"])}


def reason(folder: Path, name: str, data: bytes) -> str:
    """Why this file is not read."""
    (folder / name).write_bytes(data)
    (folder / "good.txt").write_text(VALE)
    found = read(folder)
    assert found.documents["source"].to_pylist() == ["good.txt"]
    ((source, error),) = found.failed
    assert source == name
    return error


def test_all_formats_are_read_from_one_folder(tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)

    found = read(tmp_path)

    files = {source.partition("#")[0] for source in found.documents["source"].to_pylist()}
    assert files == {*FILES, "old.zip/in/quay.md", "old.zip/in/log.pdf"} - {"old.zip"}
    assert (found.failed, found.warnings) == ((), ())


def test_a_page_is_its_main_text_with_headings_lists_and_tables(tmp_path: Path) -> None:
    page = one(tmp_path, "page.html")

    assert page["text"].startswith(f"# Elias Vale\n\n{VALE}\n\n## The Grace\n\n{HART} She cost 5 * 3 < 20 pounds.")
    assert "- Pilot, 1898\n- Master, 1902" in page["text"]
    assert "| Northern Grace | 1889 |" in page["text"]
    assert "Shop" not in page["text"]
    assert "Copyright" not in page["text"]
    assert page["title"] == "Elias Vale"
    assert page["metadata"] == {"author": "Greta Hart", "date": "2021-03-04", "language": "en"}


@pytest.mark.parametrize("tags", ["<div>", "<b>", "<table><tr><td>", "<ul><li>"])
@pytest.mark.parametrize("times", [300, 100_000])
def test_a_page_of_tags_in_tags_is_one_line(tmp_path: Path, tags: str, times: int) -> None:
    """Its reader leaves out what is 256 deep, and all behind it."""
    page = f"<html><body><p>{VALE}</p>{tags * times}<p>{HART}</p>"

    assert reason(tmp_path, "a.html", page.encode()) == "'a.html' is nested too deeply."


def test_a_page_of_tags_in_tags_is_read_where_its_reader_can(tmp_path: Path) -> None:
    page = f"<html><body><p>{VALE}</p>{'<div>' * 200}<p>Deep.</p>{'</div>' * 200}<p>{HART}</p></body></html>"

    text = one(tmp_path, "page.html", page)["text"]

    assert (VALE in text, "Deep." in text, HART in text) == (True, True, True)


@pytest.mark.parametrize("before", ["", "<?xml version='1.0'?>\n", "<!-- harbour -->"])
def test_a_page_with_entities_made_of_others_is_one_line(tmp_path: Path, before: str) -> None:
    page = f"{before}<!DOCTYPE d [<!ENTITY a0 'lol'>{LAUGHS}]><html><body><p>{VALE} &a9;</p></body>"

    said = "'a.html' declares entities made of others, as bombs do."
    assert reason(tmp_path, "a.html", page.encode()) == said


def test_a_page_with_plain_entities_of_its_own_is_read(tmp_path: Path) -> None:
    page = one(tmp_path, "page.html", f"<!DOCTYPE html [<!ENTITY place 'Riga'>]><html><body><p>{VALE}</p></body>")

    assert VALE in page["text"]


def test_a_page_that_states_no_date_has_none(tmp_path: Path) -> None:
    page = one(tmp_path, "page.html", f"<html><body><h1>Quay</h1><p>{VALE}</p><p>Updated 3 May 2021.</p></body></html>")

    assert page["metadata"] == {}


@pytest.mark.parametrize("encoding", ["utf-8", "euc-kr"])
def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path: Path, encoding: str) -> None:
    source = f'<html><head><meta charset="{encoding}"></head><body><p>엘리아스 베일은 도선사였다.</p></body></html>'

    assert one(tmp_path, "page.htm", source.encode(encoding))["text"] == "엘리아스 베일은 도선사였다."


def test_the_pages_of_a_pdf_begin_at_offsets_in_its_text(tmp_path: Path) -> None:
    log = one(tmp_path, "log.pdf")

    assert [log["text"][start : start + 5] for start in log["pages"]] == ["Elias", "Greta", "Greta"]
    assert log["text"] == f"{VALE}\n{HART}\n\n{HART}\n\n"
    assert log["title"] == "Log of the harbour"
    assert log["metadata"] == {"author": "Greta Hart", "created": "1902-05-03"}


def test_a_word_parted_at_the_end_of_a_line_of_a_pdf_is_whole_again(tmp_path: Path) -> None:
    assert one(tmp_path, "log.pdf", pdf(["He kept the har-", "bour log."]))["text"] == "He kept the harbour log.\n\n"


def test_a_sentence_may_go_on_over_the_end_of_a_page(tmp_path: Path) -> None:
    assert one(tmp_path, "log.pdf", pdf(["He kept the"], ["harbour log."]))["text"] == "He kept the\nharbour log.\n\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pdf([], []), "has no text on its 2 pages; if it is a scan, recognise its text first"),
        (pdf([VALE], extra=LOCKED), "is encrypted; save it without its password first"),
        (pdf([VALE])[:200], "is broken: its pages cannot be found"),
        (b"%PDF-1.4\n", "is broken: its pages cannot be found"),
        (b"", "is broken: its pages cannot be found"),
    ],
    ids=["no text", "encrypted", "cut off", "only a head", "empty"],
)
def test_a_pdf_that_cannot_be_read_is_one_line(tmp_path: Path, data: bytes, why: str) -> None:
    assert reason(tmp_path, "a.pdf", data) == f"'a.pdf' {why}."


def test_a_word_file_is_headings_lists_and_tables(tmp_path: Path) -> None:
    quay = one(tmp_path, "quay.docx")

    assert quay["text"] == (
        f"# The North Quay\n\n{VALE}\n\n# Dues\n\n- Coal, sixpence\n- Salt, fourpence\n\n"
        "| Ship | Year |\n|---|---|\n| Northern Grace | 1889 |"
    )
    assert quay["title"] == "The North Quay"
    assert quay["metadata"]["author"] == "Greta Hart"


BOMB = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "lol">{LAUGHS}]><d>&a9;</d>'.encode()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (saved(docx.Document()), "holds no text"),
        (b"PK\3\4" + bytes(99), "is broken: it is no Word file; save it as .docx without a password first"),
        (b"\xd0\xcf\x11\xe0", "is encrypted, or of an older Word; save it as .docx without a password first"),
        (zipped({"word/document.xml": bytes(300 << 20)}), "unpacks to more than 256 MB"),
    ],
    ids=["empty", "broken", "old", "bomb"],
)
def test_a_word_file_that_cannot_be_read_is_one_line(tmp_path: Path, data: bytes, why: str) -> None:
    assert reason(tmp_path, "a.docx", data) == f"'a.docx' {why}."


def test_entities_in_a_word_file_are_not_expanded(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(FILES["quay.docx"])) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}

    assert (
        reason(tmp_path, "a.docx", zipped({**parts, "word/document.xml": BOMB}))
        == "'a.docx' is broken: its parts cannot be read."
    )


def test_a_mail_is_its_text_with_its_headers_as_metadata(tmp_path: Path) -> None:
    mail = one(tmp_path, "dues.eml")

    assert (mail["title"], mail["text"]) == ("항구 dues", VALE)
    assert mail["metadata"] == {
        "from": "Elias Vale <vale@example.org>",
        "to": "Greta Hart <hart@example.org>, trust@example.org",
        "date": "2021-05-04",
        "attachments": ["dues.pdf"],
    }


def test_a_mail_of_html_alone_is_the_text_of_that(tmp_path: Path) -> None:
    head = "From: a@example.org\nSubject: Dues\nContent-Type: text/html; charset=utf-8\n\n"

    assert one(tmp_path, "dues.eml", f"{head}<p>The <b>dues</b> are paid.</p><p>Vale</p>")["text"] == (
        "The dues are paid.\n\nVale"
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\n\nNo headers.", "is no mail: it has no headers"),
        (b"From: a@example.org\n\n \n", "is a mail without text"),
        (b"From: " + b"(" * 20_000 + b"\n\nText.", "is nested too deeply"),
    ],
    ids=["no headers", "no text", "nested"],
)
def test_a_mail_that_cannot_be_read_is_one_line(tmp_path: Path, data: bytes, why: str) -> None:
    assert reason(tmp_path, "a.eml", data) == f"'a.eml' {why}."


def test_a_date_that_there_is_not_costs_a_mail_its_date_alone(tmp_path: Path) -> None:
    mail = one(tmp_path, "a.eml", "From: a@example.org\nDate: Tue, 4 May 20210000000 23:30:00 +0900\n\nText.")

    assert (mail["text"], mail["metadata"]) == ("Text.", {"from": "a@example.org"})


def test_cues_are_joined_to_speeches_with_speakers_and_times(tmp_path: Path) -> None:
    talk = one(tmp_path, "talk.srt")

    assert talk["text"] == "VALE: The dues of the harbour are paid in Riga.\n\nHART: No."
    assert talk["metadata"] == {
        "speakers": ["VALE", "HART"],
        "start": "00:00:01",
        "end": "00:01:09",
        "times": [[0, "00:00:01"], [49, "00:01:05"]],
    }
    assert [talk["text"][at : at + 4] for at, _ in talk["metadata"]["times"]] == ["VALE", "HART"]


def test_voices_of_webvtt_are_speakers(tmp_path: Path) -> None:
    talk = one(tmp_path, "talk.vtt")

    assert talk["text"] == "Elias Vale: The dues are paid.\n\nGreta Hart: Thanks."
    assert talk["metadata"]["speakers"] == ["Elias Vale", "Greta Hart"]


def test_front_matter_is_title_and_metadata_and_the_text_stays_as_it_is(tmp_path: Path) -> None:
    quay = one(tmp_path, "quay.md")

    assert quay["title"] == "The North Quay"
    assert quay["metadata"] == {"date": "1902-05-03", "tags": ["quay", "dues"]}
    assert quay["text"] == FRONT


@pytest.mark.parametrize(
    ("front", "why"),
    [
        ("a: [", "is not YAML (did not find expected node content)"),
        ("a: &a [x]\nb: [*a, *a]", "repeats parts by reference"),
        ("a: " + "[" * 60_000, "is nested too deeply"),
        ("a: 1\nb:\n" + "- " * 30_000, "is nested too deeply"),
        ("a: 1\n- b", "is not YAML (did not find expected key)"),
    ],
    ids=["broken", "references", "deep", "deep in lines", "mixed"],
)
def test_front_matter_that_cannot_be_read_is_told_and_the_file_is_read(tmp_path: Path, front: str, why: str) -> None:
    (tmp_path / "a.md").write_text(f"---\n{front}\n---\n# Quay\n\n{VALE}")

    found = read(tmp_path)

    assert found.documents["title"].to_pylist() == ["Quay"]
    assert found.warnings == (f"Front matter that {why}: 'a.md' was passed over.",)


def test_front_matter_becomes_plain_json(tmp_path: Path) -> None:
    text = "---\ntitle: 1902\nwhen: 1902-05-03 10:00:00\nsize: .inf\n7: {a: !!set {x}}\n---\nText."
    quay = one(tmp_path, "a.md", text)

    assert quay["title"] == "1902"
    assert quay["metadata"] == {"when": "1902-05-03T10:00:00", "size": None, "7": {"a": ["x"]}}


def test_code_is_called_by_its_file(tmp_path: Path) -> None:
    code = one(tmp_path, "dues.py")

    assert (code["title"], code["text"]) == ("dues.py", CODE)


def test_restructured_text_is_called_by_its_first_heading(tmp_path: Path) -> None:
    port = one(tmp_path, "port.rst")

    assert (port["title"], port["text"]) == ("Port", RESTRUCTURED)


FIELDS = """:Author: Ada Cross
:Date: 1925-06-07
:Revised: 1925-07-01 10:00:00
:Version: 1.10
:Orphan:
:Abstract: Dues of
   the harbour: all.
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text",
    [
        f"Port\n====\n\n{FIELDS}\n{VALE}\n",
        f".. _port:\n.. A note\n   on it.\n\n====\nPort\n====\n\nDues\n----\n{FIELDS}\n{VALE}\n",
        f"{FIELDS}\nPort\n====\n\n{VALE}\n",
        f"{FIELDS}:Title: Port\n\nQuay\n====\n\n{VALE}",
        f"{FIELDS}\nPort\n\n{VALE}",
        f"Port\n====\n\n{FIELDS.rstrip()}",
    ],
    ids=["below", "below a subtitle", "above", "title", "no heading", "alone"],
)
def test_fields_of_restructured_text_are_metadata_and_the_text_stays_as_it_is(
    tmp_path: Path, text: str, end: str
) -> None:
    text = text.replace("\n", end)
    (tmp_path / "port.rst").write_bytes(text.encode())
    ((port,), warnings) = (read(tmp_path).documents.to_pylist(), read(tmp_path).warnings)

    assert json.loads(port["metadata"]) == {
        "author": "Ada Cross",
        "date": "1925-06-07",
        "revised": "1925-07-01T10:00:00",
        "version": "1.10",
        "abstract": "Dues of the harbour: all.",
    }
    assert (port["title"], port["text"], warnings) == ("Port", text, ())


@pytest.mark.parametrize(
    "text",
    [
        f"Port\n====\n\n{VALE}\n\n:Author: Ada Cross\n",
        "Port\n====\n\n:doc:`dues` are paid.\n",
        "Port\n====\n\n::\n\n   code\n",
        "Port\n====\n\nDues\n----\n\nCoal\n~~~~\n\n:Author: Ada Cross\n",
    ],
    ids=["further down", "role", "literal", "below sections"],
)
def test_what_is_no_field_below_the_title_is_no_metadata(tmp_path: Path, text: str) -> None:
    port = one(tmp_path, "port.rst", text)

    assert (port["title"], port["metadata"]) == ("Port", {})


def test_a_date_that_there_is_not_stays_as_it_is_written(tmp_path: Path) -> None:
    assert one(tmp_path, "port.rst", ":Date: 1925-13-45\n\nText.")["metadata"] == {"date": "1925-13-45"}


@pytest.mark.parametrize("name", ["a.pdf", "a.html", "a.docx", "a.eml"])
def test_what_needs_more_packages_names_the_extra(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("pypdfium2", "trafilatura", "docx"):
        monkeypatch.setitem(sys.modules, package, None)
    order = {"a.pdf": "pdf", "a.html": "html", "a.docx": "word", "a.eml": "mail"}[name]
    data = {"a.html": b"<p>x", "a.eml": b"From: a\nContent-Type: text/html\n\n<p>x"}.get(name, FILES["quay.docx"])

    assert child._answer(order, data) == {
        "error": 'needs more packages to be read: pip install "graphrag-engine[documents]"'
    }


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read(tmp_path: Path) -> None:
    slow = "<p " + " ".join(f"a{number}=1" for number in range(60_000)) + f">{VALE}"
    (tmp_path / "a.html").write_text(slow)
    (tmp_path / "b.html").write_bytes(FILES["page.html"])

    found = read(tmp_path, seconds=1)

    assert found.documents["source"].to_pylist() == ["b.html"]
    assert found.failed == (("a.html", "'a.html' takes more than 2 s to read (see the setting sources.seconds)."),)


def test_a_file_that_breaks_its_reader_is_one_line_and_the_next_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_START", "import os, sys; sys.stdin.buffer.readline(); os.abort()")
    with apart.Apart(seconds=5) as process:
        with pytest.raises(ValueError, match="is so broken that its reader failed"):
            process.read("html", FILES["page.html"])
        monkeypatch.undo()

        assert process.read("html", FILES["page.html"]).title == "Elias Vale"
