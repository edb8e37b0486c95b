"""A small server that answers like those people use, for tests and benchmarks: no model, and only on this machine.

    python tests/llm/server.py --profile ollama --port 8123 --latency 0.3 --faults 0.15

Replies depend on the request alone; faults on the seed, the request and how often it came. So whatever the order of
calls, the same answers come back. `GET /_stats` says in numbers what was asked, `/_bodies` in full; `Server` runs it
inside a test.
"""

import argparse
import asyncio
import base64
import hashlib
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import orjson

MODEL, EMBEDDER, KEY = "reader-1", "vectors-1", "sk-test-0123456789"
_NAME = re.compile(r"[A-Z][\w'&-]*[a-z][\w'&-]*(?: (?:(?:of|the|and|&) )?[A-Z][\w'&-]*[a-z][\w'&-]*)*")
_TEXT = re.compile(r"<text-([0-9a-f]{6,})>\n(.*?)\n</text-\1>", re.DOTALL)
_NUMBER = re.compile(r"^(\d+)\b", re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]")
_CONTENT = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_BUSY = ("error500", "error503", "limited")
_CUT = ("reset", "halved", "broken", "cut")
FAULTS = (*_BUSY, *_CUT)
_TYPES = ("person", "organisation", "place", "event", "thing")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How one kind of server behaves where it differs from the others."""

    formats: tuple[str, ...] = ("json_schema", "json_object")
    """Response formats that it takes; others are a 400 that names them."""
    caps: tuple[str, ...] = ("max_tokens", "max_completion_tokens")
    """Names of the cap that it obeys; others it passes over."""
    refuses: tuple[str, ...] = ()
    """Parameters that are a 400, as OpenAI's reasoning models answer."""
    context: int = 8192
    """Tokens that fit."""
    over: str = "refuse"
    """What becomes of a longer prompt: refuse, or forget its beginning without a word."""
    base64: bool = True
    """Whether vectors come as base64 where that is asked for."""
    embeds: bool = True
    """Whether there is a way to embed at all."""
    longest: int | None = None
    """Most tokens of a text to embed; a longer one is a 500."""
    most: int | None = None
    """Most texts in one request for vectors; more are a 400."""
    limits: bool = False
    """Whether answers say what is left of the limits."""
    key: str | None = None
    """The key that is asked for."""
    thinks: str = ""
    """Where thoughts go: `content` (in tags before the answer) or `reasoning_content`."""
    usage: bool = True
    """Whether tokens are told."""
    streams: bool = True
    """Whether answers come in pieces where that is asked for."""
    deployments: bool = False
    """Whether the address names the model, as Azure's does."""


PROFILES = {
    "ollama": Profile(caps=("max_tokens",), context=4096, over="forget"),
    "llamacpp": Profile(caps=("max_tokens",), longest=512),
    "vllm": Profile(),
    "lmstudio": Profile(formats=("json_schema", "text"), caps=("max_tokens",), context=4096, base64=False),
    "openai": Profile(limits=True, key=KEY, context=128_000, most=2048),
    "reasoning": Profile(key=KEY, refuses=("max_tokens", "temperature", "top_p"), thinks="reasoning_content"),
    "azure": Profile(limits=True, key=KEY, context=128_000, deployments=True),
    "plain": Profile(formats=(), usage=False, caps=("max_tokens",), thinks="content"),
}


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, message: str, code: str | None = None, **headers: str) -> None:
        self.status, self.headers = status, headers
        self.body = {"error": {"message": message, "type": "invalid_request_error", "code": code}}


