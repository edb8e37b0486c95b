"""Word (.docx) → its text as Markdown: headings, lists and tables; title, author and date as it states."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from graphrag_engine.sources.base import Extract, Unreadable

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_HEADING = re.compile(r"heading ([1-6])", re.IGNORECASE)
_MOST_UNPACKED = 256 << 20
"""Bytes that the parts of a file may have, unpacked."""
_MOST_PARTS = 10_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, LookupError, AttributeError, TypeError, ValueError)
"""What the library lets through where parts of a file are missing or are not what they should be."""


def read(data: bytes) -> Extract:
    """The text of a file; raises Unreadable where there is none."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    _check(data)
    try:
        document = docx.Document(io.BytesIO(data))
        text = "\n\n".join(_blocks(document)).strip()
        stated = document.core_properties
        metadata = {"author": stated.author, "created": stated.created.date().isoformat() if stated.created else ""}
        title = stated.title
    except (LxmlError, OpcError, *_BROKEN):
        raise Unreadable("is broken: its parts cannot be read") from None
    if not text:
        raise Unreadable("holds no text")
    return Extract(text, title, {key: value for key, value in metadata.items() if value})


def _check(data: bytes) -> None:
    """Raises Unreadable for what is no archive, or one of far more than any document holds."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        locked = data.startswith(b"\xd0\xcf\x11\xe0")
        reason = "is encrypted, or of an older Word" if locked else "is broken: it is no Word file"
        raise Unreadable(f"{reason}; save it as .docx without a password first") from None
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Unreadable(f"unpacks to more than {_MOST_UNPACKED >> 20} MB")


def _blocks(document: "Document") -> Iterator[str]:
    """Paragraphs and tables in order, items of a list together."""
    from docx.table import Table

    items: list[str] = []
    for block in document.iter_inner_content():
        text = "\n".join(_rows(block)) if isinstance(block, Table) else _paragraph(block)
        if text.startswith("- "):
            items.append(text)
            continue
        yield from ["\n".join(items)] if items else []
        items = []
        yield from [text] if text else []
    yield from ["\n".join(items)] if items else []


def _paragraph(paragraph: "Paragraph") -> str:
    text = paragraph.text.strip()
    style: Any = paragraph.style
    name = (style.name or "") if style is not None else ""
    heading = _HEADING.match(name)
    if not text:
        return ""
    if heading or name == "Title":
        return f"{'#' * int(heading[1] if heading else 1)} {' '.join(text.split())}"
    return f"- {text}" if name.startswith("List") else text


def _rows(table: "Table") -> Iterator[str]:
    """The rows of a table as Markdown, a merged cell once; the first is taken for the head."""
    for number, row in enumerate(table.rows):
        cells = list({id(cell._tc): " ".join(cell.text.split()).replace("|", "\\|") for cell in row.cells}.values())
        yield f"| {' | '.join(cells)} |"
        if not number:
            yield "|" + "---|" * len(cells)
