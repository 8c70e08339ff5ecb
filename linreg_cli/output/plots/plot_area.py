"""The area inside the axes of a text plot: its limits, and where its dots are."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from linreg_cli.exact import Floats
from linreg_cli.output.plots.scales import with_room
from linreg_cli.output.plots.screen import Screen

HEIGHT = 17
"""The height of the area in lines."""
MARGIN = 0.02
"""The margin around what is drawn, as a share of the axis."""
MIN_UNIT = -307
"""The smallest power of ten that float64 holds with all its digits."""
MAX_EXPONENT = 100
BESIDE = 16
"""Characters beside the area, for the frame and the numbers."""
MIN_WIDTH = 20
_DOTS = {True: (2, 4), False: (1, 1)}
"""The dots of a character, across and down: braille, and ASCII."""


@dataclass(frozen=True, kw_only=True)
class PlotArea:
    """The area inside the axes.

    Attributes
    ----------
    width
        In characters.
    across, down
        The dots of a character.
    x_unit, y_unit
        The power of ten in which values are given; not 0 only for numbers whose squares float64
        cannot hold.
    x, y
        The limits, in these units.

    """

    width: int
    across: int
    down: int
    x_unit: int
    y_unit: int
    x: tuple[float, float]
    y: tuple[float, float]

    @classmethod
    def around(cls, x: Floats, y: Floats, screen: Screen) -> Self:
        """Return the area of a screen that holds some points."""
        across, down = _DOTS[screen.has_unicode]
        (x_unit, x_limits), (y_unit, y_limits) = map(_unit_and_limits, (x, y))
        return cls(
            width=width_on(screen),
            across=across,
            down=down,
            x_unit=x_unit,
            y_unit=y_unit,
            x=x_limits,
            y=y_limits,
        )

    def in_units(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return values in the units of the area."""
        return x / 10.0**self.x_unit, y / 10.0**self.y_unit

    @property
    def columns(self) -> Floats:
        """The centers of the columns of dots."""
        return centers(self.x, self.across * self.width)

    @property
    def rows(self) -> Floats:
        """The centers of the rows of dots."""
        return centers(self.y, self.down * HEIGHT)


def width_on(screen: Screen) -> int:
    """Return the width of the area on a screen, in characters."""
    return max(MIN_WIDTH, screen.width - BESIDE)


def centers(limits: tuple[float, float], count: int) -> Floats:
    """Return the centers of equal parts of a range."""
    low, high = limits
    return low + (np.arange(count) + 0.5) * (high - low) / count


def _unit_and_limits(values: Floats) -> tuple[int, tuple[float, float]]:
    """Return the power of ten of the units, and the range of values with a margin."""
    size = float(np.abs(values).max())
    exponent = math.floor(math.log10(size)) if size else 0
    unit = max(exponent, MIN_UNIT) if abs(exponent) > MAX_EXPONENT else 0
    low, high = with_room(float(values.min()) / 10.0**unit, float(values.max()) / 10.0**unit)
    margin = MARGIN * (high - low)
    return unit, (low - margin, high + margin)
