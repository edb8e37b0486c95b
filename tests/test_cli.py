"""The command line as scripts use it: flags, JSON shapes, exit codes, one line for each mistake."""

import json
import signal
import subprocess
import time

import pytest
from commands import SHIP, run, started

TOWN = """# Pell Harbour

Pell Harbour is a port on the River Mere. The Mere Company was founded by Ada Corliss in 1871.
Ada Corliss sold the steamer Gannet to Jonas Reed in 1880. Jonas Reed lived at Pell Harbour.
"""


@pytest.fixture
def docs(docs):
    (docs / "town.md").write_text(TOWN)
    return docs


def one_line(stderr):
    lines = [line for line in stderr.splitlines() if not line.endswith(" ...")]
    assert "Traceback" not in stderr
    return [line for line in lines if line.startswith("Error: ")]


def test_index_prints_what_was_built(docs, root):
    code, out, err = run("index", docs, "--root", root)

    assert code == 0
    assert out.startswith("Version 1: 2 documents (2 added).\n")
    assert "entities" in out
    assert "extract ..." in err


def test_index_json_has_the_shape_that_scripts_rely_on(docs, root):
    code, out, _ = run("index", docs, "--root", root, "--json")

    report = json.loads(out)
    assert code == 0
    assert list(report) == ["version", "documents", "tables", "failed", "stages", "usage"]
    assert report["documents"] == {"added": 2, "changed": 0, "deleted": 0, "unchanged": 0}
    assert report["tables"]["documents"] == 2
    assert set(report["stages"][0]) == {"name", "ran", "why", "seconds", "requests", "cached"}
    assert report["usage"] == {"requests": 0, "prompt_tokens": 0, "completion_tokens": 0, "cost_usd": 0.0}


def test_index_again_does_nothing_and_keeps_the_version(docs, built):
    code, out, _ = run("index", "--root", built, "--json")

    report = json.loads(out)
    assert (code, report["version"]) == (0, 1)
    assert report["documents"] == {"added": 0, "changed": 0, "deleted": 0, "unchanged": 2}
    assert not any(stage["ran"] for stage in report["stages"])


def test_index_again_takes_in_what_changed_and_drops_what_is_gone(docs, built):
    (docs / "ship.txt").unlink()
    (docs / "town.md").write_text(TOWN + "\nIn 1890 the Mere Company bought the tug Otter.\n")
    (docs / "tug.txt").write_text("The Otter\n\nThe Otter was a tug. The Otter towed the Gannet in 1883.\n")

    report = json.loads(run("index", "--root", built, "--json")[1])

    assert report["version"] == 2
    assert report["documents"] == {"added": 1, "changed": 1, "deleted": 1, "unchanged": 0}
    assert run("query", "Who was Otto Brandt?", "--root", built)[0] == 3
    assert "tug" in run("query", "What was the Otter?", "--root", built)[1]


def test_named_sources_replace_the_list_and_add_extends_it(docs, built, tmp_path):
    (tmp_path / "more.txt").write_text("Mere Point\n\nMere Point is a headland. Ada Corliss owned Mere Point.\n")

    added = json.loads(run("index", tmp_path / "more.txt", "--add", "--root", built, "--json")[1])
    replaced = json.loads(run("index", tmp_path / "more.txt", "--root", built, "--json")[1])

    assert added["documents"] == {"added": 1, "changed": 0, "deleted": 0, "unchanged": 2}
    assert replaced["documents"] == {"added": 0, "changed": 0, "deleted": 2, "unchanged": 1}


def test_dry_run_says_what_would_be_done_and_writes_nothing(docs, root):
    code, out, _ = run("index", docs, "--root", root, "--dry-run")
    document = json.loads(run("index", docs, "--root", root, "--dry-run", "--json")[1])

    assert code == 0
    assert out.startswith("Dry run: 2 documents (2 added); nothing was written.")
    assert document["documents"]["added"] == 2
    assert document["tokens"] > 50
    assert [stage["why"] for stage in document["stages"] if stage["name"] == "extract"] == ["first run"]
    assert set(document["stages"][0]) == {"name", "why", "usage"}
    assert not root.exists()


