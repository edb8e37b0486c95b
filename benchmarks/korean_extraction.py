"""Names and relations that are found in Korean sentences, with the extra `korean`.

    python benchmarks/korean_extraction.py klue-ner-v1.1_dev.tsv klue-nli-v1.1_dev.json [--draw]

prints the lines of korean_extraction.md, or draws relations to be judged by reading.

The files are development sets of KLUE (Park et al., "KLUE: Korean language understanding evaluation", 2021). In the
first people marked the names in 5,000 sentences of news and reviews; rules were tuned on the first 2,500. Of the second
the premises from encyclopaedia and news are read, and the relations in them judged; `judged_korean_relations.csv` keeps
the number of the sentence, a hash of what was judged and the verdict, and no text.
"""

import argparse
import csv
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from graphrag_engine.hashing import digest
from graphrag_engine.offline.extractor import extract
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.mentions import Unit

TUNED = 2500
_KINDS = {"PS": "person", "LC": "place", "OG": "organisation"}
_VERDICTS = Path(__file__).parent / "judged_korean_relations.csv"


class Sentence(NamedTuple):
    """A sentence, where it is from, and the names that people marked in it: start, end and kind."""

    source: str
    text: str
    names: list[tuple[int, int, str]]


def read(path: Path) -> list[Sentence]:
    """The sentences of the file, one character a line with its tag."""
    return list(_sentences(path.read_text("utf-8").split("\n")))


def _sentences(lines: Iterable[str]) -> Iterator[Sentence]:
    source, rows = "", list[list[str]]()
    for line in lines:
        if line.startswith("## "):
            source = line.split("\t")[0] if line.startswith("## klue") else source
        elif line:
            rows.append(line.split("\t") if "\t" in line else [" ", line])
        elif rows:
            yield Sentence(source, "".join(char for char, _ in rows), list(_marked([tag for _, tag in rows])))
            rows = []


def _marked(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    begin, kind = -1, ""
    for at, tag in enumerate([*tags, "O"]):
        if begin >= 0 and not tag.startswith("I"):
            if kind in _KINDS:
                yield begin, at, _KINDS[kind]
            begin = -1
        if tag.startswith("B"):
            begin, kind = at, tag[2:]


def score(what: str, sentences: Sequence[Sentence]) -> None:
    """Print a line of the table of names."""
    right = found = marked = typed = told = 0
    for each in sentences:
        mentions = extract(Unit(each.text), Lexicon()).entities
        kinds = {(one.start, one.end): one.type for one in mentions if one.type not in ("date", "money", "quantity")}
        gold = {(start, end): kind for start, end, kind in each.names}
        both = kinds.keys() & gold.keys()
        right, found, marked = right + len(both), found + len(kinds), marked + len(gold)
        told += sum(kinds[span] != "name" for span in both)
        typed += sum(kinds[span] == gold[span] for span in both)
    precision, recall = right / found, right / marked
    f1 = 2 * precision * recall / (precision + recall)
    print(f"| {what} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {typed / told:.0%} of {told / right:.0%} |")


class Relation(NamedTuple):
    """A relation to be judged; *shown* is what the reader reads, and is not kept."""

    sentence: int
    hash: str
    shown: str


def relations(path: Path) -> list[Relation]:
    """All relations that a verb or an apposition states in the premises of a file."""
    rows = json.loads(path.read_text("utf-8"))
    premises = dict.fromkeys(row["premise"] for row in rows if row["source"].startswith("wiki"))
    found = []
    for number, sentence in enumerate(premises):
        for row in extract(Unit(sentence), Lexicon()).relationships:
            what = f"{row.source} | {row.type} | {row.target}"
            if row.description:
                found.append(Relation(number, digest(str(number), what), f"{what}\n    {sentence}"))
    return found


def main() -> None:
    """Print the tables, or relations to be judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", type=Path)
    parser.add_argument("relations", type=Path)
    parser.add_argument("--draw", action="store_true")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=9)
    options = parser.parse_args()
    made = relations(options.relations)
    if options.draw:
        for row in random.Random(options.seed).sample(made, min(options.count, len(made))):
            print(f"{row.sentence},{row.hash}, {row.shown}")
        return
    sentences = read(options.names)
    print("| names, exact | precision | recall | F1 | type right, of those that have one |\n|---|---:|---:|---:|---|")
    score("sentences 2,501 to 5,000", sentences[TUNED:])
    score("of these the news", [each for each in sentences[TUNED:] if "wikitree" in each.source])
    score("sentences 1 to 2,500 (tuned on)", sentences[:TUNED])
    with _VERDICTS.open(newline="", encoding="utf-8") as file:
        verdicts = {row["hash"]: row["verdict"] == "right" for row in csv.DictReader(file)}
    still = [verdicts[row.hash] for row in made if row.hash in verdicts]
    print(f"\nrelations judged right: {sum(verdicts.values())} of {len(verdicts)}", end="; ")
    print(f"of those still made: {sum(still)} of {len(still)}")


if __name__ == "__main__":
    main()
