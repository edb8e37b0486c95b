from dataclasses import fields, replace

import pytest

from graphrag_engine.llm.base import Message, Request, Shape

REQUEST = Request(messages=(Message("user", "hello"),))
OTHER = {
    "messages": (Message("system", "hello"),),
    "shape": Shape("answer", {"type": "object"}),
    "max_tokens": 100,
    "sample": 1,
}


def test_every_field_of_a_request_changes_its_key():
    assert {*OTHER, "task"} == {field.name for field in fields(Request)}
    for name, value in OTHER.items():
        assert replace(REQUEST, **{name: value}).key() != REQUEST.key()


@pytest.mark.parametrize("message", [Message("assistant", "hello"), Message("user", "Hello")])
def test_every_field_of_a_message_changes_the_key(message):
    assert Request(messages=(message,)).key() != REQUEST.key()


def test_equal_requests_have_equal_keys():
    assert Request(messages=(Message("user", "hello"),)).key() == REQUEST.key()


def test_what_a_request_is_for_does_not_change_its_key():
    assert replace(REQUEST, task="extract:u1").key() == REQUEST.key()
