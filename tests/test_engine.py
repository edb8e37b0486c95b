"""The Python API: the verbs of the product, sync and async."""

import asyncio
import re
import sys

import networkx as nx
import pytest

from graphrag_engine import AsyncEngine, Engine, GraphRAGError
from graphrag_engine.errors import EmptyQuestion, IndexNotFound, SourceNotFound, TableNotFound
from graphrag_engine.schema import TABLES
from graphrag_engine.stores import caches

QUESTION = "Who founded the yard that built the Northern Grace?"


@pytest.fixture(scope="module")
def root(tmp_path_factory, harbour):
    root = tmp_path_factory.mktemp("kb")
    Engine.open(root).index(harbour)
    return root


@pytest.fixture(scope="module")
def engine(root):
    return Engine.open(root)


@pytest.fixture(scope="module")
def texts(harbour):
    return {path.relative_to(harbour).as_posix(): path.read_bytes().decode() for path in harbour.rglob("*.*")}


def test_every_table_of_the_schema_is_there_in_its_order(engine):
    for name, table in TABLES.items():
        kept = engine.table(name)
        assert kept.schema.equals(table.schema)
        assert kept.equals(kept.sort_by([(column, "ascending") for column in table.order]))


def test_ids_are_unique(engine):
    for name, table in TABLES.items():
        if table.order == ("id",):
            ids = engine.table(name)["id"].to_pylist()
            assert len(ids) == len(set(ids)), name


def test_text_units_are_exact_slices(engine, texts):
    sources = dict(zip(*(engine.table("documents")[name].to_pylist() for name in ("id", "source")), strict=True))
    for unit in engine.table("text_units").to_pylist():
        assert texts[sources[unit["document_id"]]][unit["start"] : unit["end"]] == unit["text"]


def test_names_frame_the_words_of_the_text_whatever_breaks_them(engine):
    units = dict(zip(*(engine.table("text_units")[column].to_pylist() for column in ("id", "text")), strict=True))
    for row in engine.table("entity_mentions").to_pylist():
        if row["grounded"]:
            assert " ".join(units[row["text_unit_id"]][row["start"] : row["end"]].split()) == row["name"]


@pytest.mark.parametrize("name", ["claim_mentions", "claims"])
def test_quotes_are_exact_slices(engine, name):
    units = dict(zip(*(engine.table("text_units")[column].to_pylist() for column in ("id", "text")), strict=True))
    for row in engine.table(name).to_pylist():
        assert row["grounded"]
        assert units[row["text_unit_id"]][row["start"] : row["end"]] == row["quote"]


def test_references_between_tables_hold(engine):
    ids = {name: set(engine.table(name)["id"].to_pylist()) for name in TABLES if "id" in TABLES[name].columns}
    for relationship in engine.table("relationships").to_pylist():
        assert {relationship["source_id"], relationship["target_id"]} <= ids["entities"]
        assert set(relationship["text_unit_ids"]) <= ids["text_units"]
    for community in engine.table("communities").to_pylist():
        assert set(community["entity_ids"]) <= ids["entities"]
        assert set(community["relationship_ids"]) <= ids["relationships"]
        assert {community["parent_id"] or community["id"], *community["children_ids"]} <= ids["communities"]
    for claim in engine.table("claims").to_pylist():
        assert {claim["subject_id"], claim["object_id"] or claim["subject_id"]} <= ids["entities"]


def test_every_community_of_three_or_more_has_a_report_with_exact_citations(engine):
    units = dict(zip(*(engine.table("text_units")[column].to_pylist() for column in ("id", "text")), strict=True))
    large = {row["id"] for row in engine.table("communities").to_pylist() if row["size"] >= 3}

    reports = engine.table("reports").to_pylist()

    assert {report["id"] for report in reports} == large
    for report in reports:
        numbers = {citation["n"] for citation in report["citations"]}
        assert all(set(finding["citations"]) <= numbers for finding in report["findings"])
        for citation in report["citations"]:
            sentence = units[citation["text_unit_id"]][citation["start"] : citation["end"]]
            assert sentence == sentence.strip() != ""


def test_every_citation_of_an_answer_is_an_exact_slice(engine, texts):
    for mode in ("auto", "local", "global", "vector"):
        answer = engine.query(QUESTION, mode=mode)
        assert answer.grounded
        assert answer.citations
        for citation in answer.citations:
            assert texts[citation.document][citation.start : citation.end] == citation.quote
        numbers = {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)}
        assert numbers <= {citation.n for citation in answer.citations}


def test_a_question_over_several_documents_finds_them(engine):
    question = "Who founded the yard that built the ship which sank off Cray Point?"

    found = {hit.document for hit in engine.retrieve(question, k=8)}

    assert {"thackwray-and-pell.md", "ships/northern-grace.md", "cray-point-lighthouse.md"} <= found
    assert "Josiah Thackwray" in engine.query(question).text


