"""A community's report by a model: the shape it is asked for, and what is kept of a reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from graphrag_engine.llm.base import Shape
from graphrag_engine.offline.reports import Place
from graphrag_engine.replies.briefs import MARK

_FINDING = {
    "type": "object",
    "properties": {
        "summary": {"type": "string"},
        "explanation": {"type": "string"},
        "citations": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["summary", "explanation", "citations"],
    "additionalProperties": False,
}
REPORT = Shape(
    "report",
    {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "summary": {"type": "string"},
            "rating": {"type": "number"},
            "rating_explanation": {"type": "string"},
            "findings": {"type": "array", "items": _FINDING},
        },
        "required": ["title", "summary", "rating", "rating_explanation", "findings"],
        "additionalProperties": False,
    },
)

_LONGEST = 4000
"""Characters that are kept of one text in a reply."""
_MOST = 20
"""Findings that are kept of a reply."""
_MIDDLE = 5.0
"""The rating of a community that a model did not rate."""


@dataclass
class Written:
    """A report as a model wrote it, with what had to be left out."""

    row: Mapping[str, Any]
    """The columns of a report that its words decide."""
    dropped: int
    """Findings that rest on nothing that was shown, or are no findings."""


def written(text: str, places: Mapping[int, Sequence[Place]]) -> Written | None:
    """The report in a reply, its citations resolved; None where no finding rests on what was shown."""
    try:
        reply = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return None
    if not isinstance(reply, dict):
        return None
    numbers = _Numbers(places)
    title = _text(reply.get("title"))
    summary = numbers.marked(_text(reply.get("summary")))
    given = reply.get("findings")
    listed = given if isinstance(given, list) else []
    found = [finding for each in listed[:_MOST] if (finding := _finding(each, numbers))]
    if not title or not found:
        return None
    rating = _rating(reply.get("rating"))
    row = {
        "title": title,
        "summary": summary or found[0]["summary"],
        "full_content": _full(title, summary, found),
        "findings": found,
        "rating": rating,
        "rating_explanation": numbers.marked(_text(reply.get("rating_explanation"))),
        "citations": numbers.citations(),
    }
    return Written(row, len(listed) - len(found))


def _finding(given: object, numbers: "_Numbers") -> dict[str, Any] | None:
    """A finding with the numbers of its citations in the report; None where it cites nothing that was shown."""
    if not isinstance(given, dict):
        return None
    summary, explanation = _text(given.get("summary")), _text(given.get("explanation"))
    cited = given.get("citations")
    named = [n for n in cited if isinstance(n, int)] if isinstance(cited, list) else []
    named += [int(n) for text in (summary, explanation) for group in MARK.findall(text) for n in group.split(",")]
    own = numbers.of(named)
    if not summary or not own:
        return None
    return {"summary": MARK.sub("", summary), "explanation": numbers.marked(explanation), "citations": own}


def _full(title: str, summary: str, findings: Sequence[Mapping[str, Any]]) -> str:
    """The whole report in Markdown."""
    parts = [f"# {title}", summary]
    for each in findings:
        marks = "".join(f"[{n}]" for n in each["citations"])
        parts.append(f"## {each['summary']}\n\n{MARK.sub('', each['explanation'])} {marks}")
    return "\n\n".join(part for part in parts if part)


def _text(given: object) -> str:
    """A text of a reply on one line, without what cannot be written, cut where it runs on."""
    if not isinstance(given, str):
        return ""
    clean = given.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return " ".join(clean[:_LONGEST].split())


def _rating(given: object) -> float:
    number = float(given) if isinstance(given, int | float) and not isinstance(given, bool) else _MIDDLE
    return round(min(10.0, max(0.0, number)), 1) if number == number else _MIDDLE


@dataclass
class _Numbers:
    """The report's own citations, numbered in the order in which they are asked for."""

    places: Mapping[int, Sequence[Place]]
    """What each number of the brief refers to."""
    known: dict[Place, int] = field(default_factory=dict)

    def of(self, shown: Sequence[int]) -> list[int]:
        """The numbers of the places behind numbers of the brief; what was not shown is left out."""
        places = dict.fromkeys(place for n in shown for place in self.places.get(n, ()))
        return [self.known.setdefault(place, len(self.known) + 1) for place in places]

    def marked(self, text: str) -> str:
        """A text whose marks refer to the report's citations."""
        return MARK.sub(lambda mark: "".join(f" [{n}]" for n in self.of([*map(int, mark[1].split(","))])), text)

    def citations(self) -> list[dict[str, Any]]:
        """The column of a report."""
        return [
            {"n": n, "text_unit_id": place.unit, "start": place.start, "end": place.end}
            for place, n in self.known.items()
        ]
