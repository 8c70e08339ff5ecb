"""The density of points on a grid, which merges with others exactly."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from linreg_cli.exact import Floats, Int64s

BINS = 128
"""Maximum number of bins of a density along each axis."""
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
    counts: Int64s

    @classmethod
    def of(cls, points: Floats, bins: int = BINS) -> Self:
        """Return the density of points, shape (points, axes): at least one, and all finite."""
        minimum, maximum = _range_of(points)
        exponents = _exponents(minimum, maximum, bins)
        first, last = (
            [int(_index(np.array([end]), e)[0]) for end, e in zip(ends, exponents, strict=True)]
            for ends in (minimum, maximum)
        )
        shape = [end - start + 1 for start, end in zip(first, last, strict=True)]
        return cls(
            bins=bins,
            minimum=minimum,
            maximum=maximum,
            exponents=exponents,
            first=tuple(first),
            counts=_count(points, exponents, first, shape),
        )

    def with_points(self, points: Floats) -> Self:
        """Return the density with further points, at least one."""
        ranges = zip(self.minimum, self.maximum, *_range_of(points), strict=True)
        if not all(low <= new_low and new_high <= high for low, high, new_low, new_high in ranges):
            return self + self.of(points, self.bins)
        counts = _count(points, self.exponents, self.first, self.counts.shape)
        return replace(self, counts=self.counts + counts)

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

    def coarsened(self, exponents: Sequence[int]) -> tuple[list[int], Int64s]:
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


def _range_of(points: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the smallest and the largest value of each axis."""
    return tuple(map(float, map(np.min, points.T))), tuple(map(float, map(np.max, points.T)))


def _count(
    points: Floats, exponents: Sequence[int], first: Sequence[int], shape: Sequence[int]
) -> Int64s:
    """Return the number of points in each bin; all points lie in one of the bins."""
    bins: Int64s = np.zeros(len(points), np.int64)
    for values, exponent, start, size in zip(points.T, exponents, first, shape, strict=True):
        bins = bins * size + (_index(values, exponent) - start)
    return np.bincount(bins, minlength=math.prod(shape)).reshape(shape)


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


def _index(values: Floats, exponent: int) -> Int64s:
    """Return the bin of each value."""
    indices = np.floor(np.ldexp(values, -exponent))
    indices[(values < 0) & (indices == 0)] = -1  # the quotient underflows, but is below 0
    return indices.astype(np.int64)
