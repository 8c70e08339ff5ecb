"""Fractions rounded to float64, once."""

import math
import sys
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, strategies as st

from linreg_cli.errors import FitError
from linreg_cli.exact.rationals import from_float, root_to_float, to_float
from tests.oracles import fraction
from tests.strategies import FLOATS

SMALLEST = 5e-324
HUGE = 10**400
NATURALS = st.integers(0, 10**60)
POSITIVE = st.integers(1, 10**60)
ROOTS = st.floats(min_value=0, max_value=1e150)


def midpoint(low: float, high: float) -> Fraction:
    return (Fraction(low) + Fraction(high)) / 2


def as_fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


@given(st.integers(-(10**60), 10**60), POSITIVE)
def test_a_fraction_is_rounded_to_the_nearest_float(numerator: int, denominator: int) -> None:
    rounded = to_float(fmpq(numerator, denominator))
    exact = Fraction(numerator, denominator)
    low, high = math.nextafter(rounded, -math.inf), math.nextafter(rounded, math.inf)
    assert midpoint(low, rounded) <= exact <= midpoint(rounded, high)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (fmpq(2**53 + 1), 2.0**53),
        (fmpq(2**53 + 3), 2.0**53 + 4),
        (fmpq(2**54 + 3, 2), 2.0**53 + 2),
        (fmpq(1, 3), 1 / 3),
        (fmpq(-1, 10), -0.1),
        (fmpq(1, 2**1074), SMALLEST),
        (fmpq(1, 2**1075), 0.0),
        (fmpq(3, 2**1076), SMALLEST),
        (fmpq(0), 0.0),
    ],
)
def test_a_tie_goes_to_the_even_float(value: fmpq, rounded: float) -> None:
    assert to_float(value) == rounded


@pytest.mark.parametrize("value", [HUGE, -HUGE, 2**1024 - 2**970])
def test_a_result_beyond_float64_is_no_fit(value: int) -> None:
    with pytest.raises(FitError, match=r"^a result is too large for a 64-bit float$") as caught:
        to_float(fmpq(value))
    assert caught.value.hint == "Give the column in a larger unit."


def test_the_largest_float_is_a_result() -> None:
    assert to_float(fmpq(2**1024 - 2**970 - 1)) == sys.float_info.max


@given(FLOATS)
def test_a_float_is_the_fraction_that_it_stands_for(value: float) -> None:
    assert fraction(from_float(value)) == Fraction(value)


@given(NATURALS, POSITIVE)
def test_a_root_is_rounded_to_the_nearest_float(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    root = root_to_float(fmpq(numerator, denominator))
    assert midpoint(max(0.0, math.nextafter(root, 0)), root) ** 2 <= exact
    assert exact <= midpoint(root, math.nextafter(root, math.inf)) ** 2


@given(ROOTS)
def test_the_root_of_a_square_is_exact(root: float) -> None:
    assert root_to_float(as_fmpq(Fraction(root) ** 2)) == root


@given(ROOTS, st.integers(100, 2000))
def test_a_root_just_above_a_tie_is_rounded_up(root: float, bits: int) -> None:
    high = math.nextafter(root, math.inf)
    square = midpoint(root, high) ** 2
    assert root_to_float(as_fmpq(square * (1 + Fraction(1, 2**bits)))) == high


@given(ROOTS, st.integers(100, 2000))
def test_a_root_just_below_a_tie_is_rounded_down(root: float, bits: int) -> None:
    square = midpoint(root, math.nextafter(root, math.inf)) ** 2
    assert root_to_float(as_fmpq(square * (1 - Fraction(1, 2**bits)))) == root


@pytest.mark.parametrize("last", [0, 1, 2, 3])
def test_a_root_on_a_tie_goes_to_the_even_float(last: int) -> None:
    root = 2.0**52 + last
    even = root if last % 2 == 0 else root + 1
    assert root_to_float(as_fmpq(midpoint(root, root + 1) ** 2)) == even


@pytest.mark.parametrize(
    ("value", "root"),
    [
        (fmpq(1, 10**640), 1e-320),
        (fmpq(1, 10**800), 0.0),
        (fmpq(10**600), 1e300),
        (fmpq(2), math.sqrt(2)),
        (fmpq(1, 50), math.sqrt(0.02)),
    ],
)
def test_the_range_of_the_root_counts_not_that_of_its_square(value: fmpq, root: float) -> None:
    assert root_to_float(value) == root


def test_a_root_beyond_float64_is_no_fit() -> None:
    with pytest.raises(FitError, match="too large for a 64-bit float"):
        root_to_float(fmpq(HUGE**2))
