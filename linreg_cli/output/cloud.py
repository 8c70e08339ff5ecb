"""Any number of points in constant memory, for pictures.

Few points are all kept. Many points are kept as their density and the extreme points, which merge
as moments do: the result is the same for any order and any blocks of the rows.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from linreg_cli.exact import Floats
from linreg_cli.output.density_grid import BINS, Grid
from linreg_cli.output.extreme_rows import Extremes

MAX_POINTS = 4096
"""Maximum number of rows that are shown one by one."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Cloud:
    """Any number of points: one by one, or as their density and the extreme points.

    Attributes
    ----------
    points
        All of them in the order of the rows, shape (points, axes), or None if they are more
        than `MAX_POINTS`.
    grid
        The density of all points.
    extremes
        The extreme points.

    """

    points: Floats | None
    grid: Grid
    extremes: Extremes

    @classmethod
    def of(cls, points: Floats, along: Floats | None = None, *, bins: int = BINS) -> Self:
        """Return the cloud of at least one point.

        Parameters
        ----------
        points
            Shape (points, axes), all finite.
        along
            The positions along some directions, shape (points, directions); along the axes if not
            given.
        bins
            Maximum number of bins of the density along each axis.

        """
        return cls(
            points=points if len(points) <= MAX_POINTS else None,
            grid=Grid.of(points, bins),
            extremes=Extremes.of(points, points if along is None else along),
        )

    def with_points(self, points: Floats, along: Floats | None = None) -> Self:
        """Return the cloud with further points; `of` describes the parameters."""
        return type(self)(
            points=_joined(self.points, points),
            grid=self.grid.with_points(points),
            extremes=self.extremes.with_rows(points, points if along is None else along),
        )

    def __add__(self, other: Self) -> Self:
        """Merge two sets of points."""
        return type(self)(
            points=_joined(self.points, other.points),
            grid=self.grid + other.grid,
            extremes=self.extremes + other.extremes,
        )

    @property
    def count(self) -> int:
        """The number of points."""
        return int(self.grid.counts.sum())


def _joined(some: Floats | None, others: Floats | None) -> Floats | None:
    """Return the points of both in their order, or None if they are too many."""
    if some is None or others is None or len(some) + len(others) > MAX_POINTS:
        return None
    return np.concatenate([some, others])
