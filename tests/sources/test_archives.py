"""Archives and what is made to do harm: one line in `failed`, and the rest is read."""

import gzip
import stat
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from papers import FILES, VALE, zipped

from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import archives, reading
from graphrag_engine.sources.reading import Found


def read(folder: Path, **settings: Any) -> Found:
    return reading.read((str(folder),), SourcesSettings(**settings), folder)


def packed(folder: Path, *members: tuple[str, bytes], **settings: Any) -> Found:
    """What an archive of these members holds."""
    (folder / "a.zip").write_bytes(zipped(dict(members)))
    return read(folder, **settings)


def sources(found: Found) -> list[str]:
    return sorted(found.documents["source"].to_pylist())


def test_members_are_documents_below_the_name_of_the_archive(tmp_path: Path) -> None:
    found = packed(
        tmp_path, ("in/a.md", b"# Quay"), ("r.jsonl", b'{"id":1,"text":"x"}'), ("in/", b""), (".hidden.txt", b"x")
    )

    assert sources(found) == ["a.zip/in/a.md", "a.zip/r.jsonl#1"]
    assert found.documents["title"].to_pylist().count("Quay") == 1


def test_other_kinds_and_archives_in_an_archive_are_left_out_and_told(tmp_path: Path) -> None:
    found = packed(tmp_path, ("a.txt", b"A."), ("b.zip", b"PK"), ("c.txt.gz", b""), ("d.png", b""))

    assert sources(found) == ["a.zip/a.txt"]
    assert found.warnings == ("Files of other kinds were left out (3): .gz, .png, .zip.",)


@pytest.mark.parametrize("name", ["../a.txt", "b/../../a.txt", "/etc/a.txt", "C:/a.txt", "..\\a.txt", "b\\..\\a.txt"])
def test_a_path_that_leads_out_of_an_archive_is_listed(tmp_path: Path, name: str) -> None:
    found = packed(tmp_path, (name, b"x"), ("b.txt", b"B."))

    shown = name.replace("\\", "/")
    assert sources(found) == ["a.zip/b.txt"]
    assert found.failed == (
        (f"a.zip/{shown}", f"'a.zip' holds {shown!r}, a path that leads out of it; it was left out."),
    )


def test_a_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")

    assert sources(read(tmp_path)) == []


def test_names_without_a_mark_for_utf_8_are_read_as_that_where_they_can_be(tmp_path: Path) -> None:
    data = zipped({"ab.txt": b"A."}).replace(b"ab.txt", "é.txt".encode())
    (tmp_path / "a.zip").write_bytes(data)

    assert sources(read(tmp_path)) == ["a.zip/é.txt"]


def test_a_bomb_is_listed_and_the_rest_of_the_archive_is_read(tmp_path: Path) -> None:
    found = packed(tmp_path, ("bomb.txt", b"x " * 10_000_000), ("z.txt", b"Z."))

    assert sources(found) == ["a.zip/z.txt"]
    assert found.failed == (
        (
            "a.zip/bomb.txt",
            "'a.zip/bomb.txt' unpacks to more than 200 times its size, as bombs do; unpack it first if it is none.",
        ),
    )


def test_a_bomb_of_gzip_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"x " * 10_000_000))

    ((source, error),) = read(tmp_path).failed
    assert (source, "as bombs do" in error) == ("a.txt.gz", True)


def test_an_archive_ends_where_it_has_unpacked_to_all_that_it_may(tmp_path: Path) -> None:
    found = packed(tmp_path, *((f"{name}.txt", b"word " * 90_000) for name in "abcd"), max_mb=1)

    assert sources(found) == ["a.zip/a.txt", "a.zip/b.txt"]
    assert [source for source, _ in found.failed] == ["a.zip", "a.zip/c.txt"]
    assert all("sources.max_mb" in error for _, error in found.failed)


def test_an_archive_of_too_many_files_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MOST_MEMBERS", 1)

    found = packed(tmp_path, ("a.txt", b"A."), ("b.txt", b"B."))

    assert found.failed == (("a.zip", "'a.zip' holds more than 1 files."),)


