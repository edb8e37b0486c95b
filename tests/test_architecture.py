"""The rules of the house, as tests: review remarks that were made once and hold for ever."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrag_engine.schema import TABLES
from graphrag_engine.stages import STAGES

PACKAGE = Path(__file__).parent.parent / "graphrag_engine"
FILES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    {"errors"},
    {
        "hashing",
        "schema",
        "settings",
        "prompts",
        "costs",
        "results",
        "runlog",
        "longtext",
        "book",
        "markdown",
        "layouts",
        "yamlfile",
        "newfiles",
        "dotenv",
        "thrift",
        "spool",
    },
    {"llm", "stores", "sources", "offline", "overrides", "updates", "changes", "replies", "local_neo4j", "browser"},
    {"stages"},
    {"executors", "pipeline", "query", "recipes", "rowwise", "models", "spending"},
    {"indexing", "publishing", "asking"},
    {"engine", "async_engine"},
    {"cli", "__main__"},
)
HEIGHT = {room: height for height, rooms in enumerate(LAYERS) for room in rooms}
STAGES_MAY_IMPORT = ("graphrag_engine.llm.base", "graphrag_engine.offline", "graphrag_engine.replies")


def module(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for path in FILES}


def imports(path: Path) -> Iterator[str]:
    """Every module of ours that a file imports, wherever in the file and for whatever reason."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("graphrag_engine"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("graphrag_engine"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else str(node.module)


GRAPH = {name: set(imports(path)) for name, path in MODULES.items() if name != "graphrag_engine"}


def room(name: str) -> str:
    return name.split(".")[1]


def functions() -> Iterator[tuple[str, int]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module(path)}.{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_every_room_has_a_layer():
    assert {room(name) for name in GRAPH} == set(HEIGHT)


def test_imports_point_down():
    upward = [
        f"{name} imports {other}"
        for name, others in GRAPH.items()
        for other in others
        if room(name) != room(other) and HEIGHT[room(other)] > HEIGHT[room(name)]
    ]

    assert upward == []


def test_nothing_inside_imports_the_public_door():
    assert [name for name, others in GRAPH.items() if "graphrag_engine" in others] == []


def test_there_are_no_import_knots():
    rest = {name: {other for other in others if other in GRAPH} - {name} for name, others in GRAPH.items()}
    while free := [name for name, others in rest.items() if not others & rest.keys()]:
        for name in free:
            del rest[name]

    assert rest == {}


def test_stages_import_only_the_words_of_models_what_reads_replies_and_the_offline_mode():
    beside = {"llm", "stores", "sources"}
    wrong = [
        f"{name} imports {other}"
        for name, others in GRAPH.items()
        if room(name) == "stages"
        for other in others
        if room(other) in beside and not other.startswith(STAGES_MAY_IMPORT)
    ]

    assert wrong == []


def outside_doings(path: Path) -> Iterator[str]:
    """What a file does beyond computing: opens, waits, or loads a module that reaches outside."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith):
            yield "awaits"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("open", "print", "input"):
            yield ast.unparse(node.func)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            yield from {"os", "io", "pathlib", "socket", "time", "random", "asyncio"} & {n.split(".")[0] for n in names}


def test_stages_and_what_they_compute_with_do_no_io():
    pure = [path for path in FILES if path.parent.name in ("stages", "offline", "korean", "replies")]

    assert {path.name: doings for path in pure if (doings := list(outside_doings(path)))} == {}


def test_the_folder_of_stages_is_the_pipeline():
    files = {path.stem for path in (PACKAGE / "stages").glob("*.py")} - {"__init__", "base"}

    assert {stage.name for stage in STAGES} == files
    assert len(STAGES) == len(files)


def test_a_stage_reads_only_what_is_written_before_it():
    written = {"documents"}
    for stage in STAGES:
        assert set(stage.reads) <= written, stage.name
        written |= set(stage.writes)


def test_every_table_has_the_one_writer_that_the_schema_names():
    writers = {name: stage.name for stage in STAGES for name in stage.writes}

    assert len(writers) == sum(len(stage.writes) for stage in STAGES)
    assert writers == {
        name: table.written_by for name, table in TABLES.items() if table.written_by not in ("sources", "pipeline")
    }


def test_functions_are_short():
    lengths = sorted(length for _, length in functions())

    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.95)] <= 40
    assert [name for name, length in functions() if length > 60] == []


def test_files_are_short():
    assert [path.name for path in FILES if len(path.read_text("utf-8").splitlines()) > 400] == []


def test_nothing_catches_everything():
    caught = [
        module(path)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]

    assert caught == []


def test_commands_catch_nothing():
    catching = [
        path.name
        for path in (PACKAGE / "cli").glob("*.py")
        if path.name != "__init__.py" and "except " in path.read_text("utf-8")
    ]

    assert catching == []


def test_settings_is_the_one_reader_of_the_environment():
    readers = [path.name for path in FILES if re.search(r"\b(environ|getenv)\b", path.read_text("utf-8"))]

    assert readers == ["settings.py"]


def test_one_file_alone_knows_the_client_of_models():
    clients = re.compile(r"^\s*(?:import|from) (?:openai|httpx2|aiohttp)\b", re.MULTILINE)

    assert [module(path) for path in FILES if clients.search(path.read_text("utf-8"))] == ["graphrag_engine.llm.openai"]


def loaded(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


HEAVY = {"openai", "neo4j", "tiktoken", "scipy", "pyarrow", "numpy", "networkx", "pydantic"}


@pytest.mark.parametrize("statement", ["import graphrag_engine", "import graphrag_engine.cli"])
def test_importing_pulls_in_nothing_heavy(statement):
    assert loaded(statement) & HEAVY == set()


def test_opening_an_engine_pulls_in_neither_scipy_nor_networkx():
    assert loaded("from graphrag_engine import Engine") & {"openai", "neo4j", "tiktoken", "scipy", "networkx"} == set()


def test_the_public_names_are_sorted_and_there():
    import graphrag_engine

    assert graphrag_engine.__all__ == sorted(graphrag_engine.__all__) == dir(graphrag_engine)
    assert all(getattr(graphrag_engine, name).__name__ == name for name in graphrag_engine.__all__)


def test_no_two_files_of_tests_share_a_name():
    """Or pytest collects one of them alone."""
    names = [path.name for path in PACKAGE.parent.joinpath("tests").rglob("test_*.py")]

    assert sorted(set(names)) == sorted(names)