def test_a_question_that_the_sources_do_not_answer_is_said_so(engine):
    answer = engine.query("Which enzyme cleaves lactose?")

    assert not answer.grounded
    assert answer.citations == ()


def test_retrieve_ranks_text_units(engine):
    hits = engine.retrieve(QUESTION, k=4)

    assert len(hits) == 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].text
    assert hits[0].document


def test_the_same_question_has_the_same_answer(engine, root):
    assert engine.query(QUESTION) == Engine.open(root).query(QUESTION)


def test_the_graph_is_networkx(engine):
    graph = engine.graph()

    assert isinstance(graph, nx.MultiDiGraph)
    assert graph.number_of_nodes() == engine.table("entities").num_rows
    assert graph.number_of_edges() == engine.table("relationships").num_rows
    assert "Elias Vale" in {name for _, name in graph.nodes(data="name")}
    assert all({"type", "weight", "description"} <= data.keys() for *_, data in graph.edges(data=True))


def test_names_of_one_person_are_one_entity(engine):
    vale = [row for row in engine.table("entities").to_pylist() if row["name"] == "Elias Vale"]

    assert len(vale) == 1
    assert {"Captain Elias Vale", "Vale"} <= set(vale[0]["aliases"])


def test_north_and_south_quay_are_two(engine):
    names = set(engine.table("entities")["name"].to_pylist())

    assert {"North Quay", "South Quay"} <= names


def test_progress_is_given_as_events(tmp_path, harbour):
    events = []

    Engine.open(tmp_path, on_event=events.append).index(harbour / "ships")

    assert {"sources", "chunk", "extract", "report", "derived"} <= {event.stage for event in events}


def test_an_open_engine_sees_the_next_version(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("Mere Point\n\nAda Corliss owned Mere Point in 1880.\n")
    reader = Engine.open(tmp_path / "kb")
    Engine.open(tmp_path / "kb").index(tmp_path / "docs")
    before = reader.query("Who owned Mere Point?")
    (tmp_path / "docs" / "b.txt").write_text("Otter\n\nJonas Reed bought the tug Otter in 1890.\n")

    Engine.open(tmp_path / "kb").index()

    assert before.index_version == 1
    assert reader.query("Who bought the Otter?").grounded


def test_caches_that_were_deleted_are_made_again(tmp_path, harbour):
    import shutil

    Engine.open(tmp_path).index(harbour / "ships")
    before = Engine.open(tmp_path).query(QUESTION)

    shutil.rmtree(tmp_path / ".graphrag" / "derived")

    assert Engine.open(tmp_path).query(QUESTION) == before


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda engine: engine.query(""), EmptyQuestion),
        (lambda engine: engine.retrieve("?"), EmptyQuestion),
        (lambda engine: engine.index("no/such/file"), SourceNotFound),
        (lambda engine: engine.table("entitys"), TableNotFound),
    ],
)
def test_mistakes_raise_errors_that_can_be_told_apart(engine, call, error):
    with pytest.raises(error):
        call(engine)
    assert issubclass(error, GraphRAGError)


def test_a_question_before_any_index_says_what_to_do(tmp_path):
    with pytest.raises(IndexNotFound, match="graphrag-engine index"):
        Engine.open(tmp_path).query("Who?")


def test_the_async_engine_has_the_same_verbs(tmp_path, harbour):
    async def use():
        async with AsyncEngine.open(tmp_path) as engine:
            report = await engine.index(harbour / "ships")
            estimate = await engine.estimate()
            answer = await engine.query(QUESTION)
            pieces = [piece async for piece in engine.stream(QUESTION)]
            hits = await engine.retrieve(QUESTION, k=2)
            status = await engine.status()
            tables = await engine.table("entities"), await engine.graph(), await engine.context(QUESTION)
        return report, estimate, answer, pieces, hits, status, tables

    report, estimate, answer, pieces, hits, status, (entities, graph, context) = asyncio.run(use())

    assert (report.version, status.version, estimate.documents.unchanged) == (1, 1, 3)
    assert "".join(pieces) == answer.text
    assert len(hits) == 2
    assert graph.number_of_nodes() == entities.num_rows
    assert "Northern Grace" in context.text


def test_async_verbs_are_the_verbs_of_the_engine():
    verbs = {name for name in vars(Engine) if not name.startswith("_")} - {"init"}

    assert verbs | {"stream"} == {name for name in vars(AsyncEngine) if not name.startswith("_")}


def test_many_vectors_without_the_extra_are_told_by_the_run_and_by_status(tmp_path, monkeypatch):
    monkeypatch.setattr(caches, "MOST_SCANNED", 1)
    monkeypatch.setitem(sys.modules, "faiss", None)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"Ada Cross lives in {name}.")
    engine = Engine.open(tmp_path / "kb")

    (told,) = engine.index(tmp_path / "*.txt").warnings

    assert "graphrag-engine[ann]" in told
    assert engine.status().warnings == (told,)
