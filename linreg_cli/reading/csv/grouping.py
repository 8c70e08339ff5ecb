"""Whether the decimal character of a column may be its thousands separator: 1.200 for 1200."""

from enum import IntEnum

from linreg_cli.exact import Int64s, Integers

_DIGITS = 3
_LEAST, _MOST = 1_000, 999_999
"""The bounds of numbers with one to three digits before the point, in units of 0.001."""


class Grouping(IntEnum):
    """What the numbers of a column have after their decimal character.

    The grouping of several columns together is the largest one. The extension gives the same
    values.
    """

    WHOLE = 0
    """None has decimals."""
    THREE = 1
    """Some have decimals: exactly three, and one to three digits before, the first not 0."""
    OTHER = 2
    """Some have other decimals."""


def grouping_of(integers: Integers, decimals: Int64s) -> Grouping:
    """Return the grouping of the numbers ``integers / 10**decimals``, as they are written."""
    import numpy as np

    has_decimals = decimals > 0
    if not has_decimals.any():
        return Grouping.WHOLE
    sizes = np.abs(integers[has_decimals])
    are_three = decimals[has_decimals] == _DIGITS
    fits = are_three & (sizes >= _LEAST).astype(np.bool_) & (sizes <= _MOST).astype(np.bool_)
    return Grouping.THREE if fits.all() else Grouping.OTHER
