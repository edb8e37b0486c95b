"""What a model would see: sections within a budget of tokens, best first, nothing twice, what was cut counted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.query.compose import FORWARD, Composer
from graphrag_engine.query.found import Found
from graphrag_engine.stores.base import Store


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

    def to_dict(self) -> dict[str, Any]:
        """The document that `query --context --json` prints."""
        return asdict(self)


@dataclass(frozen=True)
class Section:
    """Items under a heading, best first, and the share of the budget they may take."""

    heading: str
    share: float
    items: Sequence[str]


def fit(sections: Sequence[Section], budget: int) -> str:
    """The sections as text of at most *budget* tokens; what one leaves over, the next may use.

    An item that does not fit ends its section: no later, shorter one is slipped in before a better.
    """
    lines: list[str] = []
    spare = 0.0
    seen: set[str] = set()
    for section in sections:
        spare += section.share * budget
        items = [item for item in dict.fromkeys(section.items) if item not in seen]
        kept, used = _kept(section.heading, items, spare)
        if kept:
            lines += [f"# {section.heading}", *kept, ""]
            spare -= used
        if len(kept) < len(items):
            lines += [f"({len(items) - len(kept)} more under {section.heading} did not fit)", ""]
        seen.update(kept)
    return "\n".join(lines).rstrip()


def told(store: Store, found: Found, budget: int) -> str:
    """The context for what was found; numbers in brackets are text units."""
    made = Composer(store, found)
    units = [made.cited.unit(row) for row in found.units.rows.tolist()]
    passages = [f"[{n}] {unit.title} ({unit.source})\n{unit.text}" for n, unit in enumerate(units, 1)]
    paths = [path.text for path in made.paths()]
    facts = [
        each.source + FORWARD.format(each.type, each.target)
        for each in made.statements.relationships(found.relationships)
    ]
    claims = [
        f"{each.subject} | {each.type} | {each.object or ''} ({each.status})"
        for each in made.statements.claims(found.claims)
    ]
    entities = [f"{each.name} ({each.type}) {each.description}".rstrip() for each in made.entities()]
    reports = [f"{each.title}\n{each.summary}" for each in made.reports()]
    shares = (0.75, 0.0, 0.25) if found.mode == "global" else (0.1, 0.6, 0.3)
    return fit(
        [
            Section("Reports", shares[0], reports),
            Section("Passages", shares[1], passages),
            Section("Paths", shares[2] / 4, paths),
            Section("Claims", shares[2] / 4, claims),
            Section("Facts", shares[2] / 4, facts),
            Section("Entities", shares[2] / 4, entities),
        ],
        budget,
    )


def _kept(heading: str, items: Sequence[str], budget: float) -> tuple[list[str], int]:
    """As many items as fit, and the tokens that they and the heading take."""
    used = estimate_tokens(f"# {heading}\n") + _NOTE
    kept: list[str] = []
    for item in items:
        cost = estimate_tokens(item)
        if used + cost > budget:
            break
        kept.append(item)
        used += cost
    return kept, used


_NOTE = 12
"""Tokens kept for telling what was cut."""
