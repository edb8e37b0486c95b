"""The way to a server: what goes wrong on it, and what it never tells."""

import asyncio
import socket
from contextlib import ExitStack, aclosing, suppress
from dataclasses import replace

import pytest
from llm.server import EMBEDDER, KEY, MODEL, Refused, Server
from llm.test_servers import READ, asked, embedded

from graphrag_engine.errors import ModelError, ModelRefused, SettingsError
from graphrag_engine.llm.base import Texts, TryAgain
from graphrag_engine.llm.openai import Connection, OpenAIEmbeddings, OpenAIModel
from graphrag_engine.settings import EmbeddingsSettings, Endpoint, Sampling


def refusing(*answer, **headers):
    """A server that answers everything with this refusal."""

    def refuse(_body):
        raise Refused(*answer, **headers)

    return Server("vllm", fixed=refuse)


def fault(server, **settings):
    with pytest.raises(ModelError) as told:
        asked(server, READ, **settings)
    return told.value


@pytest.mark.parametrize("kind", ["error500", "error503", "limited", "reset", "halved", "broken", "cut"])
def test_every_fault_that_may_pass_is_worth_another_try(kind):
    with Server("openai", faults=1.0, kinds=(kind,)) as server:
        told = fault(server)
        assert server.fake.counts["requests"] == 1

    assert isinstance(told, TryAgain)
    assert told.crowded == (kind == "limited")
    assert told.after == (0.02 if kind == "limited" else None)
    assert (told.reply is not None) == (kind in ("broken", "cut"))


def test_what_was_broken_is_handed_on_with_what_it_cost():
    with Server("openai", faults=1.0, kinds=("cut",)) as server:
        told = fault(server)

    assert told.reply.text.startswith('{"entities":[{"name":"Otto Brandt"')
    assert told.reply.completion_tokens > 0
    assert not told.reply.capped


def test_an_endless_wait_ends_with_the_timeout_and_asks_for_fewer_at_once():
    with Server("openai", latency=30.0) as server:
        told = fault(server, timeout=0.05)

    assert isinstance(told, TryAgain)
    assert told.crowded
    assert "within 0.05 seconds" in str(told)


def test_a_server_that_is_not_there_is_worth_another_try():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"

    with pytest.raises(TryAgain, match="cannot be reached") as told:
        asked_at(address)
    assert address in str(told.value)
    assert not told.value.crowded
    assert told.value.silent


def test_a_server_that_has_answered_once_is_not_silent_any_more():
    async def ask(running):
        server = running.enter_context(Server("vllm"))
        async with aclosing(Connection(Endpoint(base_url=server.url), None)) as connection:
            model = OpenAIModel(Sampling(), MODEL, connection)
            await model.complete(READ)
            running.close()
            await model.complete(READ)

    with ExitStack() as running, pytest.raises(TryAgain) as told:
        asyncio.run(ask(running))
    assert not told.value.silent


def asked_at(address, key=None):
    async def ask():
        async with aclosing(Connection(Endpoint(base_url=address), key)) as connection:
            return await OpenAIModel(Sampling(), MODEL, connection).complete(READ)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((403, "Your country is not supported."), "not supported"),
        ((404, "The model `x` does not exist", "model_not_found"), "has no model 'reader-1'"),
        ((404, ""), "end in /v1"),
        ((400, "model 'x' not found, try pulling it first"), "has no model 'reader-1'"),
        ((400, "API key not valid. Please pass a valid API key."), "OPENAI_API_KEY"),
        ((400, "No models loaded. Please load a model."), "has no model 'reader-1'"),
        ((402, "Payment required"), "no credit or quota"),
        ((429, "You exceeded your current quota", "insufficient_quota"), "no credit or quota"),
    ],
)
def test_what_no_request_would_survive_stops_the_run(answer, said):
    with refusing(*answer) as server, pytest.raises(ModelRefused, match=said):
        asked(server, READ)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((400, "The response was filtered: content management policy", "content_filter"), "content filter"),
        ((413, "Request too large"), "of this length"),
        ((400, "messages: unknown role"), "unknown role"),
    ],
)
def test_what_lies_in_the_request_fails_the_request(answer, said):
    with refusing(*answer) as server:
        told = fault(server)

    assert type(told) is ModelError
    assert said in str(told)


