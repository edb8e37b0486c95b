import asyncio

import pytest

from graphrag_engine.errors import ModelError, ModelRefused
from graphrag_engine.executors import local
from graphrag_engine.llm.base import Message, Models, Reply, Request, Task, Texts, said
from graphrag_engine.llm.scripted import ScriptedModel


def ask(text):
    """A conversation of one request."""
    reply = yield Request(messages=(Message("user", text),))
    return reply.text


def ask_twice(text):
    first = yield Request(messages=(Message("user", text),))
    second = yield Request(messages=(Message("user", first.text),))
    return first.text + second.text


def run(tasks, model=None):
    return local.run(tasks, Models(model))


def test_a_conversation_that_asks_nothing_needs_no_model():
    assert run([Task("a", (), lambda _: said(7))]).done == {"a": 7}


def test_a_conversation_is_sent_the_replies_to_its_requests():
    model = ScriptedModel({"one": "two", "two": "three"})

    results = run([Task("a", (), lambda _: ask_twice("one"))], model)

    assert results.done == {"a": "twothree"}
    assert [request.messages[-1].content for request in model.requests] == ["one", "two"]


def test_a_task_begins_with_the_results_that_it_needs():
    tasks = [
        Task("parent", ("left", "right"), lambda done: said(done["left"] + done["right"])),
        Task("left", (), lambda _: said("l"), needed=2),
        Task("right", ("left",), lambda done: said(done["left"] + "r"), needed=1),
    ]

    assert run(tasks).done["parent"] == "llr"


def test_a_task_does_not_wait_for_tasks_it_does_not_need():
    model = ScriptedModel(lambda request: request.messages[-1].content)
    tasks = [
        Task("slow", (), lambda _: ask_twice("slow")),
        Task("quick", (), lambda _: ask("quick")),
        Task("after quick", ("quick",), lambda _: ask("after quick")),
    ]

    run(tasks, model)

    asked = [request.messages[-1].content for request in model.requests]
    assert asked == ["slow", "quick", "slow", "after quick"]


def test_results_do_not_depend_on_how_many_run_at_once():
    tasks = [Task(f"t{n}", (f"t{n - 1}",) if n % 3 else (), lambda _, n=n: ask(str(n))) for n in range(50)]
    model = ScriptedModel(lambda request: request.messages[-1].content * 2)

    alone = local.run(tasks, Models(model, at_once=1))

    assert alone.done == run(tasks, model).done


def test_a_need_that_is_no_task_is_taken_as_there():
    assert run([Task("a", ("made earlier",), lambda _: said(1))]).done == {"a": 1}


def test_a_model_error_ends_its_own_task_and_those_that_need_it():
    tasks = [
        Task("bad", (), lambda _: ask("unknown")),
        Task("needs bad", ("bad",), lambda _: said(1)),
        Task("good", (), lambda _: ask("known")),
    ]

    results = run(tasks, ScriptedModel({"known": "yes"}))

    assert results.done == {"good": "yes"}
    assert set(results.failed) == {"bad", "needs bad"}
    assert all(isinstance(error, ModelError) for error in results.failed.values())


def test_asking_without_a_model_fails_the_task():
    assert "none is configured" in str(run([Task("a", (), lambda _: ask("x"))]).failed["a"])


def test_any_other_error_ends_all():
    def broken(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run([Task("a", (), broken), Task("b", (), broken), Task("c", (), lambda _: said(1))])


class Refusing:
    """Refuses one request while others are under way."""

    name = "refusing"

    def __init__(self):
        self.answered = []

    async def complete(self, request):
        await asyncio.sleep(0.01)
        text = request.messages[-1].content
        if text == "bad":
            raise ModelRefused("No such key.")
        await asyncio.sleep(0.02)
        self.answered.append(text)
        return Reply(text=text)


def test_an_error_that_stops_the_run_lets_the_calls_under_way_come_back():
    model = Refusing()
    tasks = [Task(text, (), lambda _, text=text: ask(text)) for text in ("one", "bad", "two", "never")]

    with pytest.raises(ModelRefused):
        local.run(tasks, Models(model, at_once=3))

    assert sorted(model.answered) == ["one", "two"]


def test_tasks_run_while_their_caller_computes():
    done = {}
    with local.Driver() as driver:
        model = ScriptedModel({"one": "two"})
        running = driver.begin([Task("a", (), lambda _: ask("one"))], Models(model), done.__setitem__)

        assert (running.result(), done) == ({}, {"a": "two"})


@pytest.mark.parametrize("model", [None, ScriptedModel({"one": "two"})], ids=["rules", "model"])
def test_a_row_is_held_until_the_last_task_that_needs_it_is_done_and_no_longer(model):
    held, done = [], {}

    def seen(rows):
        held.append(sorted(rows))
        return said("")

    tasks = [
        Task("a", (), lambda _: said("a"), needed=2),
        Task("b", ("a",), seen, needed=1),
        Task("c", ("a", "b"), seen, needed=1),
        Task("d", ("c",), seen),
    ]
    with local.Driver() as driver:
        driver.begin(tasks, Models(model), done.__setitem__).result()

    assert held == [["a"], ["a", "b"], ["c"]]
    assert sorted(done) == ["a", "b", "c", "d"]


def test_a_driver_that_is_left_lets_nothing_run_on():
    model = Refusing()
    with local.Driver() as driver:
        running = driver.begin([Task("a", (), lambda _: ask_twice("slow"))], Models(model), lambda *_: None)

    assert running.cancelled()
    assert model.answered == []


def test_texts_are_asked_of_the_embedding_model():
    class Lengths:
        name = "lengths"

        async def embed(self, texts):
            return [len(text) for text in texts.texts]

    def lengths(_):
        return (yield Texts(texts=("a", "bcd")))

    assert local.run([Task("a", (), lengths)], Models(embeddings=Lengths())).done == {"a": [1, 3]}


def test_it_runs_inside_a_running_event_loop():
    async def notebook():
        return run([Task("a", (), lambda _: said(1))]).done

    assert asyncio.run(notebook()) == {"a": 1}


def test_every_task_is_told_once_with_what_it_gave():
    ticks = []

    local.run([Task(name, (), lambda _: said(1)) for name in "abcde"], on_done=lambda *done: ticks.append(done))

    assert ticks == [(name, 1) for name in "abcde"]


def test_rows_that_are_made_together_have_a_result_each_or_fail_together():
    told = []
    tasks = [
        Task("a", (), lambda _: said([1, 2]), ("b",)),
        Task("c", (), lambda _: said([3]), ()),
        Task("d", (), lambda _: ask("nobody"), ("e",)),
    ]

    results = local.run(tasks, on_done=lambda *done: told.append(done))

    assert results.done == {"a": 1, "b": 2, "c": 3}
    assert {*results.failed} == {"d", "e"}
    assert told == [("a", 1), ("b", 2), ("c", 3), ("d", None), ("e", None)]


def test_no_tasks_give_no_results():
    assert run([]).done == {}
