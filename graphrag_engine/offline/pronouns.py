"""What `he`, `she`, `it` and `the <noun>` at the start of a sentence stand for."""

import re
from collections import deque
from collections.abc import Sequence

from graphrag_engine.offline.kinds import from_name, gender, may_be_person
from graphrag_engine.offline.names import Span
from graphrag_engine.offline.relations import Subject, Tie

_OPENING = re.compile(
    r"(?:(?:In|On|At|By|Since|From|After|During|Until|Before|Around)\s[^,;:.]{3,40}?,?\s(?=(?:he|she|it|they|the)\s))?"
    r"(?:(?:[Tt]he|[Tt]his)\s([a-z]+)|([^\W\d_]+))"
)
_PERSONAL = {"he": "he", "his": "he", "she": "she", "her": "she"}
_NEAR = 6
"""People named last among whom a pronoun finds its own."""
_OTHER = ("it", "its", "they", "their")


class Referents:
    """The subjects of a text unit so far; *topic* is the document's, if the unit writes it, and may be a *person*."""

    def __init__(self, topic: Span | None, *, person: bool) -> None:
        self._topic = topic
        self._noun = ""
        self._subject = topic
        self._thing = topic.name if topic and not person else ""
        self._person = topic if person else None
        self._near: deque[Span] = deque(maxlen=_NEAR)
        self._led: set[str] = set()
        self._pronouns: dict[str, str] = {}

    def of(self, text: str, start: int, end: int) -> Subject | None:
        """What the sentence text[start:end] is about before it names anything: else the document's topic."""
        opening = _OPENING.match(text, start, end)
        noun, word = opening.groups("") if opening else ("", "")
        pronoun = _PERSONAL.get(word.lower())
        if pronoun and (person := self._meant(pronoun)):
            return Subject(person, self._goes_by(person) == pronoun and word.lower() == pronoun)
        if word.lower() in _OTHER and self._subject:
            meant = self._topic if self._topic and self._topic.name in self._led else self._subject
            return Subject(meant, word.lower() == "it")
        return self._topic and Subject(self._topic, noun != "" and noun == self._noun)

    def _meant(self, pronoun: str) -> Span | None:
        """The person that a pronoun stands for: the last subject, or where it is another's the last whose it is."""
        known = self._goes_by(self._person) if self._person else ""
        if known != pronoun and (known or not self._person):
            suiting = (span for span in reversed(self._near) if self._goes_by(span) == pronoun)
            return next(suiting, self._person)
        if self._person:
            self._pronouns[self._person.name.split()[-1]] = pronoun
        return self._person

    def _goes_by(self, person: Span) -> str:
        """The pronoun of a person, by title, given name or use; empty where none tells."""
        return gender(person.name) or self._pronouns.get(person.name.split()[-1], "")

    def define(self, name: str, noun: str) -> None:
        """Learn the noun that defines a name: `the journal` stands for the topic later."""
        if self._topic and name == self._topic.name:
            self._noun = noun

    def follow(self, found: Sequence[Span], stated: Sequence[Tie]) -> None:
        """Keep what later pronouns may stand for: the subject of this sentence."""
        opening = next((span for span in found if span.kind == "name"), None)
        if opening is None:
            return
        self._subject = next((tie.source for tie in stated if tie.verb), opening)
        self._led.add(self._subject.name)
        self._near.extend(span for span in found if span.kind == "name" and from_name(span.name)[0] == "person")
        if self._subject.name != self._thing and may_be_person(self._subject.name):
            self._person = self._subject