def test_dropping_many_documents_is_refused_unless_allowed_in_a_dry_run_too(tmp_path, root):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(10):
        (folder / f"{number}.txt").write_text(
            f"Ship {number}\n\nShip {number} sailed from Riga to Hull in 18{number}0.\n"
        )
    run("index", folder, "--root", root, "--quiet")
    for number in range(4):
        (folder / f"{number}.txt").unlink()

    code, _, err = run("index", "--root", root)

    assert code == 1
    assert one_line(err)[0].startswith("Error: 4 of 10 documents are not in these sources")
    assert run("index", "--root", root, "--dry-run")[0] == 1
    assert json.loads(run("index", "--root", root, "--allow-deletes", "--json")[1])["documents"]["deleted"] == 4


def test_query_prints_a_cited_answer(built):
    code, out, err = run("query", "Who founded the Mere Company?", "--root", built)

    assert code == 0
    assert "Ada Corliss" in out
    assert "[1]" in out
    assert err == ""


def test_the_modes_of_the_command_are_those_of_the_engine():
    from graphrag_engine.cli.query import query
    from graphrag_engine.query import MODES

    assert next(each for each in query.params if each.name == "mode").type.choices == MODES


def test_query_json_has_the_shape_that_scripts_rely_on(built, docs):
    code, out, _ = run("query", "Who founded the Mere Company?", "--root", built, "--json")

    answer = json.loads(out)
    assert code == 0
    assert set(answer) == {
        *("question", "mode", "answer", "text_units", "citations", "entities", "relationships", "claims", "reports"),
        *("paths", "trace", "usage", "grounded", "index_version"),
    }
    assert set(answer["text_units"][0]) == {"id", "document", "title", "start", "score", "text"}
    assert set(answer["citations"][0]) == {
        *("id", "n", "document", "title", "page", "text_unit", "start", "end", "quote"),
    }
    for citation in answer["citations"]:
        text = (docs / citation["document"]).read_text()
        assert text[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize("mode", ["auto", "local", "global", "path", "vector"])
def test_every_mode_answers(built, mode):
    code, out, _ = run("query", "Who founded the Mere Company?", "--mode", mode, "--root", built, "--json")

    assert code == 0
    assert json.loads(out)["mode"] in (("local", "path") if mode == "auto" else (mode,))


def test_nothing_found_is_said_with_exit_3_and_json(built):
    code, out, _ = run("query", "What is the boiling point of tungsten?", "--root", built, "--json")

    assert code == 3
    assert json.loads(out)["grounded"] is False


def test_a_filter_keeps_to_its_documents(built):
    answer = json.loads(run("query", "Jonas Reed", "--filter", "source=ship.txt", "--root", built, "--json")[1])

    assert {unit["document"] for unit in answer["text_units"]} == {"ship.txt"}


def test_context_prints_what_a_model_would_see(built):
    code, out, _ = run("query", "Who founded the Mere Company?", "--context", "--root", built)
    document = json.loads(run("query", "Who founded the Mere Company?", "--context", "--json", "--root", built).out)

    assert code == 0
    assert "The Mere Company was founded by Ada Corliss" in out
    assert out == document["text"] + "\n"


def test_context_of_nothing_is_exit_3(built):
    assert run("query", "What is the boiling point of tungsten?", "--context", "--root", built).code == 3


def test_status_tells_tables_sources_and_that_all_is_fresh(built, docs):
    code, out, _ = run("status", "--root", built)

    assert code == 0
    assert str(docs) in out
    assert "2 documents" in out
    assert "up to date" in out


def test_status_tells_what_is_stale_and_why(built, docs):
    (docs / "ship.txt").write_text(SHIP + "She was raised in 1885.\n")
    (built / "settings.yaml").write_text("report: {facts: 2}\n")

    state = json.loads(run("status", "--root", built, "--json")[1])

    assert state["documents"]["changed"] == 1
    stale = {stage["name"]: stage["why"] for stage in state["stale"]}
    assert stale["chunk"] == "documents will change"
    assert "settings changed" in stale["report"]


def test_an_index_made_before_a_table_was_thought_of_is_told_of_and_brought_up_to_date(built, docs):
    path = built / ".graphrag" / "versions" / "1.json"
    manifest = json.loads(path.read_text())
    del manifest["tables"]["tallies"]
    manifest["stages"]["survey"]["version"] = 1
    path.write_text(json.dumps(manifest))

    told = json.loads(run("status", "--root", built, "--json")[1])
    made = json.loads(run("index", docs, "--root", built, "--json")[1])

    assert "tallies" not in told["tables"]
    assert [stage["why"] for stage in told["stale"] if stage["name"] == "survey"] == ["version changed"]
    assert made["tables"]["tallies"] > 0


def test_init_writes_settings_and_prompts_that_can_be_loaded_and_says_so(root, docs):
    code, out, _ = run("init", root)

    assert code == 0
    for name in ("settings.yaml", "prompts/extract.md"):
        assert (root / name).exists()
        assert f"Wrote {root / name}." in out
    assert run("index", docs, "--root", root)[0] == 0
    assert run("init", root)[0] == 1


# Mistakes


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("index", "no/such/path"), 2, "no/such/path"),
        (("index", "no/*.txt"), 2, "no/*.txt"),
        (("index",), 2, "no sources yet"),
        (("query", "Who?"), 1, "No index"),
        (("status",), 1, "No index"),
    ],
)
def test_a_mistake_is_one_line_and_an_exit_code(root, arguments, code, said):
    command, *rest = arguments

    exit_code, out, err = run(command, *rest, "--root", root)

    assert exit_code == code
    assert len(one_line(err)) == 1
    assert said in one_line(err)[0]
    assert out == ""
    assert not root.exists()