@dataclass
class Fake:
    """The server's behaviour, and what it was asked."""

    profile: Profile = field(default_factory=Profile)
    latency: float = 0.0
    pace: float = 0.0
    """Seconds before each piece of an answer in pieces."""
    faults: float = 0.0
    kinds: tuple[str, ...] = FAULTS
    seed: int = 0
    dimension: int = 64
    withheld: int = 0
    """One name in so many is left for the second asking; 0: none."""
    fixed: Any = None
    """Where given, a function of the body that makes the text of each chat answer."""
    keep: bool = True
    """Whether bodies are kept, with the headers they came with."""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.process_time)
    first: float = 0.0
    last: float = 0.0
    answered: Counter[bytes] = field(default_factory=Counter)
    """How often a body got its good answer."""
    tries: Counter[bytes] = field(default_factory=Counter)
    lines: set["Line"] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0

    def stats(self) -> dict[str, Any]:
        """What was asked, as numbers: counts, seconds from first to last, CPU seconds, good answers given again."""
        return {
            **self.counts,
            "span": self.last - self.first,
            "cpu": time.process_time() - self.began,
            "most_at_once": self.most_at_once,
            "repeated": sum(times - 1 for times in self.answered.values() if times > 1),
        }

    def fault(self, raw: bytes) -> str | None:
        """What goes wrong with a request this time, if anything."""
        key = _key(raw)
        self.tries[key] += 1
        if self.faults:
            drawn = hashlib.blake2b(b"%d:%d:" % (self.seed, self.tries[key]) + key, digest_size=8).digest()
            if int.from_bytes(drawn[:4], "big") < self.faults * 2**32:
                return self.kinds[drawn[4] % len(self.kinds)]
        return None

    def answer(self, path: str, head: str, raw: bytes) -> dict[str, Any]:
        """The good answer to a request; raises Refused."""
        self._checked(head)
        parts = path.partition("?")[0].rstrip("/")
        if parts.endswith("/models"):
            return {"object": "list", "data": [{"id": MODEL}, {"id": f"{EMBEDDER}:latest"}]}
        body = orjson.loads(raw)
        if self.keep:
            self.bodies.append(body)
            self.heads.append(head)
        if parts.endswith("/moderations"):
            return self._judged(body)
        named = f"/openai/deployments/{body['model']}/" if self.profile.deployments else "/v1/"
        if body["model"] not in (MODEL, EMBEDDER) or not path.startswith(named):
            raise Refused(404, f"The model `{body['model']}` does not exist", "model_not_found")
        if parts.endswith("/embeddings"):
            return self._embedded(body)
        if parts.endswith("/chat/completions"):
            return self._chatted(body)
        raise Refused(404, "Not Found")

    def _judged(self, body: dict[str, Any]) -> dict[str, Any]:
        harm = "harm" in body["input"]
        return {"results": [{"flagged": harm, "categories": {"violence": harm, "self_harm": False}}]}

    def _checked(self, head: str) -> None:
        if self.profile.key and self.profile.key not in head:
            given = re.search(r"(?:bearer |api-key: )(\S+)", head, re.IGNORECASE)
            told = f"Incorrect API key provided: {given[1] if given else ''}. You sent {head}"
            raise Refused(401, told, "invalid_api_key")

    def _chatted(self, body: dict[str, Any]) -> dict[str, Any]:
        for name in self.profile.refuses:
            if name in body:
                raise Refused(400, f"Unsupported parameter: '{name}' is not supported.", "unsupported_parameter")
        form = (body.get("response_format") or {"type": "text"})["type"]
        if form not in (*self.profile.formats, "text"):
            wanted = " or ".join(f"'{name}'" for name in self.profile.formats)
            raise Refused(400, f"'response_format.type' must be {wanted or 'left out'}")
        said = [message["content"] for message in body["messages"]]
        asked = sum(map(tokens, said))
        if asked > self.profile.context:
            if self.profile.over == "refuse":
                told = f"This model's maximum context length is {self.profile.context} tokens. You requested {asked}."
                raise Refused(400, told, "context_length_exceeded")
            said = ["".join(said)[-4 * self.profile.context :]]
            asked = self.profile.context
        text = self.fixed(body) if self.fixed else written(kind_of(body, said), said, self.withheld)
        return self._said(body, text, asked)

    def _said(self, body: dict[str, Any], text: str, asked: int) -> dict[str, Any]:
        cap = next((body[name] for name in self.profile.caps if body.get(name)), None)
        ended, spent = "stop", tokens(text)
        if cap and spent > cap:
            text, ended, spent = text[: cap * 4], "length", cap
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if self.profile.thinks == "content":
            message["content"] = f"<think>\nLet me see {{}}.\n</think>\n\n```json\n{text}\n```"
        elif self.profile.thinks:
            message[self.profile.thinks] = "Let me see."
        answer = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": ended}],
        }
        usage = {"prompt_tokens": asked, "completion_tokens": spent, "total_tokens": asked + spent}
        self.counts.update(chat_tokens=asked, answered_tokens=spent)
        return {**answer, "usage": usage} if self.profile.usage else answer

    def _embedded(self, body: dict[str, Any]) -> dict[str, Any]:
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        if not self.profile.embeds:
            raise Refused(400, "The model does not support Embeddings API")
        if not all(isinstance(text, str) and text for text in texts):
            raise Refused(400, "input must be strings")
        if self.profile.most and len(texts) > self.profile.most:
            raise Refused(400, f"'input' must have at most {self.profile.most} items, too many were given")
        for size in map(tokens, texts):
            if self.profile.longest and size > self.profile.longest:
                told = f"input ({size} tokens) is too large to process. increase the physical batch size"
                raise Refused(500, f"{told} (current batch size: {self.profile.longest})")
        packed = self.profile.base64 and body.get("encoding_format") == "base64"
        rows = [{"index": n, "embedding": vector(text, self.dimension, packed)} for n, text in enumerate(texts)]
        asked = sum(map(tokens, texts))
        self.counts["embedded_tokens"] += asked
        usage = {"usage": {"prompt_tokens": asked, "total_tokens": asked}} if self.profile.usage else {}
        return {"object": "list", "data": rows[::-1], "model": body["model"], **usage}


