"""Big inputs: very many small files, one long file, very many rows.

    python benchmarks/many_files.py [FILES] [MEGABYTES] [ROWS]          default 20,000 files, 200 MB, 1,000,000 rows
    python benchmarks/many_files.py --whole [MEGABYTES] [ROWS]          takes an hour, and 5 GB of disk

The files have some 50 words each and are indexed whole; the long file and the rows go through the readers alone, or,
with `--whole`, become an index, of prose whose names keep coming (`prose.py`). Each is measured in a process of its
own: CPU seconds with the imports; memory at its peak; and how much of it was the process's own at most (looked at
twenty times a second): the rest are files, which the system takes back where memory is short.
"""

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

import prose

_WORDS_A_MEGABYTE, _WORDS_A_ROW = 200_000, 40
"""Of prose, or some more."""
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
import re, resource, sys, threading, time
from pathlib import Path
arguments, own = sys.argv[1:], [0]
def look():
    while True:
        own.append(max(own.pop(), int(re.search(r"RssAnon:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])))
        time.sleep(0.05)
threading.Thread(target=look, daemon=True).start()
{}
used = resource.getrusage(resource.RUSAGE_SELF)
print(documents, used.ru_utime + used.ru_stime, used.ru_maxrss, *own)
"""


def notes(seed: int) -> Iterator[str]:
    """Notes of about 50 words, for ever."""
    chance = random.Random(seed)
    while True:
        people = [f"{chance.choice(_FIRST)} {chance.choice(_LAST)}" for _ in range(2)]
        sentences = [f"{people[0]} met {people[1]} in Riga in {chance.randint(1850, 1930)}."]
        sentences += [" ".join(chance.choices(_WORDS, k=10)).capitalize() + "." for _ in range(4)]
        yield " ".join(sentences)


def sentences(words: int) -> Iterator[str]:
    """Prose of so many words, two sentences at a time."""
    for text in prose.documents(words):
        for paragraph in text.split("\n\n")[1:]:
            said = paragraph.strip().split(". ")
            yield from (". ".join(said[at : at + 2]).rstrip(".") + "." for at in range(0, 6, 2))


def measured(code: str, *arguments: Path) -> str:
    """Documents, CPU seconds, peak memory and that of the process's own, as the cells of a table."""
    command = [sys.executable, "-c", _RUN.format(code), *map(str, arguments)]
    done = run(command, check=True, capture_output=True, text=True)
    documents, seconds, peak, own = done.stdout.split()
    return f"{int(documents):,} | {float(seconds):.1f} s | {int(peak) / 1024:.0f} MB | {int(own) / 1024:.0f} MB"


def fill(long: Path, megabytes: int, texts: Iterator[str]) -> None:
    """Write a file of so many megabytes."""
    with long.open("w") as file:
        while file.tell() < megabytes * 1_000_000:
            file.write(next(texts) + "\n\n")


def fill_rows(lines: Path, rows: int, texts: Iterator[str]) -> None:
    """Write a file of so many rows."""
    with lines.open("w") as file:
        file.writelines(json.dumps({"id": number, "text": next(texts)}) + "\n" for number in range(rows))


def fill_folder(folder: Path, files: int, texts: Iterator[str]) -> None:
    """Write so many files, a thousand a folder."""
    for number in range(files):
        path = folder / f"{number // 1000}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(next(texts))


def readers(place: Path, files: int, megabytes: int, rows: int) -> None:
    """Print the first table of many_files.md."""
    text = notes(7)
    folder, long, lines = (place / name for name in ("files", "long.txt", "rows.jsonl"))
    fill_folder(folder, files, text)
    fill(long, megabytes, text)
    fill_rows(lines, rows, text)
    print(f"| {files:,} files of 50 words, indexed | {measured(_INDEX, folder, place / 'kb')} |")
    print(f"| one file of {megabytes} MB, read | {measured(_READ, long)} |")
    print(f"| {rows:,} JSON lines, read | {measured(_READ, lines)} |")


def whole(place: Path, megabytes: int, rows: int) -> None:
    """Print the second table."""
    long, lines = place / "long.txt", place / "rows.jsonl"
    fill(long, megabytes, prose.documents(megabytes * _WORDS_A_MEGABYTE))
    fill_rows(lines, rows, sentences(rows * _WORDS_A_ROW))
    print(f"| one file of {megabytes} MB | {measured(_INDEX, long, place / 'long-kb')} |")
    print(f"| {rows:,} JSON lines | {measured(_INDEX, lines, place / 'rows-kb')} |")


def main() -> None:
    """Print a table of many_files.md."""
    numbers = [int(each) for each in sys.argv[1:] if each != "--whole"]
    print("| input | documents | CPU | memory | of it our own |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        if "--whole" in sys.argv:
            whole(Path(temporary), *(*numbers, *(200, 1_000_000)[len(numbers) :]))
        else:
            readers(Path(temporary), *(*numbers, *(20_000, 200, 1_000_000)[len(numbers) :]))


if __name__ == "__main__":
    main()
