"""A line or plane about a center: value + Σ m·(x - center).

Where x lies far from 0 over a short span (epoch nanoseconds, long numbers of customers), an
intercept as float64 is too coarse to hold the line; the value at a center near the rows is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from linreg_cli.exact.decimals import ExactDecimal

ZERO = ExactDecimal(0, 0)


@dataclass(frozen=True)
class Plane:
    """A function of the features.

    Attributes
    ----------
    slopes
        The weight m of each feature.
    value
        The value at the center.
    centers
        The center of each feature.

    """

    slopes: tuple[float, ...]
    value: float
    centers: tuple[ExactDecimal, ...]

    @classmethod
    def about_zero(cls, slopes: Sequence[float], intercept: float) -> Self:
        """Return b + Σ m·x."""
        return cls(tuple(slopes), intercept, (ZERO,) * len(slopes))

    def less_target(self) -> Self:
        """Return the plane that gives prediction less target, where the target comes last."""
        return type(self)((*self.slopes, -1.0), self.value, (*self.centers, ZERO))
