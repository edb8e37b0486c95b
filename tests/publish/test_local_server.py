"""A server on this machine, for those without Docker; it is the one that these tests run on where nothing else is."""

import neo4j
import pytest
from commands import run
from graph_server import JARS, QUICK, free_port
from indexes import WORLD, commit

from graphrag_engine.errors import ServerError, UsageError
from graphrag_engine.local_neo4j import artifacts, server
from graphrag_engine.local_neo4j.server import LocalServer


@pytest.fixture
def local(root, monkeypatch):
    """The root of an index that may have a server of its own."""
    if lack := artifacts.missing():
        pytest.skip(lack)
    for name in ("NEO4J_URI", "NEO4J_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(artifacts, "shared", lambda: JARS)
    monkeypatch.setattr(server, "_PORTS", (free_port(), free_port()))
    monkeypatch.setattr(LocalServer.start, "__kwdefaults__", {"ports": None, "java": QUICK, "config": None})
    yield root
    LocalServer(root).stop()


def test_a_server_is_started_published_to_without_an_address_and_stopped(local, monkeypatch):
    monkeypatch.setattr(server.secrets, "token_urlsafe", lambda _: "-like-an-option")
    commit(local, WORLD)

    started = run("neo4j", "start", "--json", "--root", local)
    assert started.code == 0, started.err
    assert run("neo4j", "start", "--json", "--root", local).report == started.report
    assert run("neo4j", "status", "--root", local).code == 0
    assert run("publish", "--root", local).code == 0
    assert run("publish", "--check", "--root", local).code == 0
    assert run("neo4j", "stop", "--root", local).out == "Stopped.\n"
    assert run("neo4j", "status", "--root", local).code == 1
    assert run("neo4j", "stop", "--root", local).out == "No server runs here.\n"
    assert (local / ".neo4j" / "password").stat().st_mode & 0o077 == 0


def test_without_a_server_publish_says_how_to_get_one(root, monkeypatch):
    monkeypatch.delenv("NEO4J_URI", raising=False)
    commit(root, WORLD)

    done = run("publish", "--root", root)

    assert done.code == 2
    assert "graphrag-engine neo4j start" in done.lines[0]


def test_without_java_or_maven_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(artifacts.shutil, "which", lambda _: None)

    with pytest.raises(ServerError, match=r"there is no java here.*apt install"):
        LocalServer(tmp_path, tmp_path / "jars").start()


def test_a_password_that_neo4j_would_refuse_is_refused_first(tmp_path, monkeypatch):
    monkeypatch.setattr(artifacts, "fetch", lambda _: tmp_path)

    with pytest.raises(UsageError, match="8 characters"):
        LocalServer(tmp_path).start("short")


def test_a_password_is_not_taken_for_the_name_of_a_file(local, monkeypatch):
    given = "@@a-file-of-this-name"
    monkeypatch.setenv("NEO4J_PASSWORD", given)

    started = run("neo4j", "start", "--json", "--root", local)

    assert started.code == 0, started.err
    with neo4j.GraphDatabase.driver(started.report["uri"], auth=("neo4j", given)) as driver:
        driver.verify_connectivity()


def test_a_process_that_has_the_number_of_an_ended_server_is_not_taken_for_it(tmp_path):
    (tmp_path / ".neo4j").mkdir()
    (tmp_path / ".neo4j" / "running.json").write_text('{"pid": 1, "bolt": 1, "http": 2}')

    assert LocalServer(tmp_path).running() is None
