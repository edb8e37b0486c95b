"""Brings published question sets into the plain layout that retrieval.py reads.

    python benchmarks/plain.py KIND FILE FOLDER

KIND is `hotpotqa` (also 2WikiMultiHopQA: context and supporting_facts), `musique` (paragraphs) or `locomo`
(chats: passages of eight turns, single-hop questions with one turn as evidence). FILE holds a JSON list or JSON
Lines. Writes FOLDER/corpus.jsonl and FOLDER/questions.jsonl.
"""

import json
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

Passage = tuple[str, str]
"""Title and text."""
Sample = tuple[list[Passage], str, list[str]]
"""Passages, question, gold titles."""

_TURNS = 8
_SINGLE_HOP = 4
"""The number that LoCoMo gives to questions with one fact as answer."""


def hotpotqa(rows: list[Any]) -> Iterator[Sample]:
    """Titles with sentences; gold are the titles of the supporting facts."""
    for row in rows:
        passages = [(title, "".join(_spaced(sentences))) for title, sentences in row["context"]]
        yield passages, row["question"], [title for title, _ in row["supporting_facts"]]


def musique(rows: list[Any]) -> Iterator[Sample]:
    """Paragraphs that say of themselves whether they are gold."""
    for row in rows:
        passages = [(each["title"], each["paragraph_text"]) for each in row["paragraphs"]]
        yield passages, row["question"], [each["title"] for each in row["paragraphs"] if each["is_supporting"]]


def locomo(rows: list[Any]) -> Iterator[Sample]:
    """Chats of two people over months, cut into passages."""
    for row in rows:
        titles: dict[str, str] = {}
        passages = list(_sessions(row["conversation"], titles))
        for asked in row["qa"]:
            if asked["category"] == _SINGLE_HOP and len(asked["evidence"]) == 1 and asked["evidence"][0] in titles:
                yield passages, asked["question"], [titles[asked["evidence"][0]]]


def _sessions(talk: dict[str, Any], titles: dict[str, str]) -> Iterator[Passage]:
    """Passages of eight turns; notes in *titles* where each turn stands."""
    for number in count(1):
        turns = talk.get(f"session_{number}")
        if turns is None:
            return
        for part, at in enumerate(range(0, len(turns), _TURNS), 1):
            title = f"{talk['speaker_a']} and {talk['speaker_b']}, {talk[f'session_{number}_date_time']}, part {part}"
            titles.update((turn["dia_id"], title) for turn in turns[at : at + _TURNS])
            yield title, "\n".join(f"{turn['speaker']}: {turn['text']}" for turn in turns[at : at + _TURNS])


def _spaced(sentences: list[str]) -> list[str]:
    return [each if at == 0 or each.startswith(" ") else f" {each}" for at, each in enumerate(sentences)]


def _read(path: Path) -> list[Any]:
    text = path.read_text("utf-8")
    rows = (
        json.loads(text) if text.lstrip().startswith("[") else [json.loads(line) for line in text.split("\n") if line]
    )
    return [row for row in rows if row.keys() & {"context", "paragraphs", "conversation"}]


def main(kind: str, path: Path, folder: Path) -> None:
    """Convert one set; each passage is written once."""
    folder.mkdir(parents=True, exist_ok=True)
    passages: dict[Passage, None] = {}
    questions = []
    for found, question, gold in {"hotpotqa": hotpotqa, "musique": musique, "locomo": locomo}[kind](_read(path)):
        passages.update(dict.fromkeys(found))
        questions.append({"question": question, "titles": list(dict.fromkeys(gold))})
    for name, rows in (("corpus", [{"title": a, "text": b} for a, b in passages]), ("questions", questions)):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    print(f"{len(passages)} passages, {len(questions)} questions")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
