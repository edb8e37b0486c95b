"""What tests of publishing share: a real server, emptied before each test, and indexes from small tables."""

import os
from pathlib import Path

import neo4j
import pytest
from graph_server import Named, choose
from indexes import WORLD, commit

from graphrag_engine.stores.neo4j_names import quoted


def pytest_collection_modifyitems(items):
    """One server serves all of these tests, one after the other."""
    for item in items:
        if Path(__file__).parent in item.path.parents and {"graph", "local", "small"} & set(item.fixturenames):
            item.add_marker(pytest.mark.xdist_group("neo4j"))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A server that runs; without one these tests are left out at home, and fail where CI is set."""
    chosen = choose(tmp_path_factory.mktemp("neo4j"))
    if isinstance(chosen, str):
        pytest.fail(chosen) if "CI" in os.environ else pytest.skip(chosen)
    chosen.start()
    yield chosen
    chosen.stop()


@pytest.fixture(scope="session")
def driver(server):
    """A driver of the tests' own; a named server must be empty, as tests delete what it holds."""
    user = ("neo4j", server.password)
    with neo4j.GraphDatabase.driver(server.uri, auth=user, notifications_min_severity="OFF") as made:
        if isinstance(server, Named) and made.execute_query("MATCH (n) RETURN n LIMIT 1").records:
            pytest.exit(f"The database at {server.uri} is not empty; tests would delete what it holds.", 2)
        yield made


class Graph:
    """The server, as one who looks at it with a driver of his own."""

    def __init__(self, server, driver):
        self.server = server
        self.driver = driver
        self.uri = server.uri

    def ask(self, text, **parameters):
        with self.driver.session() as session:
            return [record.values() for record in session.run(text, parameters)]

    def one(self, text, **parameters):
        """The one value of an answer."""
        ((value,),) = self.ask(text, **parameters)
        return value

    def count(self, pattern):
        return self.one(f"MATCH p = {pattern} RETURN count(p)")

    def empty(self):
        self.ask("MATCH (n) DETACH DELETE n")
        for kind, shown in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
            for (name,) in self.ask(f"SHOW {shown} YIELD name, type WHERE type <> 'LOOKUP' RETURN name"):
                self.ask(f"DROP {kind} {quoted(name)} IF EXISTS")


@pytest.fixture
def graph(server, driver, monkeypatch):
    """The server, empty, and the environment that leads to it."""
    monkeypatch.setenv("NEO4J_URI", server.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", server.password)
    monkeypatch.setenv("GRAPHRAG_ENGINE_NEO4J__PATIENCE", "20")
    found = Graph(server, driver)
    found.empty()
    return found


@pytest.fixture
def engine(root):
    """An index of the small world."""
    return commit(root, WORLD)
