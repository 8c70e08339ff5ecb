"""The shortest decimals of float64 numbers: why 128 bits of a power of ten suffice for them."""

import math
from fractions import Fraction

import pytest

MOST = 2**55 + 2
"""Ends of intervals are at most this multiple of a fourth of the last bit."""


def power_at_or_below(value: Fraction) -> int:
    """Return the k for which 10**k <= value < 10**(k + 1)."""
    k = math.floor(math.log10(value.numerator) - math.log10(value.denominator)) - 1
    while Fraction(10) ** (k + 1) <= value:
        k += 1
    return k


def least_distance(value: Fraction, most: int) -> Fraction:
    """Return how near the multiples value, 2 value, ..., most * value are to an integer.

    Multiples that are integers do not count. The best one is the last convergent of the continued
    fraction whose denominator is at most `most`, or, if the value itself is that, one unit of it.
    """
    if value.denominator <= most:
        return Fraction(1, value.denominator)
    before, convergent = (0, 1), (1, 0)
    n, d = value.numerator, value.denominator
    while True:
        whole = n // d
        following = (whole * convergent[0] + before[0], whole * convergent[1] + before[1])
        if following[1] > most:
            return abs(value * convergent[1] - convergent[0])
        before, convergent, n, d = convergent, following, d, n - whole * d


@pytest.mark.parametrize("quarters", [4, 3])
def test_no_end_of_an_interval_is_nearer_to_an_integer_than_can_be_seen(quarters: int) -> None:
    # floor_or_odd takes a number for an integer if the fraction is below 60 / 128 bits, and adds up
    # to 59 / 128 bits to it
    for q in range(-1074, 972):
        k = power_at_or_below(Fraction(2) ** q * quarters / 4)
        assert least_distance(Fraction(2) ** q / Fraction(10) ** k, MOST) > Fraction(1, 2**67)


def test_the_least_distance_is_that_of_all_multiples() -> None:
    for value in (Fraction(355, 113), Fraction(1, 7), Fraction(12345, 6789), Fraction(3, 10007)):
        for most in (1, 2, 5, 30, 100):
            multiples = [value * n for n in range(1, most + 1)]
            distances = [abs(number - round(number)) for number in multiples]
            expected = min([d for d in distances if d] or [Fraction(1, value.denominator)])
            if value.denominator <= most:
                assert least_distance(value, most) <= expected
            else:
                assert least_distance(value, most) == expected
