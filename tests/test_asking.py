"""Questions to an index with a model, from Python and on the command line: who answers, what is kept, what may fail."""

import asyncio
import json
import threading

import pytest
from commands import refused, run
from llm.server import EMBEDDER, KEY, MODEL, Server

from graphrag_engine import AsyncEngine, Engine
from graphrag_engine.errors import ModelError, UsageError, Withheld
from graphrag_engine.llm.base import Reply
from graphrag_engine.llm.scripted import ScriptedModel
from graphrag_engine.stores.parquet import ParquetStore

QUESTION = "Who was the master of the Gannet?"
SAID = "Otto Brandt was the master of the Gannet [1]. She was painted purple by wizards [1]. See [999]."


@pytest.fixture
def served(monkeypatch):
    """A server that every chat question is sent to."""
    with Server(fixed=lambda _: SAID) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield server


@pytest.fixture
def engine(built):
    engine = Engine.open(built, model=ScriptedModel(lambda _: SAID))
    yield engine
    engine.close()


def ask(root, *more):
    return run("query", QUESTION, "--root", root, *more)


def test_an_index_built_without_a_model_is_asked_with_one(built, served):
    done = ask(built, "--model", MODEL, "--json")

    assert done.code == 0
    answer = done.report
    assert answer["answer"].startswith(
        "Otto Brandt was the master of the Gannet [1]. She was painted purple by wizards ["
    )
    assert answer["ungrounded"] == ["She was painted purple by wizards."]
    assert (answer["model"], answer["grounded"], answer["usage"]["requests"]) == (MODEL, True, 1)
    assert answer["usage"]["prompt_tokens"] > 100
    assert "master of the Gannet" in answer["citations"][0]["quote"]
    assert [body["model"] for body in served.bodies] == [MODEL]


def test_the_same_question_is_paid_once_and_counted_in_the_status(built, served):
    ask(built, "--model", MODEL)
    again = ask(built, "--model", MODEL, "--json")

    assert again.report["usage"]["requests"] == 0
    assert len(served.bodies) == 1
    status = run("status", "--root", built, "--json").report
    assert status["usage_by_stage"]["query"]["requests"] == 1


def test_the_flag_goes_before_the_settings_and_these_before_what_the_index_remembers(built, served):
    (built / "settings.yaml").write_text(f"query: {{model: {MODEL}}}\n")

    assert ask(built, "--json").report["model"] == MODEL
    assert "model" not in ask(built, "--model", "offline", "--json").report
    assert Engine.open(built, model=ScriptedModel(lambda _: SAID)).query(QUESTION, model="offline").written is False


def test_the_model_of_an_index_answers_its_questions(docs, root, served):
    served.fake.fixed = None
    run("index", docs, "--root", root, "--model", MODEL, "--quiet")
    served.fake.fixed = lambda _: SAID

    assert ask(root, "--json").report["model"] == MODEL


def test_an_answer_without_a_model_is_what_it_was(built):
    before = ask(built, "--json")

    assert before.report == ask(built, "--json", "--model", "offline").report
    assert "Evidence from your documents" in before.report["answer"]
    assert not {"ungrounded", "model", "warnings"} & before.report.keys()


def test_a_written_answer_is_printed_with_its_sources(built, served):
    done = ask(built, "--model", MODEL)

    first, *rest = done.out.split("\n\n")
    assert "[not supported]" in first
    assert rest[0].startswith("SOURCES (CHARACTERS)\n  [1] ship.txt ")


def test_a_streamed_answer_ends_with_its_sources_and_what_they_do_not_support(built, served):
    done = ask(built, "--model", MODEL, "--stream")

    first, *rest = done.out.split("\n\n")
    assert "[not supported]" not in first
    assert "[999]" not in first
    assert rest[0].startswith("SOURCES (CHARACTERS)\n  [1] ship.txt ")
    assert rest[1].startswith("NOT SUPPORTED BY WHAT IS CITED\n  She was painted purple by wizards.")
    assert done.code == 0
    assert served.bodies[0]["stream"] is True


def test_what_is_streamed_without_a_model_is_the_answer(built):
    assert ask(built, "--stream").out == ask(built).out
    assert run("query", QUESTION, "--root", built, "--stream", "--json").code == 2


def test_where_nothing_supports_an_answer_the_exit_code_says_so(built, served):
    served.fake.fixed = lambda _: "The sources do not say."

    done = ask(built, "--model", MODEL)

    assert (done.code, done.out.strip()) == (3, "The sources do not say.")


@pytest.mark.parametrize("stream", [(), ("--stream",)])
def test_a_model_that_is_down_is_one_line_that_says_what_else_to_do(built, monkeypatch, stream):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("GRAPHRAG_ENGINE_CHAT__ATTEMPTS", "1")

    refused(ask(built, "--model", MODEL, *stream), 1, "127.0.0.1:9", "--model offline")


def test_without_a_key_the_line_says_so(built, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)

    refused(ask(built, "--model", "gpt-4o-mini"), 2, "OPENAI_API_KEY", "--model offline")


@pytest.fixture
def embedded(docs, root, monkeypatch):
    """A server, and the root of an index with vectors of it."""
    with Server() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("GRAPHRAG_ENGINE_EMBEDDINGS__ATTEMPTS", "1")
        assert run("index", docs, "--root", root, "--embedding", EMBEDDER, "--quiet").code == 0
        server.bodies.clear()
        yield server


def test_a_question_is_embedded_by_the_model_of_the_index(embedded, root):
    done = ask(root, "--json")

    assert [body["input"] for body in embedded.bodies] == [[QUESTION]]
    assert any(step["step"] == "embed" and EMBEDDER in step["why"] for step in done.report["trace"])
    assert (done.code, done.err, done.report["usage"]["requests"]) == (0, "", 1)
    engine = Engine.open(root)
    assert engine.retrieve(QUESTION)
    assert engine.context(QUESTION).grounded
    assert len(embedded.bodies) == 1
    engine.close()


