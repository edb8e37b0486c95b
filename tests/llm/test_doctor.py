"""What `doctor` finds, and what it says to do."""

import json

import pytest
import yaml
from commands import run
from llm.server import EMBEDDER, KEY, MODEL, Refused, Server

from graphrag_engine import Engine
from graphrag_engine.llm.scripted import ScriptedModel


@pytest.fixture(autouse=True)
def _no_key(monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AZURE_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def checked(root, server, embedding=EMBEDDER, key=KEY, **chat):
    """What doctor says of a model and an embedding model behind a server, by name of the check."""
    root.mkdir(exist_ok=True)
    there = {"base_url": server.url, "azure": server.fake.profile.deployments}
    sections = {
        "chat": {"model": MODEL, **there, **chat},
        "embeddings": there,
        "vectorize": {"embedding": embedding},
    }
    (root / "settings.yaml").write_text(yaml.safe_dump(sections))
    (root / ".env").write_text(f"OPENAI_API_KEY={key}\nAZURE_OPENAI_API_KEY={key}\n" if key else "")
    return {check.name: check for check in Engine.open(root).doctor()}


@pytest.mark.parametrize("profile", ["ollama", "llamacpp", "vllm", "lmstudio", "plain"])
def test_a_server_of_ones_own_is_well(root, profile):
    with Server(profile) as server:
        checks = checked(root, server)

    assert [name for name, check in checks.items() if not check.ok] == []
    assert "lists 2 models" in checks["chat endpoint"].told
    assert checks[f"model '{MODEL}'"].told == "is there"
    assert ("in words alone" in checks[f"JSON of '{MODEL}'"].told) == (profile == "plain")
    assert checks[f"vectors of '{EMBEDDER}'"].told == "have 64 numbers"
    assert "counted as free" in checks[f"price of '{MODEL}'"].told


def test_azure_is_well_where_prices_are_set(root):
    with Server("azure") as server:
        checks = checked(root, server, "hashing", usd_per_million_in=1.5, usd_per_million_out=2)

    assert all(check.ok for check in checks.values())
    assert checks[f"price of '{MODEL}'"].told == "$1.5 for a million tokens in, $2 out"


def test_a_context_that_is_cut_without_a_word_is_found(root):
    with Server("ollama") as server:
        cut = checked(root, server, context_tokens=32_000)[f"context of '{MODEL}'"]
        fits = checked(root, server, context_tokens=4_000)[f"context of '{MODEL}'"]

    assert (cut.ok, fits.ok) == (False, True)
    assert "the beginning did not reach the model" in cut.told
    assert "OLLAMA_CONTEXT_LENGTH" in cut.remedy


def test_a_context_that_is_refused_is_found(root):
    with Server("vllm") as server:
        found = checked(root, server, context_tokens=32_000)[f"context of '{MODEL}'"]

    assert not found.ok
    assert "maximum context length is 8192" in found.told


def test_a_model_that_is_not_there_is_named_with_those_that_are(root):
    with Server("vllm") as server:
        checks = checked(root, server, model="writer-9")

    assert f"which has {MODEL}, {EMBEDDER}:latest" in checks["model 'writer-9'"].told
    assert not checks["JSON of 'writer-9'"].ok


def test_a_model_of_another_stage_is_looked_at_too(root, monkeypatch):
    monkeypatch.setenv("GRAPHRAG_ENGINE_EXTRACT__MODEL", "writer-9")
    with Server("vllm") as server:
        checks = checked(root, server, "none")

    assert [checks[f"model '{name}'"].ok for name in (MODEL, "writer-9")] == [True, False]


def test_a_model_that_cannot_answer_in_json_is_told(root):
    with Server("plain", fixed=lambda _: "I cannot do that.") as server:
        found = checked(root, server)[f"JSON of '{MODEL}'"]

    assert not found.ok
    assert "not the JSON" in found.told
    assert "follows instructions" in found.remedy


def test_a_chat_model_that_does_not_embed_is_told(root):
    with Server("vllm", embeds=False) as server:
        found = checked(root, server)[f"vectors of '{EMBEDDER}'"]

    assert not found.ok
    assert "made for embeddings" in found.remedy


def test_a_server_without_a_list_of_models_is_asked_all_the_same(root):
    def unlisted(*_):
        raise Refused(404, "Not Found")

    with Server("vllm") as server:
        answer = server.fake.answer
        server.fake.answer = lambda path, *rest: unlisted() if path.endswith("/models") else answer(path, *rest)
        checks = checked(root, server, "none")

    assert "keeps no list of models" in checks["chat endpoint"].told
    assert checks[f"JSON of '{MODEL}'"].ok


def test_a_wrong_key_is_one_check_without_the_key(root):
    with Server("openai") as server:
        checks = checked(root, server, key="sk-wrong-0123456789")

    assert not checks["chat endpoint"].ok
    assert "OPENAI_API_KEY" in checks["chat endpoint"].told
    assert not any("wrong" in check.told for check in checks.values())
    assert f"JSON of '{MODEL}'" not in checks


def test_a_missing_key_is_one_check(root):
    root.mkdir()
    (root / "settings.yaml").write_text("chat: {model: gpt-4o-mini}\n")
    done = run("doctor", "--root", root)

    assert done.code == 1
    assert "FAIL  chat endpoint: " in done.out
    assert "OPENAI_API_KEY" in done.out


def test_the_command_says_one_line_each_and_ends_with_1_where_something_is_not_well(root):
    with Server("lmstudio") as server:
        checked(root, server, model="writer-9")
        done = run("doctor", "--root", root)
        asked = run("doctor", "--root", root, "--json")

    assert done.code == asked.code == 1
    assert done.out.startswith("ok    chat endpoint: http://127.0.0.1:")
    assert "\nFAIL  model 'writer-9': " in done.out
    assert "\n      Load it on the server" in done.out
    assert asked.report["ok"] is False
    assert set(asked.report["checks"][0]) == {"name", "ok", "told", "remedy"}


def test_offline_there_is_nothing_to_reach(root):
    done = run("doctor", "--root", root)

    assert (done.code, done.err) == (0, "")
    assert done.out == "ok    chat model: no endpoint is asked\nok    embedding model: no endpoint is asked\n"
    assert json.loads(run("doctor", "--root", root, "--json").out)["ok"] is True


def test_models_can_be_looked_at_before_they_are_set(root):
    with Server("vllm") as server:
        checked(root, server, "none", model="offline")
        done = run("doctor", "--root", root, "--model", MODEL, "--embedding", EMBEDDER)

    assert done.code == 0
    assert f"model '{MODEL}': is there" in done.out
    assert f"vectors of '{EMBEDDER}': have 64 numbers" in done.out


def test_models_of_the_caller_s_own_are_left_alone(root):
    checks = Engine.open(root, model=ScriptedModel({})).doctor()

    assert [check.told for check in checks] == ["no endpoint is asked"] * 2
