import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from graphrag_engine import spool
from graphrag_engine.errors import SourceNotFound
from graphrag_engine.hashing import digest
from graphrag_engine.schema import TABLES
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import reading
from graphrag_engine.sources.find import named
from graphrag_engine.sources.reading import Found
from graphrag_engine.sources.reading import read as read_remembered


def write(folder: Path, **texts: str | bytes) -> Path:
    """Files with these texts; `__` in a name is a slash, `_` a dot."""
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def read(*sources: str | Path, root: Path = Path()) -> Found:
    return read_remembered(named(sources, root), SourcesSettings(), root)


def texts(found: Found) -> dict[str, str]:
    return dict(zip(found.documents["source"].to_pylist(), found.documents["text"].to_pylist(), strict=True))


def test_a_folder_is_read_with_all_below_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_md="A.",
        b_txt="B.",
        sub__deep__c_markdown="C.",
        sub__d_TEXT="D.",
        README="E.",
        r_jsonl='{"text":"F.","id":1}',
    )

    assert texts(read(tmp_path)) == {
        "a.md": "A.",
        "b.txt": "B.",
        "sub/deep/c.markdown": "C.",
        "sub/d.TEXT": "D.",
        "README": "E.",
        "r.jsonl#1": "F.",
    }


def test_a_document_is_a_row_of_the_table_sorted_by_id(tmp_path: Path) -> None:
    documents = read(write(tmp_path, sub__tide_tables_md="# Tides\r\n\r\nHigh.\r\n", b_txt="B.", c_txt="C.")).documents

    assert documents.schema == TABLES["documents"].schema
    assert documents["id"].to_pylist() == sorted(documents["id"].to_pylist())
    row: dict[str, Any] = next(row for row in documents.to_pylist() if row["source"] == "sub/tide.tables.md")
    text = "# Tides\r\n\r\nHigh.\r\n"
    assert row == {
        "id": digest("document", "sub/tide.tables.md"),
        "source": "sub/tide.tables.md",
        "title": "Tides",
        "text": text,
        "content_hash": digest("Tides", text, [], "{}"),
        "pages": [],
        "metadata": "{}",
    }


def test_an_empty_folder_gives_an_empty_table(tmp_path: Path) -> None:
    found = read(tmp_path)

    assert found.documents == TABLES["documents"].schema.empty_table()
    assert (found.failed, found.warnings) == ((), ())


@pytest.mark.parametrize(("rows", "large"), [(1 << 16, 1 << 25), (7, 1 << 25), (7, 1), (1 << 16, 1)])
def test_many_documents_move_into_the_table_bit_by_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, large: int
) -> None:
    write(tmp_path, **{f"n{number}_txt": f"Number {number}." for number in range(30)})
    whole = read(tmp_path).documents

    monkeypatch.setattr(reading, "_BATCH", 20)
    monkeypatch.setattr(reading, "_ROWS", rows)
    monkeypatch.setattr(spool, "LARGE", large)

    assert read(tmp_path).documents == whole
    assert whole.num_rows == 30


def test_the_same_corpus_elsewhere_and_written_in_another_order_is_the_same_table(tmp_path: Path) -> None:
    files = {"a_txt": "A.", "sub__b_txt": "B.", "sub__c_jsonl": '{"text":"C."}\n{"text":"D."}', "z_md": "# Z"}
    write(tmp_path / "here", **files)
    write(tmp_path / "far" / "there", **dict(reversed(files.items())))

    assert read(tmp_path / "here").documents == read(tmp_path / "far" / "there").documents


def test_equal_content_in_two_files_is_two_documents(tmp_path: Path) -> None:
    assert read(write(tmp_path, a_txt="Same.", b_txt="Same.")).documents.num_rows == 2


def test_hidden_files_and_folders_are_passed_over_without_a_word(tmp_path: Path) -> None:
    found = read(write(tmp_path, _hidden_txt="x", _git__config="x", a_txt="A."))

    assert list(texts(found)) == ["a.txt"]
    assert found.warnings == ()


