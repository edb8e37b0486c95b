"""What text costs: tokens, by an estimate that is the same on every machine, and US dollars, by a table of prices."""

import re
from dataclasses import dataclass

from graphrag_engine.settings import ChatSettings, EmbeddingsSettings

READ = "2026-07-24"
"""The day the prices were read; a setting overrides each."""
_CHAT = {
    "gpt-3.5-turbo": (0.5, 1.5, 16_385),
    "gpt-4": (30.0, 60.0, 8_192),
    "gpt-4-turbo": (10.0, 30.0, 128_000),
    "gpt-4.1": (2.0, 8.0, 1_047_576),
    "gpt-4.1-mini": (0.4, 1.6, 1_047_576),
    "gpt-4.1-nano": (0.1, 0.4, 1_047_576),
    "gpt-4o": (2.5, 10.0, 128_000),
    "gpt-4o-2024-05-13": (5.0, 15.0, 128_000),
    "gpt-4o-mini": (0.15, 0.6, 128_000),
    "gpt-5": (1.25, 10.0, 272_000),
    "gpt-5-chat": (1.25, 10.0, 128_000),
    "gpt-5-mini": (0.25, 2.0, 272_000),
    "gpt-5-nano": (0.05, 0.4, 272_000),
    "gpt-5.1": (1.25, 10.0, 272_000),
    "gpt-5.2": (1.75, 14.0, 272_000),
    "gpt-5.4": (2.5, 15.0, 272_000),
    "gpt-5.4-mini": (0.75, 4.5, 272_000),
    "gpt-5.4-nano": (0.2, 1.25, 272_000),
    "gpt-5.5": (5.0, 30.0, 272_000),
    "gpt-5.6": (5.0, 30.0, 272_000),
    "gpt-5.6-luna": (1.0, 6.0, 272_000),
    "gpt-5.6-sol": (5.0, 30.0, 272_000),
    "gpt-5.6-terra": (2.5, 15.0, 272_000),
    "o1": (15.0, 60.0, 200_000),
    "o3": (2.0, 8.0, 200_000),
    "o3-mini": (1.1, 4.4, 200_000),
    "o4-mini": (1.1, 4.4, 200_000),
    "claude-haiku-4-5": (1.0, 5.0, 200_000),
    "claude-opus-5": (5.0, 25.0, 1_000_000),
    "claude-sonnet-5": (2.0, 10.0, 1_000_000),
    "deepseek-chat": (0.28, 0.42, 131_072),
    "deepseek-reasoner": (0.28, 0.42, 131_072),
    "deepseek-v4-flash": (0.14, 0.28, 1_000_000),
    "deepseek-v4-pro": (0.435, 0.87, 1_000_000),
    "grok-4.3": (1.25, 2.5, 1_000_000),
    "grok-4.5": (2.0, 6.0, 500_000),
}
"""US dollars for a million tokens in and out, and the tokens that fit the context. Of models that take more for a long
context: the price of a short one, and the longest that is sold at it."""
_EMBEDDINGS = {
    "text-embedding-3-large": 0.13,
    "text-embedding-3-small": 0.02,
    "text-embedding-ada-002": 0.1,
}
"""US dollars for a million tokens."""
_DATED = re.compile(r"-\d{4}-\d\d-\d\d$")

_PIECE = re.compile(
    r"[A-Za-z]{1,6}+(?![^\x00-\x7f])|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]{1,6}|\d{1,3}|[^\w\s]|_"
)
"""Letters of ASCII, which most are, come first: they are quickly found."""
_ASCII_PIECE = re.compile(r"[A-Za-z]{1,6}|[0-9]{1,3}|[^0-9A-Za-z\s\x1c-\x1f]", re.ASCII)
"""The same of a text in ASCII, in half the time."""


def estimate_tokens(text: str) -> int:
    """Tokens that a current model would count, to within a fifth or so on prose.

    Latin words are cut in pieces of six letters, numbers in threes; a Korean, Japanese or Chinese
    character and a punctuation mark are one token each. Never an installed tokenizer: chunks must
    not depend on the machine.
    """
    return (_ASCII_PIECE if text.isascii() else _PIECE).subn("", text)[1]


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens: of those that are sent, and of those that are answered."""

    sent: float
    answered: float

    def of(self, sent: int, answered: int) -> float:
        """What so many tokens cost, in US dollars."""
        return (sent * self.sent + answered * self.answered) / 1e6


def price(model: str, settings: ChatSettings | EmbeddingsSettings) -> Price | None:
    """What a model costs, by the settings, else by the table; None where it is not known."""
    if isinstance(settings, EmbeddingsSettings):
        known = _EMBEDDINGS.get(model)
        usd = known if settings.usd_per_million is None else settings.usd_per_million
        return None if usd is None else Price(usd, 0.0)
    sent, answered, _ = _chat(model) or (None, None, None)
    sent = sent if settings.usd_per_million_in is None else settings.usd_per_million_in
    answered = answered if settings.usd_per_million_out is None else settings.usd_per_million_out
    return None if sent is None or answered is None else Price(sent, answered)


def price_unknown(model: str, settings: ChatSettings | EmbeddingsSettings) -> str:
    """The sentence for people where `price` knows none."""
    chat = "chat.usd_per_million_in and chat.usd_per_million_out"
    keys = chat if isinstance(settings, ChatSettings) else "embeddings.usd_per_million"
    return f"The price of {model!r} is not known, so its tokens are counted as free; {keys} can say it."


def context_tokens(model: str, settings: ChatSettings) -> int | None:
    """Tokens that fit the context of a chat model, by the settings, else by the table; None where it is not known."""
    known = _chat(model)
    return settings.context_tokens or (known[2] if known else None)


def _chat(model: str) -> tuple[float, float, int] | None:
    """What is known of a chat model; a version with a date is like the model without one."""
    return _CHAT.get(model) or _CHAT.get(_DATED.sub("", model))
