"""Citations of PDF, HTML and Word: is every quote the slice that it says, and does it stand on the page that it names?

    python benchmarks/citations.py [QUESTIONS]      default 120

A corpus is made: one PDF of a hundred pages, HTML pages with menus, a Word file; each fact stands in one place. A
question asks for each fact. What is counted: answers that cite the place of their fact; citations whose quote is the
slice of the document's text that start and end name; citations of the PDF whose page is the one where the quote was
printed.
"""

import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import docx
from papers import pdf, saved

from graphrag_engine import Engine

_PAGES = 100
_SHIPS = "Grace Tern Plover Curlew Dunlin Petrel Gannet Osprey Merlin Heron".split()
_HOMES = "Wendmouth Riga Hull Bergen Lisbon Cadiz Emden Ostend Calais Malmo".split()
_NAV = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/ships'>Ships</a></li></ul></nav>"


def facts(count: int) -> list[tuple[str, str]]:
    """Ships and what is told of each."""
    chance = random.Random(7)
    names = [f"{chance.choice(_HOMES)} {chance.choice(_SHIPS)} {number}" for number in range(count)]
    return [(name, f"The {name} was sold to Captain Hart{at} in {1800 + at}.") for at, name in enumerate(names)]


def write(folder: Path, told: list[tuple[str, str]]) -> None:
    """Every third fact into the PDF, a page of its own or nearly, into an HTML page and into the Word file."""
    pages: list[list[str]] = [["Log of the harbour office."] for _ in range(_PAGES)]
    for at, (_, sentence) in enumerate(told[::3]):
        pages[at * 7 % _PAGES].append(sentence)
    (folder / "log.pdf").write_bytes(pdf(*pages))
    for at, (name, sentence) in enumerate(told[1::3]):
        article = f"<article><h1>{name}</h1><p>{sentence}</p></article>"
        (folder / f"{at}.html").write_text(f"<html><body>{_NAV}{article}<footer>Museum</footer></body></html>")
    document = docx.Document()
    for name, sentence in told[2::3]:
        document.add_heading(name, 1)
        document.add_paragraph(sentence)
    (folder / "ships.docx").write_bytes(saved(document))


def main() -> None:
    """Print the table of citations.md."""
    told = facts(int(sys.argv[1]) if len(sys.argv) > 1 else 120)
    cited, exact, quotes, right, paged = 0, 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "docs"
        folder.mkdir()
        write(folder, told)
        engine = Engine.open(Path(temporary) / "kb")
        engine.index(folder)
        columns = (engine.table("documents")[name].to_pylist() for name in ("source", "text", "pages"))
        documents = {source: (text, pages) for source, text, pages in zip(*columns, strict=True)}
        pages = {sentence: at * 7 % _PAGES + 1 for at, (_, sentence) in enumerate(told[::3])}
        for name, sentence in told:
            citations = engine.query(f"Who bought the {name}?").citations
            cited += any(sentence in each.quote or each.quote in sentence for each in citations)
            for each in citations:
                quotes += 1
                exact += documents[each.document][0][each.start : each.end] == each.quote
                printed = [page for said, page in pages.items() if said in each.quote or each.quote in said]
                if each.document == "log.pdf" and len(set(printed)) == 1:
                    paged += 1
                    right += each.page == printed[0]
    print("| what | of | right |\n|---|---|---|")
    print(f"| answers that cite their fact | {len(told)} | {cited} |")
    print(f"| quotes that are the slice named | {quotes} | {exact} |")
    print(f"| pages of quotes of the PDF | {paged} | {right} |")


if __name__ == "__main__":
    main()
