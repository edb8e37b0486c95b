import gc
import os
import platform
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import graphrag_engine
from graphrag_engine.thrift import thrifty


def set_to() -> tuple[int, str, float]:
    return gc.get_threshold()[0], pa.default_memory_pool().backend_name, sys.getswitchinterval()


def test_a_run_leaves_the_process_as_it_was():
    before = set_to()

    with thrifty():
        assert set_to() == (before[0] * 1000, "system", pytest.approx(before[2] / 10))

    assert set_to() == before


def test_no_look_for_cycles_is_due_at_the_end_of_a_run():
    looks: list[str] = []

    def look(phase: str, _: object) -> None:
        looks.append(phase)

    gc.callbacks.append(look)
    try:
        with thrifty():
            made = [[number] for number in range(2 * gc.get_threshold()[0] // 1000)]
        made.append([0])
    finally:
        gc.callbacks.remove(look)

    assert not looks


POOL = """
import sys
sys.argv[1:] = ["--help"]
from graphrag_engine.cli import main
try:
    main()
finally:
    import pyarrow
    print(pyarrow.default_memory_pool().backend_name)
"""


def test_the_command_has_all_tables_in_memory_of_the_system():
    """The usual allocator keeps all that a part of a table was written with, until the end of the run."""
    there = {"PYTHONPATH": str(Path(graphrag_engine.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", POOL], env=os.environ | there, capture_output=True, text=True)

    assert done.stdout.splitlines()[-1] == "system"


THREADS = """
import ctypes, sys
sys.argv[1:] = ["--help"]
from graphrag_engine.cli import main
assert "numpy" not in sys.modules
try:
    main()
finally:
    library = ctypes.CDLL(None)
    library.getenv.restype = ctypes.c_char_p
    print(library.getenv(b"OPENBLAS_NUM_THREADS").decode())
"""


def test_the_command_multiplies_matrices_by_one_thread():
    """More of them take more CPU, since they wait by counting; numpy looks when it is imported."""
    there = {"PYTHONPATH": str(Path(graphrag_engine.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", THREADS], env=os.environ | there, capture_output=True, text=True)

    assert done.stdout.splitlines()[-1] == "1"


CLEARED = """
import resource, sys
import numpy as np
from graphrag_engine import Engine

def used():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(4):
        [np.ones(1 << 17) for _ in range(16)]
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

Engine.open(sys.argv[1]).retrieve("Who?")
used()
print(used())
"""
"""The pages that are cleared when 16 MB are used for the second time: 4,096 where they were given back."""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators are left as they are")
def test_memory_that_a_question_frees_is_kept_for_the_next_one(built):
    there = {"PYTHONPATH": str(Path(graphrag_engine.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", CLEARED, built], env=os.environ | there, check=True, capture_output=True, text=True
    )

    assert int(done.stdout) < 1000