@pytest.mark.parametrize(("status", "crowded"), [(408, True), (409, False), (429, True), (502, False), (504, True)])
def test_a_busy_server_is_asked_again_when_it_says(status, crowded):
    with refusing(status, "Later.", None, **{"retry-after": "7"}) as server:
        told = fault(server)

    assert isinstance(told, TryAgain)
    assert (told.after, told.crowded) == (7.0, crowded)


def test_an_error_inside_an_answer_is_an_error():
    with Server("vllm") as server:
        server.fake.answer = lambda *_: {"error": {"code": 429, "message": "Upstream is busy."}}
        told = fault(server)

    assert isinstance(told, TryAgain)
    assert told.crowded


def test_no_error_shows_a_key():
    with Server("openai") as server, pytest.raises(ModelRefused) as refused:
        asked_at(server.url, "sk-secret-abcdefgh")

    with refusing(400, "Bad header: authorization: Bearer sk-other-key, and api-key sk-test-0123456789") as server:
        told = fault(server)

    assert "secret" not in str(refused.value)
    assert "OPENAI_API_KEY" in str(refused.value)
    assert "sk-" not in str(told)
    assert told.__cause__ is None


def test_a_server_of_ones_own_needs_no_key_and_is_sent_none_of_the_environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    with Server("ollama") as server:
        asked_at(server.url)

    assert "\r\nauthorization: bearer none\r\n" in server.fake.heads[0].lower()


def test_openai_itself_is_not_asked_without_a_key():
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        Connection(Endpoint(), None)


@pytest.mark.parametrize(
    "address",
    [
        "localhost:11434",
        "http://",
        "ftp://host/v1",
        "http://host:port/v1",
        "http://[::1",
        "http://my host/v1",
        "http://ho\x01st/v1",
        "http://me:hush@host/v1",
        "http://host/v1?token=hush",
    ],
)
def test_an_address_that_is_none_or_holds_a_secret_is_one_clear_line(address):
    with pytest.raises(SettingsError, match="http://host:port/v1") as told:
        Connection(Endpoint(base_url=address), "k")

    assert "hush" not in str(told.value)


def test_a_refusal_met_by_many_at_once_is_learned_once():
    async def ask(url):
        async with aclosing(Connection(Endpoint(base_url=url), KEY)) as connection:
            model = OpenAIModel(Sampling(), MODEL, connection)
            replies = await asyncio.gather(*(model.complete(READ) for _ in range(8)))
            return model.level, {reply.text for reply in replies}

    with Server("vllm", formats=("json_object",), latency=0.02) as server:
        level, texts = asyncio.run(ask(server.url))

    assert level == "json_object"
    assert len(texts) == 1
    assert len(server.bodies) == 16


def test_vectors_of_another_length_are_a_clear_error():
    async def ask(server):
        async with aclosing(Connection(Endpoint(base_url=server.url), KEY)) as connection:
            model = OpenAIEmbeddings(EmbeddingsSettings(), EMBEDDER, connection)
            await model.embed(Texts(texts=("A ship.",)))
            server.fake.dimension = 32
            await model.embed(Texts(texts=("A harbour.",)))

    with Server("vllm") as server, pytest.raises(ModelError, match="vectors of 32 numbers after vectors of 64"):
        asyncio.run(ask(server))


def test_a_missing_vector_is_worth_another_try():
    with Server("vllm", faults=1.0, kinds=("broken",)) as server, pytest.raises(TryAgain, match="2 vectors"):
        embedded(server, "A ship.", "A harbour.")


def test_an_empty_text_has_a_vector_too():
    with Server("openai") as server:
        assert embedded(server, "", "A ship.").vectors.shape == (2, 64)


def test_faults_are_the_same_whatever_the_order_of_calls():
    def answered(order):
        found = set()
        with Server("openai", faults=0.5, seed=3) as server:
            for number in order:
                with suppress(TryAgain):
                    asked(server, replace(READ, max_tokens=900 + number))
                    found.add(number)
        return found

    assert 0 < len(answered(range(12))) < 12
    assert answered(range(12)) == answered(reversed(range(12)))
