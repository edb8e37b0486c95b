"""Models behind an OpenAI-compatible endpoint; the only file that knows the `openai` package and what it stands on.

The client says where an endpoint is and how to name oneself there, and its transport keeps the connections. Requests
are made and answers read as bytes here: its own way to a request costs as much as sending it, its models of answers
three times that. Nothing that it or the server says reaches a person with a key in it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import aiohttp
import openai
import orjson
from httpx2 import URL, AsyncClient, Headers, InvalidURL, Response, TransportError

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.errors import GraphRAGError, ModelError, SettingsError
from graphrag_engine.llm import answers, faults
from graphrag_engine.llm.base import Embedded, Hear, RateLimits, Reply, Request, Texts, TryAgain
from graphrag_engine.llm.dialect import LADDER, Dialect
from graphrag_engine.llm.inputs import Batches, vectors
from graphrag_engine.settings import EmbeddingsSettings, Endpoint, Sampling

OPENAI = "https://api.openai.com/v1"
_NO_KEY = "none"
"""Sent as the key to a server of one's own, which asks for none but may want the header."""
_NO_ADDRESS = "base_url must be an address of the form http://host:port/v1, without a password or a question mark."
_CONNECT = 10.0
"""Most seconds until a server takes the connection."""
_EVENT, _LAST = "data:", "data: [DONE]"
"""How a line with a part of an answer begins, and the line behind the last."""
_Read = TypeVar("_Read")


class Refused(Exception):
    """The server answered, but with a refusal; never leaves this file."""

    def __init__(self, found: faults.Refusal) -> None:
        self.found = found


class Connection:
    """One client for all that a run asks of an endpoint; raises SettingsError where there is no way to reach it."""

    def __init__(self, endpoint: Endpoint, key: str | None) -> None:
        if endpoint.azure and not endpoint.base_url:
            raise SettingsError("azure is set, but no address: set base_url, or AZURE_OPENAI_ENDPOINT.")
        url = endpoint.base_url or OPENAI
        self.place = _place(url)
        """The endpoint as a person knows it."""
        self.official = urlsplit(url).hostname == urlsplit(OPENAI).hostname
        """Whether this is OpenAI's own, whose newer models know only the newer names of parameters."""
        if self.official and not key:
            raise SettingsError("There is no key for OpenAI: set OPENAI_API_KEY, or base_url to a server of your own.")
        self.azure = endpoint.azure
        self._key = key or _NO_KEY
        self._timeout = endpoint.timeout
        self._heard = False
        """Whether anything ever came from there."""
        timeout = openai.Timeout(endpoint.timeout, connect=min(endpoint.timeout, _CONNECT))
        self._carrier: AsyncClient = openai.DefaultAioHttpClient(timeout=timeout)
        try:
            client = self._client(endpoint, url)
            self._base, self._query = str(client.base_url).rstrip("/"), client.default_query
        except InvalidURL:
            raise SettingsError(_NO_ADDRESS) from None
        said = {**client.default_headers, **client.auth_headers}
        self._urls: dict[str, URL] = {}
        self._headers = Headers({name: text for name, text in said.items() if isinstance(text, str)})

    def _client(self, endpoint: Endpoint, url: str) -> openai.AsyncOpenAI:
        """What knows the addresses and headers of an endpoint."""
        if not endpoint.azure:
            return openai.AsyncOpenAI(api_key=self._key, base_url=url, http_client=self._carrier)
        return openai.AsyncAzureOpenAI(
            api_key=self._key,
            azure_endpoint=url.rstrip("/").removesuffix("/openai"),
            api_version=endpoint.api_version,
            http_client=self._carrier,
        )

    async def ask(self, path: str, body: Mapping[str, Any], read: Callable[[Any, RateLimits | None], _Read]) -> _Read:
        """What *read* makes of the answer to a body; raises Refused and TryAgain, and what *read* raises."""
        response = await self._call("POST", self._where(path, body), _bytes(body))
        answer = self._parsed(response)
        if isinstance(answer, Mapping) and answer.get("error"):
            raise Refused(self._refusal(_status(answer["error"]), answer, response.headers))
        return read(answer, faults.rate_limits(response.headers))

    async def hear(self, path: str, body: Mapping[str, Any]) -> AsyncIterator[Any]:
        """The parts of an answer as they come; where the server sends it whole, that. Raises as `ask`."""
        response = await self._call("POST", self._where(path, body), _bytes(body), stream=True)
        try:
            if "json" in response.headers.get("content-type", ""):
                with self._ours():
                    await response.aread()
                yield self._parsed(response)
                return
            lines = response.aiter_lines()
            while (line := await self._next(lines)) is not None and line.strip() != _LAST:
                if line.startswith(_EVENT):
                    yield self._read(line.removeprefix(_EVENT))
        finally:
            await response.aclose()

    async def _next(self, lines: AsyncIterator[str]) -> str | None:
        """The next line of an answer; None at its end."""
        with self._ours():
            async with asyncio.timeout(self._timeout):
                return await anext(lines, None)

    async def models(self, model: str) -> list[str] | None:
        """The models that the server lists; None where it keeps no list. Raises as *model* would if it were asked."""
        try:
            answer = self._parsed(await self._call("GET", "/models"))
        except Refused as refused:
            if refused.found.status in (404, 405, 501):
                return None
            raise self.error(refused, model) from None
        rows = answer.get("data") if isinstance(answer, Mapping) else None
        return [str(row["id"]) for row in rows if "id" in row] if isinstance(rows, list) else None

    def error(self, refused: Refused, model: str) -> GraphRAGError:
        """The error of ours for a refusal."""
        return faults.error(refused.found, model, self.place)

    async def aclose(self) -> None:
        """Close all connections; nothing can be asked after this."""
        await self._carrier.aclose()

    async def _call(self, method: str, path: str, sent: bytes | None = None, *, stream: bool = False) -> Response:
        """The good answer of the server, in time; with *stream* only its head, the rest can be read then."""
        if path not in self._urls:
            self._urls[path] = URL(self._base + path, params=self._query or None)
        request = self._carrier.build_request(method, self._urls[path], content=sent, headers=self._headers)
        with self._ours():
            async with asyncio.timeout(self._timeout):
                answered = await self._carrier.send(request, stream=stream)
                self._heard = True
                if stream and not answered.is_success:
                    await answered.aread()
        if answered.is_success:
            return answered
        raise Refused(self._refusal(answered.status_code, _said(answered), answered.headers))

    @contextmanager
    def _ours(self) -> Iterator[None]:
        """Foreign errors become ours here."""
        try:
            yield
        except TimeoutError:
            raise self._late() from None
        except (TransportError, aiohttp.ClientError, OSError) as error:
            if _causes(error, TimeoutError):
                raise self._late() from None
            reason = faults.clean(_reason(error), self._key).rstrip(".")
            told = f"{self.place} cannot be reached, or hung up: {reason}."
            raise TryAgain(told, silent=not self._heard) from None

    def _where(self, path: str, body: Mapping[str, Any]) -> str:
        return f"/deployments/{quote(str(body['model']), safe='')}{path}" if self.azure else path

    def _late(self) -> TryAgain:
        told = f"{self.place} did not answer within {self._timeout:g} seconds."
        return TryAgain(told, crowded=True, silent=not self._heard)

    def _parsed(self, response: Response) -> Any:
        return self._read(response.content)

    def _read(self, content: str | bytes) -> Any:
        try:
            return answers.parsed(content)
        except ValueError:
            raise TryAgain(f"The answer of {self.place} is not JSON, or not all of it.") from None

    def refusal(self, answer: Mapping[str, Any]) -> faults.Refusal:
        """What an answer refuses that holds an error in place of what was asked for."""
        return self._refusal(_status(answer["error"]), answer, {})

    def _refusal(self, status: int, body: Any, headers: Mapping[str, str]) -> faults.Refusal:
        return faults.refusal(status, body, headers, self._key)


