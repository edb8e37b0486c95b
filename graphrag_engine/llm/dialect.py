"""How one server wants to be asked for one model: learned from what it refuses, and never asked twice."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from graphrag_engine.llm.base import Message, Request, Shape
from graphrag_engine.settings import Sampling

LADDER = ("json_schema", "json_object", "prompt")
"""Ways to ask for JSON, the surest first; the last needs nothing of the server."""

_FORMAT = re.compile(r"response_?format|json_?schema|json_?object|grammar|guided|structured.?output", re.IGNORECASE)
_CAPS = ("max_completion_tokens", "max_tokens")
_VALUE = re.compile(r"too (large|big|high)|exceed|context|at most|greater|less than", re.IGNORECASE)
"""What speaks of the value of a cap, not of its name."""
_OPTIONAL = ("temperature", "top_p", "seed")


class Dialect:
    """The parameters that a server takes for a model; begins with the most and gives up what is refused."""

    def __init__(self, model: str, sampling: Sampling, cap: str) -> None:
        self.model = model
        self.rung = 0
        """Place in LADDER."""
        self.cap = cap
        """What the server calls the most tokens of a reply."""
        self._turned = False
        wanted = {name: getattr(sampling, name) for name in _OPTIONAL}
        self._sampling = {name: value for name, value in wanted.items() if value is not None}
        self._extra = dict(sampling.extra_body)
        self._named: dict[tuple[str, str], dict[str, Any]] = {}
        """Schemas as they are sent, by name and text: to look whether one is strict takes as long as to send it."""

    def body(self, request: Request) -> dict[str, Any]:
        """The request as this server takes it."""
        rung = LADDER[self.rung]
        messages = request.messages
        if request.shape and rung != "json_schema":
            messages = _shown(messages, request.shape)
        body = {
            "model": self.model,
            "messages": [{"role": each.role, "content": each.content} for each in messages],
            **self._sampling,
        }
        if request.max_tokens:
            body[self.cap] = request.max_tokens
        if request.shape and rung == "json_schema":
            body["response_format"] = {"type": rung, "json_schema": self._schema(request.shape)}
        elif request.shape and rung == "json_object":
            body["response_format"] = {"type": rung}
        return {**body, **self._extra}

    def _schema(self, shape: Shape) -> dict[str, Any]:
        if (shape.name, shape.text) not in self._named:
            self._named[shape.name, shape.text] = _named(shape)
        return self._named[shape.name, shape.text]

    def learn(self, body: Mapping[str, Any], complaint: str) -> bool:
        """Give up what the server said it does not take of this body; False where there is nothing to give up.

        A body that was sent before the others taught something is simply asked for anew.
        """
        if _FORMAT.search(complaint) and "response_format" in body:
            self.rung = max(self.rung, LADDER.index(body["response_format"]["type"]) + 1)
            return True
        sent = next((name for name in _CAPS if name in body), None)
        if sent and re.search(rf"\b{sent}\b", complaint) and not _VALUE.search(complaint):
            return self._turn(sent)
        named = [name for name in _OPTIONAL if name in body and re.search(rf"\b{name}\b", complaint)]
        for name in named:
            self._sampling.pop(name, None)
        return bool(named)

    def _turn(self, sent: str) -> bool:
        """Call the cap by its other name, once; True where that was not what was sent."""
        if not self._turned:
            self._turned = True
            self.cap = _CAPS[1 - _CAPS.index(sent)]
        return self.cap != sent


def _named(shape: Shape) -> dict[str, Any]:
    named: dict[str, Any] = {"name": shape.name, "schema": shape.schema}
    return {**named, "strict": True} if _is_strict(shape.schema) else named


def _is_strict(schema: Any) -> bool:
    """Whether a schema keeps the rules of strict answers: each object closed, and all of its fields required."""
    if isinstance(schema, list):
        return all(map(_is_strict, schema))
    if not isinstance(schema, Mapping):
        return True
    fields = schema.get("properties")
    closed = schema.get("additionalProperties") is False and set(schema.get("required", ())) == set(fields or ())
    inner = [*fields.values(), *(v for k, v in schema.items() if k != "properties")] if fields else [*schema.values()]
    return (closed or schema.get("type") != "object") and all(map(_is_strict, inner))


def _shown(messages: tuple[Message, ...], shape: Shape) -> tuple[Message, ...]:
    """The messages, with the JSON that is wanted shown at the end of the first, where it is the same in each call."""
    told = f"Answer with one JSON object of this form and with nothing else:\n{_example(shape.schema)}"
    if not messages or messages[0].role != "system":
        return (Message("system", told), *messages)
    return (Message("system", f"{messages[0].content}\n\n{told}"), *messages[1:])


def _example(schema: Mapping[str, Any]) -> str:
    """A piece of JSON of a schema; words stand in the place of values."""
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else next((each for each in kinds if each != "null"), "null")
    if kind == "object":
        return f"{{{', '.join(_fields(schema.get('properties', {})))}}}"
    if kind == "array":
        return f"[{_example(schema.get('items', {}))}, ...]"
    if "enum" in schema:
        return json.dumps("|".join(map(str, schema["enum"])))
    return {"string": '"..."', "boolean": "true|false", "null": "null"}.get(kind, _range(schema))


def _fields(properties: Mapping[str, Any]) -> Iterator[str]:
    return (f'"{name}": {_example(schema)}' for name, schema in properties.items())


def _range(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    return f"{low}-{high}" if low is not None and high is not None else "0"
