"""What all tests share: property tests that are the same on every run, and the folder of examples."""

import os
import subprocess
from pathlib import Path

import pytest
from commands import SHIP, run
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def harbour(repository: Path) -> Path:
    return repository / "examples" / "harbour"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder of one document."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "ship.txt").write_text(SHIP)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where an index may be built."""
    return tmp_path / "kb"


@pytest.fixture
def built(docs: Path, root: Path) -> Path:
    """The root of an index of these documents."""
    assert run("index", docs, "--root", root, "--quiet").code == 0
    return root


@pytest.fixture(scope="session")
def powerless() -> tuple[str, ...]:
    """What to put before a command so that permissions hold for it, even where root runs the tests."""
    if os.geteuid():
        return ()
    prefix = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--")
    try:
        subprocess.run([*prefix, "true"], check=True)
    except (OSError, subprocess.CalledProcessError):
        if "CI" in os.environ:
            raise
        pytest.skip("root cannot give up its power to open everything here")
    return prefix
