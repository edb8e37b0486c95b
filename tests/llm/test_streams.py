"""Replies in pieces: what is told is the reply, nothing is asked again once something was told."""

import asyncio
from contextlib import aclosing

import pytest
from llm.server import KEY, MODEL, Server
from llm.stubs import REPLY, Stub, ask

from graphrag_engine.errors import ModelError, ModelRefused
from graphrag_engine.llm.answers import Spoken
from graphrag_engine.llm.base import TryAgain, streamed
from graphrag_engine.llm.cache import Replies
from graphrag_engine.llm.calls import Calls
from graphrag_engine.llm.ledger import Ledger
from graphrag_engine.llm.retries import Retrying, Tries
from graphrag_engine.settings import ChatSettings, Secrets

TEXT = "The Tern sank off Gull Point [1]. Six men drowned."


def heard(server, tmp_path, *, times=1, **settings):
    """What is told, the last reply, and what was counted."""
    told = []

    async def asking():
        calls = Calls(Replies(tmp_path / "replies.sqlite"), Secrets(openai=KEY))
        async with aclosing(calls):
            model = calls.chat(ChatSettings(base_url=server.url, **settings), MODEL)
            for _ in range(times):
                told.append([])
                reply = await streamed(model, ask(), told[-1].append)
        return reply, calls.ledger.total()

    return told, *asyncio.run(asking())


def test_a_reply_is_told_in_pieces_and_kept_whole(tmp_path):
    with Server(fixed=lambda _: TEXT) as server:
        told, reply, counted = heard(server, tmp_path, times=2)

    assert len(told[0]) > 3
    assert "".join(told[0]) == reply.text == TEXT
    assert told[1] == [TEXT]
    assert (counted.requests, counted.cached, counted.estimated) == (1, 1, False)


@pytest.mark.parametrize("kind", ["error503", "reset"])
def test_what_failed_before_its_first_piece_is_asked_again(tmp_path, kind):
    with Server(fixed=lambda _: TEXT, faults=0.5, kinds=(kind,), seed=2) as server:
        told, _, counted = heard(server, tmp_path, attempts=9)

    assert "".join(told[0]) == TEXT
    assert server.fake.counts["faults"] == counted.retries


def test_what_was_cut_off_after_its_first_piece_is_the_reply_and_is_not_kept(tmp_path):
    with Server(fixed=lambda _: TEXT, faults=1.0, kinds=("halved",)) as server:
        told, reply, counted = heard(server, tmp_path, times=2)

    assert reply.broken
    assert "".join(told[1]).strip() == reply.text
    assert TEXT.startswith(reply.text)
    assert (counted.requests, counted.retries) == (2, 0)


@pytest.mark.parametrize("behaviour", [{"streams": False}, {"refuses": ("stream_options",)}, {"refuses": ("stream",)}])
def test_a_server_that_does_not_stream_or_count_is_asked_as_it_can(tmp_path, behaviour):
    with Server(fixed=lambda _: TEXT, **behaviour) as server:
        told, reply, _ = heard(server, tmp_path)

    assert "".join(told[0]) == reply.text == TEXT


@pytest.mark.parametrize("profile", ["plain", "reasoning"])
def test_thoughts_are_not_told(tmp_path, profile):
    with Server(profile, fixed=lambda _: TEXT, refuses=()) as server:
        told, reply, _ = heard(server, tmp_path)

    assert "Let me see" not in "".join(told[0])
    assert "".join(told[0]) == reply.text


def test_a_wrong_key_is_no_matter_of_trying_again(tmp_path):
    with Server(key="sk-other") as server, pytest.raises(ModelRefused):
        heard(server, tmp_path)


def test_a_model_that_cannot_be_heard_is_told_whole():
    told = []

    assert asyncio.run(streamed(Stub(), ask(), told.append)) == REPLY
    assert told == [REPLY.text]


def test_no_reply_at_all_is_an_error():
    retrying = Retrying(Stub(TryAgain("busy")), Tries(attempts=2, patience=1, lot=lambda: 0.0), Ledger())

    with pytest.raises(ModelError, match="Tried 2 times"):
        asyncio.run(retrying.stream(ask(), lambda _: None))


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  one two \n three \n", "one two \n three"),
        ("<think>no [1]</think>\n yes", "yes"),
        ("<thing> is", "<thing> is"),
        ("<think>never ends", ""),
    ],
)
def test_what_is_told_does_not_depend_on_the_pieces(size, text, told):
    spoken = Spoken()

    assert "".join(spoken.of(text[at : at + size]) for at in range(0, len(text), size)) == told
