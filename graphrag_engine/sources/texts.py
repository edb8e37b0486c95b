"""Text files → documents: the decoded text unchanged; title and metadata as they state them, or their names do."""

from collections.abc import Iterator
from contextlib import suppress

from graphrag_engine.layouts import MARKDOWN, RESTRUCTURED, suffix
from graphrag_engine.longtext import LONG, LongText, Text, pieces
from graphrag_engine.markdown import front_matter
from graphrag_engine.sources import docinfo, subtitles, titles
from graphrag_engine.sources import front_matter as matter
from graphrag_engine.sources.base import Document, Finding, Noted, fit, stated
from graphrag_engine.sources.decode import decode, looks_binary, marked

_NO_FRONT = "Front matter that {names} was passed over."


def read(text: Text, sentence: str | None, name: str) -> Iterator[Finding]:
    """The one document of a text file, as `decoded` gave it."""
    if sentence:
        yield Noted(sentence, repr(name))
    title, metadata = "", "{}"
    body = front_matter(text) if suffix(name) in MARKDOWN else 0
    if body:
        try:
            title, values = matter.parse(text[:body])
            metadata = stated(values)
        except ValueError as error:
            yield Noted(_NO_FRONT, f"{error}: {name!r}")
    elif suffix(name) in RESTRUCTURED:
        title, metadata = _docinfo(text, name)
    yield Document(name, title or titles.of_file(name, text), text, metadata)


def _docinfo(text: Text, name: str) -> tuple[str, str]:
    """Title and metadata of reStructuredText; its fields are no title."""
    values, end = docinfo.parse(text)
    title = values.pop("title", "") or titles.of_file(name, text[end:] if end else text)
    return str(title), stated(values)


def spoken(text: Text, sentence: str | None, name: str) -> Iterator[Finding]:
    """The one document of a file of subtitles, as `decoded` gave it; raises ValueError as that does."""
    if sentence:
        yield Noted(sentence, repr(name))
    extract = subtitles.read(text[:])
    yield Document(name, titles.stem(name), fit(extract.text), stated(extract.metadata))


def decoded(data: bytes | memoryview) -> tuple[Text, str | None]:
    """The text of a file and what to note about it; raises ValueError, with the reason, where there is none."""
    long = None if len(data) < LONG or looks_binary(data) or marked(data)[0] else _long(data)
    text, sentence = (long, None) if long else decode(bytes(data))
    if all(not piece or piece.isspace() for piece in pieces(text)):
        raise ValueError("is empty")
    return text, sentence


def _long(data: bytes | memoryview) -> LongText | None:
    """A long text, which is not decoded whole; None where it is no UTF-8."""
    with suppress(UnicodeDecodeError):
        return LongText(data)
    return None
