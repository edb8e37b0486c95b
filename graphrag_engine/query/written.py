"""Answers that a model writes: one call from what was found; for reports that do not fit one, a call each part before.

A pure conversation: it yields what is asked, is sent the replies, and returns the checked answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.errors import ModelError
from graphrag_engine.hashing import digest
from graphrag_engine.llm.answers import parsed
from graphrag_engine.llm.base import Embedder, Message, Reply, Request, Shape
from graphrag_engine.prompts import enclosed
from graphrag_engine.query import ask, planned, support
from graphrag_engine.query.answer import Answer, Finding, Report
from graphrag_engine.query.citations import Slice
from graphrag_engine.query.compose import unmarked
from graphrag_engine.query.context import Gathered, Line, Page, Section, gathered, report_lines, sections, slices_of
from graphrag_engine.query.found import Found
from graphrag_engine.query.marks import Marked
from graphrag_engine.query.talk import Chat, Prose, Talk, Turn, Writer
from graphrag_engine.settings import QuerySettings
from graphrag_engine.stores.base import Store

_SURE = 0.9
"""Share of the budget that is used by the engine's own count of tokens, which is an estimate."""
_AROUND = 60
"""Tokens of what stands between the parts of a prompt."""
_LEAST = 100
"""Tokens of sources that are always shown."""
_SAID = 0.15
"""Share of the budget for what was said before."""
_ASKED = 0.25
"""Share of the budget for the question."""
_REPORTS = 6000
"""Tokens of reports that are read in parts where one call takes fewer."""
_PARTS = 12
_POINTS = Shape(
    "points",
    {
        "type": "object",
        "properties": {
            "points": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "text": {"type": "string"},
                        "score": {"type": "integer"},
                        "citations": {"type": "array", "items": {"type": "integer"}},
                    },
                    "required": ["text", "score", "citations"],
                    "additionalProperties": False,
                },
            }
        },
        "required": ["points"],
        "additionalProperties": False,
    },
)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A question to a model, and within which bounds it is answered."""

    question: str
    mode: str = "auto"
    level: int | None = None
    wanted: Mapping[str, str] | None = None
    """Values that documents must have."""
    history: Sequence[Turn] = ()
    settings: QuerySettings
    index_version: int

    @property
    def before(self) -> str:
        """The last question before this one."""
        return before(self.history)


def before(history: Sequence[Turn]) -> str:
    """The last question of these turns."""
    return next((turn.content for turn in reversed(history) if turn.role == "user"), "")


def answer(store: Store, asking: Asking, writer: Writer, embedder: Embedder | None = None) -> Talk[Answer]:
    """The checked answer; where nothing is found no model is asked. Raises as `ask.answer`, and ModelError."""
    settings = asking.settings
    found = ask.find(
        store,
        asking.question,
        asking.mode,
        ask.scoped(store, asking.level, asking.wanted),
        settings.passages * ask.WIDER,
        embedder,
        asking.before,
        ask.READ,
    )
    meant = found.asked.by_meaning and len(found.units.rows)
    if not (found.grounded or found.asked.grounded or meant):
        return ask.declined(found, asking.question, asking.wanted, asking.index_version)
    if asking.mode == "path":
        found = yield from _planned(store, asking, writer, found)
    given = gathered(store, found)
    prompt = _Prompt.of(asking, writer, "answer")
    page = Page(given.cited).write(sections(given), prompt.room)
    if found.mode == "global" and page.cut and prompt.room < _REPORTS:
        page, step = yield from _mapped(asking, writer, given, page)
        given = replace(given, found=replace(found, trace=(*found.trace, step)))
    if not page.slices:
        return ask.declined(found, asking.question, asking.wanted, asking.index_version)
    reply: Reply = yield Prose(writer.model, prompt.request(page.text), Marked(_Resolver(page).numbers_for))
    return _checked(asking, writer, given, page, reply)


def _planned(store: Store, asking: Asking, writer: Writer, found: Found) -> Talk[Found]:
    """The paths that a model plans, before those of the question's own words."""
    listed = "\n".join(planned.types(store, planned.beginnings(found), found.asked.scope))
    request = _Prompt.of(asking, writer, "path_plan").request(listed, planned.PLAN)
    (reply,) = yield Chat(writer.model, (request,))
    if isinstance(reply, ModelError):
        raise reply
    return planned.follow(store, found, planned.plans(reply.text))


