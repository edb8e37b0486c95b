"""How well the offline extractor agrees with a language model's extraction of the same passages.

    python benchmarks/extraction.py REFERENCE.json [--from 901] [--to 1890]

REFERENCE is the extraction of 1,890 encyclopaedia passages by GPT-3.5 that HippoRAG publishes in its `legacy`
branch (MIT): `{"docs": [{"title", "text", "extracted_entities", "extracted_triples"}]}`. It is not part of this
repository. Rules were tuned on passages 1 to 900; scores are of 901 to 1,890.

Names count as equal when lower-cased and without punctuation. *Exact* compares these, *soft* pairs names one to
one whose words overlap by half or more (Jaccard). Names of ours that the index joins with a fuller one count as
that one; acronyms, which the reference lists beside what they stand for, and a document's title count as written.
Pairs are undirected, with our own entities: soft at both ends, one to one, against all triples of the reference,
and against those whose two ends the reference itself lists as entities. What a reader judged stands in `judged.py`.
"""

import argparse
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import judged
import pyarrow as pa
from passages import extracted

Pair = tuple[str, str]
_MARKS = re.compile(r"[\W_]+")
_PAIRS = ("pairs, soft", "pairs, soft, between the reference's entities", "all pairs, soft")
_BRACKET = re.compile(r"\s*\(.*\)")


def fold(name: str) -> str:
    """A name in lower case, marks as spaces."""
    return _MARKS.sub(" ", name.lower()).strip()


def overlap(left: str, right: str) -> float:
    """Share of words that two names have in common."""
    mine, theirs = set(left.split()), set(right.split())
    return len(mine & theirs) / max(len(mine | theirs), 1)


def paired(scores: Iterable[tuple[float, int, int]]) -> int:
    """How many can be matched one to one, best scores first, of those that reach one half."""
    left: set[int] = set()
    right: set[int] = set()
    for score, one, other in sorted(scores, key=lambda row: (-row[0], row[1], row[2])):
        if score >= 0.5 and one not in left and other not in right:
            left.add(one)
            right.add(other)
    return len(left)


def soft_names(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Names matched one to one by half of their words."""
    return paired((overlap(a, b), i, j) for i, a in enumerate(ours) for j, b in enumerate(theirs))


def soft_pairs(ours: Sequence[Pair], theirs: Sequence[Pair]) -> int:
    """Pairs matched one to one, both ends by half of their words, in either direction."""
    scores = []
    for i, (a, b) in enumerate(ours):
        for j, (u, v) in enumerate(theirs):
            straight, crossed = min(overlap(a, u), overlap(b, v)), min(overlap(a, v), overlap(b, u))
            scores.append((max(straight, crossed), i, j))
    return paired(scores)


class Score:
    """Hits among what was found and what was to be found."""

    def __init__(self) -> None:
        self.hits = self.found = self.wanted = 0

    def add(self, hits: int, found: int, wanted: int) -> None:
        """Count one passage."""
        self.hits, self.found, self.wanted = self.hits + hits, self.found + found, self.wanted + wanted

    def __str__(self) -> str:
        precision, recall = self.hits / max(self.found, 1), self.hits / max(self.wanted, 1)
        return f"{precision:.3f} | {recall:.3f} | {2 * precision * recall / max(precision + recall, 1e-9):.3f}"


class Names:
    """Our names as they are compared: folded, short forms replaced by the fuller name of their document."""

    def __init__(self, made: Mapping[str, pa.Table], titles: Mapping[str, str]) -> None:
        self._titles = titles
        self._full = {
            (document, row["left"]): row["right"]
            for row in made["resolutions"].to_pylist()
            for document in ([row["document_id"]] if row["document_id"] else titles)
            if row["verdict"] == "same"
            and row["cause"] != "acronym"
            and (row["document_id"] or row["cause"] == "title")
        }

    def of(self, document: str, name: str) -> str:
        """The compared form of a name in a document."""
        passed: set[str] = set()
        while name not in passed and name != self._titles[document] and (document, name) in self._full:
            passed.add(name)
            name = self._full[document, name]
        return fold(name)


def compare(docs: Sequence[Mapping[str, Any]], made: Mapping[str, pa.Table]) -> dict[str, Score]:
    """The scores over all passages, given what was made of them."""
    ids = [f"{number:05}" for number, _ in enumerate(docs)]
    names = Names(made, {id_: _BRACKET.sub("", doc["title"]) for id_, doc in zip(ids, docs, strict=True)})
    found: dict[str, set[str]] = {id_: set() for id_ in ids}
    ties: dict[str, set[Pair]] = {id_: set() for id_ in ids}
    for row in made["entity_mentions"].select(["text_unit_id", "name"]).to_pylist():
        found[row["text_unit_id"]].add(names.of(row["text_unit_id"], row["name"]))
    for row in made["relationship_mentions"].select(["text_unit_id", "source", "target"]).to_pylist():
        document = row["text_unit_id"]
        ties[document].add(_pair(names.of(document, row["source"]), names.of(document, row["target"])))
    scores = {name: Score() for name in ("entities, exact", "entities, soft", *_PAIRS)}
    for id_, doc in zip(ids, docs, strict=True):
        _score(scores, sorted(found[id_] - {""}), sorted(pair for pair in ties[id_] if len(set(pair)) > 1), doc)
    return scores


def _pair(left: str, right: str) -> Pair:
    return (left, right) if left < right else (right, left)


def _score(scores: dict[str, Score], names: Sequence[str], ties: Sequence[Pair], doc: Mapping[str, Any]) -> None:
    wanted = sorted({fold(name) for name in doc["extracted_entities"]} - {""})
    triples = [
        triple for triple in doc["extracted_triples"] if len(triple) == 3 and all(isinstance(p, str) for p in triple)
    ]
    told = sorted({_pair(fold(source), fold(target)) for source, _, target in triples})
    told = [pair for pair in told if pair[0] != pair[1]]
    between = [pair for pair in told if set(pair) <= set(wanted)]
    every = [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]
    scores["entities, exact"].add(len(set(names) & set(wanted)), len(names), len(wanted))
    scores["entities, soft"].add(soft_names(names, wanted), len(names), len(wanted))
    scores["pairs, soft"].add(soft_pairs(ties, told), len(ties), len(told))
    scores[_PAIRS[1]].add(soft_pairs(ties, between), len(ties), len(between))
    scores["all pairs, soft"].add(soft_pairs(every, told) if len(every) < 400 else 0, len(every), len(told))


def main() -> None:
    """Print a table of precision, recall and F1."""
    parser = argparse.ArgumentParser(description="Agreement of the offline extractor with a model's extraction.")
    parser.add_argument("reference", type=Path)
    parser.add_argument("--from", dest="first", type=int, default=901)
    parser.add_argument("--to", dest="last", type=int, default=1890)
    options = parser.parse_args()
    docs = json.loads(options.reference.read_text("utf-8"))["docs"][options.first - 1 : options.last]
    print(f"passages {options.first} to {options.last}\n\n| what | precision | recall | F1 |\n|---|---|---|---|")
    made = extracted(docs)
    for name, score in compare(docs, made).items():
        print(f"| {name} | {score} |")
    if (options.first, options.last) == (judged.FIRST, judged.LAST):
        print("\n| judged by reading | right | right of those still made | lapsed |\n|---|---|---|---|")
        for kind in judged.KINDS:
            print(judged.share(kind, made, docs))


if __name__ == "__main__":
    main()
