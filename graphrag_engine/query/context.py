"""What a model sees: numbered lines under headings within a budget of tokens, best first, what was cut counted.

A number stands for a passage, or for a slice of one that is quoted beside it: what a model can cite, it has seen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.query import reading
from graphrag_engine.query.answer import Claim, Entity, Path, Relationship
from graphrag_engine.query.citations import Citations, Slice, Unit
from graphrag_engine.query.compose import FORWARD, Composer, unmarked
from graphrag_engine.query.found import Found
from graphrag_engine.query.names import flat
from graphrag_engine.stores.base import Store

_NOTE = 12
"""Tokens kept for telling what was cut."""
_LEAST = 40
"""Tokens of a line that is worth showing a beginning of."""
_AROUND = 6
"""Tokens of a number and of the marks around a quote."""
_QUOTED = 2
"""Slices that are quoted for one line."""
_EACH = 8
"""Findings shown of one report where reports matter most; elsewhere only a few."""
_FEW = 2
_TIES = 6
"""Relationships and claims, of each, that are looked at."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a model would be shown for a question."""

    text: str
    """Empty where the sources say nothing."""
    mode: str
    """The mode used."""
    grounded: bool
    """Whether the sources say anything on it."""
    tokens: int
    """Estimated tokens of the text."""
    trace: tuple[Mapping[str, Any], ...]
    """How the evidence was found, step by step."""
    warnings: tuple[str, ...] = ()
    """What a person should know; not part of the JSON."""

    def to_dict(self) -> dict[str, Any]:
        """The document that `query --context --json` prints."""
        document = asdict(self)
        del document["warnings"]
        return document


@dataclass(frozen=True)
class Line:
    """One thing to know, and the slices that it rests on; a passage is its slice."""

    text: str
    slices: tuple[Slice, ...] = ()
    passage: bool = False


@dataclass(frozen=True)
class Section:
    """Lines under a heading, best first, and the share of the budget they may take."""

    heading: str
    share: float
    lines: Sequence[Line]


