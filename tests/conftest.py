"""What all tests share: property tests that are the same on every run, and the folder of examples."""

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
