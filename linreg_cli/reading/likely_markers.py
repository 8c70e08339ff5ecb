"""Numbers such as -999 that may stand for a missing value.

The smallest number of a column is a likely marker if all of these hold, and so is the largest:

- it is whole and written with nines alone, at least two: 99, -999, 9999;
- it occurs at least twice;
- no other number has its sign or is 0 with it (-999 where all others are 0 or more), or it is
  farther from the nearest other number than the other numbers are from each other.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from linreg_cli.exact import power_of_ten
from linreg_cli.reading.nines import is_nines

if TYPE_CHECKING:  # reading rows starts without FLINT
    from linreg_cli.reading.column_moments import Values

_LEAST_COUNT = 2


class LikelyMarker(Struct, frozen=True):
    """A number that may stand for a missing value, and the count of its cells."""

    text: str
    count: int


class _End(Struct, frozen=True):
    """The smallest number: its count and the next larger number, if it is written with nines."""

    value: Fraction
    count: int = 0
    next: Fraction | None = None

    @classmethod
    def of(cls, values: "Values", end: int, sign: int) -> Self:
        """Return the end of numbers whose smallest is `end`, or with sign -1 whose largest."""
        unit = power_of_ten(values.decimals)
        value = Fraction(sign * end, unit)
        if not _is_nines(value):
            return cls(value)
        others = values.integers[values.integers != end]
        count = len(values.integers) - len(others)
        if not len(others):
            return cls(value, count)
        following = int(others.min() if sign > 0 else others.max())
        return cls(value, count, Fraction(sign * following, unit))

    @classmethod
    def of_few(cls, numbers: Sequence[int], decimals: int) -> Self:
        """Return the end of a few numbers in their order."""
        unit = power_of_ten(decimals)
        count = numbers.count(numbers[0])
        following = Fraction(numbers[count], unit) if count < len(numbers) else None
        value = Fraction(numbers[0], unit)
        return cls(value, count, following) if _is_nines(value) else cls(value)

    def __add__(self, other: Self) -> Self:
        """Return the end of both sets of numbers together."""
        if self.value > other.value:
            return other + self
        if self.value < other.value:
            nexts = [other.value, *([] if self.next is None else [self.next])]
            return type(self)(self.value, self.count, min(nexts) if self.count else None)
        both = [number for number in (self.next, other.next) if number is not None]
        return type(self)(self.value, self.count + other.count, min(both, default=None))

    def is_marker(self, largest: Fraction) -> bool:
        """Return whether the number stands apart from all others, of which this is the largest."""
        if self.count < _LEAST_COUNT or self.next is None:
            return False
        has_own_sign = self.value < 0 <= self.next
        return has_own_sign or self.next - self.value > largest - self.next


class Ends(Struct, frozen=True):
    """Both ends of the numbers of a column; the largest is kept as the smallest with a minus."""

    smallest: _End
    largest: _End

    @classmethod
    def of(cls, values: "Values", smallest: int, largest: int) -> Self:
        """Return the ends of some numbers, whose smallest and largest integers are known."""
        return cls(_End.of(values, smallest, 1), _End.of(values, largest, -1))

    @classmethod
    def of_few(cls, numbers: Sequence[int], decimals: int) -> Self:
        """Return the ends of a few numbers in their order, without NumPy."""
        negated = [-number for number in reversed(numbers)]
        return cls(_End.of_few(numbers, decimals), _End.of_few(negated, decimals))

    def __add__(self, other: Self) -> Self:
        """Return the ends of both sets of numbers together."""
        return type(self)(self.smallest + other.smallest, self.largest + other.largest)

    def likely_marker(self) -> LikelyMarker | None:
        """Return the number that may stand for a missing value; if both ends may, the smallest."""
        if self.smallest.is_marker(-self.largest.value):
            return LikelyMarker(str(self.smallest.value), self.smallest.count)
        if self.largest.is_marker(-self.smallest.value):
            return LikelyMarker(str(-self.largest.value), self.largest.count)
        return None


def _is_nines(value: Fraction) -> bool:
    return value.denominator == 1 and is_nines(value.numerator)
