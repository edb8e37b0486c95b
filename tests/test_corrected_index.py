"""Corrections by hand, end to end: they hold through updates, are undone by taking them out, and harm nothing."""

import unicodedata

import pytest
from commands import refused, run

from graphrag_engine import Engine
from graphrag_engine.stages import merge, resolve

TEXTS = {
    "yard.txt": "Hollis Yard\n\nHollis Yard was founded in 1840. Hollis Yard built the Gannet for Ada Corliss.\n",
    "ship.txt": "The Gannet\n\nThe Gannet was a steamer of Ada Corliss. A. Corliss sold the Gannet to Jonas Reed.\n",
    "notes.txt": "Notes\n\nHollis Yard was founded in 1845. Jonas Reed met Ada Corliss at Mere Point in 1884.\n",
}
SAID = """
same: [[Captain Reed, Jonas Reed]]
different: [[A. Corliss, Ada Corliss]]
rename: {Hollis Yard: Hollis & Sons}
retype: {Mere Point: event}
drop: ['1884']
add:
  entities:
    - {name: Harbour Trust, type: organisation, description: It ran the harbour., aliases: [HT]}
  relationships:
    - {source: Harbour Trust, type: paid, target: Jonas Reed}
    - {source: Harbour Trust, type: closed, target: Hollis Yard, description: It closed the yard in 1900.}
"""


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "sources"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def index(root, sources, said=None):
    root.mkdir(exist_ok=True)
    (root / "overrides.yaml").write_text(said or "", "utf-8")
    engine = Engine.open(root)
    return engine, engine.index(sources)


def tables(engine):
    """The tables that depend on nothing but the sources and the corrections."""
    return {
        name: engine.table(name).to_pylist() for name in (*resolve.STAGE.writes, *merge.STAGE.writes, "descriptions")
    }


def names(engine):
    return {row["name"]: tuple(row["aliases"]) for row in engine.table("entities").to_pylist()}


def why(report):
    return {stage.name: stage.why for stage in report.stages if stage.ran}


def test_corrections_hold_through_an_update_which_equals_a_rebuild(tmp_path, sources):
    engine, report = index(tmp_path / "kb", sources, SAID)
    (sources / "new.txt").write_text("Jonas Reed bought Hollis Yard. A. Corliss left Mere Point.\n")
    engine.index()
    rebuilt, _ = index(tmp_path / "other", sources, SAID)

    assert report.warnings == ("overrides.yaml, line 2: no entity is called 'Captain Reed'; it was passed over.",)
    assert tables(engine) == tables(rebuilt)
    assert names(engine).items() >= {
        ("Captain Reed", ("Jonas Reed",)),
        ("A. Corliss", ()),
        ("Ada Corliss", ()),
        ("Hollis & Sons", ("Hollis Yard",)),
        ("Harbour Trust", ("HT",)),
    }
    assert [row["name"] for row in engine.table("entities").to_pylist() if row["type"] == "event"] == ["Mere Point"]
    assert "1884" not in names(engine)


def test_taking_a_correction_out_undoes_it(tmp_path, sources):
    plain, _ = index(tmp_path / "plain", sources)
    engine, _ = index(tmp_path / "kb", sources, SAID)

    (tmp_path / "kb" / "overrides.yaml").unlink()
    report = engine.index()

    assert why(report)["resolve"] == "overrides changed"
    assert tables(engine) == tables(plain)


def test_only_what_depends_on_corrections_runs_again_and_the_status_tells_why(tmp_path, sources):
    engine, _ = index(tmp_path / "kb", sources)
    (tmp_path / "kb" / "overrides.yaml").write_text(SAID)

    told = run("status", "--root", tmp_path / "kb").out
    due = {stage.name: stage.why for stage in engine.status().stale}
    ran = why(engine.index())

    assert due["resolve"] == ran["resolve"] == "overrides changed"
    assert (due["merge"], ran["merge"]) == (
        "overrides changed, resolutions will change",
        "overrides changed, resolutions changed",
    )
    assert ran.keys() & {"chunk", "survey", "extract"} == set()
    assert "because: resolve: overrides changed" in told


def test_a_comment_changes_nothing(tmp_path, sources):
    engine, _ = index(tmp_path / "kb", sources, SAID)
    (tmp_path / "kb" / "overrides.yaml").write_text(f"# as the harbour master told us\n{SAID}")

    assert engine.status().stale == ()
    assert engine.index().version == 1


