"""What the documents say is true: every command and snippet runs, every page is current, every link leads somewhere."""

import re
import runpy
import shlex

import click
import pytest
from click.testing import CliRunner

from graphrag_engine import overrides
from graphrag_engine.cli import cli

PAGES = (
    "README.md",
    "README.ko.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/models.md",
    "docs/neo4j.md",
    "docs/sources.md",
    "docs/tables.md",
)
ELSEWHERE = {
    "scripts/demo": "tests/test_demo.py",
    "graphrag-engine neo4j start --root kb": "tests/publish/test_local_server.py",
    "graphrag-engine publish --root kb": "tests/publish/test_local_server.py",
    "graphrag-engine publish --root kb --check": "tests/publish/test_local_server.py",
    "graphrag-engine neo4j stop --root kb": "tests/publish/test_local_server.py",
    "graphrag-engine publish --root kb --store neo4j://localhost": "as above, with an address",
    "docker compose up --detach --wait": "tests/test_compose.py",
    "pip install neo4j-graphrag": "tests/publish/test_retrievers.py",
    "python examples/neo4j_retrievers.py": "tests/publish/test_retrievers.py",
    ".venv/bin/python docs/screenshots.py": "needs a browser; what it draws is in docs/screenshots",
    "scripts/test": "it runs this test",
    "scripts/test tests/query -k citation": "as above",
    ".venv/bin/python docs/generate.py": "test_the_page_of_tables_is_generated_from_the_schema",
}
"""Commands of the documents that are tested in another place, or cannot be tested without a network."""


def blocks(repository, language):
    for page in PAGES:
        yield from re.findall(
            rf"^```{language}\n(.*?)^```", (repository / page).read_text("utf-8"), re.DOTALL | re.MULTILINE
        )


def commands(repository):
    lines = [line for block in blocks(repository, "sh") for line in block.splitlines()]
    return [line.split(" #")[0].strip() for line in lines if line.strip() and not line.startswith("#")]


@pytest.fixture
def beside_the_examples(tmp_path, repository, monkeypatch):
    (tmp_path / "examples").symlink_to(repository / "examples")
    (tmp_path / "my-folder").symlink_to(repository / "examples" / "harbour")
    monkeypatch.chdir(tmp_path)


def test_every_command_of_the_documents_runs(repository, beside_the_examples):
    ours = [command for command in commands(repository) if command not in ELSEWHERE]

    assert len(ours) >= 5
    for command in ours:
        program, *arguments = shlex.split(command)
        assert program == "graphrag-engine", command
        done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert done.exit_code == 0, f"{command}\n{done.output}"


def test_every_command_that_is_excused_is_still_in_the_documents(repository):
    assert set(ELSEWHERE) - set(commands(repository)) == set()


def test_every_python_snippet_of_the_documents_runs(repository, beside_the_examples, capsys):
    snippets = list(blocks(repository, "python"))

    assert snippets
    names = {}
    for snippet in snippets:
        exec(snippet, names)  # noqa: S102 - our own documents
    assert capsys.readouterr().out


def test_every_correction_of_the_documents_is_read_and_every_kind_shown(repository, tmp_path):
    (text,) = blocks(repository, "yaml")
    (tmp_path / overrides.FILE).write_text(text, "utf-8")

    assert all(vars(overrides.load(tmp_path)).values())


def test_every_command_and_flag_is_in_the_readme(repository):
    readme = (repository / "README.md").read_text("utf-8")

    for name, command in cli.commands.items():
        assert f"`{name}" in readme
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert f"`{parameter.opts[0]}" in readme, f"{name} {parameter.opts[0]}"


def test_every_command_has_help():
    for name in cli.commands:
        done = CliRunner().invoke(cli, [name, "--help"])
        assert done.exit_code == 0
        assert "Usage" in done.output


def test_the_page_of_tables_is_generated_from_the_schema(repository):
    generate = runpy.run_path(str(repository / "docs" / "generate.py"))

    assert (repository / "docs" / "tables.md").read_text("utf-8") == generate["tables"]()


def test_every_link_leads_to_a_file(repository):
    for page in PAGES:
        text = (repository / page).read_text("utf-8")
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert ((repository / page).parent / link).exists(), f"{page}: {link}"


def test_the_architecture_page_names_files_that_exist(repository):
    text = (repository / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(r"`([a-z_/]+(?:\.py|/))`", text)

    assert len(named) > 15
    missing = [
        name
        for name in named
        if not any((folder / name).exists() for folder in (repository, repository / "graphrag_engine"))
    ]
    assert missing == []


def test_pages_speak_of_no_machine(repository):
    for page in PAGES:
        text = (repository / page).read_text("utf-8")
        assert not re.search(r"/(?:root|home|tmp|work)/", text), page
