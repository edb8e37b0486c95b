"""Disks that are full, shut or damaged, and runs that are killed: old or new, never half, and one line."""

import json
import resource
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from commands import QUESTION, as_before, cited, leftovers, process, program, refused, run

from graphrag_engine.schema import FORMAT
from graphrag_engine.stores.parquet import ParquetStore


@pytest.fixture
def home(built):
    return built / ".graphrag"


def grow(docs):
    (docs / "otter.txt").write_text("The Otter belonged to Mary Finn. The Otter towed the Gannet to Pell Harbour.\n")


# A disk that is full or shut


def with_room_for(size, *arguments):
    """The command where no file may grow past this size."""
    limit = (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    return process(*arguments, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))


@pytest.mark.parametrize("size", [100, 2_000, 4_000])
def test_a_full_disk_is_one_line_and_the_next_run_goes_on(docs, built, size):
    grow(docs)

    with as_before(built):
        refused(with_room_for(size, "index", "--root", built), 1, "cannot be written", "tables/", "File too large")
    assert run("index", "--root", built, "--json").report["version"] == 2


def test_a_disk_that_is_full_when_caches_are_written_leaves_the_old_version(docs, built, tmp_path):
    (docs / "long.txt").write_text("It was a calm day. " * 20_000)  # small where it is compressed
    whole = shutil.copytree(built, tmp_path / "whole")
    assert run("index", "--root", whole).code == 0
    room = max(part.stat().st_size for part in whole.glob(".graphrag/tables/*/*"))

    with as_before(built):
        refused(with_room_for(room, "index", "--root", built), 1, "cannot be written", "derived/", "File too large")
    assert run("index", "--root", built, "--json").report["version"] == 2


def test_a_disk_that_is_full_when_the_manifest_is_written_leaves_the_old_one(tmp_path, docs, built):
    doors = [tmp_path / f"{number:0200}" for number in range(200)]
    for door in doors:
        door.symlink_to(docs, target_is_directory=True)

    with as_before(built):
        refused(with_room_for(30_000, "index", *doors, "--root", built), 1, "versions/2.json", "File too large")
    assert run("index", *doors, "--root", built, "--json").report["version"] == 2


def test_a_full_disk_leaves_no_half_settings(root):
    refused(with_room_for(100, "init", root), 1, "Cannot write", "File too large")
    assert list(root.iterdir()) == []


def test_output_to_a_full_disk_is_one_line(built):
    command = program("status", "--quiet", "--root", built)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert (done.returncode, done.stderr) == (1, "Error: The output cannot be written: No space left on device.\n")


def shut(root, mode):
    for path in (*root.rglob("*"), root):
        path.chmod(mode & (0o555 if path.is_dir() else 0o444))


def test_a_root_that_cannot_be_written_is_one_line(tmp_path, docs, powerless):
    tmp_path.chmod(0o555)

    refused(process("index", docs, "--root", tmp_path / "kb", prefix=powerless), 1, "cannot be written", "denied")
    assert not (tmp_path / "kb").exists()


def test_an_index_on_a_read_only_medium_can_be_asked_and_not_written(docs, built, powerless):
    grow(docs)
    shut(built, 0o555)

    assert process("query", QUESTION, "--root", built, prefix=powerless).code == 0
    assert process("status", "--root", built, prefix=powerless).code == 0
    with as_before(built):
        refused(process("index", "--root", built, prefix=powerless), 1, "cannot be written", "Permission denied")


def test_an_index_that_may_not_be_read_is_not_called_damaged(built, powerless):
    (built / ".graphrag" / "CURRENT").chmod(0)

    refused(process("query", QUESTION, "--root", built, prefix=powerless), 1, "cannot be read", "Permission denied")


# A damaged index

DAMAGE = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "other": lambda path: path.write_bytes(b"\xff\0 not this"),
}
REMEDY = "and index the sources anew."


@pytest.mark.parametrize("command", [("query", QUESTION), ("status",), ("index",)])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_manifest_is_named_with_what_to_do(home, built, command, damage):
    DAMAGE[damage](home / "versions" / "1.json")

    refused(run(*command, "--root", built), 1, "damaged", "versions/1.json", f"delete {str(home)!r} {REMEDY}")


@pytest.mark.parametrize("text", ["7\n", "", "one\n", "../1\n", "\xff\0"])
def test_a_current_that_names_no_version_is_said(home, built, text):
    (home / "CURRENT").write_text(text, "latin-1")

    refused(run("query", QUESTION, "--root", built), 1, "damaged", REMEDY)


@pytest.mark.parametrize("values", [[], {}, {"tables": 1}, {"tables": {}, "sources": [], "unknown": 1}])
def test_json_that_is_no_manifest_is_damage(home, built, values):
    (home / "versions" / "1.json").write_text(json.dumps(values))

    refused(run("query", QUESTION, "--root", built), 1, "damaged", "versions/1.json")


@pytest.mark.parametrize("shape", [{}, {"tables": "in another shape"}])
def test_an_index_of_a_newer_format_is_refused(home, built, shape):
    path = home / "versions" / "1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": FORMAT + 1, **shape}))

    for command in (("query", QUESTION), ("status",), ("index",)):
        refused(run(*command, "--root", built), 1, f"format {FORMAT + 1}", f"reads format {FORMAT}")


@pytest.mark.parametrize("table", ["documents", "fingerprints", "failures"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_part_is_named_and_questions_go_on(home, built, table, damage):
    part = next((home / "tables" / table).iterdir())
    DAMAGE[damage](part)

    with as_before(built):
        refused(run("index", "--root", built), 1, "damaged", repr(str(part)), REMEDY)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", ["names.arrow", "text_units.arrow"])
def test_a_damaged_cache_is_named_and_made_anew_once_deleted(home, built, name, damage):
    cache = next((home / "derived").iterdir())
    DAMAGE[damage](cache / name)

    refused(run("query", QUESTION, "--root", built), 1, "damaged", name, f"Delete {str(cache)!r}; the next question")
    shutil.rmtree(cache)
    assert "ship.txt" in cited(built)


def test_what_others_put_into_the_folder_does_no_harm(home, docs, built):
    for name in ("versions/notes.json", "versions/notes", "derived/notes", "tables/notes", "notes"):
        (home / name).write_text("notes")
    grow(docs)

    assert run("index", "--root", built).code == 0
    assert run("status", "--root", built, "--json").report["versions"] == [1, 2]


# Runs that end early, or meet


@pytest.mark.parametrize("seconds", [0, 0.2, 0.5, 0.9])
def test_a_run_that_is_killed_leaves_a_whole_version_and_the_next_run_works(harbour, docs, built, seconds):
    shutil.copytree(harbour, docs / "harbour")
    with subprocess.Popen(program("index", "--root", built), stderr=subprocess.PIPE) as running:
        assert running.stderr.readline()
        time.sleep(seconds)
        running.kill()

    assert "ship.txt" in cited(built)
    assert run("status", "--root", built, "--json").report["version"] in (1, 2)
    assert run("index", "--root", built, "--json").report["version"] == 2
    assert leftovers(built) == []


def test_what_a_killed_run_left_is_swept(home, built):
    (home / "tables" / "documents" / ".0123.parquet.77.tmp").write_text("half")

    assert run("index", "--root", built).code == 0
    assert leftovers(built) == []


def test_of_two_runs_at_once_one_is_refused_and_the_other_ends(docs, built):
    grow(docs)

    with as_before(built), ParquetStore(built).locked():
        refused(run("index", "--root", built), 1, "Another run is writing", "Wait for it to end")
    assert run("index", "--root", built, "--json").report["version"] == 2
