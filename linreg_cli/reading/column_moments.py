"""The exact moments of one column: count, sum, sum of squares, smallest and largest number."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from flint import fmpq
from msgspec import Struct

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

FEW = 64
"""Up to this many numbers are added faster without NumPy."""

LARGE_WEIGHT = 64
"""An integer of more than 18 digits takes at most as much memory as this many others."""

_LIMB_BITS = 48
_AT_ONCE = 2**17
"""The most numbers of one call of the extension, which takes eight times as many."""


class Values(NamedTuple):
    """Numbers with the same decimals: each is ``integer / 10**decimals``."""

    integers: Integers
    decimals: int

    @property
    def weight(self) -> int:
        """The memory that they take, in units of a number of 18 digits."""
        return len(self.integers) * (LARGE_WEIGHT if self.integers.dtype.hasobject else 1)

    def with_decimals(self, decimals: int) -> Integers:
        """Return the integers for more decimals, as Python integers where they pass 18 digits."""
        integers, factor = self.integers, power_of_ten(decimals - self.decimals)
        if factor == 1:
            return integers
        if not integers.dtype.hasobject:
            largest = max(abs(int(integers.min())), abs(int(integers.max())))
            if largest * factor >= 10**MAX_DIGITS_INT64:
                integers = integers.astype(object)
        scaled: Integers = integers * factor
        return scaled


class ColumnMoments(Struct, frozen=True, kw_only=True):
    """The exact sums of some numbers and of their squares, in units of ``10**-decimals``.

    `moments.Moments` are those of several columns and hold the products of each two.
    """

    count: int = 0
    decimals: int = 0
    total: int = 0
    squares: int = 0
    smallest: int = 0
    largest: int = 0

    @classmethod
    def of(cls, values: Values) -> Self:
        """Add numbers."""
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

    @classmethod
    def of_few(cls, numbers: Sequence[int], decimals: int) -> Self:
        """Add a few numbers, at least one, without NumPy, which takes longer to call."""
        return cls(
            count=len(numbers),
            decimals=decimals,
            total=sum(numbers),
            squares=sum(number * number for number in numbers),
            smallest=min(numbers),
            largest=max(numbers),
        )

    def __add__(self, other: Self) -> Self:
        """Return the moments of both sets of numbers together."""
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
    def are_zeros_and_ones(self) -> bool:
        """Whether each number is the integer 0 or 1: only for these x² is x."""
        return not self.decimals and self.squares == self.total

    @property
    def mean(self) -> float | None:
        """The mean; None if there is no number."""
        unit = power_of_ten(self.decimals)
        return to_float(fmpq(self.total, self.count * unit)) if self.count else None

    @property
    def standard_deviation(self) -> float | None:
        """The sample's, with n - 1; None of fewer than two numbers, and beyond float64."""
        if self.count < 2:  # noqa: PLR2004 - n - 1 is the divisor
            return None
        squared = self.count * self.squares - self.total**2
        unit = self.count * (self.count - 1) * power_of_ten(2 * self.decimals)
        try:
            return root_to_float(fmpq(squared, unit))
        except FitError:
            return None

    def _with(self, decimals: int) -> "ColumnMoments":
        if decimals == self.decimals:
            return self
        factor = power_of_ten(decimals - self.decimals)
        return ColumnMoments(
            count=self.count,
            decimals=decimals,
            total=self.total * factor,
            squares=self.squares * factor**2,
            smallest=self.smallest * factor,
            largest=self.largest * factor,
        )


def _sums(integers: Integers) -> tuple[int, int]:
    """Return the exact sums of numbers and of their squares."""
    total = squares = 0
    for start in range(0, len(integers), _AT_ONCE):
        part = _part_sums(integers[start : start + _AT_ONCE])
        total, squares = total + part[0], squares + part[1]
    return total, squares


def _part_sums(integers: Integers) -> tuple[int, int]:
    """Return both sums of at most `_AT_ONCE` numbers."""
    if not integers.dtype.hasobject and native.IS_AVAILABLE:
        limbs = native.extension.sum_moments(np.ascontiguousarray(integers), b"", 1)
        if limbs is not None:
            _, total, squares = (
                low + (middle << _LIMB_BITS) + (high << 2 * _LIMB_BITS)
                for low, middle, high in np.frombuffer(limbs, np.int64).reshape(-1, 3).tolist()
            )
            return total, squares
    numbers = integers.tolist()
    return sum(numbers), sum(number * number for number in numbers)
