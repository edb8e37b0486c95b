"""PDF → the text of its pages, with the offsets at which they begin."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from graphrag_engine.sources.base import Extract, Unreadable, fit

_HYPHEN = re.compile("[\ufffe\x02](?:\r?\n)?")
"""What stands for a hyphen that parts a word at the end of a line."""
_ENDS = tuple(".?!:\u2026\u3002\uff01\uff1f")
_LOCKED = 4
"""Pdfium's code for a wrong or missing password."""
_CREATED = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")


def read(data: bytes) -> Extract:
    """The text layer of a PDF; raises Unreadable where there is none."""
    import pypdfium2

    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _LOCKED or "password" in str(error).lower():
            raise Unreadable("is encrypted; save it without its password first") from None
        raise Unreadable("is broken: its pages cannot be found") from None
    text, pages = _joined(_clean(page) for page in _pages(file))
    if not text.strip():
        raise Unreadable(f"has no text on its {len(pages)} pages; if it is a scan, recognise its text first")
    stated = file.get_metadata_dict()
    return Extract(text, _title(stated.get("Title", "")), _metadata(stated), pages)


def _pages(file: Any) -> Iterator[str]:
    """The text of each page, empty where a page is broken."""
    import pypdfium2

    for number in range(len(file)):
        try:
            page = file[number]
            shown = page.get_textpage()
            yield shown.get_text_range()
            shown.close()
            page.close()
        except pypdfium2.PdfiumError:
            yield ""


def _clean(page: str) -> str:
    return fit(_HYPHEN.sub("", page).replace("\r\n", "\n").replace("\r", "\n")).strip()


def _joined(pages: Iterable[str]) -> tuple[str, tuple[int, ...]]:
    """One text, and where its pages begin in it; a sentence may go on over the end of a page."""
    parts: list[str] = []
    starts, at = [], 0
    for page in pages:
        starts.append(at)
        if page:
            parts.append(page + ("\n\n" if page.endswith(_ENDS) else "\n"))
            at += len(parts[-1])
    return "".join(parts), tuple(starts)


def _title(title: str) -> str:
    """The title that a PDF states, unless it is what programs write there."""
    words = " ".join(title.split())
    odd = words.lower().startswith(("untitled", "microsoft word", "powerpoint")) or words.lower().endswith(
        (".doc", ".docx", ".indd", ".tex", ".dvi", ".pdf", ".qxd")
    )
    return "" if odd else words


def _metadata(stated: dict[str, str]) -> dict[str, Any]:
    created = _CREATED.match(stated.get("CreationDate", ""))
    when = "-".join(part for part in created.groups() if part) if created else ""
    found = {"author": stated.get("Author", "").strip(), "created": when}
    return {key: value for key, value in found.items() if value and value != "anonymous"}
