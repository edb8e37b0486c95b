"""What tests of Korean share."""

import os

import pytest

from graphrag_engine.offline.korean import morphemes

needs_library = pytest.mark.skipif(
    not morphemes.installed() and not os.environ.get("CI"), reason="the extra `korean` is not installed"
)
"""For tests that need kiwipiepy: left out at home where it is not there, failing in CI."""


def without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on it is as if kiwipiepy were not installed."""
    monkeypatch.setattr(morphemes, "installed", lambda: False)
    monkeypatch.setattr("graphrag_engine.stages.survey.installed", lambda: False)