def test_what_people_add_is_described_answered_about_and_cited_by_nothing(tmp_path, sources):
    engine, _ = index(tmp_path / "kb", sources, SAID)
    graph = engine.graph()
    said = {data["name"]: data["description"] for _, data in graph.nodes(data=True)}
    ties = {data["type"]: data for *_, data in graph.edges(data=True)}

    assert said["Harbour Trust"] == "It ran the harbour."
    assert (ties["closed"]["description"], ties["closed"]["text_unit_ids"]) == ("It closed the yard in 1900.", [])
    for mode in ("auto", "local", "global", "vector"):
        answer = engine.query("Whom did the Harbour Trust pay?", mode=mode)
        assert all(citation.quote for citation in answer.citations)
    assert "Understood: Harbour Trust (organisation)" in engine.query("Whom did the Harbour Trust pay?").text


def test_an_index_of_additions_and_hardly_anything_else_is_whole(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.txt").write_text("nothing is named here.\n")
    added = [f"{{name: Firm {letter}, type: organisation, description: A firm.}}" for letter in "ABCD"]
    ties = [f"{{source: Firm {one}, type: owns, target: Firm {other}}}" for one, other in ("AB", "BC", "CD", "DA")]
    said = f"add:\n  entities: [{', '.join(added)}]\n  relationships: [{', '.join(ties)}]\n"

    engine, report = index(tmp_path / "kb", tmp_path / "sources", said)

    assert (report.tables["entities"], report.tables["relationships"]) == (4, 4)
    assert report.tables["reports"] > 0
    assert all(report["citations"] == [] for report in engine.table("reports").to_pylist())
    assert not engine.query("Who owns Firm A?", mode="global").citations


def test_a_mistake_stops_what_would_build_and_no_question(tmp_path, sources):
    root = tmp_path / "kb"
    index(root, sources)
    (root / "overrides.yaml").write_text("drop: [A]\nsaem: []\n")

    for command in (("index",), ("index", "--dry-run"), ("status",)):
        refused(run(*command, "--root", root), 2, "overrides.yaml', line 2: there is no key 'saem'")
    assert run("query", "Who was Jonas Reed?", "--root", root).code == 0


def test_sources_that_disagree_are_both_heard(tmp_path, sources):
    engine, _ = index(tmp_path / "kb", sources)
    ids = {row["name"]: row["id"] for row in engine.table("entities").to_pylist()}
    (said,) = [row for row in engine.table("descriptions").to_pylist() if row["id"] == ids["Hollis Yard"]]

    assert "founded in 1840" in said["text"]
    assert "founded in 1845" in said["text"]
    assert len(said["text_unit_ids"]) == 2


NAME = "Émile Ångström"


def test_forms_of_one_name_that_look_alike_are_one_entity(tmp_path):
    (tmp_path / "sources").mkdir()
    for at, written in enumerate(
        (NAME, unicodedata.normalize("NFD", NAME), NAME.replace("i", "i\u200b"), NAME.replace("s", "\u00ads"))
    ):
        text = f"The pilot {written} sailed to Riga, and the old mate {written} came home.\n"
        (tmp_path / "sources" / f"{at}.txt").write_text(text, "utf-8")

    engine, _ = index(tmp_path / "kb", tmp_path / "sources")
    (row,) = [row for row in engine.table("entities").to_pylist() if "ngstr" in row["name"]]

    assert (row["name"], row["type"], row["frequency"], len(row["aliases"])) == (NAME, "person", 8, 3)
    for asked in (NAME, unicodedata.normalize("NFD", NAME)):
        assert f"Understood: {NAME} (person)" in engine.query(f"Who was {asked}?").text


def test_text_from_right_to_left_does_no_harm(tmp_path):
    hebrew, arabic = "\u202b\u05e1\u05e4\u05d9\u05e0\u05d4\u202c", "\u0645\u062d\u0645\u062f"
    (tmp_path / "sources").mkdir()
    text = f"{hebrew} with the Gannet. \u200fJonas Reed met {arabic} in Riga. The Gannet sank off Riga.\n"
    (tmp_path / "sources" / "a.txt").write_text(text, "utf-8")

    engine, _ = index(tmp_path / "kb", tmp_path / "sources")
    answer = engine.query(f"Who met {arabic}?")

    assert names(engine).keys() >= {"Gannet", "Jonas Reed", "Riga"}
    assert all(text[citation.start : citation.end] == citation.quote for citation in answer.citations)
    assert answer.grounded
