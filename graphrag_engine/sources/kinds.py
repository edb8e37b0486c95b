"""Which files are read, by their suffix, and as what."""

from graphrag_engine.layouts import CODE, MARKDOWN, RESTRUCTURED, suffix

TEXT = frozenset({"", ".txt", ".text"}) | MARKDOWN | RESTRUCTURED | CODE
ROWS = frozenset({".jsonl", ".ndjson"})
TABLES = frozenset({".csv", ".tsv"})
SUBTITLES = frozenset({".srt", ".vtt"})
APART = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "word",
    ".eml": "mail",
}
"""Suffix → reader of what is read in a process of its own."""
ARCHIVE = ".zip"
PACKED = ".gz"

_KNOWN = TEXT | ROWS | TABLES | SUBTITLES | APART.keys() | {ARCHIVE}
_CONTENT_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/markdown": ".md",
    "text/vtt": ".vtt",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".ndjson",
    "application/zip": ".zip",
}


def known(name: str) -> bool:
    """Whether files of this kind are read; without a suffix only the content can tell."""
    return suffix(name) in _KNOWN


def archived(name: str) -> bool:
    """Whether a file holds others."""
    return packed(name) or suffix(name) == ARCHIVE


def packed(name: str) -> bool:
    """Whether a file is one packed by gzip."""
    return name.lower().endswith(PACKED)


def of_content(content_type: str, path: str) -> str:
    """The suffix that what a web server sends would have: by its type where that says something, else by its path."""
    ending = suffix(path)
    return _CONTENT_TYPES.get(content_type) or (ending if ending in _KNOWN and ending else ".txt")
