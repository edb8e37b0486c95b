"""Big inputs: very many small files, one long file, very many rows.

    python benchmarks/many_files.py [FILES] [MEGABYTES] [ROWS]      default 20,000 files, 200 MB, 1,000,000 rows

The files have some 50 words each and are indexed whole; the long file and the rows go through the readers alone.
Each is measured in a process of its own: CPU seconds with the imports, memory at its peak.
"""

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

_FIRST = "Elias Greta Isaac Margaret Thomas Anna Josiah Ruth Peter Clara".split()
_LAST = "Vale Lindahl Pell Lorne Hart Sorrel Thackwray Moss Anstey Crane".split()
_WORDS = (
    "the pilots met and went on with coal and salt for harbour dues before winter while several boats lay idle near "
    "old quay walls under repair"
).split()
_INDEX = """
from graphrag_engine import Engine
documents = Engine.open(arguments[1]).index(arguments[0]).tables["documents"]
"""
_READ = """
from pathlib import Path
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import reading
documents = len(reading.read((arguments[0],), SourcesSettings(), Path("/")).documents)
"""
_RUN = """
import resource, sys
arguments = sys.argv[1:]
{}
used = resource.getrusage(resource.RUSAGE_SELF)
print(documents, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def notes(seed: int) -> Iterator[str]:
    """Notes of about 50 words, for ever."""
    chance = random.Random(seed)
    while True:
        people = [f"{chance.choice(_FIRST)} {chance.choice(_LAST)}" for _ in range(2)]
        sentences = [f"{people[0]} met {people[1]} in Riga in {chance.randint(1850, 1930)}."]
        sentences += [" ".join(chance.choices(_WORDS, k=10)).capitalize() + "." for _ in range(4)]
        yield " ".join(sentences)


def measured(code: str, *arguments: Path) -> str:
    """Documents, CPU seconds and peak memory of a run, as the cells of a table."""
    command = [sys.executable, "-c", _RUN.format(code), *map(str, arguments)]
    done = run(command, check=True, capture_output=True, text=True)
    documents, seconds, kilobytes = done.stdout.split()
    return f"{int(documents):,} | {float(seconds):.1f} s | {int(kilobytes) / 1024:.0f} MB"


def main() -> None:
    """Print the table of many_files.md."""
    files, megabytes, rows = (int(number) for number in (*sys.argv[1:], 20_000, 200, 1_000_000)[:3])
    text = notes(7)
    with tempfile.TemporaryDirectory() as temporary:
        folder, long, lines = (Path(temporary) / name for name in ("files", "long.txt", "rows.jsonl"))
        for number in range(files):
            path = folder / f"{number // 1000}" / f"{number}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(next(text))
        with long.open("w") as file:
            while file.tell() < megabytes * 1_000_000:
                file.write("".join(next(text) + "\n\n" for _ in range(1000)))
        with lines.open("w") as file:
            file.writelines(json.dumps({"id": number, "text": next(text)}) + "\n" for number in range(rows))
        print("| input | documents | CPU | memory |\n|---|---|---|---|")
        print(f"| {files:,} files of 50 words, indexed | {measured(_INDEX, folder, Path(temporary) / 'kb')} |")
        print(f"| one file of {megabytes} MB, read | {measured(_READ, long)} |")
        print(f"| {rows:,} JSON lines, read | {measured(_READ, lines)} |")


if __name__ == "__main__":
    main()
