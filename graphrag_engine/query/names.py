"""What rows of entities and ties are called, each read once."""

from typing import Any

import numpy as np

from graphrag_engine.query.stated import End, end
from graphrag_engine.stores.base import Store

_KEPT = ("id", "name", "type", "description")


class Names:
    """Reads entities when they are first asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entities: dict[int, dict[str, Any]] = {}
        self._ends: dict[int, End] = {}

    def entity(self, row: int) -> dict[str, Any]:
        """Id, name, type and description of an entity."""
        if row not in self._entities:
            said = self._store.rows("entities", np.array([row]), _KEPT)[0]
            self._entities[row] = said | {"name": flat(said["name"])}
        return self._entities[row]

    def name(self, row: int) -> str | None:
        """The name of an entity; None for no row."""
        return str(self.entity(row)["name"]) if row >= 0 else None

    def end(self, row: int) -> End:
        """How an entity may be written where a tie is stated."""
        if row not in self._ends:
            said = self._store.rows("entities", np.array([row]), ("name", "aliases", "type"))[0]
            self._ends[row] = end([said["name"], *said["aliases"]], said["type"])
        return self._ends[row]


def flat(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
