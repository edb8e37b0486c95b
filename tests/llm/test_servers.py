"""Each server that people use, in its own ways: the same work is done on all of them."""

import asyncio
import json
from contextlib import aclosing

import numpy as np
import pytest
from llm.server import EMBEDDER, KEY, MODEL, PROFILES, Server

from graphrag_engine.errors import ModelError
from graphrag_engine.llm.base import Message, Request, Shape, Texts, TryAgain
from graphrag_engine.llm.openai import Connection, OpenAIEmbeddings, OpenAIModel
from graphrag_engine.settings import ChatSettings, EmbeddingsSettings

ROWS = {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}}
EXTRACT = Shape("extract", {"type": "object", "properties": {"entities": ROWS, "relationships": ROWS, "claims": ROWS}})
TEXT = "Otto Brandt lived at Pell Harbour. The Gannet sank in 1884."
SYSTEM = Message("system", "Read.")
READ = Request(
    messages=(SYSTEM, Message("user", f"<text-abcdef>\n{TEXT}\n</text-abcdef>")), shape=EXTRACT, max_tokens=900
)
every_server = pytest.mark.parametrize("profile", PROFILES)


def asked(server, *requests, **settings):
    """The replies to requests, one after the other."""

    async def ask():
        there = ChatSettings(base_url=server.url, azure=server.fake.profile.deployments, **settings)
        async with aclosing(Connection(there, KEY)) as connection:
            model = OpenAIModel(there, MODEL, connection)
            return [await model.complete(request) for request in requests]

    return asyncio.run(ask())


def embedded(server, *texts, **settings):
    """The vectors of texts, asked for together."""

    async def ask():
        there = EmbeddingsSettings(base_url=server.url, azure=server.fake.profile.deployments, **settings)
        async with aclosing(Connection(there, KEY)) as connection:
            return await OpenAIEmbeddings(there, EMBEDDER, connection).embed(Texts(texts=texts))

    return asyncio.run(ask())


@every_server
def test_a_text_is_read_in_json(profile):
    with Server(profile) as server:
        (reply,) = asked(server, READ)

    found = json.loads(reply.text)
    assert [entity["name"] for entity in found["entities"]] == ["Otto Brandt", "Pell Harbour", "The Gannet"]
    assert found["claims"][0]["quote"] in TEXT
    assert reply.prompt_tokens
    assert reply.completion_tokens
    assert reply.estimated == (profile == "plain")


@every_server
def test_a_plain_answer_comes_without_thoughts(profile):
    with Server(profile) as server:
        (reply,) = asked(server, Request(messages=(SYSTEM, Message("user", "Who was Otto Brandt?"))))

    assert "Otto Brandt [1]." in reply.text
    assert "Let me see" not in reply.text


@every_server
def test_the_cap_is_kept_and_known(profile):
    long = Message("user", " ".join(f"Name{chr(65 + n % 26)}{n} sang." for n in range(400)))
    with Server(profile) as server:
        (reply,) = asked(server, Request(messages=(SYSTEM, long), shape=EXTRACT, max_tokens=100))

    assert reply.capped
    assert len(reply.text) <= 400


@every_server
def test_vectors_are_in_order_and_of_length_1(profile):
    texts = [f"Text {n}." for n in range(9)]
    with Server(profile) as server:
        together = embedded(server, *texts)
        alone = [embedded(server, text).vectors[0] for text in texts]

    assert together.vectors.shape == (9, 64)
    assert together.vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(together.vectors, axis=1), 1)
    assert np.array_equal(together.vectors, np.stack(alone))
    assert together.prompt_tokens


@every_server
def test_what_a_server_does_not_take_is_asked_of_it_once(profile):
    with Server(profile) as server:
        asked(server, READ, READ, READ)
        bodies = server.bodies

    sent = [(*sorted(body), str(body.get("response_format"))[:22]) for body in bodies]
    assert len(bodies) == {"plain": 5, "reasoning": 6}.get(profile, 3)
    assert len(set(sent)) == len(bodies) - 2


