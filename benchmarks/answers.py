"""What an answer of a model costs here, without the model: CPU, prompt tokens, stalls of a server; hostile marks.

    python benchmarks/answers.py [WORDS]        default 170000, 1 MB; the last result stands in answers.md

Generated prose (`prose.py`) is indexed without a model, then asked with one that answers at once from a script: with
sentences of the passages it was shown, each with its mark. Every question is asked once, so that nothing is kept of it.
The CPU time is that of the whole process; over HTTP a call adds what `endpoint.md` says. Then a thousand answers are
strewn with hostile marks, and each citation that is shown is held against the prompt and the documents.
"""

import asyncio
import random
import re
import sys
import tempfile
import time
from pathlib import Path

import prose

from graphrag_engine import AsyncEngine, Engine
from graphrag_engine.costs import estimate_tokens
from graphrag_engine.llm.base import Reply, Request
from graphrag_engine.query.answer import Answer

_QUESTIONS = 200
_HOSTILE = (
    "[0] [999] [1][1] [1,2] [1-3] [[1]] [[999]1] [9[999]99] a[1] \uff3b1\uff3d \u30102\u3011 \u30103\u2020source\u3011"
    " [\uff11] [1](http://x.example) [source_2] [-1] [1.5] [^2] [00000000001] [1 ]1] [[[[2]]]]"
).split(" ")
_PASSAGE = re.compile(r"^\[(\d+)\] .+\n(.+?[.!?])\s", re.MULTILINE)


class Model:
    """Answers with what it was shown, and keeps what it was asked."""

    name = "script"

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self.hostile: random.Random | None = None
        self.seconds = 0.0

    async def complete(self, request: Request) -> Reply:
        """Sentences of the first passages with their marks, and hostile ones between them."""
        await asyncio.sleep(self.seconds)
        self.prompts.append("\n".join(message.content for message in request.messages))
        said = [f"{text[:-1]} [{n}]." for n, text in _PASSAGE.findall(request.messages[1].content)[:5]]
        if self.hostile:
            said = [f"{text} {self.hostile.choice(_HOSTILE)}{self.hostile.choice(_HOSTILE)}" for text in said]
        return Reply(text=" ".join(said), prompt_tokens=1, completion_tokens=1)


def questions(engine: Engine, n: int) -> list[str]:
    """Questions about things and the ties between them, each another."""
    names = dict(zip(*(engine.table("entities")[column].to_pylist() for column in ("id", "name")), strict=True))
    ties = engine.table("relationships").to_pylist()
    random.Random(1).shuffle(ties)
    asked = dict.fromkeys(f"Who or what {tie['type']} {names[tie['target_id']]}?" for tie in ties)
    return list(asked)[:n]


def wrong(answer: Answer, prompt: str, texts: dict[str, str]) -> int:
    """Citations shown that are no slice of what the model was shown, or of the document."""
    numbers = {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)}
    known = {each.n for each in answer.citations}
    odd = [c for c in answer.citations if c.quote not in prompt or texts[c.document][c.start : c.end] != c.quote]
    return len(numbers - known) + len(odd)


def cost(engine: Engine, model: Model, asked: list[str], mode: str) -> None:
    """Ask all questions and print a row."""
    spent, before = [], len(model.prompts)
    for question in asked:
        began = time.process_time()
        engine.query(question, mode=mode)
        spent.append((time.process_time() - began) * 1000)
    spent.sort()
    half, nearly_all = (spent[len(spent) * share // 100] for share in (50, 95))
    tokens = [estimate_tokens(prompt) for prompt in model.prompts[before:]]
    most = max(len(prompt) // 4 for prompt in model.prompts[before:])
    print(
        f"| {mode} | {len(tokens) / len(asked):.2f} | {half:.1f} | {nearly_all:.1f} "
        f"| {sum(tokens) / len(asked):,.0f} | {max(tokens):,} | {most:,} |",
        flush=True,
    )


async def stall(root: Path, model: Model, asked: list[str]) -> float:
    """Longest time that a loop did not get its turn while questions were answered beside it, in seconds."""
    longest = 0.0

    async def ticking() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - began - 0.001)

    async with AsyncEngine.open(root, model=model) as engine:
        beside = asyncio.create_task(ticking())
        await asyncio.gather(*(engine.query(question) for question in asked))
        beside.cancel()
    return longest


def main(words: int, folder: Path) -> None:
    """Build, ask, print."""
    prose.write(folder / "docs", words)
    Engine.open(folder / "kb").index(folder / "docs")
    model = Model()
    engine = Engine.open(folder / "kb", model=model)
    asked = questions(engine, 4 * _QUESTIONS + 20)
    engine.query("What is this about?")
    print("| mode | calls | median ms | 95 of 100 at most | prompt tokens | at most | at most, 4 letters each |")
    print("|---|---|---|---|---|---|---|")
    for at, mode in enumerate(("local", "vector", "global", "path")):
        cost(engine, model, asked[at * _QUESTIONS : (at + 1) * _QUESTIONS], mode)
    texts = {row["source"]: row["text"] for row in engine.table("documents").to_pylist()}
    model.hostile = random.Random(2)
    shown = bad = 0
    for number in range(1000):
        answer = engine.query(f"{asked[number % _QUESTIONS]} {number}", mode=("local", "vector")[number % 2])
        shown += len(answer.citations)
        bad += wrong(answer, model.prompts[-1], texts)
    print(f"\n1,000 hostile answers: {shown:,} citations shown, {bad} of them no slice of what the model was shown")
    engine.close()
    model.seconds = 0.3
    longest = asyncio.run(stall(folder / "kb", model, asked[-20:]))
    print(f"20 questions at once, a model of 0.3 s: the loop waited for its turn {longest * 1000:.0f} ms at most")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 170_000, Path(name))