@pytest.mark.parametrize("question", ["", " \n", "??!"])
def test_an_empty_question_is_one_line_and_exit_code_2(built, question):
    code, out, err = run("query", question, "--root", built)

    assert (code, out) == (2, "")
    assert "empty" in one_line(err)[0]


TWICE = ("query", "a", "--filter", "source=a", "--filter", "source=b")


@pytest.mark.parametrize(
    "arguments", [("query",), ("query", "a", "--mode", "best"), ("query", "a", "--filter", "x"), ("fly",), TWICE]
)
def test_a_wrong_call_is_exit_code_2(root, arguments):
    assert run(*arguments)[0] == 2


def test_an_empty_folder_is_nothing_to_index(tmp_path, root):
    (tmp_path / "empty").mkdir()

    code, _, err = run("index", tmp_path / "empty", "--root", root)

    assert code == 1
    assert one_line(err) == ["Error: The sources hold no readable document."]


@pytest.mark.parametrize("text", ["chunk: {sizes: 3}", "chunk: {size: x}", "chunk: ["])
@pytest.mark.parametrize("command", [("status",), ("query", "Who?"), ("index", ".")])
def test_wrong_settings_are_one_line_and_exit_code_2(built, text, command):
    (built / "settings.yaml").write_text(text)

    code, _, err = run(*command, "--root", built)

    assert code == 2
    assert "settings.yaml" in one_line(err)[0]


