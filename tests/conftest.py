"""What all tests share: property tests that are the same on every run, and the folder of examples."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def harbour(repository: Path) -> Path:
    return repository / "examples" / "harbour"


@pytest.fixture(scope="session")
def powerless() -> tuple[str, ...]:
    """What to put before a command so that permissions hold for it, even where root runs the tests."""
    if os.geteuid():
        return ()
    prefix = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--")
    try:
        subprocess.run([*prefix, "true"], check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("root cannot give up its power to open everything here")
    return prefix
