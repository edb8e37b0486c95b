"""What extraction with a model sends, and what reading its replies costs, over generated prose; no model is asked.

    python benchmarks/model_extraction.py [WORDS]       default 100,000

A stand-in answers each text unit with the names, ties and claims that its sentences hold, finding each name with one
chance. Told: estimated tokens sent per token of text, by that chance, gleaning included, and the share of units that
were asked again; CPU milliseconds to parse one reply and place its names and quotes.
"""

import json
import random
import re
import sys
import time
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

import prose
import pyarrow as pa

from graphrag_engine import prompts
from graphrag_engine.costs import estimate_tokens
from graphrag_engine.llm.base import Reply, Request
from graphrag_engine.offline.text import sentences
from graphrag_engine.replies.kinds import Ontology
from graphrag_engine.replies.mentions import Reading
from graphrag_engine.replies.quotes import Text
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import ExtractSettings
from graphrag_engine.stages import chunk, extract
from graphrag_engine.stages.base import Asked, Asking

_NAME = re.compile(r"(?:(?!The |In |He |It |Most |Nobody |According )[A-Z][a-z]+ ){1,2}[A-Z][a-z]+")
_SIZES = (400, 800)
_CHANCES = (1.0, 0.85, 0.7, 0.5, 0.0)


def answer(text: str, chance: random.Random, share: float) -> str:
    """A reply that finds each name with this chance, and ties and claims between those of one sentence."""
    found: dict[str, list[Any]] = {"entities": [], "relationships": [], "claims": []}
    known = {name for name in sorted(set(_NAME.findall(text))) if chance.random() < share}
    found["entities"] = [{"name": each, "type": "PERSON", "description": f"{each} is named."} for each in sorted(known)]
    for start, end in sentences(text):
        quote = text[start:end]
        names = [name for name in dict.fromkeys(_NAME.findall(quote)) if name in known]
        if len(names) > 1:
            found["relationships"].append(
                {"source": names[0], "target": names[1], "type": "DEALT_WITH", "description": quote, "strength": 6}
            )
        if names and len(found["claims"]) < 8:
            wrong = quote.replace(" the ", " a ") if chance.random() < 0.3 else quote
            found["claims"].append(
                {
                    "subject": names[0],
                    "object": "",
                    "type": "DID",
                    "status": "TRUE",
                    "start_date": "1900",
                    "quote": wrong,
                }
            )
    return json.dumps(found)


def units(folder: Path, size: int) -> list[chunk.TextUnit]:
    """The text units of the documents in a folder, of so many tokens at most."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.md"))}
    return [unit for name, text in texts.items() for unit in chunk.units(name, name, text, size)]


def sent(made: list[chunk.TextUnit], share: float) -> tuple[int, int]:
    """Tokens sent for these text units, and requests."""
    tables = {name: empty(name) for name in ("documents", "lexicon")}
    schema = TABLES["text_units"].schema
    tables["text_units"] = pa.Table.from_pylist([unit._asdict() for unit in made], schema)
    asking = Asking(ExtractSettings(), Asked(model="none", sampling={"max_tokens": 4096}, prompts=prompts.shipped()))
    chance, tokens, requests = random.Random(3), 0, 0
    texts = {unit.id: unit.text for unit in made}
    for task in extract.STAGE.tasks(extract.STAGE.prepare(tables, None), asking, list(texts), {}):
        conversation = task.conversation({})
        request: Request = next(conversation)
        while request:
            requests += 1
            tokens += sum(estimate_tokens(message.content) for message in request.messages)
            try:
                request = conversation.send(Reply(text=answer(texts[task.id], chance, share)))
            except StopIteration:
                break
    return tokens, requests


def milliseconds(made: list[chunk.TextUnit]) -> tuple[float, dict[str, float]]:
    """CPU for one reply, and what one holds on average."""
    chance = random.Random(3)
    replies = [answer(unit.text, chance, 0.85) for unit in made]
    instructions, reads = Text(prompts.shipped()["extract"]), []
    began = time.process_time()
    for unit, reply in zip(made, replies, strict=True):
        reading = Reading(unit.text, unit.heading, Ontology(), instructions)
        reading.add(reply)
        reads.append(reading.mentions())
    took = 1000 * (time.process_time() - began) / len(made)
    kinds = ("entities", "relationships", "claims")
    return took, {kind: fmean(len(json.loads(reply)[kind]) for reply in replies) for kind in kinds}


def main(words: int) -> None:
    """Measure both sizes."""
    with TemporaryDirectory() as folder:
        prose.write(Path(folder), words)
        for size in _SIZES:
            made = units(Path(folder), size)
            tokens = sum(unit.n_tokens for unit in made)
            print(f"size {size}: {len(made):,} units, {tokens / len(made):.0f} tokens each")
            for share in _CHANCES:
                prompt, requests = sent(made, share)
                again = requests / len(made) - 1
                print(f"  finds {share:.0%}: {prompt / tokens:.2f} prompt tokens a token, {again:.0%} asked again")
            took, held = milliseconds(made)
            print(f"  {took:.2f} ms a reply of " + ", ".join(f"{number:.1f} {kind}" for kind, number in held.items()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
