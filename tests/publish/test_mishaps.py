"""What goes wrong on the way: nothing is there twice, nothing is lost, and a person reads one line."""

import contextlib
import resource
import sys
import threading
import time
from dataclasses import replace

import pytest
from commands import run
from cutting_proxy import CuttingProxy
from graph_server import ByJava
from indexes import WORLD, commit
from neo4j.exceptions import TransientError

from graphrag_engine import Engine
from graphrag_engine.errors import Overtaken
from graphrag_engine.local_neo4j import artifacts

TIES = (*WORLD.ties, ("Gull", "saw", "Velm"))


def port(graph):
    return int(graph.uri.rpartition(":")[2])


def at(stage, work):
    """Do something once, when a publish has sent the first of this."""
    done = []

    def on_event(event):
        if event.stage == stage and not done:
            done.append(work())

    return on_event


@pytest.mark.parametrize("during", [False, True], ids=["before", "during"])
@pytest.mark.parametrize("first", [2, 3, 4])
def test_connections_cut_at_commits_lose_nothing_and_double_nothing(graph, engine, during, first):
    with CuttingProxy(port(graph), cut=range(first, 60, 3), during=during) as proxy:
        report = engine.publish(proxy.uri)

    assert report.how in ("first", "compared")
    assert proxy.commits > 10
    assert engine.check_published().equal


@pytest.mark.parametrize("during", [False, True], ids=["before", "during"])
def test_connections_cut_while_a_difference_is_sent_lose_nothing_and_double_nothing(graph, root, engine, during):
    engine.publish()
    documents = {**WORLD.documents, "gull.md": "Nobody lives on the Gull. Ever."}
    changed = commit(root, replace(WORLD, ties=TIES, claims=(), documents=documents))

    with CuttingProxy(port(graph), cut=range(2, 60, 2), during=during) as proxy:
        changed.publish(proxy.uri)

    assert changed.check_published().equal


def test_a_server_that_stays_away_ends_the_run_and_the_next_goes_on(graph, root, engine, monkeypatch):
    monkeypatch.setenv("GRAPHRAG_ENGINE_NEO4J__PATIENCE", "1")
    with CuttingProxy(port(graph)) as proxy:

        def leave():
            proxy.away = True

        monkeypatch.setattr(
            sys.modules["graphrag_engine.cli.publish"], "progress", lambda _: Told(at("entities", leave))
        )
        done = run("publish", "--store", proxy.uri, "--root", root)

    assert done.code == 1
    assert done.lines == [line for line in done.lines if line.startswith("Error: No Neo4j server answers at")]
    assert len(done.lines) == 1
    assert graph.one("MATCH (m:__Workspace__) RETURN m.state") == "publishing"
    assert engine.publish().how == "compared"
    assert engine.check_published().equal


class Told:
    """Stands in for the progress of a command."""

    def __init__(self, on_event):
        self.on_event = on_event

    def __enter__(self):
        return self.on_event

    def __exit__(self, *_):
        """Nothing to clear."""


def test_a_server_killed_and_started_again_in_the_middle_is_waited_for(graph, root, engine, monkeypatch):
    if not graph.server.can_restart:
        pytest.skip("this server is not ours to kill")
    monkeypatch.setenv("GRAPHRAG_ENGINE_NEO4J__PATIENCE", "120")
    starting = threading.Thread(target=graph.server.start)

    def crash():
        graph.server.kill()
        starting.start()

    report = Engine.open(root, on_event=at("entities", crash)).publish()
    starting.join()

    assert report.how == "first"
    assert engine.check_published().equal


def test_of_two_publishers_at_once_the_later_carries_on_and_the_first_says_so(graph, root, engine):
    reports = []
    first = Engine.open(root, on_event=at("entities", lambda: reports.append(engine.publish())))

    with pytest.raises(Overtaken, match="Another publish to the workspace 'default'"):
        first.publish()

    assert reports[0].how == "compared"
    assert engine.check_published().equal


def test_two_publishers_of_two_versions_leave_the_one_that_took_over_last(graph, root, tmp_path, engine):
    other = commit(tmp_path / "other", replace(WORLD, ties=TIES))
    first = Engine.open(root, on_event=at("relationships", other.publish))

    with pytest.raises(Overtaken):
        first.publish()

    assert other.check_published().equal


def test_two_workspaces_are_published_at_the_same_time(graph, engine):
    together = threading.Thread(target=lambda: engine.publish(workspace="other"))
    together.start()
    engine.publish()
    together.join()

    assert engine.check_published().equal
    assert engine.check_published(workspace="other").equal


def test_a_deadlock_with_someone_else_is_tried_again(graph, root, engine):
    engine.publish()
    changed = commit(root, replace(WORLD, ties=TIES))
    sending = threading.Thread(target=changed.publish)

    with graph.driver.session() as session, session.begin_transaction() as transaction:
        transaction.run("MATCH (e:__Entity__) SET e.rank = e.rank").consume()
        sending.start()
        waiting = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*)"
        until = time.monotonic() + 60
        while not graph.one(waiting) and time.monotonic() < until:
            time.sleep(0.05)
        with contextlib.suppress(TransientError):
            transaction.run("MATCH (m:__Workspace__) SET m.updated = m.updated").consume()
    sending.join()

    assert changed.check_published().equal


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A server of its own, with little room on its disk."""
    if lack := artifacts.missing():
        pytest.skip(lack)
    made = ByJava(tmp_path_factory.mktemp("small"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, before[1]))
    try:
        made.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    yield made
    made.stop()


def test_a_full_disk_is_one_line_and_what_was_there_stays_usable(small, root, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", small.password)
    monkeypatch.setenv("GRAPHRAG_ENGINE_NEO4J__PATIENCE", "2")
    long = {f"{n}.txt": "\n\n".join(f"word{n} {part} " * 400 for part in range(40)) for n in range(40)}
    commit(root, replace(WORLD, documents={**WORLD.documents, **long}))

    done = run("publish", "--store", small.uri, "--root", root)

    assert done.code == 1
    assert len(done.lines) == 1
    small.stop()
    small.start()
    assert run("publish", "--store", small.uri, "--root", root).code == 0
    assert run("publish", "--store", small.uri, "--root", root, "--check").code == 0


def test_a_database_that_is_read_only_is_one_line(small, root, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", small.password)
    commit(root, WORLD)
    small.stop()
    small.config = {"server.databases.read_only": "neo4j"}
    small.start()

    done = run("publish", "--store", small.uri, "--root", root)

    assert done.code == 1
    assert len(done.lines) == 1
    assert "is read-only" in done.lines[0]
