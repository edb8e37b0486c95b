"""Replies of the hostile generator in `benchmarks/`; there 10,000 are read, here some of each kind."""

import random
import runpy

import pytest


@pytest.fixture(scope="module")
def hostile(repository):
    return runpy.run_path(str(repository / "benchmarks" / "hostile_replies.py"))


@pytest.mark.parametrize("seed", range(4))
def test_no_hostile_reply_crashes_loses_good_records_or_hides_bad_ones(hostile, seed):
    chance = random.Random(seed)  # noqa: S311  # a test's dice, not a secret
    results = {}
    for number in range(60):
        reply = hostile["reply"](chance)
        results[f"{number:02}"] = hostile["read"](reply.text)
        assert hostile["fault"](reply, results[f"{number:02}"]) == "", reply.text[:2000]

    assert len(hostile["merged"](results)["entities"]) > 0
