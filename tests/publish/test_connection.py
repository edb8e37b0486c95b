"""How a server is reached, and what is said where it is not."""

import asyncio

import pytest
from commands import run
from graph_server import free_port
from indexes import WORLD, commit

from graphrag_engine import AsyncEngine, Engine
from graphrag_engine.errors import AccessRefused, ServerError, ServerUnavailable, UsageError
from graphrag_engine.settings import load
from graphrag_engine.stores import neo4j_server
from graphrag_engine.stores.neo4j_server import Address


def told(done, code):
    """The one line of a command that failed."""
    assert (done.code, len(done.lines), done.out) == (code, 1, "")
    return done.lines[0]


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", "of no server")


def test_a_server_that_is_down_is_one_line_at_once(root, password):
    commit(root, WORLD)

    line = told(run("publish", "--store", f"bolt://127.0.0.1:{free_port()}", "--root", root), 1)

    assert line.startswith("Error: No Neo4j server answers at 'bolt://127.0.0.1:")


@pytest.mark.parametrize(
    "uri",
    ["localhost", "http://localhost:7474", "neo4j://", "bolt+x://a", "neo4j://me:secret@localhost", "bolt://a\0b", ""],
)
def test_an_address_that_is_none_is_one_line_that_shows_no_password(root, password, uri):
    commit(root, WORLD)

    assert "secret" not in told(run("publish", "--store", uri, "--root", root), 2)


def test_without_an_index_there_is_nothing_to_publish(root, password):
    assert "No index" in told(run("publish", "--store", "bolt://localhost", "--root", root), 1)


def test_without_a_password_the_variable_is_named(root, monkeypatch):
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    commit(root, WORLD)

    assert "NEO4J_PASSWORD" in told(run("publish", "--store", "bolt://localhost", "--root", root), 2)


def test_check_and_drop_are_not_said_together(root):
    assert run("publish", "--check", "--drop", "--root", root).code == 2


def test_a_wrong_password_is_one_line_without_it(graph, root, engine, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", "quite wrong")

    line = told(run("publish", "--root", root), 1)

    assert "refuses the user 'neo4j'" in line
    assert "quite wrong" not in line
    with pytest.raises(AccessRefused):
        engine.publish()


@pytest.mark.parametrize("act", [(), ("--check",), ("--drop",)])
def test_a_database_that_is_not_there_is_one_line_whatever_is_asked(graph, root, engine, act):
    assert "has no database 'nosuch'" in told(run("publish", "--database", "nosuch", "--root", root, *act), 1)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_both_schemes_lead_to_the_server_and_the_database_may_be_named(graph, engine, scheme):
    uri = graph.uri.replace("bolt", scheme)

    assert engine.publish(uri, database="neo4j").rows > 0
    assert engine.check_published(uri, database="neo4j").equal


def test_a_connection_that_must_be_encrypted_is_not_made_without(graph, engine):
    with pytest.raises(ServerUnavailable):
        engine.publish(graph.uri.replace("bolt", "bolt+ssc"))


def test_an_old_server_is_refused(graph, engine, monkeypatch):
    monkeypatch.setattr(neo4j_server, "_OLDEST", (9999, 1))

    with pytest.raises(ServerError, match=r"The server is Neo4j .*; 9999\.1 or newer is needed"):
        engine.publish()


@pytest.mark.parametrize(
    ("version", "numbers"), [("5.26.30", (5, 26)), ("2026.08.1", (2026, 8)), ("5.27-aura", (5, 27)), ("5", (5,))]
)
def test_versions_are_compared_by_their_numbers(version, numbers):
    assert neo4j_server._numbers(version) == numbers


def test_the_environment_wins_over_the_settings_and_a_password_in_them_is_refused(root):
    root.mkdir()
    (root / "settings.yaml").write_text("neo4j: {uri: 'neo4j://a', database: b}\n")

    assert load(root, {}).neo4j.uri == "neo4j://a"
    found = load(root, {"NEO4J_URI": "neo4j://c", "NEO4J_USERNAME": "7", "NEO4J_DATABASE": "12"}).neo4j
    assert (found.uri, found.username, found.database) == ("neo4j://c", "7", "12")
    (root / "settings.yaml").write_text("neo4j: {password: secret}\n")
    with pytest.raises(UsageError, match="there is no such setting"):
        load(root, {})


def test_an_address_that_is_no_text_is_refused_before_it_is_sent():
    with pytest.raises(UsageError, match="no text"):
        Address("bolt://localhost", "neo4j", "\udce4")


def test_the_verbs_are_awaited_alike(graph, root, engine):
    async def all_of_them():
        async with AsyncEngine.open(root) as kb:
            published = await kb.publish()
            compared = await kb.check_published()
            dropped = await kb.drop_published()
        return published.how, compared.equal, dropped.deleted["Chunk"]

    assert asyncio.run(all_of_them()) == ("first", True, 4)


def test_progress_is_told_in_the_order_of_the_work(graph, root, engine):
    seen = []

    Engine.open(root, on_event=lambda event: seen.append(event.stage)).publish()

    assert list(dict.fromkeys(seen)) == [
        *("documents", "text_units", "entities", "communities", "claims", "relationships", "vectors", "indexes"),
    ]


def test_doctor_tells_whether_the_server_answers_and_is_silent_without_one(graph, root, engine, monkeypatch):
    well = [check for check in Engine.open(root).doctor() if check.name == "neo4j"]
    monkeypatch.setenv("NEO4J_PASSWORD", "quite wrong")
    ill = [check for check in Engine.open(root).doctor() if check.name == "neo4j"]
    monkeypatch.delenv("NEO4J_URI")

    assert [(check.ok, check.told.startswith("Neo4j ")) for check in well] == [(True, True)]
    assert [(check.ok, "refuses the user" in check.told, bool(check.remedy)) for check in ill] == [(False, True, True)]
    assert "neo4j" not in {check.name for check in Engine.open(root).doctor()}
