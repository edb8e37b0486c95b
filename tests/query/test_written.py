"""Answers that a model writes, as a conversation: what is asked, within which bounds, what is made of the reply."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from conftest import HARBOUR, YARD
from world import World

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.errors import ModelError
from graphrag_engine.llm.base import Reply, Request
from graphrag_engine.prompts import enclosed, shipped
from graphrag_engine.query import planned, written
from graphrag_engine.query.answer import Answer
from graphrag_engine.query.talk import Chat, Prose, Turn, Writer
from graphrag_engine.query.written import Asking
from graphrag_engine.settings import QuerySettings
from graphrag_engine.stores.base import Store
from graphrag_engine.stores.reader import MappedStore

WRITER = Writer(model="scripted", max_tokens=500, prompts=shipped())
QUESTION = "Who commanded the Tern?"
Script = Callable[[Request], str]


def asked(
    store: Store,
    question: str = QUESTION,
    script: Script = lambda _: "Ada Cross commanded the Tern [1].",
    history: tuple[Turn, ...] = (),
    mode: str = "local",
    **settings: Any,
) -> tuple[Answer, list[Request]]:
    """The answer to a question by a scripted model, and what that was asked."""
    asking = Asking(question=question, mode=mode, history=history, settings=QuerySettings(**settings), index_version=1)
    talk = written.answer(store, asking, WRITER)
    requests: list[Request] = []
    came: Any = None
    try:
        while True:
            said = talk.send(came)
            assert isinstance(said, Prose | Chat)
            listed = [said.request] if isinstance(said, Prose) else list(said.requests)
            requests += listed
            replies = [Reply(text=script(each)) for each in listed]
            came = replies[0] if isinstance(said, Prose) else replies
    except StopIteration as end:
        return end.value, requests


def shown(request: Request) -> str:
    return request.messages[1].content


def number_of(request: Request, words: str) -> int:
    """The number of the passage that holds these words."""
    before = shown(request).partition(words)[0]
    return int(re.findall(r"^\[(\d+)\] ", before, re.MULTILINE)[-1])


def tokens(request: Request) -> int:
    return sum(estimate_tokens(message.content) for message in request.messages)


@pytest.mark.parametrize("mode", ["auto", "local", "global", "vector"])
def test_a_question_is_one_call(harbour_store: MappedStore, mode: str) -> None:
    answer, requests = asked(harbour_store, mode=mode)

    assert len(requests) == 1
    assert requests[0].messages[0].content == shipped()["answer"]
    assert shown(requests[0]).endswith(f"Question:\n{enclosed(QUESTION)}")
    assert answer.written


def test_citations_are_slices_of_documents_that_the_model_was_shown(harbour_store: MappedStore) -> None:
    def script(request: Request) -> str:
        one, other = number_of(request, "Ada Cross commanded"), number_of(request, "Six men drowned")
        return f"Six men drowned [{other}]. Ada Cross commanded the Tern from 1901 [{one}][{one}], see [99]."

    answer, requests = asked(harbour_store, script=script)

    assert answer.text == "Six men drowned [1]. Ada Cross commanded the Tern from 1901 [2], see."
    assert (answer.grounded, answer.ungrounded) == (True, ())
    assert [each.quote for each in answer.citations] == [
        *("Six men drowned that night.", "Ada Cross commanded the Tern from 1901."),
    ]
    for each in answer.citations:
        assert HARBOUR.documents[each.document][each.start : each.end] == each.quote
        assert each.quote in shown(requests[0])


def test_what_citations_do_not_support_is_noted_and_listed(harbour_store: MappedStore) -> None:
    def script(request: Request) -> str:
        n = number_of(request, "Ada Cross commanded")
        return f"Ada Cross commanded the Tern [{n}]. Wizards painted her purple [{n}]. It was a Monday in Paris."

    answer, _ = asked(harbour_store, script=script)

    assert answer.ungrounded == ("Wizards painted her purple.", "It was a Monday in Paris.")
    assert "purple [2]. [not supported] It was a Monday in Paris. [not supported]" in answer.text
    assert answer.to_dict()["ungrounded"] == answer.ungrounded


@pytest.mark.parametrize(
    "said", ["The sources do not say.", "Wizards did it [1].", "Wizards did it.", "Yes [999].", "[1]"]
)
def test_an_answer_that_nothing_supports_is_not_grounded(harbour_store: MappedStore, said: str) -> None:
    answer, _ = asked(harbour_store, script=lambda _: said)

    assert not answer.grounded


def test_a_plain_refusal_is_shown_as_it_is(harbour_store: MappedStore) -> None:
    answer, _ = asked(harbour_store, script=lambda _: "The sources do not say who commanded her.")

    assert (answer.text, answer.ungrounded) == ("The sources do not say who commanded her.", ())


def test_where_nothing_is_found_no_model_is_asked(harbour_store: MappedStore) -> None:
    answer, requests = asked(harbour_store, "Who discovered penicillin in a shed?", mode="auto")

    assert (requests, answer.grounded, answer.written) == ([], False, False)


@pytest.mark.parametrize("budget", [900, 2000, 8000])
@pytest.mark.parametrize("mode", ["local", "global", "vector", "path"])
def test_the_whole_prompt_stays_within_its_budget(
    stored: Callable[[World], MappedStore], budget: int, mode: str
) -> None:
    long = {f"d{n}.md": f"The Tern sank off Gull Point, {n}. " * 60 for n in range(30)}
    world = World(
        documents=long,
        names={"Tern": "work", "Gull Point": "place"},
        ties=(("Tern", "sank off", "Gull Point"),),
        reports={"Wreck": (0, None, ("Tern",), ("The Tern sank off Gull Point, 1.",))},
    )
    history = (Turn("user", "What is the Tern? " * 300), Turn("assistant", "A ship [1]. " * 300))

    _, requests = asked(
        stored(world), "What sank off Gull Point? " * 50, mode=mode, history=history, context_tokens=budget
    )

    assert requests
    for request in requests:
        assert tokens(request) <= budget


def test_what_was_said_before_is_shown_without_marks_and_helps_to_find(harbour_store: MappedStore) -> None:
    history = (Turn("user", "Who lit the lamp of Gull Point?"), Turn("assistant", "Ruth Dane [1]."))

    answer, requests = asked(harbour_store, "And what did she keep?", history=history)

    assert enclosed("user: Who lit the lamp of Gull Point?\nassistant: Ruth Dane.") in shown(requests[0])
    assert "Ruth Dane kept a journal" in shown(requests[0])
    assert "history" in [step["step"] for step in answer.trace]
    assert answer.question == "And what did she keep?"


def reports(count: int, words: int = 40) -> World:
    """Reports that do not fit one small call."""
    names = [f"Ship {n}" for n in range(count)]
    documents = {f"{n}.md": f"{name} sank {'off Gull Point ' * words}in {1800 + n}." for n, name in enumerate(names)}
    return World(
        documents=documents,
        names=dict.fromkeys(names, "work"),
        reports={name: (0, None, (name,), (documents[f"{n}.md"],)) for n, name in enumerate(names)},
    )


def test_reports_that_do_not_fit_are_read_in_parts_and_their_points_put_together(
    stored: Callable[[World], MappedStore],
) -> None:
    def script(request: Request) -> str:
        if request.shape is None:
            return "They sank off Gull Point [1]."
        numbers = [int(n) for n in re.findall(r"\[(\d+)\] \u201c", shown(request))]
        points = [{"text": f"It sank off Gull Point [{n}].", "score": n, "citations": [n, 99]} for n in numbers]
        return json.dumps({"points": [*points, {"text": "Nowhere.", "score": 100, "citations": [99]}, "bad"]})

    answer, requests = asked(
        stored(reports(9)), "What are the main themes?", script, mode="global", context_tokens=1300
    )

    *parts, last = requests
    assert len(parts) > 1
    assert all(each.shape and each.shape.name == "points" for each in parts)
    assert last.shape is None
    assert "# Points\nIt sank off Gull Point. [1] \u201c" in shown(last)
    assert "Nowhere" not in shown(last)
    assert answer.citations[0].quote in shown(last)
    assert answer.grounded


@pytest.mark.parametrize("said", ["{}", "[", '{"points": 3}', '{"points": []}'])
def test_parts_that_say_nothing_leave_the_reports_themselves(stored: Callable[[World], MappedStore], said: str) -> None:
    _, requests = asked(
        stored(reports(9)),
        "What are the main themes?",
        lambda request: said if request.shape else "Nothing.",
        mode="global",
        context_tokens=1300,
    )

    assert "# Reports" in shown(requests[-1])


def test_a_report_longer_than_the_budget_is_cut(stored: Callable[[World], MappedStore]) -> None:
    answer, requests = asked(
        stored(reports(2, words=3000)), "What are the main themes?", mode="global", context_tokens=1000
    )

    assert len(requests) <= 4
    assert all(tokens(each) <= 1000 and "sank off Gull Point" in shown(each) for each in requests)
    assert answer.written


def test_a_part_that_fails_is_left_out_and_all_that_fail_are_an_error(stored: Callable[[World], MappedStore]) -> None:
    asking = Asking(
        question="What are the main themes?",
        mode="global",
        settings=QuerySettings(context_tokens=1300),
        index_version=1,
    )
    for failing in (1, 99):
        talk = written.answer(stored(reports(9)), asking, WRITER)
        chat = next(talk)
        assert isinstance(chat, Chat)
        good = Reply(text='{"points": [{"text": "It sank.", "score": 1, "citations": [1]}]}')
        replies = [ModelError("down") if n < failing else good for n in range(len(chat.requests))]
        if failing == 1:
            assert isinstance(talk.send(replies), Prose)
        else:
            with pytest.raises(ModelError, match="down"):
                talk.send(replies)


def by_plan(*plan: str) -> Script:
    said: Mapping[str, Any] = {"paths": [list(plan)]}
    return lambda request: json.dumps(said) if request.shape else "Tom Pell founded the yard [1]."


def test_a_path_follows_the_types_that_a_model_plans_in_either_direction(
    stored: Callable[[World], MappedStore],
) -> None:
    answer, requests = asked(
        stored(YARD),
        "Who stands behind Gull Point?",
        by_plan("SANK_OFF", "was launched as", "built by", "FOUNDED"),
        mode="path",
    )

    plan, last = requests
    assert "sank off" in shown(plan)
    assert [step.target for step in answer.paths[0].steps] == ["Tern", "Swan", "Pell and Sons", "Tom Pell"]
    assert answer.paths[0].text in shown(last)
    assert any(step["step"] == "plan" for step in answer.trace)


@pytest.mark.parametrize("plan", [("OWNS",), (), ("founded by", "", "x")])
def test_a_plan_that_leads_nowhere_leaves_what_the_question_says(
    stored: Callable[[World], MappedStore], plan: tuple[str, ...]
) -> None:
    answer, _ = asked(stored(YARD), "Who founded Pell and Sons?", by_plan(*plan), mode="path")

    assert [path.steps[-1].target for path in answer.paths][:1] == ["Tom Pell"]


@pytest.mark.parametrize(
    ("text", "plans"),
    [
        ('{"paths": [["A", "B"], ["C"], [], "D", [1, "E"]]}', [["A", "B"], ["C"], ["E"]]),
        ('{"paths": {"a": 1}}', []),
        ("[]", []),
        ("no", []),
    ],
)
def test_plans_are_read_as_far_as_they_are_some(text: str, plans: list[list[str]]) -> None:
    assert planned.plans(text) == plans


@pytest.mark.parametrize(
    ("wanted", "kind", "least", "most"),
    [("FOUNDED_BY", "founded by", 1, 1), ("founder", "founded by", 0, 0.9), ("owns", "sank off", 0, 0)],
)
def test_types_are_alike_by_their_words(wanted: str, kind: str, least: float, most: float) -> None:
    assert least <= planned.likeness(wanted, kind) <= most
