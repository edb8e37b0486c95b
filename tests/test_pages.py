"""From a file to a citation: what is quoted stands in the document, on the page that is named."""

from pathlib import Path

import pytest
from papers import FILES, HART, VALE, pdf

from graphrag_engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    docs = tmp_path / "docs"
    docs.mkdir()
    for name in ("page.html", "quay.docx", "quay.md"):
        (docs / name).write_bytes(FILES[name])
    pages = [
        [f"The Ship{number} of captain Tom Lorne{number} sank off Cray{number} in {1800 + number}."]
        for number in range(30)
    ]
    (docs / "log.pdf").write_bytes(pdf([VALE], [], *pages, [HART]))
    made = Engine.open(tmp_path / "kb")
    made.index(docs)
    return made


@pytest.mark.parametrize("number", [0, 7, 29])
def test_a_citation_of_a_pdf_names_the_page_where_its_quote_stands(engine: Engine, number: int) -> None:
    answer = engine.query(f"Where did the Ship{number} sink?")
    texts = dict(zip(*(engine.table("documents")[name].to_pylist() for name in ("source", "text")), strict=True))

    cited = next(each for each in answer.citations if f"Cray{number} " in each.quote)
    assert (cited.document, cited.page) == ("log.pdf", number + 3)
    assert f"[{cited.n}] page {number + 3}, {cited.start}-{cited.end}" in answer.text
    for each in answer.citations:
        assert texts[each.document][each.start : each.end] == each.quote
        assert (each.page is None) == (each.document != "log.pdf")


def test_headings_of_pages_and_word_files_are_paths_of_text_units(engine: Engine) -> None:
    paths = set(engine.table("text_units")["heading"].to_pylist())

    assert {"Elias Vale", "The North Quay", "The North Quay > Quay"} <= paths


def test_documents_are_filtered_by_what_they_state(engine: Engine) -> None:
    hits = engine.retrieve("Who was pilot master of Wendmouth?", filter={"date": "1902..1902"}, k=5)

    assert {hit.document for hit in hits} == {"quay.md"}