def test_other_kinds_are_left_out_and_told_in_one_line(tmp_path: Path) -> None:
    found = read(write(tmp_path, a_png="x", b_PNG="x", c_xlsx="x", d_txt="D.", sub__program=b"\x7fELF\0"))

    assert list(texts(found)) == ["d.txt"]
    assert found.warnings == ("Files of other kinds were left out (4): .png (2), .xlsx, without suffix.",)
    assert found.failed == ()


def test_a_file_named_directly_is_text_whatever_its_suffix(tmp_path: Path) -> None:
    write(tmp_path, log_2024="Line.", data_log="a,b", program=b"\x7fELF\0", rows_ndjson='{"text":"R.","id":"r"}')

    found = read(*(tmp_path / name for name in ("log.2024", "data.log", "program", "rows.ndjson")))

    assert texts(found) == {"log.2024": "Line.", "data.log": "a,b", "rows.ndjson#r": "R."}
    assert found.failed == (("program", "'program' looks binary."),)


PATTERNS = {
    "*.md": {"a.md"},
    "**/*.md": {"a.md", "x/b.md", "x/y/c.md"},
    "**": {"a.md", "d.txt", "x/b.md", "x/y/c.md"},
    "x/*": {"b.md"},
    "x/**/*.md": {"b.md", "y/c.md"},
    "*/b.md": {"x/b.md"},
    "[ad].*": {"a.md", "d.txt"},
    "?.txt": {"d.txt"},
    "**/y/**": {"x/y/c.md"},
    "*.log": {"e.log"},
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_selects_files_by_their_path_below_its_fixed_part(tmp_path: Path, pattern: str) -> None:
    write(tmp_path, a_md="A.", d_txt="D.", e_log="E.", x__b_md="B.", x__y__c_md="C.", _h__i_md="I.")

    assert texts(read(tmp_path / pattern)).keys() == PATTERNS[pattern]


def test_a_pattern_looks_no_deeper_than_it_reaches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a_md="A.", x__b_md="B.", x__y__c_md="C.")
    (tmp_path / "link").symlink_to("x", target_is_directory=True)
    entered, scandir = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: entered.append(path) or scandir(path))

    read_remembered(("*.md",), SourcesSettings(), tmp_path)

    assert entered == [str(tmp_path)]


def test_what_exists_as_written_is_no_pattern(tmp_path: Path) -> None:
    for folder, name in [("a[1]", "b*.txt"), ("a1", "bc.txt")]:
        write(tmp_path / folder, x_txt="X.")
        (tmp_path / folder / name).write_text("Y.")

    assert list(texts(read(tmp_path / "a[1]" / "b*.txt"))) == ["b*.txt"]
    assert sorted(texts(read(tmp_path / "a[1]" / "*.txt"))) == ["b*.txt", "x.txt"]


@pytest.mark.parametrize(
    "source", ["", "nowhere", "a.txt/b", "*.nothing", "no/**/where", "[", "x" * 5000, "a\0b", "[z-a].txt"]
)
def test_a_source_that_is_not_there_is_an_error_before_anything_is_read(tmp_path: Path, source: str) -> None:
    write(tmp_path, a_txt="A.")

    with pytest.raises(SourceNotFound) as error:
        named([tmp_path / "a.txt", f"{tmp_path}/{source}" if source else ""], tmp_path)

    assert "Nothing was indexed" in str(error.value)


def test_sources_are_remembered_so_that_any_working_folder_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path / "kb", docs__a_txt="A.", b_md="B.")
    write(tmp_path / "other", c_txt="C.")
    monkeypatch.chdir(root)

    remembered = named(["docs/", "./docs/../*.md", Path("../other")], Path())
    monkeypatch.chdir(tmp_path)

    assert remembered == ("docs", "*.md", (tmp_path / "other").as_posix())
    found = read_remembered(remembered, SourcesSettings(), Path("kb"))
    assert sorted(texts(found)) == ["a.txt", "b.md", "c.txt"]


