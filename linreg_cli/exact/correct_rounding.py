"""Ball arithmetic: numbers with a proven bound, worked out until they round to one float64."""

from collections.abc import Callable, Sequence

from flint import arb, ctx, fmpq

from linreg_cli.exact.rationals import to_float

FIRST_PRECISION = 128
LAST_PRECISION = 2**15
"""A ball that is still undecided then lies on a tie of two floats, and either is right."""
_ROUNDS_TO_ZERO = arb(fmpq(1, 2**1075))
"""Half of the smallest float64; what is smaller rounds to 0."""


def correctly_rounded(compute: Callable[[], Sequence[arb]]) -> list[float]:
    """Evaluate balls with more and more bits, until each rounds to one float64.

    Parameters
    ----------
    compute
        Evaluates the balls at the precision that is set when it is called.

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
    """Give the fraction that an exact ball is."""
    mantissa, exponent = map(int, value.man_exp())
    return fmpq(mantissa << exponent) if exponent >= 0 else fmpq(mantissa, 1 << -exponent)


def _round(ball: arb) -> float | None:
    if not ball.is_finite():
        return None
    if abs(ball) < _ROUNDS_TO_ZERO:  # as a fraction its exponent would take all memory
        return 0.0
    lower, upper = (to_float(exact(bound)) for bound in (ball.lower(), ball.upper()))
    return lower if lower == upper else None
