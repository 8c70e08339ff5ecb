"""Square roots of int64 decimals, many at a time, with a proven bound of the error.

The root of n / 10**d in units of 10**-15 is the root of n, or of 10·n if d is odd, times a power of
ten. NumPy's root s of a float64 is a good start on every machine; what it lacks is
(n - s²) / 2s, where the square is exact in two float64.

Source: T. J. Dekker, A floating-point technique for extending the available precision, Numerische
Mathematik 18 (1971), for the exact product; the step is one of Newton's.
"""

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import MAX_DIGITS_INT64, Floats, power_of_ten

PLACES = 15
"""The number of digits of a root after the point."""
MAX_DECIMALS = 2 * PLACES
"""Maximum number of decimals of an argument, so that the power of ten is an integer."""
ERROR_BOUND = 2.0**-30
"""Bound of the error before the rounding to an integer, in units of 10**-15.

With u = 2**-53, what s lacks is below 4u of the root; it is computed with an error of a few u of
itself, and Newton's step leaves out less than 8u² of the root. The root is below 2**60 units.
"""
_LARGEST = float(power_of_ten(MAX_DIGITS_INT64))
_SPLIT = 2.0**27 + 1


def roots(
    values: npt.NDArray[np.int64], decimals: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return square roots in units of 10**-15, each rounded to the nearest integer.

    Parameters
    ----------
    values
        Integers from 0 to 10**18, shape (rows,); the arguments are ``values / 10**decimals``.
    decimals
        At most `MAX_DECIMALS`.

    Returns
    -------
    The integers, shape (rows,), and whether each is certain. It is not if the root is too close to
    the middle of two integers, or has more than 18 digits.

    """
    high = values.astype(np.float64)
    low = (values - high.astype(np.int64)).astype(np.float64)
    if decimals % 2:
        high, error = _product(high, 10.0)
        low = 10.0 * low + error
    scale = float(power_of_ten((MAX_DECIMALS - decimals) // 2))
    root = np.sqrt(high)
    square, error = _product(root, root)
    lacks = ((high - square) - error + low) / np.maximum(2.0 * root, 1.0)
    units, error = _product(root, scale)
    fits = units < _LARGEST
    whole = np.rint(np.where(fits, units, 0.0))
    rest = np.where(fits, (units - whole) + error + lacks * scale, 0.0)
    nearest = np.rint(rest)
    certain = fits & (np.abs(rest - nearest) < 0.5 - ERROR_BOUND)
    return whole.astype(np.int64) + nearest.astype(np.int64), certain


def _product(left: Floats, right: Floats | float) -> tuple[Floats, Floats]:
    """Return products of float64 values exactly, as a float64 and what it lacks."""
    product = left * right
    left_high, right_high = (_SPLIT * x - (_SPLIT * x - x) for x in (left, right))
    left_low, right_low = left - left_high, right - right_high
    error = ((left_high * right_high - product) + left_high * right_low + left_low * right_high) + (
        left_low * right_low
    )
    return product, error
