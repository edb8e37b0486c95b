import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from stubs import REPLY, Lengths, Stub, ask
from virtual_time import run

from graphrag_engine.errors import Damaged, ModelError, StoreError
from graphrag_engine.llm.base import Message, Reply, Shape, Texts
from graphrag_engine.llm.cache import Cached, CachedEmbeddings, Replies
from graphrag_engine.llm.ledger import Ledger, Line

SAMPLING = {"temperature": 0.0, "seed": 0}
OTHER_REQUESTS = [
    ask("other"),
    ask(shape=Shape("answer", {"type": "object"})),
    ask(max_tokens=100),
    ask(sample=1),
    replace(ask(), messages=(Message("system", "hello"),)),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".graphrag" / "replies.sqlite"


@pytest.fixture
def replies(path):
    found = Replies(path)
    yield found
    found.close()


def cached(stub, replies, parameters=None):
    return Cached(stub, replies, Ledger(), SAMPLING if parameters is None else parameters)


def embedding(model, replies, batch=64, parameters=None):
    return CachedEmbeddings(model, replies, Ledger(), parameters or {}, batch)


def rows(path, query):
    with closing(sqlite3.connect(path)) as file:
        return file.execute(query).fetchall()


def texts(*listed, task="vectorize:1"):
    return Texts(texts=listed, task=task)


def test_what_was_answered_is_not_asked_again(replies):
    reply = Reply(text="yes\x00\ud800\n", prompt_tokens=5, completion_tokens=2, estimated=True, capped=True)
    first, second = cached(Stub(reply), replies), cached(Stub(), replies)

    assert run(first.complete(ask())) == reply
    assert run(second.complete(replace(ask(), task="extract:u2"))) == replace(reply, cached=True)
    assert second.model.requests == []
    assert second.ledger.total() == Line(cached=1)


def test_a_reply_is_there_for_a_new_process(replies, path):
    run(cached(Stub(), replies).complete(ask()))

    with closing(Replies(path)) as others:
        assert run(cached(Stub(), others).complete(ask())).cached


@pytest.mark.parametrize("request_", OTHER_REQUESTS)
def test_another_request_is_asked(replies, request_):
    run(cached(Stub(), replies).complete(ask()))

    assert not run(cached(Stub(), replies).complete(request_)).cached


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("other", SAMPLING), ("stub", {**SAMPLING, "seed": 1}), ("stub", {"temperature": 0.0}), ("stub", {})],
)
def test_another_model_and_other_parameters_are_asked(replies, name, parameters):
    run(cached(Stub(), replies).complete(ask()))

    assert not run(cached(Stub(name=name), replies, parameters).complete(ask())).cached


def test_a_broken_reply_is_not_kept(replies):
    model = cached(Stub(replace(REPLY, broken=True), REPLY), replies)

    assert run(model.complete(ask())).broken
    assert run(model.complete(ask())) == REPLY


def test_equal_requests_at_the_same_time_are_asked_once(replies):
    model = cached(Stub(REPLY, replace(REPLY, text="no"), seconds=1.0), replies)

    async def both():
        return await asyncio.gather(model.complete(ask()), model.complete(ask(task="extract:u2")))

    assert {reply.text for reply in run(both())} == {"yes"}
    assert len(model.model.requests) == 1


def test_who_waits_for_an_equal_request_that_fails_asks_itself(replies):
    model = cached(Stub(ModelError("No."), REPLY, seconds=1.0), replies)

    async def both():
        return await asyncio.gather(model.complete(ask()), model.complete(ask()), return_exceptions=True)

    assert run(both())[1] == REPLY


def test_the_first_reply_counts_where_two_ask_the_same(path):
    with closing(Replies(path)) as one, closing(Replies(path)) as two:
        first = one.keep("k", REPLY, model="m", task="t")
        second = two.keep("k", replace(REPLY, text="no"), model="m", task="t")

    assert (first.text, second.text) == ("yes", "yes")


WRITER = """
import sys
from pathlib import Path
from graphrag_engine.llm.base import Reply
from graphrag_engine.llm.cache import Replies
replies = Replies(Path(sys.argv[1]))
for number in range(200):
    key = str(number) if number % 2 else f"{sys.argv[2]}-{number}"
    replies.keep(key, Reply(text=key), model="m", task="t")
    assert replies.find(key).text == key
"""


