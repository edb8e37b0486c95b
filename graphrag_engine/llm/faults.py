"""What a server's refusal means for the run: try again, leave this request, or stop."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from graphrag_engine.errors import GraphRAGError, ModelError, ModelRefused
from graphrag_engine.llm.base import RateLimits, TryAgain

_QUOTA = re.compile(r"insufficient_quota|billing_(hard_limit|not_active)|account_deactivated|access_terminated")
_NO_MODEL = re.compile(
    r"model_not_found|DeploymentNotFound|invalid_model|model\b.{0,200}\b(not found|does not exist)|unknown model"
    r"|not a valid model|no models? (is |are )?loaded",
    re.IGNORECASE,
)
_KEY = re.compile(r"invalid_api_key|api key not valid|(invalid|incorrect|missing) api key", re.IGNORECASE)
_FILTER = re.compile(r"content_filter|content management policy|ResponsibleAI|content_policy", re.IGNORECASE)
_LARGE = re.compile(r"too (large|long|many|big)|context.?(length|size|window)|batch.?size", re.IGNORECASE)
_SIZE = re.compile(
    rf"{_LARGE.pattern}|max(imum)?.{{0,20}}(length|size|tokens|batch)|exceeds|at most|token limit", re.IGNORECASE
)
_SECRET = re.compile(r"(?i:bearer|basic)\s+\S+|\bsk-\S+|\S*\*{3,}\S*")
_SHOWN = 240
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer that is none."""

    status: int
    code: str
    """The server's own word for it; empty where it has none."""
    told: str
    """The server's own words, on one line, without anything secret."""
    after: float | None = None
    limits: RateLimits | None = None

    @property
    def words(self) -> str:
        """All that the server said, to look for words in."""
        return f"{self.code} {self.told}"

    @property
    def asked_wrong(self) -> bool:
        """Whether the server understood, and does not take the request as it is."""
        return self.status in (400, 422) or (self.status in (500, 501) and "grammar" in self.told)

    @property
    def too_large(self) -> bool:
        """Whether the server speaks of the size of the request, and not of how much it has to do."""
        words = {400: _SIZE, 413: _SIZE, 422: _SIZE, 500: _LARGE}.get(self.status)
        return bool(words and words.search(self.words))


def refusal(status: int, body: Any, headers: Mapping[str, str], secret: str) -> Refusal:
    """What a server answered in place of a reply, in plain values; *secret* is in none of them."""
    inner = body.get("error", body) if isinstance(body, Mapping) else body
    code, told = "", inner
    if isinstance(inner, Mapping):
        code = " ".join(str(inner[name]) for name in ("code", "type", "param") if inner.get(name))
        told = inner.get("message") or inner.get("detail") or ""
    return Refusal(
        status=status,
        code=clean(str(code), secret),
        told=clean(str(told or ""), secret),
        after=retry_after(headers),
        limits=rate_limits(headers),
    )


def clean(told: str, secret: str) -> str:
    """A server's words on one short line, without the key or what looks like one."""
    told = "" if told.lstrip().startswith("<") else told  # a page for browsers says nothing to people here
    line = " ".join(told.replace(secret, "***").split()) if secret else " ".join(told.split())
    line = _SECRET.sub("***", line)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."


def error(found: Refusal, model: str, place: str) -> GraphRAGError:
    """The error of ours for a refusal; *place* is the endpoint as a person knows it."""
    said = f": {found.told}" if found.told else "."
    status = found.status
    if status in (401, 403) or (status == 400 and _KEY.search(found.words)):
        return ModelRefused(f"{place} refuses the key ({status}). {_remedy(status, found.told)}")
    if status == 402 or _QUOTA.search(found.words):
        return ModelRefused(f"{place} refuses to go on, since the account has no credit or quota left{said}")
    if status in (404, 405) or (status == 400 and _NO_MODEL.search(found.words)):
        return ModelRefused(_unknown(found, model, place))
    if status in (408, 409, 429) or status >= 500:
        told = f"{place} is busy or out of order ({status}){said}"
        return TryAgain(told, after=found.after, crowded=status in (408, 429, 504), limits=found.limits)
    if _FILTER.search(found.words):
        return ModelError(f"{place} refused this text by its content filter{said}")
    if found.too_large:
        return ModelError(f"{model!r} at {place} cannot take a request of this length{said}")
    return ModelError(f"{place} does not take this request ({status}){said}")


def _remedy(status: int, told: str) -> str:
    if status == 403 and told:
        return f"It says: {told}"
    return "Set OPENAI_API_KEY (AZURE_OPENAI_API_KEY for Azure) in the environment or in .env to a key that it knows."


def _unknown(found: Refusal, model: str, place: str) -> str:
    if _NO_MODEL.search(found.words):
        return f"{place} has no model {model!r}: {found.told or found.code}"
    hint = "Check base_url: most servers want it to end in /v1."
    return f"{place} answers no such request ({found.status}), or has no model {model!r}. {hint}"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait, however it says so."""
    milliseconds, said = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if milliseconds:
            return max(0.0, float(milliseconds) / 1000)
        return max(0.0, float(said)) if said else None
    except ValueError:
        return _until(str(said))


def _until(date: str) -> float | None:
    """Seconds until an HTTP date; None where it is no date."""
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - time.time())
    except ValueError:
        return None


def rate_limits(headers: Mapping[str, str]) -> RateLimits | None:
    """What the headers of an answer say of the server's limits; None where they say nothing."""
    requests, tokens = (headers.get(f"x-ratelimit-remaining-{what}") for what in ("requests", "tokens"))
    if requests is None and tokens is None:
        return None
    return RateLimits(
        requests=_number(requests),
        tokens=_number(tokens),
        requests_reset=_seconds(headers.get("x-ratelimit-reset-requests")),
        tokens_reset=_seconds(headers.get("x-ratelimit-reset-tokens")),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _seconds(text: str | None) -> float | None:
    """The seconds in `20ms`, `6m0s` or `1.5`; None where there is no number."""
    parts = re.findall(r"(\d{1,9}(?:\.\d{1,9})?)(ms|[smhd])?", text or "")
    return sum(float(number) * _UNITS[unit or "s"] for number, unit in parts) if parts else None
