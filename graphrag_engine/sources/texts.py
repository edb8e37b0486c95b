"""Text files → documents: the decoded text unchanged; title and metadata from front matter, headings or the name."""

from collections.abc import Iterator

from graphrag_engine.layouts import MARKDOWN, suffix
from graphrag_engine.markdown import front_matter
from graphrag_engine.sources import front_matter as matter
from graphrag_engine.sources import subtitles, titles
from graphrag_engine.sources.base import Document, Finding, Noted, fit, stated
from graphrag_engine.sources.decode import decode

_NO_FRONT = "Front matter that {names} was passed over."


def read(data: bytes, name: str) -> Iterator[Finding]:
    """The one document of a text file; raises ValueError, with the reason, where it is none."""
    text, sentence = decoded(data)
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
    yield Document(name, title or titles.of_file(name, text), text, metadata)


def spoken(data: bytes, name: str) -> Iterator[Finding]:
    """The one document of a file of subtitles; raises ValueError as `read` does."""
    text, sentence = decoded(data)
    if sentence:
        yield Noted(sentence, repr(name))
    extract = subtitles.read(text)
    yield Document(name, titles.stem(name), fit(extract.text), stated(extract.metadata))


def decoded(data: bytes) -> tuple[str, str | None]:
    """The text of a file and what to note about it; raises ValueError, with the reason, where there is none."""
    text, sentence = decode(data)
    if not text or text.isspace():
        raise ValueError("is empty")
    return text, sentence