class OpenAIModel:
    """A chat model. What its server does not take is learned once and remembered (see `dialect`)."""

    def __init__(self, sampling: Sampling, model: str, connection: Connection) -> None:
        self.name = model
        self._connection = connection
        self._dialect = Dialect(model, sampling, "max_completion_tokens" if connection.official else "max_tokens")
        self._streaming: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}

    @property
    def level(self) -> str:
        """How JSON is asked for now: one of the ladder."""
        return LADDER[self._dialect.rung]

    async def complete(self, request: Request) -> Reply:
        """The reply to one request; raises TryAgain, ModelError and ModelRefused."""
        while True:
            body = self._dialect.body(request)
            try:
                return await self._connection.ask(
                    "/chat/completions", body, lambda answer, limits: answers.reply(answer, request, limits)
                )
            except Refused as refused:
                if not (refused.found.asked_wrong and self._dialect.learn(body, refused.found.words)):
                    raise self._connection.error(refused, self.name) from None

    async def stream(self, request: Request, hear: Hear) -> Reply:
        """The same, telling *hear* what comes; a server that cannot is asked for the whole."""
        while self._streaming:
            body = {**self._dialect.body(request), **self._streaming}
            try:
                return await self._heard(request, body, hear)
            except Refused as refused:
                if not (refused.found.asked_wrong and self._gives_up(body, refused.found.words)):
                    raise self._connection.error(refused, self.name) from None
        reply = await self.complete(request)
        hear(reply.text)
        return reply

    async def _heard(self, request: Request, body: Mapping[str, Any], hear: Hear) -> Reply:
        """The reply in parts; raises Refused."""
        spoken, whole = answers.Spoken(), answers.Whole()
        async for part in self._connection.hear("/chat/completions", body):
            if isinstance(part, Mapping) and part.get("error"):
                raise Refused(self._connection.refusal(part))
            if said := spoken.of(whole.add(part)):
                hear(said)
        return answers.reply(whole.answer(), request, None)

    def _gives_up(self, body: Mapping[str, Any], complaint: str) -> bool:
        """Whether the next try will be another: without what the server complained of."""
        if self._dialect.learn(body, complaint):
            return True
        named = "stream_options" if "stream_options" in complaint else "stream"
        if named not in complaint or named not in body:
            return False
        self._streaming = {"stream": True} if named == "stream_options" else {}
        return True


