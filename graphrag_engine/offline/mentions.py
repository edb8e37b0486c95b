"""What is read, and what is found there: one text unit and its mentions."""

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class Unit:
    """One text unit and where it stands."""

    text: str
    title: str = ""
    heading: str = ""
    """Path of headings, `>` between them."""
    opens: bool = False
    """Whether it is the first unit of its document."""


class EntityMention(NamedTuple):
    """A row of `entity_mentions` without its text unit."""

    name: str
    type: str
    description: str
    start: int | None
    end: int | None
    grounded: bool


class RelationshipMention(NamedTuple):
    """A row of `relationship_mentions` without its text unit."""

    source: str
    target: str
    type: str
    description: str
    strength: float


class ClaimMention(NamedTuple):
    """A row of `claim_mentions` without its text unit."""

    subject: str
    object: str | None
    type: str
    status: str
    start_date: str | None
    end_date: str | None
    description: str
    quote: str
    start: int | None
    end: int | None
    grounded: bool = True


@dataclass(frozen=True)
class Mentions:
    """All that one text unit says."""

    entities: list[EntityMention] = field(default_factory=list)
    relationships: list[RelationshipMention] = field(default_factory=list)
    claims: list[ClaimMention] = field(default_factory=list)


VERBAL, NOMINAL, TOGETHER = 4.0, 2.0, 1.0
"""Strength of a tie that a verb states, that apposition, place or bracket states, and of standing together."""
