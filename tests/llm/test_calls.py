import asyncio
import random

import pytest
from llm.server import EMBEDDER, MODEL, Server
from stubs import REPLY, Lengths, Stub, ask
from virtual_time import now, run

from graphrag_engine.errors import CostReached, ModelError, SettingsError, UsageError
from graphrag_engine.llm.base import Reply, Texts, TryAgain
from graphrag_engine.llm.cache import Replies
from graphrag_engine.llm.calls import Calls
from graphrag_engine.llm.ledger import Line
from graphrag_engine.settings import ChatSettings, EmbeddingsSettings, Secrets

KEY = "sk-test-0123456789"
PRICED = ChatSettings(usd_per_million_in=1.0, usd_per_million_out=10.0, max_tokens=64)
COST = (100 * 1.0 + 10 * 10.0) / 1e6
BUSY = TryAgain("Busy.", crowded=True)


@pytest.fixture
def calls(tmp_path):
    random.seed(0)
    made = Calls(Replies(tmp_path / "replies.sqlite"), Secrets(openai=KEY))
    yield made
    run(made.aclose())


def limited_calls(calls, max_cost):
    return Calls(calls.replies, calls.secrets, max_cost)


def test_the_order_is_cached_retrying_limited_metered(calls):
    model, names = calls.chat(PRICED, Stub()), []
    while hasattr(model, "model"):
        names.append(type(model).__name__)
        model = model.model

    assert [*names, type(model).__name__] == ["Cached", "Retrying", "Limited", "Metered", "Stub"]


def test_the_order_is_the_same_for_embeddings(calls):
    model, names = calls.embeddings(EmbeddingsSettings(), Lengths()), []
    while hasattr(model, "model"):
        names.append(type(model).__name__.removesuffix("Embeddings"))
        model = model.model

    assert names == ["Cached", "Retrying", "Limited", "Metered"]


def test_each_try_is_counted_and_paid_and_one_reply_kept(calls):
    model = calls.chat(PRICED, Stub(BUSY, TryAgain("Cut.", reply=REPLY), REPLY))

    replies = [run(model.complete(ask())) for _ in range(2)]

    assert [reply.cached for reply in replies] == [False, True]
    assert calls.ledger.stage("extract") == Line(
        requests=3, retries=2, cached=1, prompt_tokens=200, completion_tokens=20, cost=pytest.approx(2 * COST)
    )


def test_a_call_that_waits_to_be_tried_again_holds_no_slot(calls):
    settings = PRICED.model_copy(update={"concurrency": 1})
    model = calls.chat(settings, Stub(TryAgain("Busy."), REPLY))

    async def both():
        await asyncio.gather(model.complete(ask("a")), model.complete(ask("b")))
        return model.model.model.limiter.running

    assert run(both()) == 0
    assert [request.messages[0].content for request in model.model.model.model.model.requests] == ["a", "b", "a"]


def test_a_server_that_fails_at_times_is_worked_through(calls):
    faults = [BUSY, *[REPLY] * 5, TryAgain("Reset."), *[REPLY] * 5, TryAgain("Later.", after=5.0), *[REPLY] * 5] * 20
    model = calls.chat(PRICED, Stub(*faults, seconds=0.3))

    async def many():
        return await asyncio.gather(*[model.complete(ask(str(n))) for n in range(160)])

    assert run(many()) == [REPLY] * 160
    assert calls.ledger.total().requests == 160 + calls.ledger.total().retries


def test_a_run_takes_little_longer_than_its_calls(calls):
    model = calls.chat(PRICED, Stub(seconds=0.3))

    async def many():
        await asyncio.gather(*[model.complete(ask(str(n))) for n in range(1000)])
        return now()

    assert run(many()) <= 1.1 * (1000 * 0.3 / 32 + 4 * 0.3)


def test_servers_of_ones_own_are_begun_with_two_calls_at_once(calls):
    stubs = [Stub(seconds=1.0, name=name) for name in ("theirs", "own")]
    own = PRICED.model_copy(update={"base_url": "http://localhost/v1"})

    for stub, settings in zip(stubs, (PRICED, own), strict=True):
        model = calls.chat(settings, stub)

        async def many(model=model):
            await asyncio.gather(*[model.complete(ask(str(n))) for n in range(40)])

        run(many())

    assert [stub.starts.count(stub.starts[0]) for stub in stubs] == [8, 2]


def test_stages_share_what_is_made_for_the_same_model_and_settings(calls):
    stub, other = Stub(), ChatSettings(temperature=1.0)

    assert calls.chat(PRICED, stub) is calls.chat(PRICED, stub)
    assert calls.chat(PRICED, stub) is not calls.chat(other, stub)
    assert calls.chat(PRICED, stub).model.model.limiter is calls.chat(other, stub).model.model.limiter


