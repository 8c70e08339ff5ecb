"""Between exact fractions and float64: the only place where a result is rounded."""

import math
from fractions import Fraction

from flint import fmpq

from linreg_cli.errors import FitError


def to_float(value: fmpq) -> float:
    """Round to the nearest float64.

    Raises
    ------
    FitError
        If the value is beyond the range of float64: an infinite result is no result.

    """
    try:
        return int(value.p) / int(value.q)  # int / int is correctly rounded in Python
    except OverflowError:
        raise FitError(
            "a result is too large for a 64-bit float",
            hint="Give the column in a larger unit.",
        ) from None


def from_float(value: float) -> fmpq:
    """Give the fraction that a finite float64 is."""
    return fmpq(*value.as_integer_ratio())


def exact_decimal(value: float) -> fmpq:
    """Give the decimal that a float64 is written as: 0.1 is a tenth."""
    numerator, denominator = Fraction(repr(value)).as_integer_ratio()
    return fmpq(numerator, denominator)


def root_to_float(value: fmpq) -> float:
    """Round the square root of a fraction to the nearest float64.

    An integer root with 64 bits or more decides the rounding, together with whether it is
    exact: a sticky last bit keeps a root that lies just above a tie from looking like one.
    """
    if value == 0:
        return 0.0
    numerator, denominator = int(value.p), int(value.q)
    shift = max(0, 130 + denominator.bit_length() - numerator.bit_length())
    shift += shift % 2
    quotient, rest = divmod(numerator << shift, denominator)
    root = math.isqrt(quotient)
    is_exact = rest == 0 and root * root == quotient
    return to_float(fmpq(2 * root + (not is_exact), 1 << (shift // 2 + 1)))
