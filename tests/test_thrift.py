import gc

import pyarrow as pa

from graphrag_engine.thrift import thrifty


def set_to() -> tuple[int, str]:
    return gc.get_threshold()[0], pa.default_memory_pool().backend_name


def test_a_run_leaves_the_process_as_it_was():
    before = set_to()

    with thrifty():
        assert set_to() == (before[0] * 1000, "system")

    assert set_to() == before
