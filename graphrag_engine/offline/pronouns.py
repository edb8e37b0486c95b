"""What `he`, `she`, `it` and `the <noun>` at the start of a sentence stand for."""

import re
from collections.abc import Sequence

from graphrag_engine.offline.kinds import gender, may_be_person
from graphrag_engine.offline.names import Span
from graphrag_engine.offline.relations import Subject, Tie

_OPENING = re.compile(r"(?:(?:[Tt]he|[Tt]his)\s([a-z]+)|([^\W\d_]+))")
_PERSONAL = {"he": "he", "his": "he", "she": "she", "her": "she"}
_OTHER = ("it", "its", "they", "their")


class Referents:
    """The subjects of a text unit so far; *topic* is the document's, if the unit writes it."""

    def __init__(self, topic: Span | None) -> None:
        self._topic = topic
        self._noun = ""
        self._subject = topic
        self._person = topic if topic and may_be_person(topic.name) else None
        self._led: set[str] = set()
        self._pronouns: dict[str, str] = {}

    def of(self, text: str, start: int, end: int) -> Subject | None:
        """What the sentence text[start:end] is about before it names anything: else the document's topic."""
        opening = _OPENING.match(text, start, end)
        noun, word = opening.groups("") if opening else ("", "")
        pronoun = _PERSONAL.get(word.lower())
        if pronoun and self._person:
            return Subject(self._person, self._suits(pronoun) and word.lower() == pronoun)
        if word.lower() in _OTHER and self._subject:
            meant = self._topic if self._topic and self._topic.name in self._led else self._subject
            return Subject(meant, word.lower() == "it")
        return self._topic and Subject(self._topic, noun != "" and noun == self._noun)

    def _suits(self, pronoun: str) -> bool:
        """Whether the last person goes by this pronoun, as far as is known."""
        name = self._person.name if self._person else ""
        return self._pronouns.setdefault(name, gender(name) or pronoun) == pronoun

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
        if may_be_person(self._subject.name):
            self._person = self._subject
