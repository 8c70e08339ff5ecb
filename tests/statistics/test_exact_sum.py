"""Exact sums of floats: those of fractions, in any order and any blocks."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from linreg_cli.errors import FitError
from linreg_cli.statistics.exact_sum import exact_sum

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def of_fractions(values: list[float]) -> Fraction:
    return sum(map(Fraction, values), Fraction(0))


def summed(values: list[float]) -> Fraction:
    total = exact_sum(np.array(values, np.float64))
    return Fraction(int(total.p), int(total.q))


@given(st.lists(FINITE))
def test_the_sum_is_that_of_fractions(values: list[float]) -> None:
    assert summed(values) == of_fractions(values)


@pytest.mark.parametrize("exponent", [-1074, -1022, -30, 0, 30, 1000, 1023])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 255, 256, 4095])
def test_numbers_with_all_bits_set_are_summed_exactly(exponent: int, count: int) -> None:
    largest = float(np.ldexp(1 - 2.0**-53, exponent))  # the most that a number below 2**e can be
    for values in ([largest] * count, [-largest] * count, [largest, -largest / 3] * count):
        assert summed(values) == of_fractions(values)


def test_numbers_of_very_different_sizes_are_summed_exactly() -> None:
    random = np.random.default_rng(1)
    values = np.ldexp(random.uniform(-1, 1, 20_000), random.integers(-600, 600, 20_000)).tolist()
    assert summed(values) == of_fractions(values)


@pytest.mark.parametrize("other", [np.inf, -np.inf, np.nan])
def test_numbers_beyond_float64_have_no_sum(other: float) -> None:
    with pytest.raises(FitError, match="too large"):
        exact_sum(np.array([1.0, other]))
