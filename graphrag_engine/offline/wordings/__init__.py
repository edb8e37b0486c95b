"""What is generated, one file a language: each has the same English sentences as keys."""

from collections.abc import Mapping
from types import ModuleType

from graphrag_engine.offline.wordings import chinese, french, german, greek, japanese, korean, russian, spanish

MODULES: Mapping[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (chinese, french, german, greek, japanese, korean, russian, spanish)
}
"""For each language, by the name that `languages.language` gives it, its tables ANSWERS and REPORTS."""
