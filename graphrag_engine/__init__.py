"""Turns a corpus into a knowledge graph and answers questions from it, with checked citations."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphrag_engine.async_engine import AsyncEngine
    from graphrag_engine.engine import Engine
    from graphrag_engine.errors import GraphRAGError

__all__ = ["AsyncEngine", "Engine", "GraphRAGError"]

_HOMES = {"AsyncEngine": "async_engine", "Engine": "engine", "GraphRAGError": "errors"}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """The public names, whether they were used already or not."""
    return __all__
