"""A YAML file that people write, read strictly: each mistake is one sentence with its place."""

from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from graphrag_engine.errors import SettingsError


class Text(str):
    """A scalar as it is written, and the line it stands in, from 1."""

    line: int
    __slots__ = ("line",)


class Typed(yaml.SafeLoader):
    """Scalars are what YAML takes them for: numbers, booleans, text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping, if no key stands there twice."""
        _refuse_twice(node)
        return super().construct_mapping(node, deep)


class Lined(yaml.BaseLoader):
    """All scalars are `Text`: a name stays what people wrote, be it `No` or `1984`."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping, if no key stands there twice."""
        _refuse_twice(node)
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node: yaml.ScalarNode) -> Text:
        """The text of a scalar."""
        text = Text(super().construct_scalar(node))
        text.line = node.start_mark.line + 1
        return text


def read(path: Path, loader: type[Typed | Lined]) -> Any:
    """What a file holds; None where there is no file or nothing in it. Raises SettingsError."""
    try:
        return yaml.load(path.read_text("utf-8-sig"), loader) if path.exists() else None  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        problem = str(getattr(error, "problem", error)).partition("\n")[0]
        raise SettingsError(f"{str(path)!r}{line}: this is not YAML ({problem}).") from None
    except RecursionError:
        raise SettingsError(f"{str(path)!r}: this is nested too deeply.") from None
    except OSError as error:
        raise SettingsError(f"Cannot read {str(path)!r}: {error.strerror}.") from None
    except ValueError as error:
        raise SettingsError(f"Cannot read {str(path)!r}: {error}.") from None


def _refuse_twice(node: yaml.Node) -> None:
    """YAML forbids a key that stands in a mapping twice; by itself PyYAML lets the last one win."""
    seen = set[str]()
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode) and key.value in seen:
            raise ConstructorError(None, None, f"the key {key.value!r} stands there twice", key.start_mark)
        seen.update([key.value] if isinstance(key, yaml.ScalarNode) else [])
