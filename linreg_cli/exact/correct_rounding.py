"""Correct rounding by Ziv's method: a higher precision until the rounding is certain.

A ball is a number with a proven error bound. Source: A. Ziv, Fast evaluation of elementary
mathematical functions with correctly rounded last bit, ACM TOMS 17 (1991).
"""

from collections.abc import Callable, Sequence

from flint import arb, ctx, fmpq

from linreg_cli.exact.rationals import to_float

FIRST_PRECISION = 128
"""Bits of the first attempt."""
LAST_PRECISION = 2**15
"""A number that this many bits do not decide lies halfway between two floats; either is right."""
_ROUNDS_TO_ZERO = arb(fmpq(1, 2**1075))
"""Half of the smallest float64; smaller numbers round to 0."""


def correctly_rounded(compute: Callable[[], Sequence[arb]]) -> list[float]:
    """Return the float64 nearest to each of some numbers.

    Parameters
    ----------
    compute
        Returns the numbers as balls, at the precision that is set when it is called.

    """
    precision = FIRST_PRECISION
    while True:
        with ctx.workprec(precision):
            try:
                balls = compute()
            except ZeroDivisionError:  # too few bits to tell a divisor from zero
                balls = [arb("nan")]
            rounded = [_round(ball) for ball in balls]
        values = [value for value in rounded if value is not None]
        if len(values) == len(rounded):
            return values
        if precision >= LAST_PRECISION:
            return [to_float(exact(ball.mid())) for ball in balls]
        precision *= 2


def exact(value: arb) -> fmpq:
    """Return the value of an exact ball as a fraction."""
    mantissa, exponent = map(int, value.man_exp())
    return fmpq(mantissa << exponent) if exponent >= 0 else fmpq(mantissa, 1 << -exponent)


def _round(ball: arb) -> float | None:
    if not ball.is_finite():
        return None
    if abs(ball) < _ROUNDS_TO_ZERO:  # as a fraction, its denominator could take all memory
        return 0.0
    lower, upper = (to_float(exact(bound)) for bound in (ball.lower(), ball.upper()))
    return lower if lower == upper else None
