"""What Neo4j Browser is given: every query runs on a real server, and guide and style fit what is published."""

import re
from zipfile import ZipFile

import neo4j
import pytest
from commands import run
from indexes import WORLD, commit

from graphrag_engine import Engine, browser
from graphrag_engine.schema import TYPES
from graphrag_engine.stores.neo4j_names import label

QUERIES = browser.queries()


@pytest.fixture
def harbours(graph, root, harbour):
    """The examples as the default workspace, beside an index of others."""
    engine = Engine.open(root / "harbour")
    engine.index(harbour)
    engine.publish()
    commit(root / "other", WORLD).publish(workspace="other")
    return graph


def answered(graph, text):
    """The paths that a query gives to one who may only read."""
    with graph.driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
        return [record.values() for record in session.run(text)]


def edited(query, /, **values):
    """A query as people edit it: other values in its second line."""
    title, given, rest = QUERIES[query].split("\n", 2)
    for each, value in values.items():
        given, count = re.subn(f"'[^']*' AS {each}\\b", f"'{value}' AS {each}", given)
        assert count == 1
    return f"{title}\n{given}\n{rest}"


def drawn(rows):
    return {node["name"] for (path,) in rows for node in path.nodes}


def test_every_query_draws_paths_that_an_eye_can_take_in(harbours):
    for name, text in QUERIES.items():
        rows = answered(harbours, text)

        assert rows, name
        assert {type(value) for row in rows for value in row} == {neo4j.graph.Path}, name
        nodes = {node for (path,) in rows for node in path.nodes}
        assert 3 < len(nodes) < 60, name
        assert {node["workspace"] for node in nodes} == {"default"}, name
        assert all(node["name"] for node in nodes), name


def test_queries_take_the_names_and_the_workspace_that_are_written_into_them(graph, engine):
    engine.publish(workspace="other")

    def asked(query, /, **values):
        return drawn(answered(graph, edited(query, workspace="other", **values)))

    assert asked("05-around-an-entity", name="Mara Cross") == {"Mara Cross", "Velm"}
    assert asked("05-around-an-entity", name="Old Tern") == {"Tern", "Velm"}
    assert asked("06-path", one="Mara Cross", other="Tern") == {"Mara Cross", "Velm", "Tern"}
    assert asked("09-document", source="gull.md") == {"Gull", "Gull · 1"}
    assert asked("13-timeline", since="1904") == set()
    assert "Mara Cross" in asked("15-search", words="left AND velm")


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_has_a_title_a_limit_and_no_embedding(name):
    title, given, *_ = text = QUERIES[name].splitlines()

    assert re.fullmatch(r"// [A-Z].{10,70}", title)
    assert given.startswith("WITH 'default' AS workspace")
    assert re.fullmatch(r"RETURN p (ORDER BY .+ )?LIMIT \d+", text[-1])
    assert "embedding" not in QUERIES[name]


def test_there_are_a_dozen_queries_or_a_few_more():
    assert 12 <= len(QUERIES) <= 15


def test_the_style_gives_every_type_a_colour_of_its_own_after_that_of_all_entities():
    rules = re.findall(r"node\.(\w+) \{\n  diameter: \d+px;\n  color: (#\w{6})", browser.style())
    colours = dict(rules)

    assert rules[0][0] == "__Entity__"
    assert {label(kind) for kind in TYPES} | {"Document", "Chunk", "Claim", "__Community__"} < set(colours)
    assert len(set(colours.values())) == len(rules)


def test_the_guide_shows_every_query_once():
    text = browser.guide()

    shown = re.findall(r'<pre mode="cypher" class="runnable">(.*?)</pre>', text, re.DOTALL)
    assert len(shown) == len(QUERIES)
    assert "(e)-[r]-&gt;(other:__Entity__)" in text
    assert "$" not in text


def test_assets_are_written_for_each_query_and_all_at_once(tmp_path):
    done = run("neo4j", "assets", tmp_path / "new" / "folder", "--json")

    written = {path.name: path for path in (tmp_path / "new" / "folder").rglob("*") if path.is_file()}
    assert sorted(done.report["written"]) == sorted(map(str, written.values()))
    assert set(written) == {*(f"{name}.cypher" for name in QUERIES), "queries.zip", "guide.html", "style.grass"}
    with ZipFile(written["queries.zip"]) as file:
        assert file.namelist() == [f"graphrag-engine/{name}.cypher" for name in QUERIES]
        assert file.read(file.namelist()[0]).decode() == QUERIES["01-overview"]


def test_assets_written_again_have_equal_bytes(tmp_path):
    first, again = ({path: path.read_bytes() for path in browser.write(tmp_path)} for _ in range(2))

    assert first == again


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")

    done = run("neo4j", "assets", tmp_path / "file")

    assert done.code == 1
    assert "cannot be written" in done.lines[0]
