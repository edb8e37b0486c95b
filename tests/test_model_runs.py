"""Runs with a model behind a real connection: what fails, is killed or stopped loses and repeats nothing."""

import json
import os
import signal
import sqlite3
import time
from contextlib import closing

import pytest
from commands import in_force, started
from llm.server import EMBEDDER, MODEL, Server

from graphrag_engine import Engine
from graphrag_engine.errors import ModelRefused
from graphrag_engine.llm import retries
from graphrag_engine.llm.cache import FILE

TOWNS = ("Riga", "Lisbon", "Bergen", "Cork", "Odessa", "Trieste", "Leith", "Malmo")
FAILING = ("error500", "error503", "reset", "halved", "broken", "cut")


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(24):
        town, other = TOWNS[number % 8], TOWNS[(number * 3 + 1) % 8]
        text = f"Captain Otto Brandt sailed from {town} to {other} in 18{number + 10}. Ada Corliss stayed at {town}."
        (folder / f"{number}.txt").write_text(f"{text} The Gannet of {other} was number {number} of Jonas Reed.\n")
    return folder


def indexed(root, pages, server, **more):
    """An index by the models of a server."""
    return settled(root, server).index(pages, model=MODEL, embedding=EMBEDDER, **more)


def settled(root, server, text=""):
    root.mkdir(exist_ok=True)
    chat, embeddings = f"concurrency: 4{text}", "batch: 8"
    sections = f"chat: {{base_url: '{server.url}', {chat}}}\nembeddings: {{base_url: '{server.url}', {embeddings}}}\n"
    (root / "settings.yaml").write_text(sections)
    return Engine.open(root)


def tables(root):
    """The parts of all tables in force; their names are hashes of what they hold."""
    path = max(path for path in in_force(root) if path.suffix == ".json")
    return {name: entry["parts"] for name, entry in json.loads(path.read_text())["tables"].items()}


def kept(root):
    """The text units whose replies are kept."""
    with closing(sqlite3.connect(root / ".graphrag" / FILE)) as file:
        return {task.removeprefix("extract:") for (task,) in file.execute("SELECT task FROM replies")}


def begun(root, pages, *more):
    """The program at work, with its models."""
    named = ("--root", root, "--model", MODEL, "--embedding", EMBEDDER, "--quiet", *more)
    return started("index", pages, *named, env=dict(os.environ))


def wait_for(server, requests, work):
    """Until the server was asked so often in all, by a program that is at work still."""
    while server.fake.counts["requests"] < requests:
        assert work.poll() is None
        time.sleep(0.005)


def test_a_faulty_server_gives_the_same_tables_as_a_good_one(tmp_path, pages, monkeypatch):
    monkeypatch.setattr(retries, "_FIRST", 0.01)
    with Server("vllm") as good, Server("vllm", faults=0.3, kinds=FAILING, seed=4) as bad:
        indexed(tmp_path / "good", pages, good)
        report = indexed(tmp_path / "bad", pages, bad)

    assert bad.fake.counts["faults"] == report.retries > 10
    assert report.failed == ()
    assert tables(tmp_path / "bad") == tables(tmp_path / "good")


@pytest.mark.parametrize(("how", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_a_run_that_is_stopped_asks_nothing_again_that_is_kept(tmp_path, pages, how, code):
    root, stops = tmp_path / "root", []
    with Server("vllm", latency=0.05) as server:
        settled(root, server)
        for requests in (8, 18):
            work = begun(root, pages)
            wait_for(server, requests, work)
            work.send_signal(how)
            told = work.communicate()[1]
            assert (work.returncode, "Traceback" in told) == (code, False)
            stops.append((len(server.bodies), kept(root)))
        indexed(root, pages, server)

    units = Engine.open(root).table("text_units").to_pylist()
    for asked, before in stops:
        known = [unit["text"] for unit in units if unit["id"] in before]
        earlier, later = (str(bodies) for bodies in (server.bodies[:asked], server.bodies[asked:]))
        assert len(known) > 1
        assert all(f"{repr(text)[1:-1]}\\n</text" in earlier for text in known)
        assert not any(f"{repr(text)[1:-1]}\\n</text" in later for text in known)


def test_a_server_that_is_gone_stops_a_run_and_leaves_the_version_in_force(tmp_path, pages, monkeypatch):
    monkeypatch.setattr(retries, "_FIRST", 0.001)
    root = tmp_path / "root"
    with Server("vllm") as server:
        indexed(root, pages, server)
    before = tables(root)
    (pages / "0.txt").write_text("Ada Corliss sailed from Riga to Leith in 1911 with Captain Otto Brandt.")

    with pytest.raises(ModelRefused, match=r"cannot be reached.*Nothing has answered"):
        Engine.open(root).index()

    assert tables(root) == before


def test_no_run_costs_more_than_is_allowed(tmp_path, pages):
    root = tmp_path / "root"
    with Server("vllm", latency=0.01) as server:
        engine = settled(root, server, ", max_tokens: 400, usd_per_million_in: 1000, usd_per_million_out: 1000")
        report = engine.index(pages, model=MODEL, embedding="hashing", max_cost=8.0)
        counts = server.fake.counts

    assert report.stopped
    assert 4.0 < (counts["chat_tokens"] + counts["answered_tokens"]) * 1000 / 1e6 <= 8.0
    assert report.usage.cost_usd <= 8.0
