"""What is made of the body of an answer."""

import json

import pytest

from graphrag_engine.errors import ModelError
from graphrag_engine.llm.answers import parsed, reply
from graphrag_engine.llm.base import Message, Request, Shape, TryAgain

ASKED = (Message("user", "Who owns the harbour?"),)
PLAIN = Request(messages=ASKED, max_tokens=50)
JSON = Request(messages=ASKED, max_tokens=50, shape=Shape("answer", {"type": "object"}))
USAGE = {"prompt_tokens": 7, "completion_tokens": 9}


def answer(content, ended="stop", usage=USAGE, **message):
    choice = {"finish_reason": ended, "message": {"role": "assistant", "content": content, **message}}
    return {"choices": [choice], **({"usage": usage} if usage else {})}


def text(content, request=JSON, **message):
    return reply(answer(content, **message), request, None).text


@pytest.mark.parametrize(
    "content",
    [
        '{"a": 1}',
        ' \n{"a": 1}\n',
        '```json\n{"a": 1}\n```',
        '```\n{"a": 1}\n```',
        'Here it is:\n```json\n{"a": 1}\n```\nThat is all.',
        'Here it is: {"a": 1} That is all.',
        '<think>{"b": 2} or so?</think>{"a": 1}',
        '{"b": 2} or so?</think>\n{"a": 1}'.replace('{"b": 2}', "That"),
        [{"type": "text", "text": '{"a":'}, {"type": "text", "text": " 1}"}],
    ],
)
def test_json_is_found_in_what_stands_around_it(content):
    assert json.loads(text(content)) == {"a": 1}


def test_json_may_hold_marks_and_fences():
    content = json.dumps({"a": "say </think> and ```"})

    assert text(content) == content


def test_a_plain_answer_keeps_its_fences_and_brackets():
    assert text("Use ```[1]``` here.", PLAIN) == "Use ```[1]``` here."


def test_an_answer_that_is_only_among_the_thoughts_is_taken_from_there():
    assert text(None, reasoning_content='Well. {"a": 1}') == '{"a": 1}'
    assert text("", PLAIN, reasoning="The Mere Company.") == "The Mere Company."


@pytest.mark.parametrize("content", ["", None, "   ", "<think>Hm", "<think>Hm</think>"])
@pytest.mark.parametrize("request_", [PLAIN, JSON])
def test_an_empty_answer_is_worth_another_try(content, request_):
    with pytest.raises(TryAgain, match="empty"):
        text(content, request_)


@pytest.mark.parametrize(
    "content", ['{"a": 1', '{"a": 1}}', "{'a': 1}", "None", '"a"', "12", "[" * 100_000, '{"a": tru']
)
def test_what_is_no_whole_json_is_worth_another_try_and_handed_on(content):
    with pytest.raises(TryAgain, match="not the JSON") as told:
        text(content)

    assert told.value.reply.text == content
    assert told.value.reply.prompt_tokens == 7


@pytest.mark.parametrize("request_", [PLAIN, JSON])
def test_an_answer_cut_at_our_cap_is_all_there_will_be(request_):
    cut = reply(answer('{"a": [1, 2', "length", {**USAGE, "completion_tokens": 50}), request_, None)

    assert cut.capped


@pytest.mark.parametrize("request_", [PLAIN, JSON])
def test_an_answer_cut_below_our_cap_is_a_fault(request_):
    with pytest.raises(TryAgain, match="cut after 9 tokens") as told:
        reply(answer('{"a": 1}', "length"), request_, None)

    assert not told.value.reply.capped


def test_a_server_that_always_says_stop_is_seen_through_at_the_cap():
    cut = reply(answer('{"a": [1, 2', "stop", {**USAGE, "completion_tokens": 50}), JSON, None)

    assert cut.capped


def test_an_answer_that_ends_at_the_cap_by_itself_is_whole():
    whole = reply(answer('{"a": 1}', "stop", {**USAGE, "completion_tokens": 50}), JSON, None)

    assert not whole.capped


def test_thoughts_that_filled_the_cap_leave_an_empty_capped_answer():
    spent = {**USAGE, "completion_tokens": 50}

    assert reply(answer("", "length", spent, reasoning_content="Hm, {1}"), JSON, None).text == ""
    assert reply(answer("<think>Hm, {1}", "length", spent), JSON, None).capped


def test_tokens_are_estimated_where_the_server_does_not_tell():
    found = reply(answer("The Mere Company.", usage=None), PLAIN, None)

    assert (found.prompt_tokens, found.completion_tokens, found.estimated) == (6, 5, True)


def test_a_refusal_fails_the_request():
    with pytest.raises(ModelError, match="'I cannot") as told:
        text(None, refusal="I cannot.")
    with pytest.raises(ModelError, match="content filter"):
        text("Well", ended="content_filter")

    assert not isinstance(told.value, TryAgain)


@pytest.mark.parametrize(
    "body", [{}, [], None, "text", {"choices": []}, {"choices": [{}]}, {"choices": [{"message": 1}]}]
)
def test_an_answer_without_a_message_is_worth_another_try(body):
    with pytest.raises(TryAgain, match="without a message"):
        reply(body, PLAIN, None)


def test_half_a_character_does_no_harm():
    body = parsed(json.dumps(answer("The \ud83d ship \u00e9.")))

    assert reply(body, PLAIN, None).text == "The ? ship \u00e9."
