import numpy as np
import pytest

from graphrag_engine.offline.ties import association


def worth(together: int, one: int, other: int, n: int) -> float:
    return float(association(*(np.array([count]) for count in (together, one, other)), n)[0])


def test_what_always_stands_together_is_worth_more_than_what_does_by_chance():
    assert worth(4, 4, 4, 64) > worth(4, 8, 8, 64) > worth(4, 40, 40, 64) > 0
    assert worth(9, 9, 9, 64) > worth(4, 4, 4, 64)


@pytest.mark.parametrize("n", [600, 601, 999])
def test_one_text_unit_more_reweighs_nothing(n: int):
    assert worth(3, 50, 60, n) == worth(3, 50, 60, n + 1) == worth(3, 51, 60, n)
