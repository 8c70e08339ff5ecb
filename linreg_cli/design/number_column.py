"""One number for each row: the values of a column, of a transform or of arithmetic."""

from collections.abc import Callable, Iterable
from typing import Self

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.exact import MAX_DIGITS_INT64, ExactDecimal, Integers, power_of_ten, shortest

INT64_LIMIT = 10**MAX_DIGITS_INT64
"""The integers of an int64 array of numbers are below this."""


_SURE_DECIMALS = 300
_SURE = 10**_SURE_DECIMALS
"""Integers below this, with at most this many decimals, are in the range of float64."""


class NumberColumn(Struct, frozen=True, kw_only=True):
    """Exact decimals, some of which may not exist: number i is ``values[i] / 10**decimals``.

    Attributes
    ----------
    values
        Integers, shape (rows,): int64 below 10**18, or objects (Python integers). The integer of
        a number that does not exist is arbitrary.
    decimals
        The number of decimals of all of them.
    exists
        Whether each number exists, shape (rows,). The logarithm of 0 does not.

    """

    values: Integers
    decimals: int
    exists: npt.NDArray[np.bool_]

    @classmethod
    def all_exist(cls, values: Integers, decimals: int) -> Self:
        """Return numbers that all exist; integers of objects become int64 if they can."""
        return cls(
            values=narrow(values), decimals=decimals, exists=np.ones(len(values), dtype=np.bool_)
        )

    @classmethod
    def of_decimals(cls, numbers: Iterable[ExactDecimal | None]) -> Self:
        """Return given numbers, with as few decimals as hold them all; None does not exist."""
        given = list(numbers)
        short = [None if number is None else shortest(*number) for number in given]
        decimals = max((number.decimals for number in short if number is not None), default=0)
        values = [
            0 if number is None else number.integer * power_of_ten(decimals - number.decimals)
            for number in short
        ]
        return cls(
            values=narrow(np.array(values, dtype=np.object_)),
            decimals=decimals,
            exists=np.array([number is not None for number in given], dtype=np.bool_),
        )

    def of_rows(self) -> list[ExactDecimal | None]:
        """Return the number of each row, or None where there is none."""
        return [
            ExactDecimal(value, self.decimals) if exists else None
            for value, exists in zip(self.values.tolist(), self.exists.tolist(), strict=True)
        ]


def narrow(values: Integers) -> Integers:
    """Return integers as int64 if all are below 10**18, else as objects."""
    largest = int(np.abs(values).max(initial=0))
    if largest < INT64_LIMIT:
        return values.astype(np.int64, copy=False)
    return values.astype(np.object_, copy=False)


def within_float64(numbers: NumberColumn) -> NumberColumn:
    """Return the numbers without those that float64 rounds to infinity, or to 0 without being 0."""
    is_short = numbers.values.dtype == np.int64
    largest = INT64_LIMIT if is_short else int(np.abs(numbers.values).max(initial=0))
    if largest < _SURE and numbers.decimals <= _SURE_DECIMALS:
        return numbers
    is_inside = [number is None or _is_float64(number) for number in numbers.of_rows()]
    return replace(numbers, exists=numbers.exists & np.array(is_inside, dtype=np.bool_))


def _is_float64(number: ExactDecimal) -> bool:
    try:
        return number.integer == 0 or float(number) != 0
    except OverflowError:
        return False


def for_distinct(
    numbers: NumberColumn, compute: Callable[[ExactDecimal], ExactDecimal | None]
) -> NumberColumn:
    """Return a function of each number, computed once for each distinct number.

    Parameters
    ----------
    numbers
        The numbers.
    compute
        Returns the value of the function, or None if it does not exist.

    """
    distinct, places = np.unique(numbers.values, return_inverse=True)
    needed = np.zeros(len(distinct), dtype=np.bool_)
    needed[places[numbers.exists]] = True
    computed = NumberColumn.of_decimals(
        compute(ExactDecimal(value, numbers.decimals)) if need else None
        for value, need in zip(distinct.tolist(), needed.tolist(), strict=True)
    )
    return NumberColumn(
        values=computed.values[places],
        decimals=computed.decimals,
        exists=numbers.exists & computed.exists[places],
    )