def _mapped(asking: Asking, writer: Writer, given: Gathered, whole: Page) -> Talk[tuple[Page, Mapping[str, Any]]]:
    """What parts of the reports say to the question as points, best first; *whole* where that is nothing."""
    prompt = _Prompt.of(asking, writer, "global_map")
    if not (pages := _pages(given, prompt.room)):
        return whole, {"step": "map", "why": "no part of a report fits"}
    came: list[Reply | ModelError] = yield Chat(
        writer.model, tuple(prompt.request(page.text, _POINTS) for page in pages)
    )
    if all(isinstance(each, ModelError) for each in came):
        raise next(each for each in came if isinstance(each, ModelError))
    points = [
        point
        for page, reply in zip(pages, came, strict=True)
        if isinstance(reply, Reply)
        for point in _points(reply.text, page)
    ]
    lines = [line for _, line in sorted(points, key=lambda point: -point[0])]
    failed = sum(isinstance(each, ModelError) for each in came)
    step = {"step": "map", "why": f"{len(lines)} points of {len(pages)} parts of reports, {failed} not answered"}
    if not lines:
        return whole, step
    return Page(given.cited).write([Section("Points", 1.0, lines)], _Prompt.of(asking, writer, "answer").room), step


def _pages(given: Gathered, room: int) -> list[Page]:
    """The reports in parts that fit one call each; no more than is worth asking for."""
    pages: list[Page] = []
    lines, left = report_lines(given), _REPORTS
    while lines and left > 0 and len(pages) < _PARTS:
        page = Page(given.cited).write([Section("Reports", 1.0, lines)], min(room, left))
        if page.cut == len(lines):
            break
        lines = lines[len(lines) - page.cut :] if page.cut else []
        left -= max(page.tokens, 1)
        pages.append(page)
    return pages


def _points(text: str, page: Page) -> Iterable[tuple[float, Line]]:
    """The points of a reply with their scores, as far as they rest on what was shown."""
    try:
        said = parsed(text)
    except ValueError:
        return
    listed = said.get("points") if isinstance(said, dict) else None
    for point in listed if isinstance(listed, list) else []:
        if not isinstance(point, dict) or not isinstance(point.get("text"), str):
            continue
        numbers = point.get("citations")
        known = [n for n in numbers if isinstance(n, int) and n in page.slices] if isinstance(numbers, list) else []
        score = point.get("score")
        if known:
            worth = float(score) if isinstance(score, int | float) else 0.0
            yield worth, Line(support.bare(point["text"]), tuple(page.slices[n] for n in dict.fromkeys(known)))


@dataclass(frozen=True)
class _Prompt:
    """One kind of question to a model: everything but the sources."""

    asking: Asking
    writer: Writer
    instructions: str
    history: str
    question: str
    room: int
    """Tokens that are left for the sources."""

    @classmethod
    def of(cls, asking: Asking, writer: Writer, name: str) -> "_Prompt":
        """The prompt of this name for a question."""
        whole = asking.settings.context_tokens
        question = _end(asking.question, int(whole * _ASKED))
        history = _history(asking.history, int(whole * _SAID))
        instructions = writer.prompts[name]
        used = _AROUND + sum(map(estimate_tokens, (instructions, history, question)))
        return cls(asking, writer, instructions, history, question, max(int(whole * _SURE) - used, _LEAST))

    def request(self, sources: str, shape: Shape | None = None) -> Request:
        """The question about these sources."""
        parts = {"Sources": sources, "Said before": self.history, "Question": self.question}
        words = "\n\n".join(f"{name}:\n{enclosed(text)}" for name, text in parts.items() if text)
        return Request(
            messages=(Message("system", self.instructions), Message("user", words)),
            shape=shape,
            max_tokens=self.writer.max_tokens,
            task=f"query:{digest(self.asking.question)}",
        )


def _history(turns: Sequence[Turn], budget: int) -> str:
    """What was said before, the last of it, without the marks of answers."""
    kept: list[str] = []
    for turn in reversed(turns):
        said = f"{turn.role}: {support.bare(turn.content)}"
        if (budget := budget - estimate_tokens(said)) < 0:
            if not kept:
                kept.append(_end(said, budget + estimate_tokens(said)))
            break
        kept.append(said)
    return "\n".join(reversed(kept))