def test_an_encrypted_member_is_listed(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"A.", "b.txt": b"B."}))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + at] |= 1
    (tmp_path / "a.zip").write_bytes(data)

    found = read(tmp_path)

    assert sources(found) == ["a.zip/b.txt"]
    assert found.failed == (("a.zip/a.txt", "'a.zip/a.txt' is encrypted; unpack it first."),)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", b"PK\3\4 and nothing"),
        ("a.zip", FILES["old.zip"][:-30]),
        ("a.zip", FILES["old.zip"][300:]),
        ("a.txt.gz", b"\x1f\x8b\x08" + bytes(20)),
        ("a.txt.gz", FILES["note.txt.gz"][:-9]),
        ("a.txt.gz", b"no gzip"),
    ],
)
def test_a_damaged_archive_is_one_line(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "b.txt").write_text("B.")

    found = read(tmp_path)

    assert sources(found) == ["b.txt"]
    ((source, error),) = found.failed
    assert source == name
    assert error.startswith(f"{name!r} is damaged (")


def test_a_damaged_member_does_not_stop_the_others(tmp_path: Path) -> None:
    data = zipped({"a.txt": VALE.encode() * 9, "b.txt": b"B."})
    at = data.index(b"a.txt") + 20
    (tmp_path / "a.zip").write_bytes(data[:at] + b"\xff\xff\xff" + data[at + 3 :])

    found = read(tmp_path)

    assert sources(found) == ["a.zip/b.txt"]
    assert [source for source, _ in found.failed] == ["a.zip/a.txt"]


def test_a_packed_file_of_rows_is_read_as_rows(tmp_path: Path) -> None:
    (tmp_path / "crew.jsonl.gz").write_bytes(gzip.compress(FILES["crew.jsonl"]))

    assert sources(read(tmp_path)) == ["crew.jsonl.gz#1", "crew.jsonl.gz#2"]


def test_a_packed_file_is_of_the_kind_that_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(b"x"))
    (tmp_path / "b.zip.gz").write_bytes(gzip.compress(FILES["old.zip"]))
    (tmp_path / "log.pdf.gz").write_bytes(gzip.compress(FILES["log.pdf"]))

    found = read(tmp_path)

    assert found.documents["pages"].to_pylist() == [[0, 219, 219]]
    assert found.warnings == ("Files of other kinds were left out (2): .gz (2).",)


def test_a_file_that_is_too_long_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 1_000_001)

    assert read(tmp_path, max_mb=1).failed == (("a.txt", "'a.txt' is 1 MB long, more than sources.max_mb allows (1)."),)


@pytest.mark.parametrize("large", [1, 1 << 25])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.pdf", "a.zip"])
def test_a_file_that_grows_while_it_is_read_is_listed(
    tmp_path: Path, name: str, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGE", large)
    (tmp_path / name).write_bytes(FILES.get(name.replace("a.", "crew."), FILES["old.zip"]))
    real = open

    def growing(path: str, *rest: Any) -> Any:
        if str(path).endswith(name):
            with real(path, "ab") as file:
                file.write(b" more")
        return real(path, *rest)

    monkeypatch.setattr("builtins.open", growing)

    assert (name, f"{name!r} grew while it was read; index it again when it is whole.") in read(tmp_path).failed


def test_a_writer_that_never_stops_does_not_keep_a_reader(tmp_path: Path) -> None:
    path, stop = tmp_path / "a.jsonl", threading.Event()
    path.write_bytes(FILES["crew.jsonl"] * 100)

    def write() -> None:
        with path.open("ab") as file:
            while not stop.is_set() and file.tell() < 50_000_000:
                file.write(FILES["crew.jsonl"])

    writer = threading.Thread(target=write)
    writer.start()
    found = read(tmp_path)
    stop.set()
    writer.join()

    assert len(found.documents) == 2


def test_how_far_reading_is_is_told_in_kilobytes(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    for name in "abc":
        (tmp_path / f"{name}.txt").write_bytes(b"word " * 100_000)

    reading.read(
        (str(tmp_path),),
        SourcesSettings(),
        tmp_path,
        lambda event: told.append((event.stage, event.done, event.total)),
    )

    assert told == [("sources", 500, 1500), ("sources", 1000, 1500), ("sources", 1500, 1500)]
