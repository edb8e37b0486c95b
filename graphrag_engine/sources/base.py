"""What comes out of reading sources, piece by piece: documents, failures, notes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphrag_engine.longtext import Text

_UNFIT = re.compile("[\0\ud800-\udfff]")
_packed = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Document:
    """One document as read; *metadata* is a JSON object."""

    source: str
    title: str
    text: Text
    metadata: str = "{}"
    pages: tuple[int, ...] = ()


class Unreadable(ValueError):
    """The reason why a reader makes nothing of a file, to stand behind its name; no word of a library's own."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What a reader makes of the bytes of one file."""

    text: str
    title: str = ""
    """As the file states it; empty where it states none."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """What else it states: plain JSON values."""
    pages: tuple[int, ...] = ()
    """Offsets in the text at which pages begin."""


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


def one_line(text: str) -> str:
    """A text without line breaks and double spaces."""
    return " ".join(fit(text).split())


def stated(values: Mapping[str, Any]) -> str:
    """Metadata as the table of documents holds it."""
    return fit(_packed(values)) if values else "{}"