def test_many_processes_make_and_fill_one_file_together(path):
    command = [sys.executable, "-c", WRITER, str(path)]
    running = [subprocess.Popen([*command, str(number)], stderr=subprocess.PIPE, text=True) for number in range(4)]

    assert [process.communicate()[1] for process in running] == [""] * 4
    assert rows(path, "SELECT count(*) FROM replies") == [(100 + 4 * 100,)]


KILLED = """
import os, signal, sys
from pathlib import Path
from graphrag_engine.llm.base import Reply
from graphrag_engine.llm.cache import Replies
Replies(Path(sys.argv[1])).keep("k", Reply(text="yes"), model="m", task="t")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kept_reply_survives_the_death_of_its_process(path, replies):
    assert subprocess.run([sys.executable, "-c", KILLED, str(path)]).returncode < 0

    assert replies.find("k").text == "yes"


def test_what_is_forgotten_leaves_no_bytes(path, replies):
    for name in ("gone", "kept"):
        replies.keep(name, Reply(text=f"{name} for good"), model="m", task=f"extract:{name}")
    run(embedding(Lengths(), replies).embed(texts("a", task="extract:gone")))

    assert replies.forget(["extract:gone", "extract:other"]) == 2

    assert replies.find("gone") is None
    assert replies.find("kept").text == "kept for good"
    assert not any(b"gone for good" in file.read_bytes() for file in path.parent.iterdir())


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough " * 40, b"SQLite format 3\x00" + b"x" * 4096]
)
def test_a_damaged_file_is_one_sentence(path, replies, content):
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(Damaged, match=r"replies\.sqlite.*asked again") as caught:
        replies.find("k")

    assert "\n" not in str(caught.value)


def test_a_file_damaged_in_the_middle_is_one_sentence(path, replies):
    for number in range(200):
        replies.keep(f"{number:03}", Reply(text="x" * 3000), model="m", task="t")
    replies.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 300_000)

    with pytest.raises(Damaged):
        [replies.find(f"{number:03}") for number in range(200)]


def test_the_database_of_another_program_is_left_alone(path, replies):
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (address TEXT)")
    other.commit()
    other.close()
    before = path.read_bytes()

    with pytest.raises(StoreError, match="not a file of replies"):
        replies.find("k")

    assert path.read_bytes() == before


def test_a_place_that_cannot_hold_a_file_is_one_sentence(path, replies):
    path.mkdir(parents=True)

    with pytest.raises(StoreError, match="unable to open"):
        replies.find("k")


def test_a_file_that_others_hold_too_long_is_one_sentence(path, replies, monkeypatch):
    monkeypatch.setattr("graphrag_engine.llm.cache._PATIENCE", 0.05)
    replies.find_vectors(["k"])

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            replies.keep("k", REPLY, model="m", task="t")

    assert replies.keep("k", REPLY, model="m", task="t") == REPLY


def test_a_file_that_another_process_makes_just_now_is_waited_for(path, replies, monkeypatch):
    replies.find_vectors(["k"])
    replies.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("graphrag_engine.llm.cache._PATIENCE", 5.0)
        monkeypatch.setattr("time.sleep", lambda seconds: other.execute("ROLLBACK"))

        assert replies.find("k") is None


def test_nothing_is_made_before_it_is_used(path):
    Replies(path).close()

    assert not path.parent.exists()


def test_only_texts_without_a_vector_are_asked_and_equal_ones_once(replies):
    run(embedding(Lengths(), replies).embed(texts("a", "bb")))
    model = embedding(Lengths(), replies)

    found = run(model.embed(texts("ccc", "a", "ccc", "bb", "a")))

    assert model.model.asked == [("ccc",)]
    assert found.vectors[:, 0].tolist() == [3, 1, 3, 2, 1]
    assert found.vectors.dtype == np.float32
    assert (found.prompt_tokens, found.cached) == (10, 3)
    assert model.ledger.total().cached == 3


def test_equal_texts_at_the_same_time_wait_for_the_first(replies):
    model = embedding(Lengths(), replies)

    async def both():
        return await asyncio.gather(model.embed(texts("a", "bb")), model.embed(texts("bb", "ccc")))

    first, second = run(both())

    assert model.model.asked == [("a", "bb"), ("ccc",)]
    assert (first.cached, second.cached) == (0, 1)
    assert second.vectors[:, 0].tolist() == [2, 3]


def test_who_waited_for_a_batch_that_failed_asks_itself(replies):
    model = embedding(Lengths(ModelError("No.")), replies)

    async def both():
        asked = model.embed(texts("fault", "a")), model.embed(texts("a"))
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second = run(both())

    assert isinstance(first, ModelError)
    assert second.vectors[:, 0].tolist() == [1]
    assert model.model.asked == [("fault", "a"), ("a",)]


def test_texts_are_asked_in_batches(replies):
    model = embedding(Lengths(), replies, batch=2)

    assert run(model.embed(texts(*"abcde"))).vectors.shape == (5, 2)
    assert model.model.asked == [("a", "b"), ("c", "d"), ("e",)]


def test_a_batch_of_vectors_is_kept_in_one_statement(replies):
    vectors = {f"k{number}": np.full(3, number, np.float32) for number in range(64)}
    told = []
    replies.keep("k", Reply(text="opens it"), model="m", task="t")
    with replies._open() as file:
        file.set_trace_callback(told.append)

    replies.keep_vectors(vectors, tokens=[1] * 64, model="m", task="t")

    assert len([line for line in told if not line.startswith("--")]) == 1
    assert {key: found.tolist() for key, found in replies.find_vectors(list(vectors)).items()} == {
        key: vector.tolist() for key, vector in vectors.items()
    }


def test_vectors_of_other_batches_are_kept_when_one_fails(replies):
    model = embedding(Lengths(ModelError("No.")), replies, batch=1)

    with pytest.raises(ModelError, match="No"):
        run(model.embed(texts("fault", "a", "b")))

    assert run(model.embed(texts("a", "b"))).cached == 2


def test_another_dimension_and_another_model_are_asked(replies):
    run(embedding(Lengths(), replies).embed(texts("a")))
    other = Lengths()
    other.name = "other"

    assert run(embedding(Lengths(), replies, parameters={"dimensions": 2}).embed(texts("a"))).cached == 0
    assert run(embedding(other, replies).embed(texts("a"))).cached == 0


def test_a_model_that_changed_behind_its_name_is_told(replies):
    run(embedding(Lengths(), replies).embed(texts("a")))

    with pytest.raises(ModelError, match="2 and 3 numbers"):
        run(embedding(Lengths(dimension=3), replies).embed(texts("a", "b")))


def test_no_texts_need_no_call(replies):
    model = embedding(Lengths(), replies)

    assert len(run(model.embed(texts())).vectors) == 0
    assert model.model.asked == []


def test_tokens_of_a_batch_are_shared_out_by_length(replies, path):
    run(embedding(Lengths(), replies).embed(texts("a", "bbb")))

    assert rows(path, "SELECT task, model, tokens FROM vectors ORDER BY tokens") == [
        ("vectorize:1", "lengths", 5),
        ("vectorize:1", "lengths", 15),
    ]


def test_a_row_says_what_it_was_for(replies, path):
    run(cached(Stub(), replies).complete(ask()))

    found = rows(path, "SELECT task, model, prompt_tokens, completion_tokens FROM replies")
    assert found == [("extract:u1", "stub", 100, 10)]


def steps(call):
    """How many Python and C functions a call enters."""
    entered = 0

    def count(frame, event, argument):
        nonlocal entered
        entered += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        call()
    finally:
        sys.setprofile(None)
    return entered


def test_the_key_of_a_long_request_takes_no_more_steps_than_that_of_a_short_one():
    shape = Shape("answer", {"type": "object", "properties": {f"field {n}": {"type": "string"} for n in range(200)}})

    long, short = ask("word: 'quoted'\n" * 20_000, shape=shape), ask("short", shape=shape)
    long.key()

    assert steps(long.key) <= steps(short.key) < 50
