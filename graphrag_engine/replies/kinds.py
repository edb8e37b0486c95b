"""Types of entities and relationships that a model gives, in the engine's words, held against those asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from graphrag_engine.settings import ExtractSettings

UNKNOWN = "name"
"""Type of an entity of which nothing more is known."""
UNSAID = "related to"
"""Type of a relationship of which nothing more is known."""
ASKED_FOR = ("person", "organisation", "place", "work", "event", "concept")
"""Types that a model looks for where the settings name none."""
_LONGEST_KIND, _LONGEST_PREDICATE = 40, 60
_GAP = re.compile(r"[\W_]+")


def _synonyms(**words: str) -> Mapping[str, str]:
    return {word: kind for kind, said in words.items() for word in (kind, *said.split("|"))}


_SAME = _synonyms(
    person="per|persons|people|human|human being|individual",
    organisation="org|orgs|organisations|organization|organizations",
    place="loc|location|locations|places|gpe|geo|geopolitical entity|geographical entity|geographic location",
    work="work of art|creative work|works|artwork",
    event="events|evt",
    date="dates|time|datetime",
    money="monetary value|currency|amount of money",
    quantity="quantities|number|cardinal|percent|measurement",
    concept="concepts|idea|abstract concept",
    name="other|misc|miscellaneous|unknown|entity|none|n a|",
)
"""What means the same as a type of the engine."""
_SORTS = _synonyms(
    person="man|woman|child|character|politician|author|artist|scientist|engineer|captain|officer",
    organisation="company|corporation|business|firm|institution|agency|government|government agency|university|school"
    "|bank|team|band|party|political party|club|newspaper|norp",
    place="city|town|village|country|state|region|county|island|river|mountain|facility|fac|building|street|address",
    work="book|novel|film|movie|song|album|poem|painting|play|publication|document|report|article",
    event="war|battle|meeting|conference|incident|accident|election|disaster",
    concept="topic|theory|method|field|discipline|subject",
)
"""Sorts of what is a type of the engine, unless the settings ask for just these."""


@dataclass(frozen=True)
class Ontology:
    """The types that are asked for; empty where any will do."""

    kinds: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    """Types that stay as they are, although they are sorts of others: those above, and those in triples."""
    predicates: frozenset[str] = frozenset()
    triples: frozenset[tuple[str, str, str]] = frozenset()
    strict: bool = False
    """Whether what fits none of them is left out."""

    @classmethod
    def of(cls, section: ExtractSettings) -> "Ontology":
        """The types of the settings, each in the one form that replies get as well."""
        kinds = frozenset(_same(said) for said in section.entity_types)
        triples = ((_same(source), predicate(said), _same(target)) for source, said, target in section.triples)
        allowed = frozenset(triples)
        kept = kinds | {end for source, _, target in allowed for end in (source, target)}
        return cls(kinds, kept, frozenset(map(predicate, section.relationship_types)), allowed, section.strict)

    def kind(self, said: str) -> str:
        """The type of an entity: the engine's own where it means the same, else a short one of the model's."""
        kind = _same(said)
        return kind if kind in self.kept else _SORTS.get(kind, kind)

    def allows_entity(self, kind: str) -> bool:
        """Whether an entity of this type may stay."""
        return not (self.strict and self.kinds) or kind in self.kinds

    def allows_tie(self, source: str, said: str, target: str) -> bool:
        """Whether a relationship of this type may lead from one type to another."""
        if not self.strict:
            return True
        listed = not self.predicates or said in self.predicates
        return listed and (not self.triples or (source, said, target) in self.triples)


@lru_cache(maxsize=1 << 14)
def predicate(said: str) -> str:
    """The type of a relationship or claim: lower case, single spaces, short, for example `works for`."""
    return _plain(said, _LONGEST_PREDICATE) or UNSAID


@lru_cache(maxsize=1 << 14)
def _same(said: str) -> str:
    """A type in lower case, the engine's own where it means the same."""
    plain = _plain(said, _LONGEST_KIND)
    return _SAME.get(plain, plain)


def _plain(said: str, longest: int) -> str:
    """Letters and figures in lower case with single spaces, no more than so many."""
    plain = _GAP.sub(" ", said).strip().lower()
    if len(plain) > longest:
        plain = plain[:longest].rsplit(" ", 1)[0]
    return plain if any(map(str.isalpha, plain)) else ""
