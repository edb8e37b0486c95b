"""Hostile text through the offline extractor: twice the text should take about twice as long.

    python benchmarks/hostile.py [CHARACTERS]       default 100,000; read at that length, at twice and at four times

CPU seconds of survey and extraction together, one text unit each, and the ratio of the last to the first: 4 is
linear, 16 quadratic.
"""

import random
import sys
import time

from graphrag_engine.offline.extractor import Unit, extract
from graphrag_engine.offline.lexicon import count

_WORDS = "Vale Hart Riga the of and met Board 1902 (born ) , said Wend in ' \" `` - | : ; \n".split(" ")


def _soup(size: int) -> str:
    """Names, marks and small words in no order."""
    chance = random.Random(7)  # a benchmark's dice, not a secret
    return " ".join(chance.choices(_WORDS, k=size // 4))[:size]


PIECES = {
    "one word in capitals after another": "Vale ",
    "a sentence without end": "the pilots met them and went on ",
    "names and links": "Vale and Hart of ",
    "no space at all": "A",
    "clauses without end": "Vale met Hart in Riga, ",
    "quotes never closed": '"Vale ',
    "backticks never closed": "`` Vale ",
    "brackets never closed": "(Vale ",
    "brackets in brackets": "(Vale (born ",
    "code fences": "```\n",
    "signs of code": "a = b(c); ",
    "table rows": "| Vale | 1902 |\n",
    "table rules": "|---",
    "list items": "- Call Vale\n",
    "mail headers": "Received: from Vale\n",
    "possessives": "Vale's ",
    "initials": "J. ",
    "years": "1902 ",
    "sums": "$5 ",
    "nicknames": 'Elias "Zipp" Vale ',
    "zero-width marks": "Va\u200ble ",
    "combining marks": "Jose\u0301 ",
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd ",
    "turned to the left": "\u202eVale\u202c Hart ",
    "full stops": ". ",
    "new lines": "Vale\n",
    "spaces": " ",
}


def seconds(text: str) -> float:
    """CPU seconds to survey and extract one text unit."""
    began = time.process_time()
    lexicon = count([("document", [text])]).lexicon()
    extract(Unit(text, "Elias Vale", "Vale", True), lexicon.of(text, "document"))
    return time.process_time() - began


def main() -> None:
    """Print the table of hostile.md."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"| text | {size:,} characters | {2 * size:,} | {4 * size:,} | ratio |\n|---|---|---|---|---|")
    texts = {name: piece * (4 * size // len(piece) + 1) for name, piece in PIECES.items()}
    for name, text in {**texts, "words and marks at random": _soup(4 * size)}.items():
        taken = [seconds(text[: size * times]) for times in (1, 2, 4)]
        print(
            f"| {name} | " + " | ".join(f"{one:.2f} s" for one in taken) + f" | {taken[2] / max(taken[0], 0.01):.1f} |"
        )


if __name__ == "__main__":
    main()