def test_the_root_itself_can_be_a_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path, a_txt="A.", _graphrag__x_txt="hidden"))

    assert named(["."], Path()) == (".",)
    assert list(texts(read("."))) == ["a.txt"]


def test_a_remembered_source_that_is_gone_yields_nothing_and_a_warning(tmp_path: Path) -> None:
    write(tmp_path, a_txt="A.")

    found = read_remembered(("gone", "*.gone", "a.txt"), SourcesSettings(), tmp_path)

    assert list(texts(found)) == ["a.txt"]
    assert found.warnings == ("No longer there: '*.gone', 'gone'.",)


def test_a_file_reached_by_two_sources_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, sub__a_txt="A.")

    assert list(texts(read(tmp_path / "sub", tmp_path, tmp_path / "sub" / "a.txt"))) == ["a.txt"]


def test_equal_names_of_two_sources_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    write(tmp_path, x__a_txt="X.", y__a_txt="Y.", z__a_txt="Z.")

    assert texts(read(tmp_path / "x", tmp_path / "y", tmp_path / "z" / "a.txt")) == {
        "a.txt": "X.",
        "y/a.txt": "Y.",
        "z/a.txt": "Z.",
    }


def test_a_name_that_is_taken_twice_over_is_listed(tmp_path: Path) -> None:
    write(tmp_path, a_txt="1.", d__a_txt="2.", o__d__a_txt="3.")

    found = read(tmp_path / "a.txt", tmp_path / "d" / "a.txt", tmp_path / "o" / "d" / "a.txt")

    assert texts(found) == {"a.txt": "1.", "d/a.txt": "2."}
    assert found.failed == (("d/a.txt", "Another file is called 'd/a.txt' too; rename one of them."),)


def test_links_are_followed_but_a_file_is_called_by_its_own_path_where_it_can_be(tmp_path: Path) -> None:
    write(tmp_path, docs__real__a_txt="A.", far__b_txt="B.")
    (tmp_path / "docs" / "a-link").symlink_to("real", target_is_directory=True)
    (tmp_path / "docs" / "far").symlink_to("../far", target_is_directory=True)
    (tmp_path / "docs" / "b.txt").symlink_to("real/a.txt")

    assert texts(read(tmp_path / "docs")) == {"real/a.txt": "A.", "far/b.txt": "B."}


def test_of_several_links_to_a_file_the_first_by_name_counts(tmp_path: Path) -> None:
    write(tmp_path, far__x_txt="X.", docs__z_txt="Z.")
    for name in ("b.txt", "a.txt", "c.txt"):
        (tmp_path / "docs" / name).symlink_to("../far/x.txt")

    assert sorted(texts(read(tmp_path / "docs"))) == ["a.txt", "z.txt"]
    assert list(texts(read(tmp_path / "docs" / "b.txt", tmp_path / "far" / "x.txt"))) == ["b.txt"]


def test_loops_of_folders_end_and_links_to_nowhere_are_listed(tmp_path: Path) -> None:
    write(tmp_path, a_txt="A.", sub__b_txt="B.")
    (tmp_path / "sub" / "up").symlink_to("..", target_is_directory=True)
    (tmp_path / "sub" / "self").symlink_to(".", target_is_directory=True)
    (tmp_path / "round.txt").symlink_to("round.txt")
    (tmp_path / "sub" / "nowhere.md").symlink_to("gone.md")

    found = read(tmp_path)

    assert texts(found) == {"a.txt": "A.", "sub/b.txt": "B."}
    assert found.failed == (
        ("round.txt", "'round.txt' cannot be read: Too many levels of symbolic links."),
        ("sub/nowhere.md", "'sub/nowhere.md' cannot be read: No such file or directory."),
    )


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        found = read(tmp_path, "pipe", "/dev/null")

    assert found.failed == (
        ("null", "'null' is not a regular file."),
        ("pipe", "'pipe' is not a regular file."),
        ("socket", "'socket' is not a regular file."),
    )


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "\u3000\n".encode()])
def test_a_file_without_words_is_empty(tmp_path: Path, content: bytes) -> None:
    assert read(write(tmp_path, a_txt=content)).failed == (("a.txt", "'a.txt' is empty."),)


