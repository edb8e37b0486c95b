"""Drives the conversations of questions: what computes or reads files in threads, what waits on the loop."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from graphrag_engine.errors import GraphRAGError
from graphrag_engine.query.talk import Talk

T = TypeVar("T")


@dataclass(frozen=True)
class Done:
    """A conversation has come to its end."""

    result: Any


def advance(step: Callable[[], Any]) -> Any:
    """What a conversation asks next, or Done."""
    try:
        return step()
    except StopIteration as end:
        return Done(end.value)


async def drive(talk: Talk[T], asked: Any, reply: Callable[[Any], Awaitable[Any]]) -> T:
    """Drive a conversation to its end, which has *asked* this; what fails is thrown into it."""
    while not isinstance(asked, Done):
        try:
            came = await reply(asked)
        except GraphRAGError as error:
            step = partial(talk.throw, error)
        else:
            step = partial(talk.send, came)
        asked = await asyncio.to_thread(advance, step)
    result: T = asked.result
    return result
