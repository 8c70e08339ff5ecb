"""Any number of points in constant memory: all of them while they are few, else a density.

The density is a grid whose bins grow with the data. The width of a bin is a power of two that
only the smallest and the largest value decide, and a wider bin is a whole number of narrower
ones. So clouds may be joined in any order, from any cut of the rows, and the result is the same
to the last count: what `Sums` are for arithmetic, a cloud is for the eye.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from linreg_cli.plots.picture import Counts, Density, Dots, Floats, Layer, Role

MAX_POINTS = 4096
"""Up to so many points are kept as they are."""
EXTREMES = 16
"""So many of the smallest and of the largest points are kept along each direction."""

_INDEX_BITS = 53
"""An index of so many bits is an integer that float64 holds exactly."""
_SMALLEST_EXPONENT = -1074
_MAX_SHIFT = 63


@dataclass(frozen=True, eq=False, kw_only=True)
class Grid:
    """Counts of points in bins: bin i along an axis reaches from i·2ᵉ to (i + 1)·2ᵉ.

    Attributes
    ----------
    bins
        The most bins along each axis.
    minimum, maximum
        The range of the points, by axis.
    exponents
        The e of each axis: the smallest with which the range needs at most `bins` bins.
    first
        The index of the first bin of each axis.
    counts
        How many points lie in each bin, one dimension for each axis.

    """

    bins: int
    minimum: tuple[float, ...]
    maximum: tuple[float, ...]
    exponents: tuple[int, ...]
    first: tuple[int, ...]
    counts: Counts

    @classmethod
    def of(cls, points: Floats, bins: int) -> Self:
        """Count points, shape (points, axes): at least one, and all finite."""
        minimum, maximum = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        exponents = _exponents(minimum, maximum, bins)
        indices = [_index(points[:, axis], e) for axis, e in enumerate(exponents)]
        first = [int(index.min()) for index in indices]
        shape = [int(i.max()) - start + 1 for i, start in zip(indices, first, strict=True)]
        flat = np.ravel_multi_index([i - s for i, s in zip(indices, first, strict=True)], shape)
        return cls(
            bins=bins,
            minimum=tuple(minimum),
            maximum=tuple(maximum),
            exponents=exponents,
            first=tuple(first),
            counts=np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape),
        )

    def __add__(self, other: Self) -> Self:
        """Join two sets of points."""
        minimum = tuple(map(min, self.minimum, other.minimum))
        maximum = tuple(map(max, self.maximum, other.maximum))
        exponents = _exponents(minimum, maximum, self.bins)
        parts = [grid.coarsened(exponents) for grid in (self, other)]
        first = [min(starts) for starts in zip(*(starts for starts, _ in parts), strict=True)]
        ends = [
            max(start + size for start, size in axis)
            for axis in zip(*(zip(s, c.shape, strict=True) for s, c in parts), strict=True)
        ]
        counts = np.zeros([e - s for s, e in zip(first, ends, strict=True)], np.int64)
        for starts, part in parts:
            counts[
                tuple(
                    slice(s - f, s - f + size)
                    for s, f, size in zip(starts, first, part.shape, strict=True)
                )
            ] += part
        return type(self)(
            bins=self.bins,
            minimum=minimum,
            maximum=maximum,
            exponents=exponents,
            first=tuple(first),
            counts=counts,
        )

    def edges(self, axis: int) -> Floats:
        """Give the bounds of the bins of an axis, shape (bins + 1,)."""
        indices = self.first[axis] + np.arange(self.counts.shape[axis] + 1)
        return np.asarray(np.ldexp(indices.astype(np.float64), self.exponents[axis]))

    def coarsened(self, exponents: Sequence[int]) -> tuple[list[int], Counts]:
        """Give the first bins and the counts with wider bins."""
        counts, first = self.counts, []
        for axis, (old, new) in enumerate(zip(self.exponents, exponents, strict=True)):
            shift = min(new - old, _MAX_SHIFT)
            indices = self.first[axis] + np.arange(counts.shape[axis])
            wide = indices >> shift
            starts = np.flatnonzero(np.diff(wide, prepend=wide[0] - 1))
            counts = np.add.reduceat(counts, starts, axis=axis)
            first.append(int(wide[0]))
        return first, counts


def _exponents(minimum: Sequence[float], maximum: Sequence[float], bins: int) -> tuple[int, ...]:
    return tuple(_exponent(low, high, bins) for low, high in zip(minimum, maximum, strict=True))


def _exponent(low: float, high: float, bins: int) -> int:
    """Give the smallest e with which bins of width 2ᵉ cover a range; a wider range has no less."""
    largest = max(abs(low), abs(high))
    if not largest:
        return _SMALLEST_EXPONENT
    exponent = max(int(np.frexp(largest)[1]) - _INDEX_BITS, _SMALLEST_EXPONENT)
    span = high / bins - low / bins
    if span > 0:
        exponent = max(exponent, int(np.frexp(span)[1]) - 2)
    ends = np.array([low, high])
    while int(np.ptp(_index(ends, exponent))) >= bins:
        exponent += 1
    return exponent


def _index(values: Floats, exponent: int) -> Counts:
    """Give the bin of each value."""
    indices = np.floor(np.ldexp(values, -exponent))
    indices[(values < 0) & (indices == 0)] = -1  # too small for a float is yet below 0
    return indices.astype(np.int64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Cloud:
    """Points, as many as there are, in constant memory.

    Attributes
    ----------
    points
        All of them in the order of the rows, shape (points, axes), or None if they are more
        than `MAX_POINTS`.
    grid
        The count of all points by bins.

    """

    points: Floats | None
    grid: Grid
    _far: Floats
    """The points farthest out, and behind the axes what tells how far out each is."""

    @classmethod
    def of(cls, points: Floats, bins: int, directions: Floats | None = None) -> Self:
        """Take at least one point.

        Parameters
        ----------
        points
            Shape (points, axes), all finite.
        bins
            The most bins of the density along each axis.
        directions
            What tells how far out each point lies, shape (points, directions); the axes if
            not given.

        """
        far = np.column_stack([points, points if directions is None else directions])
        return cls(
            points=points if len(points) <= MAX_POINTS else None,
            grid=Grid.of(points, bins),
            _far=_farthest(far, axes=points.shape[1]),
        )

    def __add__(self, other: Self) -> Self:
        """Join two sets of points."""
        points = None
        if self.points is not None and other.points is not None:
            joined = np.concatenate([self.points, other.points])
            points = joined if len(joined) <= MAX_POINTS else None
        far = np.concatenate([self._far, other._far])
        return type(self)(
            points=points,
            grid=self.grid + other.grid,
            _far=_farthest(far, axes=self.grid.counts.ndim),
        )

    @property
    def extremes(self) -> Floats:
        """The points that lie farthest out along each direction, sorted, shape (points, axes)."""
        return self._far[:, : self.grid.counts.ndim]

    @property
    def count(self) -> int:
        """How many points there are."""
        return int(self.grid.counts.sum())


def _farthest(table: Floats, *, axes: int) -> Floats:
    """Keep the rows that are smallest or largest in a column after the axes, sorted."""
    kept = [
        _smallest(sign * table, column)
        for column in range(axes, table.shape[1])
        for sign in (1, -1)
    ]
    far = table[np.unique(np.concatenate(kept))]
    return far[np.lexsort(far.T[::-1])]


def _smallest(table: Floats, column: int) -> Counts:
    """Give the places of the smallest rows by a column; the other columns decide among equals."""
    values = table[:, column]
    places = np.arange(len(values))
    if len(values) > EXTREMES:  # sort only what can be among them
        places = np.flatnonzero(values <= np.partition(values, EXTREMES - 1)[EXTREMES - 1])
    order = np.lexsort((*table[places].T, values[places]))
    return np.asarray(places[order[:EXTREMES]])


def layers_of(cloud: Cloud) -> tuple[Layer, ...]:
    """Give a cloud of two axes as layers: its points, or its density and its extremes."""
    rows = f"{cloud.count:,} row{'' if cloud.count == 1 else 's'}"
    if cloud.points is not None:
        x, y = cloud.points.T
        return (Dots(role=Role.ROWS, label=rows, x=x, y=y),)
    x, y = cloud.extremes.T
    return (
        Density(
            role=Role.DENSITY,
            label=rows,
            counts=cloud.grid.counts,
            x_edges=cloud.grid.edges(0),
            y_edges=cloud.grid.edges(1),
        ),
        Dots(role=Role.EXTREMES, label="rows farthest out", x=x, y=y),
    )
