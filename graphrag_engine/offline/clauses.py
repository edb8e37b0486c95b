"""The parts of a sentence around its names: what stands beside a name, and what lies between two of them."""

import re
from itertools import takewhile
from typing import NamedTuple

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.kinds import from_name
from graphrag_engine.offline.names import Span
from graphrag_engine.offline.nouns import TYPE_OF_NOUN
from graphrag_engine.offline.places import DEMONYMS
from graphrag_engine.offline.predicates import DETERMINERS, PREPOSITIONS, extends, tokens
from graphrag_engine.offline.verbs import is_verb

HE = frozenset(("he", "she", "his", "her"))
IT = frozenset(("it", "its", "they", "their", "this"))
HE_OR_IT = HE | IT
PRONOUNS = words(
    "it him her them us me you himself herself itself themselves what how why that whether who which whom there "
    "where when"
)
ALIAS = "also known as"
"""The predicate between two names of one thing."""
_OWNERS = words("his her its their our my")
_CLAUSE = words("and but while where when that ; because as after before if although since until")
"""Words before a name that open a clause with it."""
_AFTER = re.compile(r"(?:\s|['\u2019])+([a-z]+)")
_NOUN = re.compile(r"\s(?:['\"\u201c`]*)([^\W\d_]\w*)")
_FOLLOWS = PREPOSITIONS | words(
    "and or but who which that where when while because so if although the a an his her its their he it she they we "
    "again too also alone instead together there then once twice first last each all both not nor yet until whose"
)
"""Words after a name that show that the name is complete."""
_NEAR = 16
"""Characters before a name that tell how it stands in its clause."""


class Sentence(NamedTuple):
    """The sentence text[start:end]."""

    text: str
    start: int
    end: int

    def governed(self, span: Span) -> bool:
        """Whether a preposition stands before this name."""
        before = self._before(span)
        return bool(before) and (
            before[-1] in PREPOSITIONS or (len(before) > 1 and before[-1] == "the" and before[-2] in PREPOSITIONS)
        )

    def opens_clause(self, span: Span) -> bool:
        """Whether a clause begins just before this name."""
        before = self._before(span)
        return bool(before) and (
            before[-1] in _CLAUSE or (len(before) > 1 and before[-1] in ("the", "a", "an") and before[-2] in _CLAUSE)
        )

    def before_verb(self, span: Span) -> bool:
        """Whether a verb follows this name at once."""
        after = _AFTER.match(self.text, span.end, self.end)
        return after is not None and is_verb(after[1])

    def ends_phrase(self, span: Span) -> bool:
        """Whether a name stands for itself, not before a noun (`a Stroud vessel`) or as its owner."""
        after = _AFTER.match(self.text, span.end, self.end)
        return after is None or after[1] in _FOLLOWS or is_verb(after[1]) or after[1].endswith(("ing", "ly"))

    def modifies(self, span: Span) -> bool:
        """Whether a people only tells what the noun behind it is like (`a Swedish film`)."""
        after = _NOUN.match(self.text, span.end, self.end) if span.name in DEMONYMS else None
        return after is not None and not (after[1] in _FOLLOWS or is_verb(after[1]))

    def _before(self, span: Span) -> tuple[str, ...]:
        return tokens(self.text[max(self.start, span.start - _NEAR) : span.start])


def is_thing(span: Span) -> bool:
    """Whether a span is a thing, no date or figure."""
    return span.kind in ("name", "work")


def life(gap: tuple[str, ...], date: Span, *, person: bool) -> str:
    """What a date in brackets behind a name is: of a birth, of a death, or just a date."""
    if "born" in gap or "b" in gap:
        return "born"
    if "died" in gap or "d" in gap:
        return "died"
    if not person and not any(letter.isalpha() for letter in date.name):
        return "dated"
    return "died" if gap and gap[-1] in "\u2013\u2014-" else "born" if gap == ("(",) else "dated"


def beside(before: Span, span: Span) -> str:
    """What a name alone in brackets is: another name of the thing before it, or whom or where that belongs to."""
    kind, own = from_name(span.name)[0], from_name(before.name)[0]
    if kind == own == "person" or (kind != own and "name" not in (kind, own)):
        return "of" if kind in ("place", "organisation") else "with"
    return ALIAS


def goes_on(lead: tuple[str, ...]) -> bool:
    """Whether what stands before a verb leaves the subject as it is: an aside, or `and` before a second verb."""
    if lead[0] in ("(", ",") and lead[-1] in (")", ","):
        return True
    return all(
        word in ("and", "but", ",", "then", "also", "later", "has", "or", "(", ")") or extends(word) for word in lead
    )


def other_subject(lead: tuple[str, ...]) -> bool:
    """Whether a pronoun or a noun behind a comma stands before a verb: the subject, after a setting."""
    return bool(lead) and (lead[-1] in HE_OR_IT or (lead[0] == "," and len(lead) > 2 and lead[1] in DETERMINERS))


def apposes(gap: tuple[str, ...]) -> bool:
    """Whether the words between two names tell what the first is of the second: `, the capital of`."""
    noun = tuple(takewhile(lambda word: word not in PREPOSITIONS, gap[1:]))
    if gap[:1] != (",",) or gap[-1] not in PREPOSITIONS or not noun or noun[-1] not in TYPE_OF_NOUN:
        return False
    return not any(word in PRONOUNS or word in _OWNERS or is_verb(word) for word in noun)


def says_that(gap: tuple[str, ...]) -> bool:
    """Whether the words before the first name only lead to what is said: `It is not true that`."""
    return gap[0] in ("it", "nobody", "there") and "that" in gap[-2:]