def test_unreadable_sources_are_listed_and_the_good_ones_indexed(docs, root):
    (docs / "empty.txt").write_text("")
    (docs / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (docs / "rows.jsonl").write_text('{"text": "Riga is a port."}\n{broken\n{"title": "no text"}\n')

    code, out, err = run("index", docs, "--root", root, "--json")

    report = json.loads(out)
    assert code == 3
    assert report["documents"]["added"] == 3
    assert {failure["id"] for failure in report["failed"]} == {
        "empty.txt",
        "binary.txt",
        "rows.jsonl:2",
        "rows.jsonl:3",
    }
    assert {tuple(failure) for failure in report["failed"]} == {("stage", "id", "error", "attempts")}
    assert err.count("Failed: ") == 4


def test_an_unreadable_source_gives_3_until_it_is_gone(docs, root):
    (docs / "empty.txt").write_text("")

    assert [run("index", docs, "--root", root)[0] for _ in range(2)] == [3, 3]
    (docs / "empty.txt").unlink()
    assert run("index", "--root", root)[0] == 0


def test_a_document_that_becomes_unreadable_stays_as_it_was(docs, built):
    (docs / "ship.txt").write_bytes(b"\x00\x01\x02" * 100)

    report = json.loads(run("index", "--root", built, "--json")[1])

    assert report["documents"] == {"added": 0, "changed": 0, "deleted": 0, "unchanged": 2}
    assert run("query", "Who was Otto Brandt?", "--root", built)[0] == 0


def test_a_root_that_is_a_file_is_one_line(docs, tmp_path):
    (tmp_path / "file").write_text("")

    code, _, err = run("index", docs, "--root", tmp_path / "file")

    assert code == 1
    assert len(one_line(err)) == 1


@pytest.mark.parametrize("name", ["two\nlines.txt", "\U0001f6a2.txt", "항구.txt", "quote'\".txt"])
def test_names_of_files_may_be_odd(tmp_path, root, name):
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / name).write_text(SHIP)

    assert run("index", folder, "--root", root)[0] == 0
    answer = json.loads(run("query", "Who was Otto Brandt?", "--root", root, "--json")[1])
    assert answer["citations"][0]["document"] == name
    assert run("query", "Who was Otto Brandt?", "--root", root)[0] == 0


def test_a_question_of_100000_characters_is_answered(built):
    assert run("query", "Who was Otto Brandt? " * 5_000, "--root", built)[0] == 0


def command(*arguments):
    """The command in a process of its own, while it runs."""
    return started(*arguments, stdout=subprocess.PIPE)


def test_the_module_is_the_command(built):
    process = command("query", "Who was Otto Brandt?", "--root", built)

    out, err = process.communicate()

    assert (process.returncode, err) == (0, "")
    assert "Otto Brandt" in out


def test_a_second_index_while_one_runs_is_one_line(docs, built):
    from graphrag_engine.stores.parquet import ParquetStore

    with ParquetStore(built).locked():
        process = command("index", "--root", built)
        _, err = process.communicate()

    assert process.returncode == 1
    assert "Another run is writing" in one_line(err)[0]


def test_a_question_during_an_index_run_is_answered_from_the_last_version(built):
    from graphrag_engine.stores.parquet import ParquetStore

    with ParquetStore(built).locked():
        assert run("query", "Who was Otto Brandt?", "--root", built)[0] == 0


def test_an_interrupted_run_exits_130_and_leaves_the_last_version(tmp_path, built):
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.txt").write_text(f"{SHIP} Number {number}.\n" * 40)
    with command("index", folder, "--root", built) as process:
        while "extract" not in process.stderr.readline():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()

    assert process.returncode == 130
    assert "Traceback" not in err
    assert json.loads(run("status", "--root", built, "--json")[1])["version"] == 1


def test_output_to_a_closed_pipe_is_no_traceback(built):
    with command("status", "--root", built, "--json") as process:
        process.stdout.close()
        error = process.stderr.read()

    assert "Traceback" not in error


def test_quiet_prints_nothing_on_stderr(docs, root):
    (docs / "empty.txt").write_text("")

    assert run("index", docs, "--root", root, "--quiet")[2] == ""
