"""Sources, settings and questions that are not what they should be, end to end."""

import codecs
import json
import os

import pytest
from commands import QUESTION, SHIP, as_before, cited, process, refused, run

LINE = "The Otter belonged to Mary Finn."


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """An index that tests only ask."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "ship.txt").write_text(SHIP)
    run("index", folder, "--root", folder)
    return folder


# Sources


def test_a_source_that_is_not_there_leaves_the_index_alone(docs, built):
    with as_before(built):
        refused(run("index", docs, "no/such", "--root", built), 2, "'no/such'", "Nothing was indexed")


UNREADABLE = {
    "empty.txt": ("is empty", lambda path: path.write_bytes(b"")),
    "blank.txt": ("is empty", lambda path: path.write_bytes(b" \r\n")),
    "binary.txt": ("looks binary", lambda path: path.write_bytes(bytes(range(256)) * 20)),
    "round.txt": ("Too many levels of symbolic links", lambda path: path.symlink_to(path)),
    "nowhere.md": ("No such file", lambda path: path.symlink_to("nothing")),
    "pipe.txt": ("is not a regular file", os.mkfifo),
    "device.txt": ("is not a regular file", lambda path: path.symlink_to("/dev/zero")),
    "two\nlines.txt": ("is empty", lambda path: path.write_bytes(b"")),
}


@pytest.fixture
def unreadable(docs):
    for name, (_, make) in UNREADABLE.items():
        make(docs / name)


def test_each_source_that_cannot_be_read_is_one_line_and_the_good_ones_are_indexed(docs, root, unreadable):
    done = run("index", docs, "--root", root, "--json")

    assert done.code == 3
    assert done.failed.keys() == UNREADABLE.keys()
    for name, (reason, _) in UNREADABLE.items():
        assert repr(name) in done.failed[name]
        assert reason in done.failed[name]
    assert sorted(done.lines) == sorted(f"Failed: sources {name!r}: {done.failed[name]}" for name in UNREADABLE)
    assert "ship.txt" in cited(root)


@pytest.mark.parametrize("name", sorted(UNREADABLE.keys() - {"round.txt", "nowhere.md"}))
def test_nothing_to_index_says_why(docs, root, unreadable, name):
    refused(run("index", docs / name, "--root", root), 1, "no readable document", repr(name), UNREADABLE[name][0])
    assert not (root / ".graphrag" / "CURRENT").exists()


def test_nothing_to_index_lists_some_reasons_and_counts_the_rest(tmp_path, root):
    for number in range(9):
        (tmp_path / f"{number}.txt").touch()

    refused(run("index", tmp_path, "--root", root), 1, "'4.txt' is empty. And 4 more.")


def test_a_folder_of_other_kinds_says_so(tmp_path, root):
    (tmp_path / "scan.tiff").touch()

    refused(run("index", tmp_path, "--root", root), 1, "Files of other kinds were left out (1): .tiff.")


def test_what_permissions_forbid_is_listed(docs, root, powerless):
    (docs / "secret.txt").write_text(LINE)
    (docs / "secret.txt").chmod(0)
    (docs / "shut").mkdir(mode=0)

    done = process("index", docs, "--root", root, "--json", prefix=powerless)

    assert (done.code, done.failed.keys()) == (3, {"secret.txt", "shut"})
    assert all(error.endswith("cannot be read: Permission denied.") for error in done.failed.values())
    assert "ship.txt" in cited(root)


@pytest.mark.parametrize("source", ["docs", "docs/*.txt"])
def test_documents_below_a_source_that_is_shut_for_now_stay(tmp_path, docs, root, powerless, source):
    (tmp_path / "otter.txt").write_text(LINE)
    run("index", tmp_path / source, tmp_path / "otter.txt", "--root", root)
    docs.chmod(0)

    done = process("index", "--root", root, "--json", prefix=powerless)

    assert (done.code, list(done.failed)) == (3, [str(docs)])
    assert done.report["documents"] == {"added": 0, "changed": 0, "deleted": 0, "unchanged": 2}
    assert "ship.txt" in cited(root)


def test_a_pattern_says_nothing_of_shut_folders_that_it_does_not_reach(docs, root, powerless):
    for name in ("a/deep", "b"):
        (docs / name).mkdir(parents=True)
    (docs / "a" / "deep" / "otter.txt").write_text(LINE)
    (docs / "b").chmod(0)

    assert process("index", f"{docs}/a*/**/*.txt", "--root", root, prefix=powerless).code == 0
    assert process("index", f"{docs}/**/*.txt", "--root", root, prefix=powerless).code == 3


def test_sources_that_are_gone_leave_the_index_as_it_is(docs, built):
    (docs / "ship.txt").unlink()
    docs.rmdir()

    with as_before(built):
        refused(run("index", "--root", built), 1, "the 1 of the index were left", f"No longer there: {str(docs)!r}")
        refused(run("index", docs, "--root", built), 2, repr(str(docs)))


def test_the_root_may_be_the_folder_of_sources(docs, monkeypatch):
    monkeypatch.chdir(docs)

    for unchanged in (0, 1):
        done = run("index", ".", "--root", ".", "--json")
        assert (done.code, done.report["documents"]["unchanged"]) == (0, unchanged)
        assert done.report["tables"]["documents"] == 1
    assert "ship.txt" in cited(docs)


def test_loops_of_folders_end(docs, root):
    (docs / "sub").mkdir()
    (docs / "sub" / "up").symlink_to("..", target_is_directory=True)

    done = run("index", docs, "--root", root, "--json")

    assert (done.code, done.failed, done.report["tables"]["documents"]) == (0, {}, 1)


# Text


TEXTS = {
    "broken.txt": ("Märta Öst owned the Otter.".encode() + b"\xff", "Damaged characters were replaced by U+FFFD"),
    "latin.txt": ("Märta Öst owned the Otter.".encode("cp1252"), "Read as Windows-1252, since it is not UTF-8"),
    "wide.txt": (codecs.BOM_UTF16_LE + "Märta Öst owned the Otter.".encode("utf-16-le"), None),
    "wider.txt": (codecs.BOM_UTF16_BE + "Märta Öst owned the Otter.".encode("utf-16-be"), None),
    "marked.txt": (codecs.BOM_UTF8 + "Märta Öst owned the Otter.".encode(), None),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_in_another_encoding_is_read_with_one_warning_where_it_was_guessed(docs, root, name):
    data, warning = TEXTS[name]
    (docs / name).write_bytes(data)

    done = run("index", docs, "--root", root)

    assert done.code == 0
    assert done.lines == ([f"Warning: {warning}: {name!r}."] if warning else [])
    assert cited(root, "Who owned the Otter?")[name]["quote"].startswith("Märta Öst owned the Otter.")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_stay_and_citations_are_exact(docs, root, end):
    text = end.join(["Quay Notes", "", "The tug Heron sank.", LINE, ""])
    (docs / "notes.txt").write_bytes(text.encode())

    assert run("index", docs, "--root", root).code == 0
    citation = cited(root, "Who owned the Otter?")["notes.txt"]
    assert text[citation["start"] : citation["end"]] == citation["quote"] == LINE


def test_equal_content_in_two_files_is_two_documents(docs, root):
    (docs / "copy.txt").write_text(SHIP)

    done = run("index", docs, "--root", root, "--json")

    assert (done.code, done.report["tables"]["documents"]) == (0, 2)
    assert cited(root).keys() & {"ship.txt", "copy.txt"}


LONG = {
    "prose": f"{LINE} The Heron left Hull. ",
    "no spaces": "Aa1b2Zz9",
    "capitals": "Otter Heron Gull ",
    "dots": "A. ",
}


@pytest.mark.parametrize("kind", LONG)
def test_a_very_long_line_is_read_beside_the_others(docs, root, kind):
    (docs / "long.txt").write_text(LONG[kind] * (200_000 // len(LONG[kind])))

    done = run("index", docs, "--root", root, "--json")

    assert (done.code, done.failed, done.report["tables"]["documents"]) == (0, {}, 2)
    assert "ship.txt" in cited(root)


# Settings


WRONG = {
    "unknown section": ("chunc: {size: 300}", "'chunc'"),
    "unknown key": ("chunk: {sise: 300}", "'chunk.sise'"),
    "text for a number": ("chunk: {size: many}", "'chunk.size'"),
    "number for a section": ("chunk: 300", "'chunk'"),
    "out of range": ("chunk: {size: -1}", "'chunk.size'"),
    "not finite": ("partition: {resolution: .inf}", "'partition.resolution'"),
    "not a number": ("partition: {resolution: .nan}", "'partition.resolution'"),
    "a list": ("- chunk", "not a list"),
    "broken": ("chunk: [", "line 1"),
    "a key twice": ("chunk: {size: 300}\nchunk: {size: 400}", "line 2"),
    "a tab": ("chunk:\n\tsize: 300", "line 2"),
    "a tag": ("chunk: !!python/name:os.system", "not YAML"),
    "a control character": ("chunk: \0", "not YAML"),
    "too deep": ("[" * 900, "nested too deeply"),
    "long": (f"chunk: {{size: {'x' * 10_000}}}", "'chunk.size'"),
    "binary": (b"\xff\xfe\0", "Cannot read"),
    "a folder": (None, "Is a directory"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_settings_stop_every_command_with_one_line(docs, built, kind):
    content, said = WRONG[kind]
    path = built / "settings.yaml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    for command in (("index", docs), ("query", QUESTION), ("status",)):
        done = run(*command, "--root", built)
        refused(done, 2, said, repr(str(path)))
        assert len(done.err) < 500 + len(str(path))
    path.rmdir() if content is None else path.unlink()
    assert "ship.txt" in cited(built)


# Questions


@pytest.mark.parametrize("question", ["", " \n", "?!", "\ud800"])
@pytest.mark.parametrize("mode", ["auto", "global"])
def test_a_question_without_words_is_one_line(asked, question, mode):
    refused(run("query", question, "--mode", mode, "--root", asked), 2, "The question is empty")


@pytest.mark.parametrize("question", ["x", "\N{HANGUL SYLLABLE HAN}", "1", "Otter-", "O.", "Otto 'Brandt' "])
@pytest.mark.parametrize("mode", ["auto", "local", "global", "vector"])
def test_a_question_of_100000_characters_ends_as_any_other(asked, question, mode):
    done = run("query", question * (100_000 // len(question)), "--mode", mode, "--root", asked, "--json")

    assert done.code == (0 if done.report["grounded"] else 3)
    assert done.err == ""
    assert json.loads(done.out)["mode"] in ("local", "global", "vector")


@pytest.mark.parametrize("command", [("query", QUESTION), ("query", QUESTION, "--context"), ("status",)])
def test_before_any_index_one_line_says_what_to_do(tmp_path, command):
    refused(run(*command, "--root", tmp_path / "kb"), 1, "Build one first: graphrag-engine index SOURCE")
    assert not (tmp_path / "kb").exists()
