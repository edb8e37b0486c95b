"""The log of runs."""

import pytest

from graphrag_engine import Engine
from graphrag_engine.errors import NothingToIndex, StoreError
from graphrag_engine.runlog import FILE, logged


def test_the_log_tells_what_each_stage_did(built):
    log = (built / ".graphrag" / FILE).read_text("utf-8")

    assert "a run begins" in log
    assert "chunk: first run" in log
    assert "version 1; 0 requests" in log


def test_the_error_that_ends_a_run_is_in_the_log(tmp_path):
    with pytest.raises(StoreError), logged(tmp_path):
        raise StoreError("The disk is full.")

    assert "ERROR The disk is full." in (tmp_path / FILE).read_text("utf-8")


def test_a_log_that_cannot_be_written_stops_no_run(tmp_path, docs):
    root = tmp_path / "kb"
    (root / ".graphrag" / FILE).mkdir(parents=True)

    assert Engine.open(root).index(docs).version == 1


def test_what_could_not_be_indexed_leaves_no_key_in_the_log(docs, root, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-123")
    (docs / "ship.txt").unlink()
    with pytest.raises(NothingToIndex):
        Engine.open(root).index(docs, model="gpt-4o-mini")

    assert not any("sk-secret" in path.read_text("utf-8", "replace") for path in root.rglob("*") if path.is_file())
