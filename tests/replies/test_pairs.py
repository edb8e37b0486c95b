"""What is kept of a reply on pairs of names."""

import pytest

from graphrag_engine.replies.pairs import verdicts


def test_pairs_are_judged_by_their_numbers():
    found = verdicts('{"pairs": [{"n": 2, "same": true}, {"n": 1, "same": false}]}', 3)

    assert (found.same, found.bad) == ({1: False, 2: True}, 0)


@pytest.mark.parametrize(
    "pair",
    [
        '{"n": 0, "same": true}',
        '{"n": 4, "same": true}',
        '{"n": true, "same": true}',
        '{"n": "1", "same": true}',
        '{"n": 1.0, "same": true}',
        '{"n": 1, "same": "yes"}',
        '{"n": 1}',
        "[1, true]",
        "null",
    ],
)
def test_what_is_no_judgement_of_a_pair_is_counted_and_the_others_are_kept(pair):
    found = verdicts(f'{{"pairs": [{pair}, {{"n": 3, "same": true}}]}}', 3)

    assert (found.same, found.bad) == ({3: True}, 1)


def test_a_pair_judged_both_ways_is_not_judged():
    found = verdicts('{"pairs": [{"n": 1, "same": true}, {"n": 1, "same": false}, {"n": 1, "same": true}]}', 1)

    assert (found.same, found.bad) == ({}, 1)


def test_whole_pairs_of_a_cut_reply_are_kept():
    found = verdicts('{"pairs": [{"n": 1, "same": true}, {"n": 2, "same": fal', 2)

    assert found.same == {1: True}


@pytest.mark.parametrize("text", ["", "no", "[]", "{}", '{"pairs": 3}', "3", '"\ud800"', "{" * 100_000])
def test_a_reply_without_pairs_judges_none(text):
    assert verdicts(text, 3).same == {}
