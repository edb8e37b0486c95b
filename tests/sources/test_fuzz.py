"""The fuzz run of `benchmarks/`; there 5,000 files are read, here some of each kind."""

import subprocess
import sys
from pathlib import Path

import pytest


def test_damaged_files_are_read_or_listed_and_nothing_is_written(repository: Path) -> None:
    command = [sys.executable, str(repository / "benchmarks" / "fuzz_sources.py"), "60", "5"]

    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=repository).stdout

    rows = dict(line.strip("| ").split(" | ") for line in said.splitlines() if "---" not in line)
    assert int(rows["documents"]) + int(rows["failed"]) == 60
    assert (rows["a reader ended"], rows["took too long"], rows["written elsewhere"]) == ("0", "0", "0")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limit")
def test_a_reader_in_a_process_of_its_own_can_write_no_file(tmp_path: Path) -> None:
    path = str(tmp_path / "a")
    code = f"from graphrag_engine.sources import child; child._limit(); open({path!r}, 'wb', 0).write(b'x')"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert "File too large" in done.stderr
