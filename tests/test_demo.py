"""The two commands of the README, as a stranger runs them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def demo(tmp_path_factory, repository):
    """The demo in a copy of the repository, in the environment of the tests, without a network."""
    copy = tmp_path_factory.mktemp("clone") / "graphrag engine"
    shutil.copytree(repository / "examples", copy / "examples")
    shutil.copytree(repository / "scripts", copy / "scripts")
    shutil.copy(repository / "pyproject.toml", copy)
    environment = {
        **os.environ,
        "GRAPHRAG_ENGINE_VENV": sys.prefix,
        "PYTHONPATH": f"{HERE / 'no_network'}{os.pathsep}{repository}",
    }

    def run():
        script = ["sh", str(copy / "scripts" / "demo")]
        return subprocess.run(script, capture_output=True, text=True, env=environment, cwd=copy.parent, check=False)

    return run


def test_the_demo_runs_without_a_network_and_cites_its_answers(demo):
    done = demo()

    assert done.returncode == 0, done.stderr
    assert "21 documents (21 added)" in done.stdout
    answers = done.stdout.split("$ graphrag-engine query")[1:]
    assert len(answers) == 4
    assert "6 documents (6 added)" in done.stdout
    assert all(re.search(r"\[1\]", answer) for answer in answers)


def test_the_readme_shows_what_the_demo_prints(demo, repository):
    printed = demo().stdout.replace("(21 unchanged)", "(21 added)").splitlines()
    shown = re.findall(r"^```\n(\$ .*?)^```", (repository / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)

    lines = [line for block in shown for line in block.splitlines() if line.strip() not in ("", "...")]
    assert len(lines) > 15
    assert [line for line in lines if line not in printed] == []


def test_the_demo_again_carries_everything_over(demo):
    demo()

    assert "21 documents (21 unchanged)" in demo().stdout


def test_the_guard_against_networks_guards():
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    environment = {**os.environ, "PYTHONPATH": str(HERE / "no_network")}

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)

    assert "may not use the network" in done.stderr


@pytest.mark.parametrize("missing", ["venv", "version"])
def test_a_python_that_will_not_do_is_one_line(tmp_path, repository, missing):
    fake = tmp_path / "python3"
    refuses = "version_info" if missing == "version" else "ensurepip"
    fake.write_text(f'#!/bin/sh\ncase "$2" in *{refuses}*) exit 1;; esac\nexec {sys.executable} "$@"\n')
    fake.chmod(0o755)
    for name in ("scripts", "pyproject.toml"):
        (tmp_path / name).symlink_to(repository / name)
    environment = {key: value for key, value in os.environ.items() if key != "GRAPHRAG_ENGINE_VENV"}
    environment["PATH"] = f"{tmp_path}:{os.environ['PATH']}"

    script = ["sh", str(tmp_path / "scripts" / "demo")]
    done = subprocess.run(script, capture_output=True, text=True, env=environment, check=False, cwd=tmp_path)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "install" in done.stderr
    assert not (tmp_path / ".venv").exists()
