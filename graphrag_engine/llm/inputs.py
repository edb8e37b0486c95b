"""Texts → batches that an embedding server takes, and its answers → vectors. No I/O here."""

import base64
import re
from collections.abc import Generator, Sequence
from typing import Any, TypeVar

import numpy as np

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.errors import ModelError
from graphrag_engine.llm.base import Embedded, TryAgain, Vectors, normalised
from graphrag_engine.llm.faults import Refusal

_Batch = tuple[str, ...]
_T = TypeVar("_T")
Asking = Generator[_Batch, Embedded | Refusal, _T]
"""Yields batches, is sent the vectors or the refusal of each, returns a result."""
_SHORTEST = 16
"""Characters below which no text is shortened."""
_NUMBER = re.compile(r"\b\d{2,7}\b")


class Batches:
    """Cuts texts into batches; remembers what a server found too large.

    What is remembered saves requests and changes no vector: how far a text is shortened depends on it and on the
    server's words alone.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        """Texts in a request."""
        self._long: int | None = None
        """Estimated tokens of the shortest text that was too long by itself."""

    def over(self, texts: Sequence[str]) -> Asking[Embedded]:
        """Returns the vectors of all texts, in order; raises ModelError where a short text is refused for its size."""
        found: list[Embedded] = []
        for group in self._groups(texts):
            found += yield from self._taken(group)
        return _joined(found)

    def _groups(self, texts: Sequence[str]) -> list[_Batch]:
        """Neighbours together, and each text that is too long by itself alone."""
        groups: list[list[str]] = []
        closed = True
        for text in texts:
            alone = self._long is not None and estimate_tokens(text) >= self._long
            if alone or closed or len(groups[-1]) >= self.size:
                groups.append([])
            groups[-1].append(text)
            closed = alone
        return [tuple(group) for group in groups]

    def _taken(self, batch: _Batch) -> Asking[list[Embedded]]:
        """The vectors of a batch, in halves where it is too large."""
        answer = yield batch
        if isinstance(answer, Embedded):
            return [answer]
        if len(batch) == 1:
            size = estimate_tokens(batch[0])
            self._long = min(self._long or size, size)
            return [(yield from _shortened(batch[0], answer))]
        half = (len(batch) + 1) // 2
        found = [*(yield from self._taken(batch[:half])), *(yield from self._taken(batch[half:]))]
        if len(found) == 2 and (self._long is None or max(map(estimate_tokens, batch)) < self._long):
            self.size = min(self.size, half)  # they were too many, none of them too long
        return found


def _shortened(text: str, refused: Refusal) -> Asking[Embedded]:
    """The vector of the beginning of a text, as much of it as the server takes."""
    while True:
        text = text[: int(len(text) * _share(refused.told))]
        if len(text) < _SHORTEST:
            raise ModelError(f"The embedding server finds even a short text too large: {refused.told}")
        answer = yield (text,)
        if isinstance(answer, Embedded):
            return answer
        refused = answer


def _share(told: str) -> float:
    """How much of a text to keep: as the numbers say that the server named, else half."""
    numbers = [int(number) for number in _NUMBER.findall(told)]
    if len(set(numbers)) < 2:
        return 0.5
    return min(0.9, max(0.1, 0.95 * min(numbers) / max(numbers)))


def _joined(parts: Sequence[Embedded]) -> Embedded:
    if len(parts) == 1:
        return parts[0]
    return Embedded(
        vectors=np.concatenate([part.vectors for part in parts]) if parts else np.zeros((0, 0), np.float32),
        prompt_tokens=sum(part.prompt_tokens for part in parts),
        estimated=any(part.estimated for part in parts),
        limits=parts[-1].limits if parts else None,
    )


def vectors(answer: Any, number: int) -> Vectors:
    """The vectors of an answer in the order of the texts, of length 1; raises TryAgain where any is missing."""
    try:
        rows = {row.get("index", place): row["embedding"] for place, row in enumerate(answer["data"])}
        found = np.stack([_numbers(rows[place]) for place in range(number)])
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        raise TryAgain(f"The embedding server did not send {number} vectors of one length.") from None
    if found.ndim != 2 or not found.shape[1] or not np.isfinite(found).all():
        raise TryAgain("The embedding server sent what is no vector of finite numbers.")
    return normalised(found)


def _numbers(vector: Any) -> Vectors:
    """One vector, as numbers or as base64 of little-endian 32-bit floats."""
    if isinstance(vector, str):
        return np.frombuffer(base64.b64decode(vector, validate=True), "<f4").astype(np.float32)
    return np.asarray(vector, np.float32)
