"""Balls: evaluated with more and more bits, until each rounds to one float64."""

import math
from fractions import Fraction

import pytest
from flint import arb, arb_mat, ctx, fmpq
from hypothesis import given, strategies as st

from linreg_cli.errors import FitError
from linreg_cli.exact.correct_rounding import (
    FIRST_PRECISION,
    LAST_PRECISION,
    correctly_rounded,
    exact,
)
from tests.oracles import fraction
from tests.references import logarithm, root

POSITIVE = st.fractions(min_value=Fraction(1, 10**30), max_value=10**30)


def ball(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


@given(POSITIVE)
def test_a_root_is_the_nearest_float(value: Fraction) -> None:
    assert correctly_rounded(lambda: [ball(value).sqrt()]) == [root(value)]


@given(POSITIVE)
def test_a_logarithm_is_the_nearest_float(value: Fraction) -> None:
    assert correctly_rounded(lambda: [ball(value).log()]) == [float(logarithm(value))]


def test_what_cancels_is_worked_out_with_more_bits() -> None:
    used = []

    def compute() -> list[arb]:
        used.append(ctx.prec)
        return [(arb(10) ** 100 + arb(2).sqrt()) - arb(10) ** 100]

    assert correctly_rounded(compute) == [root(Fraction(2))]
    assert used == [FIRST_PRECISION * 2**k for k in range(len(used))]
    assert used[-1] > 100 * 3.3


def test_one_undecided_ball_does_not_change_the_others() -> None:
    def compute() -> list[arb]:
        return [arb(3).sqrt(), (arb(10) ** 100 + arb(2).sqrt()) - arb(10) ** 100, arb(7)]

    assert correctly_rounded(compute) == [root(Fraction(3)), root(Fraction(2)), 7.0]


def test_what_cancels_to_nothing_is_zero() -> None:
    assert correctly_rounded(lambda: [arb(2).sqrt() ** 2 - 2]) == [0.0]


def test_what_is_too_small_for_a_float_is_zero() -> None:
    assert correctly_rounded(lambda: [arb(10) ** -400, -(arb(10) ** -400)]) == [0.0, 0.0]


def test_what_is_far_too_small_for_a_float_is_zero_without_a_sign() -> None:
    # as a fraction, each of these has 2 to the power of 10**12 below its line
    tiny = arb(2) ** -(10**12)
    around_zero = (-tiny).union(tiny)
    found = correctly_rounded(lambda: [tiny, -tiny, around_zero])
    assert [math.copysign(1, value) for value in found] == [1, 1, 1]
    assert found == [0, 0, 0]


@pytest.mark.parametrize("value", [5e-324, 1.5e-323, 2.2250738585072014e-308])
def test_the_smallest_floats_are_kept(value: float) -> None:
    assert correctly_rounded(lambda: [arb(value).sqrt() ** 2]) == [value]


def test_a_tie_of_two_floats_gives_one_of_them() -> None:
    step = Fraction(1, 2**53)
    # irrational on the way, so that no precision proves which side the value is on
    found = correctly_rounded(lambda: [ball(1 + step).sqrt() ** 2])
    assert found[0] in {1.0, 1 + 2.0**-52}


def test_a_divisor_that_few_bits_cannot_tell_from_zero_gets_more() -> None:
    tiny = Fraction(1, 10**60)

    def compute() -> list[arb]:
        root_of_2 = arb(2).sqrt()
        nearly_singular = arb_mat([[root_of_2, 2], [1, root_of_2 + ball(tiny)]])
        return [nearly_singular.inv()[1, 1]]

    # √2 / (√2 (√2 + tiny) - 2) = 1 / tiny
    assert correctly_rounded(compute) == [1e60]


def test_the_precision_is_as_before_afterwards() -> None:
    before = ctx.prec
    correctly_rounded(lambda: [(arb(10) ** 100 + arb(2).sqrt()) - arb(10) ** 100])
    assert ctx.prec == before


def test_more_bits_than_the_last_precision_are_never_used() -> None:
    used = []

    def compute() -> list[arb]:
        used.append(ctx.prec)
        return [ball(1 + Fraction(1, 2**53)).sqrt() ** 2]

    correctly_rounded(compute)
    assert max(used) == LAST_PRECISION


def test_a_result_beyond_float64_is_an_error() -> None:
    with pytest.raises(FitError, match="too large"):
        correctly_rounded(lambda: [arb(10).sqrt() * arb(10) ** 400])


@given(st.integers(-(2**70), 2**70), st.integers(-80, 80))
def test_an_exact_ball_is_a_fraction(mantissa: int, exponent: int) -> None:
    with ctx.workprec(256):
        found = exact(arb(mantissa) * arb(2) ** exponent)
    assert fraction(found) == mantissa * Fraction(2) ** exponent