@dataclass
class Page:
    """What is shown, and what each number stands for."""

    cited: Citations
    slices: dict[int, Slice] = field(default_factory=dict)
    text: str = ""
    tokens: int = 0
    """About as many as the text has."""
    cut: int = 0
    """Lines that did not fit."""

    def write(self, sections: Sequence[Section], budget: int) -> "Page":
        """Put the sections in at most *budget* tokens; what one leaves over, the next may use.

        A line that does not fit ends its section: no later, shorter one is slipped in before a better. A first line
        is cut.
        """
        parts: list[str] = [self.text] if self.text else []
        seen: set[Line] = set()
        spare = 0.0
        for section in sections:
            spare += section.share * budget
            lines = [line for line in dict.fromkeys(section.lines) if line not in seen]
            kept, used = self._kept(section.heading, lines, spare)
            if kept:
                parts += [f"# {section.heading}", *kept, ""]
                spare -= used
            if len(kept) < len(lines):
                self.cut += len(lines) - len(kept)
                parts += [f"({len(lines) - len(kept)} more under {section.heading} did not fit)", ""]
            seen.update(lines[: len(kept)])
        self.text = "\n".join(parts).rstrip()
        return self

    def _kept(self, heading: str, lines: Sequence[Line], budget: float) -> tuple[list[str], int]:
        """As many lines as fit, and the tokens that they and the heading take."""
        used = estimate_tokens(f"# {heading}\n") + _NOTE
        kept: list[str] = []
        for line in lines:
            shown, new = self._shown(line)
            cost = reading.tokens(line.text) + _AROUND if line.passage else estimate_tokens(shown)
            if cost > budget - used:
                if kept or budget - used < _LEAST:
                    break
                shown, new = self._shown(self._shortened(line, int(budget - used)))
                cost = estimate_tokens(shown)
                if cost > budget - used:
                    break
            self.slices.update(new)
            kept.append(shown)
            used += cost
        self.tokens += int(used) if kept else 0
        return kept, used

    def _shown(self, line: Line) -> tuple[str, dict[int, Slice]]:
        """A line as it is shown, and the numbers that are new with it."""
        new: dict[int, Slice] = {}
        if line.passage:
            new[len(self.slices) + 1] = line.slices[0]
            return f"[{len(self.slices) + 1}] {line.text}", new
        marks = [self._mark(each, new) for each in line.slices[:_QUOTED]]
        quotes = {flat(self.cited.text(each)) for each in new.values()}
        text = "" if flat(line.text) in quotes else line.text
        return " ".join([*([text] if text else []), *marks]), new

    def _shortened(self, line: Line, budget: int) -> Line:
        """The beginning of a line, and of the first slice that it quotes, in about *budget* tokens."""
        if line.passage:
            row, start, end = line.slices[0]
            text = _beginning(line.text, budget - _AROUND)
            return Line(text, ((row, start, max(end - len(line.text) + len(text), start)),), passage=True)
        text = _beginning(line.text, budget // 2 if line.slices else budget)
        left = budget - estimate_tokens(text) - _AROUND
        slices = (
            (row, at, at + len(_beginning(self.cited.text((row, at, end)), left))) for row, at, end in line.slices
        )
        return Line(text, tuple(slices)[:1])

    def _mark(self, part: Slice, new: dict[int, Slice]) -> str:
        """The number of a slice, and its words where they are not shown yet."""
        row, start, end = part
        for n, (other, first, last) in (self.slices | new).items():
            if row == other and first <= start and end <= last:
                return f"[{n}]"
        number = len(self.slices) + len(new) + 1
        new[number] = part
        return f"[{number}] \u201c{self.cited.text(part)}\u201d"


@dataclass(frozen=True)
class Gathered:
    """What was found, read from the store."""

    found: Found
    cited: Citations
    """The numbers in what follows are of these, not those of a page."""
    entities: tuple[Entity, ...]
    relationships: tuple[Relationship, ...]
    claims: tuple[Claim, ...]
    paths: tuple[Path, ...]
    reports: tuple[Mapping[str, Any], ...]


def gathered(store: Store, found: Found) -> Gathered:
    """Read what was found."""
    made = Composer(store, found)
    made.cited.units(found.units.rows.tolist())
    columns = ("id", "level", "title", "summary", "findings", "citations")
    return Gathered(
        found,
        made.cited,
        made.entities(),
        made.statements.relationships(found.relationships.top(_TIES)),
        made.statements.claims(found.claims.top(_TIES)),
        made.paths(),
        tuple(store.rows("reports", found.reports.rows, columns)),
    )


def sections(given: Gathered) -> list[Section]:
    """What was found as sections: passages first, since what they hold needs no quotes; reports where they matter."""
    rows = given.found.units.rows.tolist()
    passages = [_passage(row, unit) for row, unit in zip(rows, given.cited.units(rows), strict=True)]
    if given.found.mode == "vector":
        return [Section("Passages", 1.0, passages)]
    rest = [
        Section("Paths", 0.1, [Line(path.text, _slices(given, path.citations)) for path in given.paths]),
        Section("Claims", 0.08, [_claim(given, each) for each in given.claims]),
        Section("Facts", 0.08, [_fact(given, each) for each in given.relationships]),
        Section("Entities", 0.04, [_entity(each) for each in given.entities]),
    ]
    if given.found.mode == "global":
        return [Section("Reports", 0.75, report_lines(given, _EACH)), Section("Passages", 0.25, passages), *rest]
    return [Section("Passages", 0.6, passages), *rest, Section("Reports", 0.1, report_lines(given, _FEW))]


def report_lines(given: Gathered, most: int = _EACH) -> list[Line]:
    """What reports find: the first finding of each, the second of each, and so on, *most* of each."""
    found = [
        (rank, place, line)
        for place, said in enumerate(given.reports)
        for rank, line in enumerate(islice(_findings(said), most))
    ]
    return list(dict.fromkeys(line for _, _, line in sorted(found, key=lambda each: each[:2])))


def _findings(said: Mapping[str, Any]) -> Iterator[Line]:
    """The findings of a report, or its summary where it has none."""
    slices = slices_of(said)
    if not said["findings"]:
        yield Line(f"{flat(said['title'])}: {flat(unmarked(said['summary'], slices))}", tuple(slices.values())[:1])
    for each in said["findings"]:
        text = unmarked(" ".join(filter(None, (each["summary"], each["explanation"]))), slices)
        yield Line(f"{flat(said['title'])}: {flat(text)}", tuple(slices[n] for n in each["citations"] if n in slices))


def slices_of(said: Mapping[str, Any]) -> dict[int, Slice]:
    """What the numbers of a report stand for."""
    return {
        each["n"]: (each["text_unit"], each["start"], each["end"])
        for each in said["citations"]
        if each["text_unit"] >= 0
    }


def _passage(row: int, unit: Unit) -> Line:
    return Line(f"{flat(unit.title)} ({flat(unit.source)})\n{unit.text}", ((row, 0, len(unit.text)),), passage=True)


def _slices(given: Gathered, numbers: Iterable[int]) -> tuple[Slice, ...]:
    return tuple(map(given.cited.slice, numbers))


def _fact(given: Gathered, each: Relationship) -> Line:
    return Line(each.source + FORWARD.format(each.type, each.target), _slices(given, each.citations))


def _claim(given: Gathered, each: Claim) -> Line:
    dates = " to ".join(dict.fromkeys(filter(None, (each.start_date, each.end_date))))
    notes = ", ".join(filter(None, (each.status, dates)))
    told = " | ".join(filter(None, (each.subject, each.type, each.object)))
    return Line(f"{told} ({notes})", _slices(given, each.citations))


def _entity(each: Entity) -> Line:
    return Line(f"{each.name} ({each.type}) {flat(each.description)}".rstrip())


def _beginning(text: str, budget: int) -> str:
    """As much of a text as fits."""
    most = max(budget, 1)
    while (cost := estimate_tokens(text)) > most and text:
        text = text[: min(len(text) - 1, len(text) * most // cost)]
    return text