def tokens(text: str) -> int:
    """Tokens, as this server counts them."""
    return len(text) // 4 + 1


def vector(text: str, dimension: int, packed: bool) -> str | list[float]:
    """Numbers that are the same for equal texts, of any length."""
    drawn = np.frombuffer(hashlib.shake_128(text.encode("utf-8", "replace")).digest(dimension), np.uint8)
    values = ((drawn - 127.5) / 64).astype("<f4")
    return base64.b64encode(values).decode() if packed else values.tolist()


_KINDS = {"entities": "extract", "findings": "report", "points": "map", "pairs": "resolve", "paths": "plan"}


def kind_of(body: dict[str, Any], said: list[str]) -> str:
    """What a request wants: told by its schema, else by the names of fields in what it says."""
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        fields = form["json_schema"]["schema"].get("properties", {})
        return next((kind for name, kind in _KINDS.items() if name in fields), "object")
    told = said[0]
    return next((kind for name, kind in _KINDS.items() if f'"{name}"' in told), "text")


def written(kind: str, said: list[str], withheld: int) -> str:
    """The text of an answer: what a dutiful model would say, made of the words of the request."""
    told = said[-1]
    if kind == "text":
        return f"{' '.join(_NAME.findall(told)[:8])} [1]."
    if kind == "extract":
        return _dumped(extracted(said, withheld))
    if kind == "resolve":
        return _dumped({"pairs": [{"n": int(n), "same": int(n) % 2 == 0} for n in _NUMBER.findall(told)]})
    if kind == "plan":
        return _dumped({"paths": [["OWNS"]]})
    names = list(dict.fromkeys(_NAME.findall(told)))[:4] or ["Nothing"]
    if kind == "map":
        return _dumped({"points": [{"text": f"{name} matters.", "score": 50, "citations": [1]} for name in names]})
    if kind == "report":
        return _dumped(reported(names))
    return _dumped({"ok": True})


def _dumped(value: dict[str, Any]) -> str:
    return orjson.dumps(value).decode()


def reported(names: list[str]) -> dict[str, Any]:
    """A report on these names."""
    return {
        "title": " and ".join(names[:2]),
        "summary": f"It is about {', '.join(names)}.",
        "rating": 5.0,
        "rating_explanation": "It is of middling weight.",
        "findings": [{"summary": name, "explanation": f"{name} is named.", "citations": [1]} for name in names],
    }


def extracted(said: list[str], withheld: int) -> dict[str, Any]:
    """The capitalised names of the text between its marks, ties between neighbours, and a claim a third sentence.

    What is named after the text is known already and left out.
    """
    whole = "\n".join(said[1:] or said)
    found = _TEXT.search(whole)
    text = found[2] if found else whole
    known = whole[found.end() :] if found else ""
    sentences = [(sentence.strip(), _NAME.findall(sentence)) for sentence in _SENTENCE.findall(text)]
    names = list(dict.fromkeys(name for _, inside in sentences for name in inside))
    if any(name in known for name in names):
        names = [name for name in names if name not in known]
    elif withheld:
        names = [name for name in names if _drawn(name) % withheld]
    kept = set(names)
    ties, claims = [], []
    for place, (sentence, inside) in enumerate(sentences):
        near = [name for name in dict.fromkeys(inside) if name in kept]
        ties += [_tie(left, right, sentence) for left, right in pairwise(near)]
        if near and place % 3 == 0:
            claims.append(_claim(near, sentence))
    return {"entities": [_entity(name) for name in names], "relationships": ties, "claims": claims}


