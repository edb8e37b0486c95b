"""What a user waits for: a fresh virtual environment, `--help`, a question on the demo index.

    python benchmarks/start.py        needs the network for pip; the last result stands in start.md

Wall seconds of whole processes, warm files, the median of nine runs.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent.parent


def seconds(*command: str) -> float:
    """Median wall seconds of nine runs after one that does not count."""
    times = []
    for _ in range(10):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def megabytes(folder: Path) -> float:
    """Size of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        venv, root = Path(name) / "venv", str(Path(name) / "kb")
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run([str(venv / "bin" / "pip"), "install", "--quiet", str(HERE)], check=True)
        program = str(venv / "bin" / "graphrag-engine")
        subprocess.run([program, "index", str(HERE / "examples" / "harbour"), "--root", root, "--quiet"], check=True)
        question = "Who founded the yard that built the ship which sank off Cray Point?"
        asked = (program, "query", question, "--root", root)
        print("| what | result |\n|---|---|")
        print(f"| fresh virtual environment, pip included | {megabytes(venv):.0f} MB |")
        print(f"| `--help` | {seconds(program, '--help'):.2f} s |")
        print(f"| `query` on the demo index | {seconds(*asked):.2f} s |")
        print(f"| `index` on the demo index, unchanged | {seconds(program, 'index', '--root', root):.2f} s |")


if __name__ == "__main__":
    main()
