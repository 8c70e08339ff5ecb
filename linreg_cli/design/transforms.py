"""Transforms of one exact decimal; the result is an exact decimal again.

    log, log2, log10, log1p, sqrt     15 digits after the point, to the nearest
    exp                               17 significant digits, to the nearest
    abs                               exact

Each result is proven to be the nearest, so that it is the same on every machine.
"""

from collections.abc import Callable
from functools import partial
from math import isqrt
from types import MappingProxyType
from typing import TypeAlias

from linreg_cli.design.rounding import SIGNIFICANT
from linreg_cli.exact import ExactDecimal, power_of_ten

PLACES = 15
"""The number of digits of a logarithm and of a root after the point."""
_LARGEST_EXPONENT = 1000
"""exp of a number beyond this is far outside the range of float64."""

Transform: TypeAlias = Callable[[ExactDecimal], ExactDecimal | None]
"""A function of a number; its value is None where it does not exist."""


def logarithm(x: ExactDecimal, base: int | None = None) -> ExactDecimal | None:
    """Return the logarithm, which exists for positive numbers.

    Parameters
    ----------
    x
        The number.
    base
        The base, or None for the natural logarithm.

    """
    # a logarithm that is a fraction is an integer (Lindemann; unique factors), and no tie
    if x.integer <= 0:
        return None
    from flint import arb, fmpq

    from linreg_cli.design.ball_rounding import to_places

    argument = fmpq(*x.as_integer_ratio())
    if base is None:
        return to_places(lambda: arb(argument).log(), PLACES)
    return to_places(lambda: arb(argument).log() / arb(base).log(), PLACES)


def log1p(x: ExactDecimal) -> ExactDecimal | None:
    """Return the natural logarithm of 1 + x, which exists for x above -1."""
    return logarithm(x.plus(ExactDecimal(1, 0)))


def square_root(x: ExactDecimal) -> ExactDecimal | None:
    """Return the square root, which exists for numbers that are not negative.

    Of two decimals that are nearest, the even one is returned.
    """
    if x.integer < 0:
        return None
    numerator, denominator = x.integer * power_of_ten(2 * PLACES), power_of_ten(x.decimals)
    root = isqrt(numerator // denominator)
    # the root is above the middle of two integers if its square is above the middle's
    above = 4 * numerator + root % 2 > denominator * (2 * root + 1) ** 2
    return ExactDecimal(root + above, PLACES)


def exponential(x: ExactDecimal) -> ExactDecimal | None:
    """Return e to the power x; outside the range of float64 it does not exist."""
    # e to a fraction that is not 0 is no fraction (Lindemann), hence no tie
    if x.integer == 0:
        return ExactDecimal(1, 0)
    from flint import arb, fmpq

    from linreg_cli.design.ball_rounding import certain_floor, to_places

    argument = fmpq(*x.as_integer_ratio())
    if abs(argument) > _LARGEST_EXPONENT:
        return None
    exponent = certain_floor(lambda: argument / arb(10).log())
    value = to_places(lambda: arb(argument).exp(), SIGNIFICANT - 1 - exponent)
    try:
        return value if float(value) else None
    except OverflowError:
        return None


def absolute(x: ExactDecimal) -> ExactDecimal:
    """Return the number without its sign."""
    return ExactDecimal(abs(x.integer), x.decimals)


TRANSFORMS = MappingProxyType[str, Transform](
    {
        "log": logarithm,
        "log2": partial(logarithm, base=2),
        "log10": partial(logarithm, base=10),
        "log1p": log1p,
        "exp": exponential,
        "sqrt": square_root,
        "abs": absolute,
    }
)
"""The transforms of numbers by their names."""
