"""How many tokens something is: at most, likely, or counted with the model's own vocabulary if this machine has it."""

from base64 import b64decode
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha1, sha256
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.llm.base import Request, Texts

if TYPE_CHECKING:
    import tiktoken

_MARKS = 16
"""Most tokens that servers put around a message."""
_TOLD = 200
"""Most tokens that tell a server which JSON is wanted, beside its shape."""
_VOCABULARIES = {"o200k_base": "o200k_base", "o200k_harmony": "o200k_base", "cl100k_base": "cl100k_base"}
"""Which is meant by which; they differ in marks only, which no text holds."""
_CARRIERS = {"litellm": "litellm_core_utils/tokenizers", "llama_index": "core/_static/tiktoken_cache"}
"""Packages that bring vocabularies along, and in which of their folders."""


def most_tokens(asked: Request | Texts) -> int:
    """Tokens that what is sent can be at most: one a byte, as the vocabularies of all current models have it."""
    if isinstance(asked, Texts):
        return sum(_bytes(text) for text in asked.texts)
    shape = _bytes(asked.shape.text) + _TOLD if asked.shape else 0
    return shape + sum(_bytes(message.content) + _MARKS for message in asked.messages)


def likely_tokens(asked: Request | Texts) -> int:
    """Tokens that what is sent will hardly exceed: three bytes make one in English, and in Chinese too."""
    return most_tokens(asked) // 3


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


class Counter:
    """Counts the tokens of a text as one model would."""

    def __init__(self, model: str, folder: Path | None = None) -> None:
        """*folder* holds vocabularies as TIKTOKEN_CACHE_DIR does; it is looked at before those of packages."""
        self._encoding = _encoding(model, (*([folder] if folder else []), *_carried()))

    @property
    def estimated(self) -> bool:
        """Whether the model's vocabulary is unknown, or not on this machine; the network is never asked."""
        return self._encoding is None

    def __call__(self, text: str) -> int:
        """The tokens of a text."""
        if self._encoding is None:
            return estimate_tokens(text)
        return len(self._encoding.encode_ordinary(text))


@cache
def _encoding(model: str, folders: tuple[Path, ...]) -> "tiktoken.Encoding | None":
    """The tokenizer of a model; None where it is unknown or its vocabulary is not there."""
    from tiktoken.model import encoding_name_for_model

    try:
        return _built(_VOCABULARIES[encoding_name_for_model(model)], folders)
    except LookupError:
        return None


def _built(name: str, folders: Sequence[Path]) -> "tiktoken.Encoding":
    """The tokenizer of this name from a vocabulary in one of the folders; raises LookupError.

    tiktoken fetches what its cache does not hold, so its recipe is followed with a reader that only reads.
    """
    import tiktoken
    from tiktoken_ext import openai_public

    def read(address: str, expected_hash: str) -> dict[bytes, int]:
        return vocabulary(address, expected_hash, folders)

    recipe: FunctionType = openai_public.ENCODING_CONSTRUCTORS[name]
    followed: Callable[[], dict[str, Any]] = FunctionType(
        recipe.__code__, {**recipe.__globals__, "load_tiktoken_bpe": read}
    )
    return tiktoken.Encoding(**followed())


def vocabulary(address: str, expected_hash: str, folders: Sequence[Path]) -> dict[bytes, int]:
    """The tokens and ranks of the file that was fetched from *address* once; raises LookupError where none is whole."""
    for folder in folders:
        path = folder / sha1(address.encode(), usedforsecurity=False).hexdigest()
        data = path.read_bytes() if path.is_file() else b""
        if sha256(data).hexdigest() == expected_hash:
            pairs = (line.split() for line in data.splitlines() if line)
            return {b64decode(token): int(rank) for token, rank in pairs}
    raise LookupError(address)


def _carried() -> list[Path]:
    """The folders of vocabularies that installed packages bring along; none of them is imported."""
    found = {name: find_spec(name) for name in _CARRIERS}
    homes = [(name, home) for name, spec in found.items() if spec for home in spec.submodule_search_locations or ()]
    return [Path(home) / _CARRIERS[name] for name, home in homes]
