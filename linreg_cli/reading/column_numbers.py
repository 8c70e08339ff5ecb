"""All numbers of one column: their moments, their histogram, and their median.

The numbers themselves are kept until there are too many. Then they are counted in the bins of a
histogram, and the median is known to the width of a bin.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import numpy as np
from flint import fmpq

from linreg_cli.exact import Integers, power_of_ten, to_float
from linreg_cli.reading.column_moments import FEW, ColumnMoments, Values
from linreg_cli.reading.histogram import BinCounts, Histogram
from linreg_cli.reading.likely_markers import Ends

BATCH = 1 << 16
"""The count of numbers that are counted together: a processor's cache holds them."""

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

    __slots__ = ("_counted", "_kept")

    def __init__(self) -> None:
        self._kept: list[Values] = []
        self._counted: _Counted | None = None

    def take(self, values: Values) -> None:
        """Add some numbers."""
        if len(values.integers):
            self._kept.append(values)

    def bin(self) -> None:
        """Count the kept numbers in bins, and let them go."""
        if self._kept:
            self._counted = self._counted or _Counted()
            self._counted.add(self._kept)
            self._kept = []

    def figures(self) -> ColumnFigures:
        """Return the figures of all numbers; none may be added after that."""
        kept, counted = self._kept, self._counted
        if counted is None:
            if sum(len(values.integers) for values in kept) <= FEW:
                return _figures_of_few(kept)
            counted = _Counted()
            counted.add(kept)
            return counted.figures(_median(kept))
        self.bin()
        return counted.figures(_median_of_bins(counted.histogram))


class _Counted:
    """The figures of numbers that are not kept."""

    __slots__ = ("_bins", "_ends", "_moments")

    def __init__(self) -> None:
        self._moments = _NO_MOMENTS
        self._ends: Ends | None = None
        self._bins: BinCounts | None = None

    @property
    def histogram(self) -> Histogram:
        return self._bins.histogram() if self._bins else Histogram()

    def add(self, kept: Sequence[Values]) -> None:
        for values in _batches(kept):
            added = ColumnMoments.of(values)
            ends = Ends.of(values, added.smallest, added.largest)
            self._moments += added
            self._ends = ends if self._ends is None else self._ends + ends
            if self._bins is None or not self._bins.add(*values, added.smallest, added.largest):
                self._bins = BinCounts(self.histogram + Histogram.of(*values))

    def figures(self, median: Median | None) -> ColumnFigures:
        return ColumnFigures(self._moments, self.histogram, median, self._ends)


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


def _batches(kept: Sequence[Values]) -> Iterator[Values]:
    """Yield the numbers, as many together as a cache holds, if they have the same decimals."""
    for decimals in sorted({values.decimals for values in kept}):
        batch: list[Integers] = []
        for values in kept:
            if values.decimals != decimals:
                continue
            batch.append(values.integers)
            if sum(map(len, batch)) >= BATCH:
                yield Values(_joined(batch), decimals)
                batch = []
        if batch:
            yield Values(_joined(batch), decimals)


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