def _drawn(name: str) -> int:
    return hashlib.blake2b(name.encode(), digest_size=1).digest()[0]


def _entity(name: str) -> dict[str, Any]:
    return {"name": name, "type": _TYPES[_drawn(name) % len(_TYPES)], "description": f"{name} is named in the text."}


def _tie(left: str, right: str, sentence: str) -> dict[str, Any]:
    return {
        "source": left,
        "target": right,
        "type": "RELATED_TO",
        "description": sentence,
        "strength": 1 + _drawn(left + right) % 10,
    }


def _claim(near: list[str], sentence: str) -> dict[str, Any]:
    return {
        "subject": near[0],
        "object": near[1] if len(near) > 1 else "",
        "type": "STATEMENT",
        "status": "TRUE",
        "start_date": "",
        "end_date": "",
        "description": sentence,
        "quote": sentence,
    }


class Line(asyncio.Protocol):
    """One connection: requests one after the other, each answered when the latency is over."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.buffer = bytearray()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.fake.lines.add(self)
        self.fake.counts["connections"] += 1

    def connection_lost(self, error: Exception | None) -> None:
        self.fake.lines.discard(self)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end])
            length = _CONTENT.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self.buffer) < whole:
                return
            raw = bytes(self.buffer[end + 4 : whole])
            del self.buffer[:whole]
            self._asked(head.decode("latin-1"), raw)

    def _asked(self, head: str, raw: bytes) -> None:
        path = head.split(" ", 2)[1]
        if path.startswith("/_"):
            return self._send(200, self.fake.bodies if path == "/_bodies" else self.fake.stats())
        fake, now = self.fake, time.monotonic()
        fake.first = fake.first or now
        fake.at_once += 1
        fake.most_at_once = max(fake.most_at_once, fake.at_once)
        fake.counts["requests"] += 1
        fake.counts[path.partition("?")[0].rpartition("/")[2]] += 1
        fault = fake.fault(raw) if raw else None
        answer = None if fault in ("reset", *_BUSY) else self._made(path, head, raw)
        if fake.latency:
            asyncio.get_running_loop().call_later(fake.latency, self._answer, raw, answer, fault)
        else:
            self._answer(raw, answer, fault)
        return None

    def _made(self, path: str, head: str, raw: bytes) -> dict[str, Any] | Refused:
        """The answer, made while the latency runs: that is all the time a request takes."""
        try:
            return self.fake.answer(path, head, raw)
        except Refused as refused:
            return refused

    def _answer(self, raw: bytes, answer: dict[str, Any] | Refused | None, fault: str | None) -> None:
        fake = self.fake
        fake.at_once -= 1
        if fault:
            fake.counts["faults"] += 1
            fake.counts[fault] += 1
        elif raw:
            fake.answered[_key(raw)] += 1
        if fault in _BUSY:
            self._send(*_busy(fault))
        elif answer is None:
            self.transport.abort()
        elif isinstance(answer, Refused):
            self._send(answer.status, answer.body, answer.headers)
        else:
            self._give(raw, answer, fault)
        fake.last = time.monotonic()

    def _give(self, raw: bytes, answer: dict[str, Any], fault: str | None) -> None:
        if fault in ("broken", "cut"):
            spoil(answer, fault)
        limits = {"x-ratelimit-remaining-requests": "4999", "x-ratelimit-remaining-tokens": "9900000"}
        resets = {"x-ratelimit-reset-requests": "12ms", "x-ratelimit-reset-tokens": "1m2s"}
        if fault != "broken" and self.fake.profile.streams and raw and b'"stream":true' in raw:
            self._stream(answer, halved=fault == "halved")
            return
        self._send(200, answer, {**limits, **resets} if self.fake.profile.limits else {}, halved=fault == "halved")

    def _stream(self, answer: dict[str, Any], halved: bool) -> None:
        """The answer in pieces of some letters, as events; the last tell how it ended and what was counted."""
        choice = answer["choices"][0]
        pieces = [{name: text} for name, text in choice["message"].items() if name.startswith("reasoning")]
        text = choice["message"]["content"]
        pieces += [{"content": text[at : at + 7]} for at in range(0, len(text), 7)]
        parts: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": piece}]} for piece in pieces]
        parts.append({"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
        parts += [{"choices": [], "usage": answer["usage"]}] if "usage" in answer else []
        events = [b"data: " + orjson.dumps(part) for part in parts]
        events = events[: len(events) // 2] if halved else [*events, b"data: [DONE]"]
        head = b"HTTP/1.1 200 X\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        self.transport.write(head)
        self._next(events, halved)

    def _next(self, events: list[bytes], halved: bool) -> None:
        """The next of these events, and the others after it."""
        while events and not self.transport.is_closing():
            event = events.pop(0) + b"\n\n"
            self.transport.write(b"%x\r\n%s\r\n" % (len(event), event))
            if self.fake.pace:
                asyncio.get_running_loop().call_later(self.fake.pace, self._next, events, halved)
                return
        if halved:
            self.transport.close()
        else:
            self.transport.write(b"0\r\n\r\n")

    def _send(self, status: int, body: Any, headers: dict[str, str] | None = None, halved: bool = False) -> None:
        if self.transport.is_closing():
            return
        payload = orjson.dumps(body)
        more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        start = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(payload)}\r\n{more}\r\n"
        self.transport.write(start.encode() + (payload[: len(payload) // 2] if halved else payload))
        if halved:
            self.transport.close()


def _key(raw: bytes) -> bytes:
    return hashlib.blake2b(raw, digest_size=8).digest()


def _busy(fault: str) -> tuple[int, Any, dict[str, str]]:
    told = {"error": {"message": "Try again later.", "type": "server_error", "code": None}}
    return {
        "error500": (500, told, {}),
        "error503": (503, told, {}),
        "limited": (429, told, {"retry-after-ms": "20"}),
    }[fault]


def spoil(answer: dict[str, Any], fault: str) -> None:
    """Make a good answer bad: its JSON broken, or cut with room left below the cap."""
    if "choices" not in answer:
        answer["data"] = answer["data"][1:]
        return
    choice = answer["choices"][0]
    text = choice["message"]["content"]
    choice["message"]["content"] = text[: len(text) // 2] if fault == "cut" else text.replace('"', "'", 3)[:-1]
    if fault == "cut":
        choice["finish_reason"] = "length"
        answer.setdefault("usage", {"prompt_tokens": 1})["completion_tokens"] = tokens(text) // 2


class Server:
    """The server in a thread of its own, for as long as the `with` lasts; `url` is what base_url wants."""

    def __init__(self, profile: str = "openai", **behaviour: Any) -> None:
        changes = {name: behaviour.pop(name) for name in list(behaviour) if name in Profile.__dataclass_fields__}
        self.fake = Fake(profile=replace(PROFILES[profile], **changes) if changes else PROFILES[profile], **behaviour)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    @property
    def url(self) -> str:
        """The address of its interface."""
        return f"http://127.0.0.1:{self.port}{'' if self.fake.profile.deployments else '/v1'}"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What it was asked, in order."""
        return self.fake.bodies

    def __enter__(self) -> "Server":
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(listening(self.fake, 0), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._ended(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _ended(self) -> None:
        self._server.close()
        for line in list(self.fake.lines):
            line.transport.abort()
        await asyncio.sleep(0)


async def listening(fake: Fake, port: int) -> asyncio.Server:
    """The server, on this machine alone."""
    return await asyncio.get_running_loop().create_server(lambda: Line(fake), "127.0.0.1", port, backlog=1024)


async def _serve(fake: Fake, port: int) -> None:
    server = await listening(fake, port)
    print(f"listening on {server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201 - who started it reads the port
    await server.serve_forever()


def main() -> None:
    """Serve until killed; the first line says the port."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profile", choices=PROFILES, default="openai")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--pace", type=float, default=0.0, help="seconds before each piece of a streamed answer")
    parser.add_argument("--faults", type=float, default=0.0, help="share of requests that fail")
    parser.add_argument("--kinds", nargs="*", choices=FAULTS, default=FAULTS, help="in which ways")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dimension", type=int, default=64)
    parser.add_argument("--withheld", type=int, default=0, help="one name in so many is left for a second asking")
    parser.add_argument("--keep", action="store_true", help="keep the bodies")
    given = vars(parser.parse_args())
    profile, port, kinds = PROFILES[given.pop("profile")], given.pop("port"), tuple(given.pop("kinds"))
    asyncio.run(_serve(Fake(profile=profile, kinds=kinds, **given), port))


if __name__ == "__main__":
    main()
