"""What a chat server sent back → a Reply: thoughts and fences gone, JSON known to be whole, cuts told from ends."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.errors import ModelError
from graphrag_engine.llm.base import RateLimits, Reply, Request, TryAgain

_THOUGHT, _THOUGHT_ENDS = "<think>", "</think>"
_FENCE = "```"
_SAID = ("content", "reasoning_content", "reasoning", "refusal")


class Spoken:
    """What of a reply may be told while it is written: all but thoughts at its beginning, and blanks at its ends."""

    def __init__(self) -> None:
        self._held = ""
        self._begun = False

    def of(self, piece: str) -> str:
        """What can be told now of all that came."""
        text = self._held + piece
        if not self._begun:
            text = text.lstrip()
            if _THOUGHT.startswith(text[: len(_THOUGHT)]):
                self._held = text
                if not text.startswith(_THOUGHT) or _THOUGHT_ENDS not in text:
                    return ""
                text = text.partition(_THOUGHT_ENDS)[2].lstrip()
            self._begun = bool(text)
        kept = len(text.rstrip())
        self._held = text[kept:]
        return text[:kept]


def parsed(text: str | bytes) -> Any:
    """The value of a JSON document; raises ValueError where it is none, cut, or too deep."""
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    try:
        return orjson.loads(raw)
    except ValueError:
        pass
    try:
        return json.loads(raw)  # takes half an emoji, which a server that counts in tokens may well send
    except RecursionError:
        raise ValueError("It is too deep.") from None


class Whole:
    """Puts the parts of an answer together, as the server would have sent it in one piece."""

    def __init__(self) -> None:
        self._message: dict[str, str] = {}
        self._usage: Any = None
        self._ended: Any = None
        self._sent: Any = None

    def add(self, part: Any) -> str:
        """Take one part in; what it says."""
        if not isinstance(part, Mapping):
            return ""
        self._usage = part.get("usage") or self._usage
        choices = part.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else {}
        if not isinstance(choice, Mapping):
            return ""
        if "message" in choice:
            self._sent = part
            return str(choice["message"].get("content") or "") if isinstance(choice["message"], Mapping) else ""
        self._ended = choice.get("finish_reason") or self._ended
        delta = choice.get("delta")
        said = {name: text for name, text in (delta or {}).items() if name in _SAID and isinstance(text, str)}
        for name, text in said.items():
            self._message[name] = self._message.get(name, "") + text
        return said.get("content", "")

    def answer(self) -> Any:
        """The whole; one without an end was cut off."""
        if self._sent is not None:
            return self._sent
        if self._ended is None:
            raise TryAgain("The server ended its answer before its end.")
        return {"choices": [{"message": self._message, "finish_reason": self._ended}], "usage": self._usage}


def reply(answer: Any, request: Request, limits: RateLimits | None) -> Reply:
    """The reply in the parsed body of an answer.

    Raises TryAgain where it is empty, cut below the cap that was asked for, or not whole JSON where JSON was asked
    for; ModelError where the model refused.
    """
    choice, message = _choice(answer)
    refused = message.get("refusal")
    ended = choice.get("finish_reason")
    if refused or ended == "content_filter":
        why = f"it said {str(refused)[:200]!r}" if refused else "its content filter stopped it"
        raise ModelError(f"The model refused to answer: {why}.")
    text, thoughts = _content(message)
    wanted = request.shape is not None
    text = _bare(text, wanted)
    if not text.strip() and ended != "length":
        text = _bare(thoughts, wanted)
    found = _counted(Reply(text=text, limits=limits), answer.get("usage"), request, thoughts)
    whole = _whole(text) if wanted else bool(text.strip())
    if whole and ended != "length":
        return found
    if request.max_tokens and _reaches(found, request.max_tokens):
        return replace(found, capped=True)
    raise TryAgain(_fault(text, ended, found), reply=found, limits=limits)


def _choice(answer: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The first choice of an answer, and its message."""
    try:
        choice = answer["choices"][0]
        message = choice["message"]
    except (KeyError, IndexError, TypeError):
        raise TryAgain("The server sent an answer without a message.") from None
    if not isinstance(message, Mapping):
        raise TryAgain("The server sent an answer without a message.")
    return choice, message


def _content(message: Mapping[str, Any]) -> tuple[str, str]:
    """What the model said, and what it thought."""
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(str(part.get("text") or "") for part in content if isinstance(part, Mapping))
    thoughts = message.get("reasoning_content") or message.get("reasoning")
    return str(content or ""), thoughts if isinstance(thoughts, str) else ""


def _bare(text: str, wanted: bool) -> str:
    """The text without thoughts; where JSON is wanted, without what stands around it."""
    begins = text.lstrip()
    if begins.startswith(_THOUGHT):
        text = begins.partition(_THOUGHT_ENDS)[2]
    elif _THOUGHT_ENDS in text and not begins.startswith(("{", "[", _FENCE)):
        text = text.partition(_THOUGHT_ENDS)[2]  # some templates write the opening mark themselves
    text = _storable(text.strip())
    return _json_in(text) if wanted else text


def _json_in(text: str) -> str:
    """What stands between the first and the last bracket, within the first fence if there is one."""
    if _FENCE in text and not text.startswith(("{", "[")):
        text = text.partition(_FENCE)[2].partition(_FENCE)[0]
    start = min((place for place in (text.find("{"), text.find("[")) if place >= 0), default=0)
    end = max(text.rfind("}"), text.rfind("]"))
    return text[start : end + 1] if end > start else text[start:]


def _storable(text: str) -> str:
    """The text without halves of characters, which nothing else could write down."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _whole(text: str) -> bool:
    """Whether the text is one JSON object or list, to its end."""
    try:
        return isinstance(parsed(text), dict | list)
    except ValueError:
        return False


def _counted(found: Reply, usage: Any, request: Request, thoughts: str) -> Reply:
    """The reply with its tokens: those of the server, else estimated."""
    said = usage if isinstance(usage, Mapping) else {}
    sent, answered = said.get("prompt_tokens"), said.get("completion_tokens")
    if isinstance(sent, int) and isinstance(answered, int):
        return replace(found, prompt_tokens=sent, completion_tokens=answered)
    return replace(
        found,
        prompt_tokens=sum(estimate_tokens(message.content) for message in request.messages),
        completion_tokens=estimate_tokens(found.text) + estimate_tokens(thoughts),
        estimated=True,
    )


def _reaches(found: Reply, cap: int) -> bool:
    """Whether a reply came to the cap; an estimate may be a third off."""
    return found.completion_tokens >= (cap * 2 // 3 if found.estimated else cap)


def _fault(text: str, ended: Any, found: Reply) -> str:
    if ended == "length":
        return f"The answer was cut after {found.completion_tokens} tokens, before its cap."
    if not text.strip():
        return "The answer is empty."
    return "The answer is not the JSON that was asked for, or not all of it."