def _end(text: str, budget: int) -> str:
    """A text, or as much of its end as fits."""
    while (cost := estimate_tokens(text)) > budget:
        text = text[len(text) - min(len(text) - 1, len(text) * budget // cost) :]
    return text


@dataclass
class _Resolver:
    """From numbers of a page to those that are shown, in order of appearance."""

    page: Page
    numbers: dict[Slice, int] = field(default_factory=dict)

    def numbers_for(self, n: int, claim: str) -> list[int]:
        """What a mark behind these words is shown as; nothing where the page has no such number."""
        if n not in self.page.slices:
            return []
        row, start, end = self.page.slices[n]
        text = self.page.cited.unit(row).text
        spans = support.best(text, (start, end), claim)
        return [self.numbers.setdefault((row, *span), len(self.numbers) + 1) for span in spans]

    def read(self, numbers: Iterable[int]) -> support.Evidence:
        """What citations show."""
        listed = list(self.numbers)
        slices = [listed[n - 1] for n in numbers if 0 < n <= len(listed)]
        units = [self.page.cited.unit(row) for row in dict.fromkeys(row for row, _, _ in slices)]
        return support.Evidence(
            "\n".join(map(self.page.cited.text, slices)),
            "\n".join(f"{unit.title} > {unit.heading}" for unit in units),
            "\n".join(unit.text for unit in units),
        )


def _checked(asking: Asking, writer: Writer, given: Gathered, page: Page, reply: Reply) -> Answer:
    """The answer with its marks resolved and its sentences checked."""
    resolver = _Resolver(page)
    made = Marked(resolver.numbers_for)
    made.add(reply.text)
    made.end()
    wrong, grounded = support.checked(made.text, resolver.read)
    numbers, found = resolver.numbers, given.found
    steps = (
        {"step": "context", "why": f"{len(page.slices)} numbers in {page.tokens} tokens, {page.cut} lines did not fit"},
        {
            "step": "answer",
            "why": f"by {writer.model!r}{', cut off' * (reply.capped or reply.broken)}: "
            f"{len(numbers)} citations, {len(wrong)} sentences not supported",
        },
    )
    return Answer(
        question=asking.question,
        mode=found.mode,
        text=support.noted(made.text, wrong),
        text_units=tuple(ask.hits(given.cited, found.units.pairs())),
        citations=given.cited.quoting(numbers),
        **_items(given, numbers),
        trace=(*found.trace, *steps),
        grounded=grounded,
        index_version=asking.index_version,
        model=writer.model,
        ungrounded=support.plain(made.text, wrong),
    )


def _items(given: Gathered, numbers: Mapping[Slice, int]) -> dict[str, Any]:
    """What the answer rests on, with the numbers that it shows."""

    def own(cited: Iterable[int]) -> tuple[int, ...]:
        return tuple(numbers[part] for part in map(given.cited.slice, cited) if part in numbers)

    return {
        "entities": given.entities,
        "relationships": tuple(replace(each, citations=own(each.citations)) for each in given.relationships),
        "claims": tuple(replace(each, citations=own(each.citations)) for each in given.claims),
        "paths": tuple(
            replace(
                path,
                citations=own(path.citations),
                steps=tuple(replace(step, citations=own(step.citations)) for step in path.steps),
            )
            for path in given.paths
        ),
        "reports": tuple(
            _report(said, score, numbers)
            for said, score in zip(given.reports, given.found.reports.scores.tolist(), strict=True)
        ),
    }


def _report(said: Mapping[str, Any], score: float, numbers: Mapping[Slice, int]) -> Report:
    """A report with the numbers that the answer shows."""
    slices = slices_of(said)

    def own(cited: Iterable[int]) -> tuple[int, ...]:
        return tuple(numbers[slices[n]] for n in cited if slices.get(n) in numbers)

    findings = tuple(
        Finding(summary=unmarked(each["summary"], slices), citations=own(each["citations"]))
        for each in said["findings"]
    )
    return Report(
        **{name: said[name] for name in ("id", "level", "title")},
        summary=unmarked(said["summary"], slices),
        score=score,
        findings=findings,
        citations=own(slices),
    )
