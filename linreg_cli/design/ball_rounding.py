"""Correct rounding of balls to decimals by Ziv's method.

A ball is a number with a proven error bound. Source: A. Ziv, Fast evaluation of elementary
mathematical functions with correctly rounded last bit, ACM TOMS 17 (1991): a higher precision until
the rounding is certain.
"""

from collections.abc import Callable

from flint import arb, ctx, fmpq

from linreg_cli.design.rounding import scaled
from linreg_cli.exact import ExactDecimal

_FIRST_PRECISION = 128


def certain_floor(compute: Callable[[], arb]) -> int:
    """Return the largest integer that is not above a number.

    Parameters
    ----------
    compute
        Returns the number as a ball, at the precision that is set when it is called. The number
        must not be an integer, unless the ball of some precision is exact.

    """
    precision = _FIRST_PRECISION
    while True:
        with ctx.workprec(precision):
            floor = compute().floor().unique_fmpz()
        if floor is not None:
            return int(floor)
        precision *= 2


def to_places(compute: Callable[[], arb], places: int) -> ExactDecimal:
    """Return the decimal with some digits after the point that is nearest to a number.

    Parameters
    ----------
    compute
        Returns the number as a ball, at the precision that is set when it is called. The number
        must not lie halfway between two such decimals.
    places
        The number of digits after the point; if it is negative, the decimal is a multiple of
        ``10**-places``.

    """
    scale = fmpq(10) ** places
    return scaled(certain_floor(lambda: compute() * scale + fmpq(1, 2)), places)