def test_the_cost_allowed_stops_a_run_with_every_answer_kept(calls, tmp_path):
    model = limited_calls(calls, 20.5 * COST).chat(PRICED, Stub(seconds=0.3))

    async def many():
        return await asyncio.gather(*[model.complete(ask(str(n))) for n in range(30)], return_exceptions=True)

    found = run(many())
    again = run(many())

    assert any(isinstance(error, CostReached) for error in found)
    assert [reply.cached for reply in again if isinstance(reply, Reply)].count(True) == found.count(REPLY) > 10


def test_an_unknown_price_is_said_once_and_no_limit_is_promised(calls):
    calls.chat(ChatSettings(), Stub(name="unknown"))
    calls.chat(ChatSettings(temperature=1.0), Stub(name="unknown"))

    assert len(calls.notes) == 1
    with pytest.raises(UsageError, match=r"--max-cost cannot be kept.*'unknown'"):
        limited_calls(calls, 1.0).chat(ChatSettings(), Stub(name="unknown"))


def test_a_server_of_ones_own_is_free_under_any_limit(calls):
    own = ChatSettings(base_url="http://localhost/v1")
    limited = limited_calls(calls, 0.0)

    assert run(limited.chat(own, Stub(name="llama")).complete(ask())) == REPLY
    assert limited.ledger.total().unpriced


def test_no_key_is_one_sentence(calls):
    with pytest.raises(SettingsError, match="No key"):
        Calls(calls.replies, Secrets()).chat(ChatSettings(), "gpt-4o-mini")


def test_the_file_of_replies_holds_no_key(calls, tmp_path):
    settings = ChatSettings(extra_body={"api_key": KEY})

    run(calls.chat(settings, Stub()).complete(ask()))
    with pytest.raises(ModelError):
        run(calls.chat(settings, Stub(ModelError(KEY))).complete(ask("other")))

    assert not any(KEY.encode() in file.read_bytes() for file in tmp_path.iterdir())


def test_vectors_take_the_same_path(calls):
    settings = EmbeddingsSettings(batch=2, usd_per_million=1.0)
    model = calls.embeddings(settings, Lengths())
    texts = Texts(texts=("a", "bb", "ccc", "a"), task="vectorize:1")

    assert run(model.embed(texts)).vectors[:, 0].tolist() == [1, 2, 3, 1]
    assert run(model.embed(texts)).cached == 4
    assert calls.ledger.stage("vectorize") == Line(requests=2, prompt_tokens=30, cached=4, cost=pytest.approx(30e-6))


def test_sampling_changes_the_key_of_a_named_model_and_not_of_an_object(calls, monkeypatch):
    monkeypatch.setattr(Calls, "_openai", lambda self, settings, model: Stub(name=model))
    warm = ChatSettings(temperature=1.0)

    for model, cached in (("gpt-4o-mini", False), (Stub(), True)):
        run(calls.chat(ChatSettings(), model).complete(ask()))
        assert run(calls.chat(warm, model).complete(ask())).cached is cached


def test_where_a_server_is_and_how_hard_it_is_asked_changes_no_key(calls, monkeypatch):
    monkeypatch.setattr(Calls, "_openai", lambda self, settings, model: Stub(name=model))
    elsewhere = ChatSettings(base_url="http://localhost/v1", concurrency=1, timeout=9.0)

    run(calls.chat(ChatSettings(), "gpt-4o-mini").complete(ask()))

    assert run(calls.chat(elsewhere, "gpt-4o-mini").complete(ask())).cached


def test_models_of_one_endpoint_share_a_connection_and_leave_it_closed(calls):
    async def ask_and_close(url):
        await calls.chat(ChatSettings(base_url=url), MODEL).complete(ask())
        await calls.embeddings(EmbeddingsSettings(base_url=url), EMBEDDER).embed(Texts(texts=("A ship.",)))
        await calls.aclose()
        await calls.aclose()

    with Server("ollama") as server:
        asyncio.run(ask_and_close(server.url))
        assert server.fake.counts["connections"] == 1


def test_a_real_connection_to_a_faulty_server_is_worked_through_and_counted(calls, monkeypatch):
    monkeypatch.setattr("graphrag_engine.llm.retries._FIRST", 0.01)
    texts = [f"<text-abcdef>\n{name} lived at Pell Harbour.\n</text-abcdef>" for name in ("Otto", "Ada", "Greta")]

    async def all_of(server):
        model = calls.chat(ChatSettings(base_url=server.url), MODEL)
        try:
            return await asyncio.gather(*[model.complete(ask(text)) for text in texts * 10])
        finally:
            await calls.aclose()

    with Server("openai", faults=0.4, seed=1) as server:
        replies = asyncio.run(all_of(server))
        again = asyncio.run(all_of(server))

    counted = calls.ledger.total()
    assert [reply.text for reply in replies] == [reply.text for reply in again]
    assert counted.requests == len(server.bodies) == 3 + counted.retries
    assert counted.cached == 27 + 30
