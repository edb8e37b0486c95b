"""How often the encoding of a text that is not UTF-8 is found, by the engine and by charset-normalizer.

    python benchmarks/legacy_encodings.py        needs charset-normalizer, which the extra `documents` brings

All passages of one, two, three and six sentences of `tests/tongues.py`, in each encoding that files of them have, and
all runs of three words of the Western ones, most of which have one accent or two. charset-normalizer chooses among the
same encodings as the engine, and may say that it is none.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from charset_normalizer import from_bytes
from tongues import FILES, PAGES, passages

from graphrag_engine.sources import legacy

_LENGTHS = (1, 2, 3, 6)
_CODECS = list(dict.fromkeys(codec for _, codec, _ in FILES))


def engine(data: bytes) -> str:
    """What the engine takes these bytes for."""
    return legacy.encoding(data).codec


def library(data: bytes) -> str:
    """What charset-normalizer takes them for."""
    best = from_bytes(data, cp_isolation=_CODECS, enable_fallback=False).best()
    return best.encoding if best else "cp1252"


def words(language: str) -> list[str]:
    """All runs of three words that are not ASCII."""
    page = " ".join(PAGES[language]).split()
    return [run for at in range(len(page) - 2) if not (run := " ".join(page[at : at + 3])).isascii()]


def samples(language: str, codec: str) -> Iterator[tuple[str, list[str]]]:
    """Texts of a language, by how long they are."""
    if codec == "cp1252":
        yield "3 words", words(language)
    for length in _LENGTHS:
        yield (
            f"{length} sentence{'s' * (length > 1)}",
            [text for text in passages(language, length) if not text.isascii()],
        )


def right(find: Callable[[bytes], str], texts: list[str], codec: str) -> str:
    """How many of the texts are known for what they are."""
    return f"{sum(find(text.encode(codec)) == codec for text in texts)} of {len(texts)}"


def milliseconds(find: Callable[[bytes], str], data: bytes) -> float:
    """How long it takes to know some bytes, the best of five times."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        find(data)
        times.append(1000 * (time.perf_counter() - start))
    return min(times)


def main() -> None:
    """Print a line for each encoding and length."""
    print("| language | encoding | length | engine | charset-normalizer |\n|---|---|---|---|---|")
    for language, codec, name in FILES:
        for length, texts in samples(language, codec):
            counts = [right(find, texts, codec) for find in (engine, library)]
            print(f"| {language} | {name} | {length} | {counts[0]} | {counts[1]} |")
    for sentences in (1, 6, 6000):
        data = (" ".join(PAGES["Korean"][: min(6, sentences)]) + "\n").encode("cp949") * max(1, sentences // 6)
        times = [f"{milliseconds(find, data):.1f} ms" for find in (engine, library)]
        print(f"\n{len(data):,} bytes of Korean: engine {times[0]}, charset-normalizer {times[1]}")


if __name__ == "__main__":
    main()
