"""The exact sum of floats."""

import numpy as np
from flint import fmpq

from linreg_cli.exact import Floats

MANTISSA_BITS, HALF_BITS = 53, 27


def exact_sum(values: Floats) -> fmpq:
    """Return the exact sum of floats, which depends neither on their order nor on the blocks."""
    mantissas, exponents = np.frexp(values)
    integers = np.ldexp(mantissas, MANTISSA_BITS).astype(np.int64)
    total = fmpq(0)
    for exponent in np.unique(exponents).tolist():
        some = integers[exponents == exponent]
        # in halves, whose sums int64 holds
        high, low = int((some >> HALF_BITS).sum()), int((some & (2**HALF_BITS - 1)).sum())
        total += fmpq((high << HALF_BITS) + low) * fmpq(2) ** (exponent - MANTISSA_BITS)
    return total
