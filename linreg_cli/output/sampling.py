"""The points that pictures show of any number of rows, in one pass and constant memory.

Few rows are all shown. Many rows are shown by their density, the extreme rows, and a sample.

Densities and extreme rows merge as moments do: the result is the same for any order and any blocks
of the rows. A sample depends on the order of the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from linreg_cli.exact import Floats, mix

Counts = npt.NDArray[np.int64]

MAX_POINTS = 4096
"""Maximum number of rows that are shown one by one."""
BINS = 128
"""Maximum number of bins of a density along each axis."""
EXTREMES = 16
"""The number of smallest rows, and of largest rows, that are kept along each direction."""

_INDEX_BITS = 53
"""Integers of up to this many bits are exact in float64."""
_SMALLEST_EXPONENT = -1074
_LARGEST = np.finfo(np.float64).max
_MAX_SHIFT = 63


@dataclass(frozen=True, eq=False, kw_only=True)
class Grid:
    """The density of points: their number in each bin, from i·2ᵉ to (i + 1)·2ᵉ along an axis.

    The width of a bin is a power of two that depends only on the smallest and the largest value. A
    wider bin is a whole number of narrower ones.

    Attributes
    ----------
    bins
        Maximum number of bins along each axis.
    minimum, maximum
        The range of the points, by axis.
    exponents
        The e of each axis: the smallest with which the range needs at most `bins` bins.
    first
        The index of the first bin of each axis.
    counts
        The number of points in each bin, one dimension for each axis.

    """

    bins: int
    minimum: tuple[float, ...]
    maximum: tuple[float, ...]
    exponents: tuple[int, ...]
    first: tuple[int, ...]
    counts: Counts

    @classmethod
    def of(cls, points: Floats, bins: int = BINS) -> Self:
        """Return the density of points, shape (points, axes): at least one, and all finite."""
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
        """Merge two sets of points."""
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
        """Return the bounds of the bins of an axis, all finite, shape (bins + 1,)."""
        indices = self.first[axis] + np.arange(self.counts.shape[axis] + 1)
        with np.errstate(over="ignore"):
            edges = np.ldexp(indices.astype(np.float64), self.exponents[axis])
        return np.clip(edges, -_LARGEST, _LARGEST)

    def coarsened(self, exponents: Sequence[int]) -> tuple[list[int], Counts]:
        """Return the first bins and the counts for wider bins."""
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
    """Return the smallest e for which bins of width 2ᵉ cover a range; it grows with the range."""
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
    """Return the bin of each value."""
    indices = np.floor(np.ldexp(values, -exponent))
    indices[(values < 0) & (indices == 0)] = -1  # the quotient underflows, but is below 0
    return indices.astype(np.int64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Extremes:
    """The extreme rows: the smallest and the largest along some directions.

    Attributes
    ----------
    rows
        Sorted, shape (rows, columns).

    """

    rows: Floats
    _along: Floats
    """The positions of the rows along the directions, shape (rows, directions)."""

    @classmethod
    def of(cls, rows: Floats, along: Floats) -> Self:
        """Return the extreme rows of some rows, from their positions along the directions."""
        kept = np.unique(
            np.concatenate([
                _smallest(sign * along, rows, direction)
                for direction in range(along.shape[1])
                for sign in (1, -1)
            ])
        )  # fmt: skip
        order = kept[np.lexsort((*along[kept].T[::-1], *rows[kept].T[::-1]))]
        return cls(rows=rows[order], _along=along[order])

    def __add__(self, other: Self) -> Self:
        """Merge two sets of rows."""
        return self.of(
            np.concatenate([self.rows, other.rows]), np.concatenate([self._along, other._along])
        )


def _smallest(along: Floats, rows: Floats, direction: int) -> npt.NDArray[np.intp]:
    """Return the places of the smallest rows in a direction; the other numbers order equal ones."""
    values = along[:, direction]
    places = np.arange(len(values))
    if len(values) > EXTREMES:  # sort only rows that can be among them
        places = np.flatnonzero(values <= np.partition(values, EXTREMES - 1)[EXTREMES - 1])
    order = np.lexsort((*rows[places].T, *along[places].T, values[places]))
    return np.asarray(places[order[:EXTREMES]])


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

    def __add__(self, other: Self) -> Self:
        """Merge two sets of points."""
        points = None
        if self.points is not None and other.points is not None:
            joined = np.concatenate([self.points, other.points])
            points = joined if len(joined) <= MAX_POINTS else None
        return type(self)(
            points=points,
            grid=self.grid + other.grid,
            extremes=self.extremes + other.extremes,
        )

    @property
    def count(self) -> int:
        """The number of points."""
        return int(self.grid.counts.sum())


class Sample:
    """A uniform sample of rows: those whose numbers, counted from 0, hash lowest.

    The same rows in the same order give the same sample, however they are cut into blocks.
    """

    def __init__(self, size: int, columns: int) -> None:
        self._size = size
        self._hashes = np.zeros(0, np.uint64)
        self._values = np.zeros((0, columns))
        self.rows = 0
        """The number of rows that were added."""

    @property
    def values(self) -> Floats:
        """The sampled rows, in their order, shape (at most size, columns)."""
        return self._values

    def add(self, values: Floats) -> None:
        """Add rows, shape (rows, columns)."""
        numbers = np.arange(self.rows, self.rows + len(values), dtype=np.uint64)
        self.rows += len(values)
        hashes = np.concatenate([self._hashes, mix(numbers + np.uint64(1))])
        kept: npt.NDArray[np.intp] = np.arange(len(hashes))
        if len(hashes) > self._size:
            kept = np.sort(np.argpartition(hashes, self._size)[: self._size])
        is_old = kept < len(self._hashes)
        new = values[kept[~is_old] - len(self._hashes)]
        self._values = np.concatenate([self._values[kept[is_old]], new])
        self._hashes = hashes[kept]
