"""HTML → its main text as Markdown, with headings, lists and tables; title, author, date and language as it states."""

import re
from typing import Any

from graphrag_engine.sources.base import Extract, Unreadable

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE)
_HEAD = 4096
_BOMB = re.compile(r"<!DOCTYPE[^>\[]{0,400}\[.{0,2000}?<!ENTITY[^>&]{0,200}&\w", re.IGNORECASE | re.DOTALL)
"""Entities of a page made of others; those of the usual document types stand for one sign or an address."""
_FENCE = "```"
_ESCAPED = re.compile(r"(?<=[^\n])\\([!-/:-@\[-`{-~])")
"""What Markdown would take for a mark, if it stood at the start of a line."""
_EMPHASIS = ("b", "strong", "i", "em", "u", "mark", "small", "font", "span")
_DATES = {"extensive_search": False, "original_date": True, "min_date": "1000-01-01", "max_date": "2999-12-31"}
"""Only dates that the page states as its own; none is refused for what the clock says today."""
_STATED = {"author": "author", "date": "date", "sitename": "site", "description": "description"}


def read(data: bytes) -> Extract:
    """The main text of a page; raises Unreadable where there is none."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring
    from trafilatura import extract, extract_metadata

    source, parser = decoded(data), HTMLParser(encoding="utf-8")
    if not source.strip():
        raise Unreadable("is empty")
    if _BOMB.search(source, 0, _HEAD):
        raise Unreadable("declares entities made of others, as bombs do")
    try:
        tree = document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        raise Unreadable("holds no text") from None
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise Unreadable("is nested too deeply")
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    stated = extract_metadata(tree, date_config=_DATES).as_dict()
    etree.strip_tags(tree, *_EMPHASIS)
    text = _plain(extract(tree, output_format="markdown", include_comments=False, favor_recall=True) or "").strip()
    if not text:
        raise Unreadable("holds no text")
    return Extract(text, stated.get("title") or "", _metadata(stated, language))


def _plain(text: str) -> str:
    """Markdown as people read it: without backslashes before signs, which only code needs."""
    parts = text.split(_FENCE)
    return _FENCE.join(part if number % 2 else _ESCAPED.sub(r"\1", part) for number, part in enumerate(parts))


def decoded(data: bytes) -> str:
    """The source of a page: UTF-8 where it is that, else as the page says, else Windows-1252."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = _CHARSET.search(data[:_HEAD])
    try:
        return data.decode(named[1].decode() if named else "cp1252", "replace")
    except LookupError:
        return data.decode("cp1252", "replace")


def _metadata(values: dict[str, Any], language: str) -> dict[str, Any]:
    stated = {name: values[key] for key, name in _STATED.items() if values.get(key)}
    return stated | ({"language": language} if language else {})