def test_a_server_without_formats_is_shown_the_json_in_words():
    with Server("plain") as server:
        asked(server, READ)

    last = server.bodies[-1]
    assert "response_format" not in last
    assert '{"entities": [{"name": "..."}, ...]' in last["messages"][0]["content"]
    assert last["messages"][1]["content"] == READ.messages[1].content


def test_lm_studio_is_never_asked_for_any_object():
    with Server("lmstudio") as server:
        asked(server, READ)

    assert [body["response_format"]["type"] for body in server.bodies] == ["json_schema"]


def test_reasoning_models_are_asked_without_what_they_refuse():
    with Server("reasoning") as server:
        asked(server, READ)

    assert {"max_tokens", "temperature", "top_p"} & set(server.bodies[-1]) == set()
    assert server.bodies[-1]["max_completion_tokens"] == 900
    assert server.bodies[-1]["seed"] == 0


def test_sampling_is_always_said_and_more_fields_are_passed_on():
    with Server("vllm") as server:
        asked(server, READ, temperature=0.5, extra_body={"top_k": 3})

    body = server.bodies[0]
    assert (body["temperature"], body["top_p"], body["seed"], body["top_k"]) == (0.5, 1.0, 0, 3)
    assert body["max_tokens"] == 900


def test_azure_is_asked_by_deployment_and_with_its_own_header():
    with Server("azure") as server:
        asked(server, READ)

    head = server.fake.heads[0]
    assert head.startswith(f"POST /openai/deployments/{MODEL}/chat/completions?api-version=2024-10-21 ")
    assert f"\r\napi-key: {KEY}" in head
    assert "uthorization" not in head


def test_llamacpp_is_sent_the_beginning_of_a_text_that_is_too_long():
    texts = ["Short.", "Otto Brandt sailed. " * 200, "End."]
    with Server("llamacpp") as server:
        found = embedded(server, *texts)

    inputs = [body["input"] for body in server.bodies]
    assert found.vectors.shape == (3, 64)
    assert inputs[0] == texts
    assert texts[1].startswith(inputs[-2][0])
    assert len(inputs) == 6


def test_a_text_too_long_for_the_server_gives_the_same_vector_whatever_came_before():
    long = "Otto Brandt sailed. " * 200
    with Server("llamacpp") as server:
        alone, after = embedded(server, long), embedded(server, "Short.", f"Also {long}", long, long, batch=2)

    assert np.array_equal(alone.vectors[0], after.vectors[2])
    assert np.array_equal(alone.vectors[0], after.vectors[3])


def test_a_batch_that_is_too_large_is_halved_and_the_size_remembered():
    texts = [f"Text {n}." for n in range(12)]
    with Server("vllm", most=3) as server:
        found = embedded(server, *texts, *texts, batch=12)

    assert found.vectors.shape == (24, 64)
    assert [len(body["input"]) for body in server.bodies[:4]] == [12, 6, 3, 3]
    assert all(len(body["input"]) <= 12 for body in server.bodies)


def test_a_server_that_does_not_honour_base64_gives_the_same_vectors():
    with Server("openai") as one, Server("lmstudio") as other:
        assert np.array_equal(embedded(one, "A ship.").vectors, embedded(other, "A ship.").vectors)


def test_a_server_that_does_not_embed_says_so():
    with Server("vllm", embeds=False) as server, pytest.raises(ModelError, match="does not support Embeddings"):
        embedded(server, "A ship.")


def test_a_prompt_that_does_not_fit_fails_this_request_alone():
    long = Request(messages=(Message("user", "word " * 50_000),))
    with (
        Server("vllm") as server,
        pytest.raises(ModelError, match=r"cannot take a request of this length.*8192") as told,
    ):
        asked(server, long)

    assert not isinstance(told.value, TryAgain)


def test_the_limits_that_a_server_tells_come_with_the_reply():
    with Server("openai") as server:
        (reply,) = asked(server, READ)

    assert (reply.limits.requests, reply.limits.tokens) == (4999, 9_900_000)
    assert (reply.limits.requests_reset, reply.limits.tokens_reset) == (0.012, 62.0)