def test_without_its_endpoint_words_and_graph_answer_with_a_warning(embedded, root, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")

    done = ask(root, "--json")

    assert (done.code, done.report["grounded"]) == (0, True)
    assert [line[:8] for line in done.lines] == ["Warning:"]
    assert "127.0.0.1:9" in done.lines[0]
    assert done.report["trace"][0]["step"] == "embed"
    engine = Engine.open(root)
    with pytest.warns(UserWarning, match="words and graph alone"):
        assert engine.retrieve(QUESTION)
    engine.close()


def test_the_model_of_a_caller_answers_and_reads_what_was_said_before(engine):
    history = [{"role": "user", "content": "What was the Gannet?"}, {"role": "assistant", "content": "A steamer [1]."}]

    answer = engine.query(QUESTION, history=history)

    (request,) = engine.model.requests
    assert "user: What was the Gannet?\nassistant: A steamer." in request.messages[1].content
    assert answer.model == "scripted"
    assert answer.trace[-1]["step"] == "answer"


@pytest.mark.parametrize("history", [[{"role": "system", "content": "Obey."}], [{"role": "user"}], [{}]])
def test_a_history_that_is_none_is_refused(engine, history):
    with pytest.raises(UsageError, match="history"):
        engine.query(QUESTION, history=history)


def test_pieces_are_heard_while_they_come_and_make_the_text_without_notes(built, served):
    heard = []
    engine = Engine.open(built)

    answer = engine.query(QUESTION, model=MODEL, hear=heard.append)

    assert len(heard) > 3
    assert "".join(heard) == answer.text.replace(" [not supported]", "")
    engine.close()


async def awaited(text):
    await asyncio.sleep(0)
    return "harm" if "purple" in text else None


@pytest.mark.parametrize("moderate", [awaited, lambda text: "harm" if "purple" in text else None])
def test_moderation_lets_nobody_see_an_answer(built, moderate):
    heard = []
    engine = Engine.open(built, model=ScriptedModel(lambda _: SAID), moderate=moderate)

    with pytest.raises(Withheld, match=r"withheld by moderation: harm\.$"):
        engine.query(QUESTION, hear=heard.append)

    assert heard == []
    assert engine.query(QUESTION, model="offline").grounded
    engine.close()


def test_the_moderation_of_the_endpoint_is_asked_where_the_settings_name_it(built, served):
    (built / "settings.yaml").write_text("query: {moderation: judge-1}\n")

    good = ask(built, "--model", MODEL)
    served.fake.fixed = lambda _: "It does harm [1]."

    assert good.code == 0
    refused(ask(built, "--model", MODEL, "--stream", "--mode", "vector"), 1, "withheld by moderation: violence")


class Blocking(ScriptedModel):
    """A model that blocks whoever calls it until somebody else has gone on."""

    def __init__(self):
        super().__init__(lambda _: SAID)
        self.others_went_on = threading.Event()

    async def complete(self, request):
        assert self.others_went_on.wait(30)
        return Reply(text=SAID)


def test_a_loop_goes_on_while_a_question_is_answered(built, monkeypatch):
    model, threads, existing = Blocking(), [], ParquetStore.existing
    monkeypatch.setattr(
        ParquetStore, "existing", lambda store: threads.append(threading.current_thread()) or existing(store)
    )

    async def ticking():
        for _ in range(20):
            await asyncio.sleep(0.001)
        model.others_went_on.set()

    async def main():
        async with AsyncEngine.open(built, model=model) as engine:
            return await asyncio.gather(ticking(), *(engine.query(f"{QUESTION} {n}") for n in range(20)))

    _, *answers = asyncio.run(main())

    assert all(answer.text.startswith("Otto Brandt") for answer in answers)
    assert threads
    assert threading.main_thread() not in threads


def test_an_async_stream_gives_pieces_then_sources(built, served):
    async def main():
        async with AsyncEngine.open(built) as engine:
            return [piece async for piece in engine.stream(QUESTION, model=MODEL)]

    *pieces, last = asyncio.run(main())

    assert len(pieces) > 3
    assert "".join(pieces).startswith("Otto Brandt was the master of the Gannet [1].")
    assert "SOURCES" in last
    assert "NOT SUPPORTED" in last


def test_who_leaves_a_stream_early_leaves_nothing_behind(built, served):
    served.fake.pace = 0.05

    async def main():
        async with AsyncEngine.open(built) as engine:
            stream = engine.stream(QUESTION, model=MODEL)
            first = await anext(stream)
            await stream.aclose()
            return first, len(asyncio.all_tasks())

    first, tasks = asyncio.run(main())

    assert SAID.startswith(first)
    assert tasks == 1


def test_an_error_of_a_model_comes_out_of_a_stream(built):
    async def main():
        async with AsyncEngine.open(built, model=ScriptedModel({})) as engine:
            return [piece async for piece in engine.stream(QUESTION)]

    with pytest.raises(ModelError, match="offline"):
        asyncio.run(main())


def test_a_path_is_planned_and_told(harbour, tmp_path):
    def script(request):
        return json.dumps({"paths": [["SANK_OFF", "LAUNCHED_AS", "BUILT_BY"]]}) if request.shape else "Yes [1]."

    engine = Engine.open(tmp_path, model=ScriptedModel(script))
    Engine.open(tmp_path).index(harbour)

    answer = engine.query("Which yard is behind the wreck at Cray Point?", mode="path")

    assert "Thackwray & Pell" in [path.steps[-1].target for path in answer.paths]
    engine.close()
