"""A line or plane about a center: value + Σ m·(x - center).

If x lies far from 0 over a short span (epoch nanoseconds, long customer numbers), float64 is too
coarse for the intercept of the line, but not for its value at a center near the rows.
"""

from collections.abc import Sequence
from typing import Self

from msgspec import Struct

from linreg_cli.exact.decimals import ExactDecimal

ZERO = ExactDecimal(0, 0)


class Plane(Struct, frozen=True):
    """A linear function of the features.

    Attributes
    ----------
    slopes
        The weight m of each feature, in units of the target per unit of the feature.
    value
        The value at the center, in units of the target.
    centers
        The center of each feature, in its unit.

    """

    slopes: tuple[float, ...]
    value: float
    centers: tuple[ExactDecimal, ...]

    @classmethod
    def about_zero(cls, slopes: Sequence[float], intercept: float) -> Self:
        """Return the plane b + Σ m·x."""
        return cls(tuple(slopes), intercept, (ZERO,) * len(slopes))

    def less_target(self) -> Self:
        """Return the plane of prediction minus target, whose last feature is the target."""
        return type(self)((*self.slopes, -1.0), self.value, (*self.centers, ZERO))
