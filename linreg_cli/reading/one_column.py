"""The numbers of one column: exact moments, and the median as exact as memory allows.

The numbers themselves are kept until there are too many; then they are counted in the bins of a
histogram, and the median is known to the width of a bin.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Self, cast

import numpy as np
from flint import fmpq

from linreg_cli import native
from linreg_cli.errors import FitError
from linreg_cli.exact import (
    MAX_DIGITS_INT64,
    ExactDecimal,
    Integers,
    power_of_ten,
    root_to_float,
    shortest,
    to_float,
)
from linreg_cli.reading.histogram import Histogram

MAX_KEPT = 1 << 24
"""How many numbers are kept for exact medians, of all columns together: 128 MiB."""

LARGE_WEIGHT = 64
"""A number beyond 18 digits takes the memory of at most so many others."""

_FEW = 64
"""So few numbers are added faster in Python."""
_LIMB_BITS = 48


class Values(NamedTuple):
    """Numbers with the same decimals: each is ``integer / 10**decimals``."""

    integers: Integers
    decimals: int

    @property
    def weight(self) -> int:
        """How much memory they take, in numbers of 18 digits."""
        return len(self.integers) * (LARGE_WEIGHT if self.integers.dtype == object else 1)


class Median(NamedTuple):
    """A median, and the width of the bin that it is known to; None if it is exact."""

    value: float
    width: float | None


@dataclass(frozen=True, kw_only=True)
class Moments:
    """The exact sums of some numbers and of their squares, in units of ``10**-decimals``."""

    count: int = 0
    decimals: int = 0
    total: int = 0
    squares: int = 0
    smallest: int = 0
    largest: int = 0

    @classmethod
    def of(cls, values: Values) -> Self:
        """Add up numbers."""
        integers, decimals = values
        if not len(integers):
            return cls()
        total, squares = _sums(integers)
        return cls(
            count=len(integers),
            decimals=decimals,
            total=total,
            squares=squares,
            smallest=int(integers.min()),
            largest=int(integers.max()),
        )

    def __add__(self, other: Self) -> Self:
        """Join two sets of numbers."""
        if not self.count or not other.count:
            return other if other.count else self
        most = max(self.decimals, other.decimals)
        a, b = self._with(most), other._with(most)
        return type(self)(
            count=a.count + b.count,
            decimals=most,
            total=a.total + b.total,
            squares=a.squares + b.squares,
            smallest=min(a.smallest, b.smallest),
            largest=max(a.largest, b.largest),
        )

    @property
    def bounds(self) -> tuple[ExactDecimal, ExactDecimal] | None:
        """The smallest and the largest number; None if there is none."""
        if not self.count:
            return None
        return shortest(self.smallest, self.decimals), shortest(self.largest, self.decimals)

    @property
    def mean(self) -> float | None:
        """The mean; None if there is no number."""
        unit = power_of_ten(self.decimals)
        return to_float(fmpq(self.total, self.count * unit)) if self.count else None

    @property
    def standard_deviation(self) -> float | None:
        """The sample's, with n - 1; None of fewer than two numbers, and beyond float64."""
        if self.count < 2:  # noqa: PLR2004
            return None
        squared = self.count * self.squares - self.total**2
        unit = self.count * (self.count - 1) * power_of_ten(2 * self.decimals)
        try:
            return root_to_float(fmpq(squared, unit))
        except FitError:
            return None

    def _with(self, decimals: int) -> "Moments":
        if decimals == self.decimals:
            return self
        factor = power_of_ten(decimals - self.decimals)
        return Moments(
            count=self.count,
            decimals=decimals,
            total=self.total * factor,
            squares=self.squares * factor**2,
            smallest=self.smallest * factor,
            largest=self.largest * factor,
        )


@dataclass
class Distribution:
    """How the numbers of a column are spread: themselves, or bins where they became too many."""

    _kept: list[Values] = field(default_factory=list)
    _binned: Histogram = field(default_factory=Histogram)
    _is_binned: bool = False

    def take(self, values: Values) -> None:
        """Add some numbers."""
        if len(values.integers):
            self._kept.append(values)

    def bin(self) -> None:
        """Count the kept numbers in bins, and let them go."""
        self._binned, self._is_binned, self._kept = self.histogram, True, []
        del self.histogram

    @cached_property
    def histogram(self) -> Histogram:
        """The histogram of all numbers."""
        histogram = self._binned
        for decimals in sorted({decimals for _, decimals in self._kept}):
            chosen = [values.integers for values in self._kept if values.decimals == decimals]
            integers = chosen[0] if len(chosen) == 1 else cast("Integers", np.concatenate(chosen))
            new = Histogram.of(integers, decimals)
            histogram = histogram + new if histogram.counts else new
        return histogram

    def median(self) -> Median | None:
        """Find the median; None if there is no number."""
        if self._is_binned:
            return _median_of_bins(self.histogram)
        if not self._kept:
            return None
        most = max(decimals for _, decimals in self._kept)
        integers = np.concatenate([_aligned(values, most) for values in self._kept])
        middle = [(len(integers) - 1) // 2, len(integers) // 2]
        in_place = np.sort(integers) if integers.dtype == object else np.partition(integers, middle)
        low, high = (int(in_place[i]) for i in middle)
        return Median(to_float(fmpq(low + high, 2 * power_of_ten(most))), None)


def _sums(integers: Integers) -> tuple[int, int]:
    """Sum numbers and their squares exactly."""
    if integers.dtype != object and len(integers) > _FEW and native.IS_AVAILABLE:
        limbs = native.extension.sum_moments(np.ascontiguousarray(integers), b"", 1)
        if limbs is not None:
            _, total, squares = (
                low + (middle << _LIMB_BITS) + (high << 2 * _LIMB_BITS)
                for low, middle, high in np.frombuffer(limbs, np.int64).reshape(-1, 3).tolist()
            )
            return total, squares
    numbers = integers.tolist()
    return sum(numbers), sum(number * number for number in numbers)


def _aligned(values: Values, decimals: int) -> Integers:
    """Write numbers with more decimals, in Python integers where they pass 18 digits."""
    integers, factor = values.integers, power_of_ten(decimals - values.decimals)
    if factor == 1:
        return integers
    if integers.dtype != object and _largest(integers) * factor >= 10**MAX_DIGITS_INT64:
        integers = integers.astype(object)
    scaled: Integers = integers * factor
    return scaled


def _largest(integers: Integers) -> int:
    return max(abs(int(integers.min())), abs(int(integers.max())))


def _median_of_bins(histogram: Histogram) -> Median:
    """Find the middle of the bin, or of the two, in which the middle numbers lie."""
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
