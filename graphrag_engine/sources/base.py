"""What comes out of reading sources, piece by piece: documents, failures, notes."""

import re
from dataclasses import dataclass

_UNFIT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Document:
    """One document as read; *metadata* is a JSON object."""

    source: str
    title: str
    text: str
    metadata: str = "{}"


@dataclass(frozen=True, slots=True)
class Failed:
    """One source that could not be read, or a row of one (`file:LINE`), and a sentence that says why."""

    source: str
    error: str
    hides: str | None = None
    """What the documents are called by, or below, that it hides, if not by its source; empty for any."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that a person should know; notes with the same *sentence* are told once, with their subjects.

    `{n}` in the sentence is the number of notes, `{names}` their subjects.
    """

    sentence: str
    subject: str


Finding = Document | Failed | Noted


def fit(text: str) -> str:
    """The text with a replacement character for each NUL and lone surrogate, which no table can hold."""
    return _UNFIT.sub("\ufffd", text)
