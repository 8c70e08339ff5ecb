"""Conversion between exact fractions and float64: the only place where a result is rounded."""

import math

from flint import fmpq

from linreg_cli.errors import FitError
from linreg_cli.exact.decimals import parse


def to_float(value: fmpq) -> float:
    """Return the float64 nearest to a fraction.

    Raises
    ------
    FitError
        If the value is beyond the range of float64.

    """
    try:
        return int(value.p) / int(value.q)  # int / int is correctly rounded in Python
    except OverflowError:
        raise too_large() from None


def from_float(value: float) -> fmpq:
    """Return the exact value of a finite float64."""
    return fmpq(*value.as_integer_ratio())


def too_large() -> FitError:
    """Return the error of a result beyond the range of float64."""
    return FitError(
        "a result is too large for a 64-bit float", hint="Give the column in a larger unit."
    )


def exact_decimal(value: float) -> fmpq:
    """Return the shortest decimal that reads back as a float64: 1/10 for 0.1."""
    return fmpq(*parse(repr(value)).as_integer_ratio())


def root_to_float(value: fmpq) -> float:
    """Return the float64 nearest to the square root of a fraction.

    An integer root of 64 bits or more decides the rounding, with one more bit that says whether
    the root is inexact: a root just above the middle of two floats is then not taken for it.

    Raises
    ------
    FitError
        If the root is beyond the range of float64.

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
