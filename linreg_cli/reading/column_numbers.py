"""All numbers of one column: their moments, their histogram, and their median.

The numbers themselves are kept until there are too many. Then they are counted in the bins of a
histogram, and the median is known to the width of a bin.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
from flint import fmpq

from linreg_cli.exact import Integers, power_of_ten, to_float
from linreg_cli.reading.column_moments import FEW, ColumnMoments, Values
from linreg_cli.reading.histogram import Histogram
from linreg_cli.reading.likely_markers import Ends

_NO_MOMENTS = ColumnMoments()


class Median(NamedTuple):
    """A median, and the width of the bin that it is known to; None if it is exact."""

    value: float
    width: float | None


class ColumnFigures(NamedTuple):
    """The figures of all numbers of a column."""

    moments: ColumnMoments
    histogram: Histogram
    median: Median | None
    ends: Ends | None


class ColumnNumbers:
    """The numbers of a column: themselves, or counts in bins where they became too many."""

    __slots__ = ("_binned", "_ends", "_kept", "_moments")

    def __init__(self) -> None:
        self._kept: list[Values] = []
        self._moments = _NO_MOMENTS
        self._binned: Histogram | None = None
        self._ends: Ends | None = None

    def take(self, values: Values) -> None:
        """Add some numbers."""
        if len(values.integers):
            self._kept.append(values)

    def bin(self) -> None:
        """Count the kept numbers in bins, and let them go."""
        self._moments, self._binned, _, self._ends = self.figures()
        self._kept = []

    def figures(self) -> ColumnFigures:
        """Return the figures of all numbers so far."""
        kept = self._kept
        if self._binned is None and sum(len(values.integers) for values in kept) <= FEW:
            return _figures_of_few(kept)
        moments, histogram, ends = self._moments, self._binned or Histogram(), self._ends
        kept = _by_decimals(kept)
        for values in kept:
            added = ColumnMoments.of(values)
            new_ends = Ends.of(values, added.smallest, added.largest)
            moments += added
            ends = new_ends if ends is None else ends + new_ends
            new = Histogram.of(*values)
            histogram = histogram + new if histogram.counts else new
        median = _median(kept) if self._binned is None else _median_of_bins(histogram)
        return ColumnFigures(moments, histogram, median, ends)


def _figures_of_few(kept: Sequence[Values]) -> ColumnFigures:
    """Return the figures of a few numbers without NumPy, which takes longer to call."""
    if not kept:
        return ColumnFigures(_NO_MOMENTS, Histogram(), None, None)
    most = max(values.decimals for values in kept)
    numbers = sorted(
        integer * power_of_ten(most - values.decimals)
        for values in kept
        for integer in values.integers.tolist()
    )
    low, high = numbers[(len(numbers) - 1) // 2], numbers[len(numbers) // 2]
    return ColumnFigures(
        moments=ColumnMoments.of_few(numbers, most),
        histogram=Histogram.of_few(numbers, most),
        median=Median(to_float(fmpq(low + high, 2 * power_of_ten(most))), None),
        ends=Ends.of_few(numbers, most),
    )


def _by_decimals(kept: Sequence[Values]) -> list[Values]:
    """Join the numbers that have the same decimals."""
    return [
        Values(_joined([each.integers for each in kept if each.decimals == decimals]), decimals)
        for decimals in sorted({values.decimals for values in kept})
    ]


def _joined(arrays: Sequence[Integers]) -> Integers:
    return arrays[0] if len(arrays) == 1 else cast("Integers", np.concatenate(arrays))


def _median(kept: Sequence[Values]) -> Median | None:
    """Return the exact median; None if there is no number."""
    if not kept:
        return None
    most = max(values.decimals for values in kept)
    integers = _joined([values.with_decimals(most) for values in kept])
    middle = [(len(integers) - 1) // 2, len(integers) // 2]
    in_place = np.sort(integers) if integers.dtype.hasobject else np.partition(integers, middle)
    low, high = in_place[middle].tolist()
    return Median(to_float(fmpq(low + high, 2 * power_of_ten(most))), None)


def _median_of_bins(histogram: Histogram) -> Median | None:
    """Return the middle of the bin, or of the two, in which the middle numbers lie."""
    if not histogram.counts:
        return None
    bins = sorted(histogram.counts)
    count = sum(histogram.counts.values())
    low, high = (_bin_of_rank(rank, bins, histogram) for rank in ((count - 1) // 2, count // 2))
    width = fmpq(10) ** histogram.exponent
    if histogram.is_exact:  # each bin is one number
        return Median(to_float((low + high) * width / 2), None)
    return Median(to_float((low + high + 1) * width / 2), to_float(width))


def _bin_of_rank(rank: int, bins: Sequence[int], histogram: Histogram) -> int:
    seen = 0
    for i in bins:
        seen += histogram.counts[i]
        if seen > rank:
            return i
    raise AssertionError("the rank is beyond the count")
