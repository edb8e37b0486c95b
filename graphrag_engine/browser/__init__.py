"""What Neo4j Browser is given to look at a published index: queries, a guide through them, a style."""

import html
from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from string import Template
from zipfile import ZipFile, ZipInfo

from graphrag_engine.errors import GraphRAGError

FAVOURITES = "queries.zip"
"""All queries in one file: Browser makes a folder of favourites of it."""
_FOLDER = "graphrag-engine"


def queries() -> dict[str, str]:
    """Each query by its name; its title is the comment in its first line."""
    found = {each.name: each for each in files(__name__).joinpath("queries").iterdir()}
    return {name.removesuffix(".cypher"): found[name].read_text("utf-8") for name in sorted(found)}


def style() -> str:
    """The style sheet: colours by label, captions by name."""
    return files(__name__).joinpath("style.grass").read_text("utf-8")


def guide() -> str:
    """The guide, a page for Browser's drawer or of its own, with the queries in their places."""
    text = files(__name__).joinpath("guide.html").read_text("utf-8")
    return Template(text).substitute({_blank(name): html.escape(query) for name, query in queries().items()})


def write(folder: Path) -> list[Path]:
    """Write them out, and say which files these are; raises GraphRAGError where a file cannot be written."""
    found: dict[str, bytes] = {f"queries/{name}.cypher": text.encode() for name, text in queries().items()}
    found |= {FAVOURITES: _zipped(queries()), "guide.html": guide().encode(), "style.grass": style().encode()}
    try:
        (folder / "queries").mkdir(parents=True, exist_ok=True)
        for name, content in found.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise GraphRAGError(f"The files cannot be written to {str(folder)!r}: {error.strerror}.") from None
    return [folder / name for name in found]


def _blank(name: str) -> str:
    """What stands in the guide for a query: `01-overview` is `$overview`."""
    return name.split("-", 1)[1].replace("-", "_")


def _zipped(texts: Mapping[str, str]) -> bytes:
    """Equal texts give equal bytes."""
    made = BytesIO()
    with ZipFile(made, "w") as file:
        for name, text in texts.items():
            file.writestr(ZipInfo(f"{_FOLDER}/{name}.cypher"), text)
    return made.getvalue()