class Moderation:
    """An endpoint's judgement of texts; called with one, it gives the reason why it must not be shown, or None."""

    def __init__(self, connection: Connection, model: str) -> None:
        self.model = model
        self._connection = connection

    async def __call__(self, text: str) -> str | None:
        """The kinds of harm that were found, in one line; raises TryAgain, ModelError and ModelRefused."""
        try:
            return await self._connection.ask("/moderations", {"model": self.model, "input": text}, _judged)
        except Refused as refused:
            raise self._connection.error(refused, self.model) from None


class OpenAIEmbeddings:
    """An embedder; texts that are too many or too long for its server are sent in smaller pieces."""

    def __init__(self, settings: EmbeddingsSettings, model: str, connection: Connection) -> None:
        self.name = model
        self.dimension: int | None = None
        """Numbers in a vector; known with the first answer."""
        self._connection = connection
        self._batches = Batches(settings.batch)
        self._form: dict[str, str] = {"encoding_format": "base64"}

    async def embed(self, texts: Texts) -> Embedded:
        """One vector of length 1 a text; raises TryAgain, ModelError and ModelRefused."""
        asking = self._batches.over(texts.texts)
        try:
            batch = next(asking)
            while True:
                batch = asking.send(await self._answer(batch))
        except StopIteration as end:
            whole: Embedded = end.value
            return whole

    async def _answer(self, batch: tuple[str, ...]) -> Embedded | faults.Refusal:
        """The vectors of one batch, or the refusal where it speaks of size."""
        try:
            return await self._asked(batch)
        except Refused as refused:
            if not refused.found.too_large:
                raise self._connection.error(refused, self.name) from None
            return refused.found

    async def _asked(self, batch: tuple[str, ...]) -> Embedded:
        """The vectors of one batch; raises Refused."""
        body = {"model": self.name, "input": [text or " " for text in batch], **self._form}
        try:
            return await self._connection.ask("/embeddings", body, lambda *answer: self._read(batch, *answer))
        except Refused as refused:
            known = set(self._form) & set(body)
            if not (refused.found.asked_wrong and known and "encoding_format" in refused.found.words):
                raise
            self._form = {}
            return await self._asked(batch)

    def _read(self, batch: tuple[str, ...], answer: Any, limits: RateLimits | None) -> Embedded:
        found = vectors(answer, len(batch))
        self.dimension = self.dimension or found.shape[1]
        if found.shape[1] != self.dimension:
            raise ModelError(
                f"{self.name!r} at {self._connection.place} gave vectors of {found.shape[1]} numbers after vectors of "
                f"{self.dimension}. It is not one model; check what stands behind this address."
            )
        usage = answer.get("usage")
        counted = usage.get("prompt_tokens") if isinstance(usage, Mapping) else None
        tokens = counted if isinstance(counted, int) else sum(map(estimate_tokens, batch))
        return Embedded(vectors=found, prompt_tokens=tokens, estimated=tokens != counted, limits=limits)


def _bytes(body: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError:  # half characters, and numbers of more than 64 bits
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _judged(answer: Any, _limits: RateLimits | None) -> str | None:
    """The kinds of harm that a judgement names; None where there is none."""
    try:
        found = answer["results"][0]
        kinds = [str(kind).replace("_", " ") for kind, is_so in found["categories"].items() if is_so is True]
        return (", ".join(kinds) or "flagged") if found["flagged"] else None
    except (KeyError, IndexError, TypeError, AttributeError):
        raise TryAgain("The server sent a judgement that holds none.") from None


def _place(url: str) -> str:
    """The address without a slash at its end; raises SettingsError where it is none, or holds what may be secret."""
    try:
        parts = urlsplit(url)
        odd = parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.port == 0
    except ValueError:
        odd = True
    if odd or parts.query or parts.fragment or url.split() != [url]:
        raise SettingsError(_NO_ADDRESS)
    return url.rstrip("/")


def _said(refused: Response) -> Any:
    """What a server says with a refusal, if it can be read."""
    try:
        return answers.parsed(refused.content)
    except ValueError:
        return refused.text


def _status(error: Any) -> int:
    """The status that an error inside an answer stands for; 500 where it names none."""
    code = error.get("code") if isinstance(error, Mapping) else None
    return int(code) if isinstance(code, int | str) and str(code).isdecimal() and 400 <= int(code) < 600 else 500


def _causes(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Whether an error is of a kind at its root; the transport between calls every lost connection a timeout."""
    while error and error.__cause__:
        error = error.__cause__
    return isinstance(error, kind)


def _reason(error: BaseException) -> str:
    """What happened, in the words of what noticed it first."""
    while error.__cause__:
        error = error.__cause__
    return str(error) or type(error).__name__
