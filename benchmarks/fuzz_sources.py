"""Damaged files of every format through the readers: nothing may crash, hang, or write outside the folder of the index.

    python benchmarks/fuzz_sources.py [FILES] [SEED]       default 5,000 files

Each file is a small good one of `tests/papers.py`, mutated: bytes changed, cut out, doubled, swapped between files, or
written again as another kind. A file is read alone, as the one source of a run.
"""

import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from papers import FILES

from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import reading
from graphrag_engine.sources.apart import Apart
from graphrag_engine.sources.find import File
from graphrag_engine.spool import Spool

_BAR = 10
"""Seconds of work for one file."""
_TOKENS = (
    b"\0",
    b"\xff\xfe",
    b"<",
    b"&#x0;",
    b"<![CDATA[",
    b"'\"",
    b"---\n",
    b"\r\n\r\n",
    b"%%EOF",
    b"endobj",
    b"PK\5\6",
)
_TOKENS += (
    b"99999999999",
    b"-1",
    b"../",
    b"[" * 999,
    b"(" * 999,
    b"<div>" * 999,
    b"--> 00:00:00,000\n",
    b"\xed\xa0\x80",
)


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    """A stretch is gone."""
    start, end = sorted(chance.choices(range(len(data)), k=2))
    return data[:start] + data[end:]


def doubled(data: bytes, chance: random.Random) -> bytes:
    """A stretch stands there many times."""
    start, end = sorted(chance.choices(range(len(data)), k=2))
    return data[:end] + data[start:end] * chance.randint(1, 50) + data[end:]


def spiked(data: bytes, chance: random.Random) -> bytes:
    """Signs that readers take for something stand in odd places."""
    for _ in range(chance.randint(1, 9)):
        at = chance.randrange(len(data))
        data = data[:at] + chance.choice(_TOKENS) + data[at:]
    return data


def crossed(data: bytes, chance: random.Random) -> bytes:
    """It goes on as another file."""
    other = chance.choice(list(FILES.values()))
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (flipped, cut, doubled, spiked, crossed)


def mutated(number: int, seed: int) -> tuple[str, bytes]:
    """The name and the bytes of one damaged file."""
    chance = random.Random(f"{seed}/{number}")
    name = chance.choice(list(FILES))
    data = FILES[name]
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(MUTATIONS)(data, chance) or b" "
    other = chance.choice(list(FILES)) if chance.random() < 0.1 else name
    return f"{number}-{other}", data


def _opened_to_write(event: str, told: tuple[object, ...]) -> list[str]:
    """The file that this process opens to write, if it does."""
    flags = told[2] if event == "open" else 0
    writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return [str(Path(str(told[0])).absolute())] if writing and not isinstance(told[0], int) else []


def main() -> None:
    """Print what became of the files, for fuzz_sources.md."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    became: Counter[str] = Counter()
    longest, slow = 0.0, ""
    settings = SourcesSettings()
    written: set[str] = set()
    with tempfile.TemporaryDirectory() as temporary, Apart(settings.seconds) as apart:
        folder = Path(temporary) / "files"
        folder.mkdir()
        os.chdir(temporary)
        sys.addaudithook(lambda event, told: written.update(_opened_to_write(event, told)))
        reader = reading.Reading(settings, apart, Spool(), lambda _: None)
        for number in range(count):
            name, data = mutated(number, seed)
            path = folder / name
            path.write_bytes(data)
            began = time.perf_counter()
            findings = list(reader.findings([File(str(path), name, "files", named=False)]))
            taken = time.perf_counter() - began
            path.unlink()
            longest, slow = max((longest, slow), (taken, name))
            became["documents" if any(isinstance(each, reading.Document) for each in findings) else "failed"] += 1
            became["a reader ended"] += any("reader failed" in getattr(each, "error", "") for each in findings)
            became["took too long"] += taken > _BAR
        left = sum(path != folder for path in Path(temporary).rglob("*"))
        became["written elsewhere"] += left + sum(not Path(path).is_relative_to(folder) for path in written)
    print(f"| files | {count:,} (seed {seed}) |\n|---|---|")
    print("\n".join(f"| {what} | {number:,} |" for what, number in became.items()))
    print(f"| longest | {longest:.2f} s ({slow}) |")


if __name__ == "__main__":
    main()
