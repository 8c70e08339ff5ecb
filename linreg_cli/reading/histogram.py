"""Exact histograms of one column, made in one pass.

The width of a bin is a power of ten. Where the numbers span more than `MAX_BINS` bins, ten
neighbours become one bin, so that memory is bounded. Bins begin at multiples of their width, so
that the result depends on the numbers alone, not on their order or on how they were cut in blocks.

`output.Grid` counts points for pictures. Its bins are powers of two of float64, in several
dimensions, because a picture has a limited number of pixels along each axis. Here the numbers are
exact decimals, and the edges are shown as decimals: neither can replace the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from linreg_cli.exact import MAX_DIGITS_INT64, ExactDecimal, Integers, power_of_ten

MAX_BARS = 16
"""The most bars of a drawn histogram."""
MAX_BINS = 200
"""More than ten times as many bins as bars: after ten bins become one, they are finer than bars."""
_STEPS = (1, 2, 5)
"""The width of a bar is a power of ten times one of these."""


class Bars(NamedTuple):
    """A histogram to be drawn: bar i counts ``edges[i] <= x < edges[i + 1]``."""

    edges: tuple[ExactDecimal, ...]
    counts: tuple[int, ...]


class Histogram(Struct, frozen=True, kw_only=True):
    """The count of numbers in each bin: bin i holds ``i * width <= x < (i + 1) * width``.

    Attributes
    ----------
    exponent
        The width of a bin is ten to this power.
    counts
        The count of numbers in each bin that is not empty.
    is_exact
        Whether all numbers are multiples of the width: bin i then holds only the number
        ``i * width``, so that the bins can be made finer.

    """

    exponent: int = 0
    counts: Mapping[int, int] = field(default_factory=dict)
    is_exact: bool = True

    @classmethod
    def of(cls, integers: Integers, decimals: int) -> Self:
        """Count numbers, each ``integer / 10**decimals``; shape (rows,)."""
        if not len(integers):
            return cls()
        # "1.0" is written with decimals that it does not need
        while decimals and not (integers % 10).any():
            integers, decimals = integers // 10, decimals - 1
        low, high = int(integers.min()), int(integers.max())
        steps = _steps_to_fit(low, high)
        first = low // power_of_ten(steps)
        offsets = (integers // power_of_ten(steps) - first).astype(np.int64)
        counts = np.bincount(offsets).tolist()
        return cls(
            exponent=steps - decimals,
            counts={first + i: count for i, count in enumerate(counts) if count},
            is_exact=steps == 0,
        )

    @classmethod
    def of_few(cls, integers: Sequence[int], decimals: int) -> Self:
        """Count a few numbers, at least one, without NumPy, which takes longer to call."""
        while decimals and not any(integer % 10 for integer in integers):
            integers, decimals = [integer // 10 for integer in integers], decimals - 1
        steps = _steps_to_fit(min(integers), max(integers))
        unit = power_of_ten(steps)
        counts = Counter(integer // unit for integer in integers)
        return cls(exponent=steps - decimals, counts=dict(counts), is_exact=steps == 0)

    def __add__(self, other: Self) -> Self:
        """Return the histogram of both sets of numbers together."""
        exponent = _common_exponent(self, other)
        counts = Counter(self._rewritten(exponent))
        counts.update(other._rewritten(exponent))
        steps = _steps_to_fit(min(counts), max(counts)) if counts else 0
        return type(self)(
            exponent=exponent + steps,
            counts=_coarser(counts, steps),
            is_exact=self.is_exact and other.is_exact and steps == 0,
        )

    def bars(self) -> Bars:
        """Return at most `MAX_BARS` bars, whose width is 1, 2 or 5 times a power of ten.

        A bar is not narrower than a bin.
        """
        if not self.counts:
            return Bars((), ())
        width, first, counts = self._joined()
        edges = [_decimal(i * width, self.exponent) for i in range(first, first + len(counts) + 1)]
        return Bars(tuple(edges), counts)

    @property
    def heights(self) -> tuple[int, ...]:
        """The counts of the bars, without their edges."""
        return self._joined()[-1] if self.counts else ()

    def _joined(self) -> tuple[int, int, tuple[int, ...]]:
        """Merge bins to bars; return the width of a bar in bins, the first bar, and the counts."""
        low, high = min(self.counts), max(self.counts)
        width = next(w for w in _widths() if high // w - low // w < MAX_BARS)
        first = low // width
        counts = [0] * (high // width - first + 1)
        for i, count in self.counts.items():
            counts[i // width - first] += count
        return width, first, tuple(counts)

    def _rewritten(self, exponent: int) -> Mapping[int, int]:
        """Return the counts in bins of another width; only an exact histogram can become finer."""
        if exponent >= self.exponent:
            return _coarser(self.counts, exponent - self.exponent)
        factor = power_of_ten(self.exponent - exponent)
        return {i * factor: count for i, count in self.counts.items()}


class BinCounts:
    """A histogram as an array of counts, to which numbers that fit its bins are added fast."""

    __slots__ = ("_added", "_first", "_histogram")

    def __init__(self, histogram: Histogram) -> None:
        low, high = min(histogram.counts), max(histogram.counts)
        self._histogram = histogram
        self._first = low - (MAX_BINS - 1 - (high - low)) // 2
        self._added = np.zeros(MAX_BINS, np.int64)

    def add(self, integers: Integers, decimals: int, low: int, high: int) -> bool:
        """Add numbers and return True, or return False if their histogram would have other bins.

        `low` and `high` are the smallest and the largest integer.
        """
        steps = self._histogram.exponent + decimals
        if integers.dtype.hasobject or not 0 <= steps <= MAX_DIGITS_INT64:
            return False
        unit = power_of_ten(steps)
        if low // unit < self._first or high // unit >= self._first + MAX_BINS:
            return False
        if steps:
            bins = integers // unit
            if self._histogram.is_exact and not np.array_equal(bins * unit, integers):
                return False
            integers = bins
        self._added += np.bincount(integers - self._first, minlength=MAX_BINS)
        return True

    def histogram(self) -> Histogram:
        """Return the histogram of all numbers."""
        counts = Counter(self._histogram.counts)
        for i in np.flatnonzero(self._added).tolist():
            counts[self._first + i] += int(self._added[i])
        return replace(self._histogram, counts=counts)


def _common_exponent(a: Histogram, b: Histogram) -> int:
    """Return the exponent of the finest width that both can have."""
    inexact = [each.exponent for each in (a, b) if not each.is_exact]
    return max(inexact) if inexact else min(a.exponent, b.exponent)


def _coarser(counts: Mapping[int, int], steps: int) -> Mapping[int, int]:
    """Merge bins to bins that are ``10**steps`` times as wide."""
    if not steps:
        return counts
    factor = power_of_ten(steps)
    joined: Counter[int] = Counter()
    for i, count in counts.items():
        joined[i // factor] += count
    return joined


def _steps_to_fit(low: int, high: int) -> int:
    """Return how often bins must become ten times as wide for `low` to `high` to fit `MAX_BINS`."""
    # at most two steps too few, which the loop adds
    steps = max(0, len(str(high - low)) - len(str(MAX_BINS)))
    while high // power_of_ten(steps) - low // power_of_ten(steps) >= MAX_BINS:
        steps += 1
    return steps


def _widths() -> Iterable[int]:
    """Yield 1, 2, 5, 10, 20, 50 ..."""
    power = 1
    while True:
        yield from (step * power for step in _STEPS)
        power *= 10


def _decimal(integer: int, exponent: int) -> ExactDecimal:
    if exponent < 0:
        return ExactDecimal(integer, -exponent)
    return ExactDecimal(integer * power_of_ten(exponent), 0)