def test_an_unreadable_file_and_folder_are_listed_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, a_txt="A.", locked__b_txt="B.", c_txt="C.")
    real_open, real_scandir = open, os.scandir

    def denied(real: Any) -> Any:
        def opened(path: Any, *rest: Any) -> Any:
            if str(path).endswith(("/c.txt", "/locked")):
                raise PermissionError(13, "Permission denied")
            return real(path, *rest)

        return opened

    monkeypatch.setattr("builtins.open", denied(real_open))
    monkeypatch.setattr(os, "scandir", denied(real_scandir))
    found = read(tmp_path)

    assert texts(found) == {"a.txt": "A."}
    assert found.failed == (
        ("c.txt", "'c.txt' cannot be read: Permission denied."),
        ("locked", "The folder 'locked' cannot be read: Permission denied."),
    )


def test_what_had_to_be_guessed_is_told_in_one_line_a_kind(tmp_path: Path) -> None:
    names = {f"n{number}_txt": b"caf\xe9" for number in range(7)}

    found = read(write(tmp_path, **names, utf_txt=b"\xc3\xa4\xc3\xb6\xff"))

    assert found.warnings == (
        "Damaged characters were replaced by U+FFFD: 'utf.txt'.",
        "Read as Windows-1252, since it is not UTF-8: 'n0.txt', 'n1.txt', 'n2.txt', 'n3.txt', 'n4.txt' and 2 more.",
    )


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("line\nbreak.txt", "line\nbreak.txt"),
        ("\U0001f6a2.md", "\U0001f6a2.md"),
        ("\u1112\u1161\u11bc\u1100\u116e.txt", "\ud56d\uad6c.txt"),
        (os.fsdecode(b"caf\xe9.txt"), "caf\ufffd.txt"),
        ("a#b.txt", "a#b.txt"),
    ],
    ids=ascii,
)
def test_odd_file_names_make_sources_that_any_table_can_hold(tmp_path: Path, name: str, source: str) -> None:
    (tmp_path / name).write_text("Text.")

    assert list(texts(read(tmp_path))) == [source]
    assert list(texts(read(tmp_path / name))) == [source]


def test_composed_and_decomposed_names_side_by_side_are_both_read(tmp_path: Path) -> None:
    for name in ("\ud56d\uad6c.txt", "\u1112\u1161\u11bc\u1100\u116e.txt"):
        (tmp_path / name).write_text(name)

    assert sorted(texts(read(tmp_path))) == sorted(["\ud56d\uad6c.txt", f"{tmp_path.name}/\ud56d\uad6c.txt"])


def test_a_copied_corpus_is_the_same_without_its_links(tmp_path: Path) -> None:
    write(tmp_path, docs__a_txt="A.", docs__b_txt="B.")
    os.link(tmp_path / "docs" / "a.txt", tmp_path / "docs" / "c.txt")
    shutil.copytree(tmp_path / "docs", tmp_path / "copy")

    assert read(tmp_path / "docs").documents == read(tmp_path / "copy").documents


def test_a_row_and_a_file_of_the_same_name_do_not_become_one(tmp_path: Path) -> None:
    write(tmp_path, rows_jsonl='{"id":1,"text":"Row."}')
    (tmp_path / "rows.jsonl#1").write_text("File.")

    found = read(tmp_path / "rows.jsonl", tmp_path / "rows.jsonl#1")

    assert texts(found) == {"rows.jsonl#1": "Row."}
    assert found.failed == (("rows.jsonl#1", "There are two documents 'rows.jsonl#1'; one was left out."),)
