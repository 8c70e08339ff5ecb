"""The exact sum of floats."""

import math

import numpy as np
from flint import fmpq

from linreg_cli.exact import Floats, from_float, too_large

_MAX_EXPONENT = 1023


def exact_sum(values: Floats) -> fmpq:
    """Return the exact sum of floats, which depends neither on their order nor on the blocks.

    Raises
    ------
    FitError
        If a number is infinite, or the product of infinity and 0 (NaN).

    Notes
    -----
    For n numbers below 2**e and 2**m > n, adding and subtracting 2**(e + m) keeps the leading bits
    of each. They are multiples of one power of two, so small that float64 adds all of them exactly.
    What is left of the numbers is smaller, and is summed in the same way.

    Source: S. M. Rump, T. Ogita and S. Oishi, Accurate floating-point summation part I, SIAM
    Journal on Scientific Computing 31 (2008), 189-224, algorithm 3.2 (ExtractVector).

    """
    left, total = values, fmpq(0)
    while largest := float(np.abs(left).max(initial=0.0)):
        if not math.isfinite(largest):
            raise too_large()
        exponent = math.frexp(largest)[1] + len(left).bit_length()
        if exponent > _MAX_EXPONENT:
            return total + sum(map(from_float, left.tolist()), fmpq(0))
        unit = math.ldexp(1.0, exponent)
        leading = (left + unit) - unit
        total += from_float(float(leading.sum()))
        left = left - leading
    return total
