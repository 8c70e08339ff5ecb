"""Transforms of many numbers: float64 with a proven bound, and exactly where that leaves doubt."""

from collections.abc import Callable
from functools import lru_cache, partial
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from linreg_cli.design import logarithms, roots
from linreg_cli.design.number_column import INT64_LIMIT, NumberColumn, for_distinct, narrow
from linreg_cli.design.transforms import PLACES, TRANSFORMS
from linreg_cli.exact import MAX_DIGITS_INT64, Integers, power_of_ten

Int64s: TypeAlias = npt.NDArray[np.int64]


class _Fast(NamedTuple):
    """How many int64 decimals are transformed at a time."""

    compute: Callable[[Int64s, int], tuple[Int64s, npt.NDArray[np.bool_]]]
    """Returns integers in units of 10**-15, and whether each is certain."""
    smallest: int
    """The smallest integer that has a transform."""
    max_decimals: int


_FAST = MappingProxyType(
    {
        "log": _Fast(logarithms.logarithms, 1, logarithms.MAX_DECIMALS),
        "log2": _Fast(partial(logarithms.logarithms, base=2), 1, logarithms.MAX_DECIMALS),
        "log10": _Fast(partial(logarithms.logarithms, base=10), 1, logarithms.MAX_DECIMALS),
        "sqrt": _Fast(roots.roots, 0, roots.MAX_DECIMALS),
    }
)


_TABLE_SIZE, _MANY = 2**16, 2**10
"""Integers below the first number are looked up in a table, where there are many."""


def transformed(function: str, numbers: NumberColumn) -> NumberColumn:
    """Return a transform of each number, the same that `TRANSFORMS` computes one at a time.

    Parameters
    ----------
    function
        A name in `TRANSFORMS`.
    numbers
        The arguments.

    """
    values, decimals = numbers.values, numbers.decimals
    if function == "abs":
        return NumberColumn(values=np.abs(values), decimals=decimals, exists=numbers.exists)
    if function == "log1p" and values.dtype == np.int64 and decimals <= MAX_DIGITS_INT64:
        more = values + power_of_ten(decimals)  # below 2**62, as int64 must be for a logarithm
        return _fast("log", NumberColumn(values=more, decimals=decimals, exists=numbers.exists))
    if function in _FAST and values.dtype == np.int64 and decimals <= _FAST[function].max_decimals:
        return _fast(function, numbers)
    return for_distinct(numbers, TRANSFORMS[function])


def _fast(function: str, numbers: NumberColumn) -> NumberColumn:
    fast = _FAST[function]
    exists = numbers.exists & (numbers.values >= fast.smallest)
    integers = np.where(exists, numbers.values, 1).astype(np.int64, copy=False)
    if len(integers) >= _MANY and integers.max() < _TABLE_SIZE:
        values = _table(function, numbers.decimals)[integers]
    else:
        values = _certain(function, integers, numbers.decimals)
    return NumberColumn(values=narrow(values), decimals=PLACES, exists=exists)


@lru_cache
def _table(function: str, decimals: int) -> Integers:
    """Return the transforms of small integers, each at its own place."""
    integers = np.maximum(np.arange(_TABLE_SIZE), _FAST[function].smallest)
    return _certain(function, integers, decimals)


def _certain(function: str, integers: Int64s, decimals: int) -> Integers:
    """Return transforms in units of 10**-15: fast ones, and exact ones where these leave doubt."""
    computed, certain = _FAST[function].compute(integers, decimals)
    values: Integers = computed
    doubtful = np.flatnonzero(~certain)
    if len(doubtful):
        exact = for_distinct(
            NumberColumn.all_exist(integers[doubtful], decimals), TRANSFORMS[function]
        )
        units = exact.values.astype(np.object_) * power_of_ten(PLACES - exact.decimals)
        if max(units) >= INT64_LIMIT:
            values = values.astype(np.object_)
        values[doubtful] = units
    return values
