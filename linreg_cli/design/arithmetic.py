"""Arithmetic of many exact decimals: exact, but for quotients, which have 17 significant digits."""

import numpy as np

from linreg_cli.design.number_column import INT64_LIMIT, NumberColumn, narrow
from linreg_cli.design.rounding import quotient
from linreg_cli.exact import ExactDecimal, Integers, power_of_ten, shortest


def add(left: NumberColumn, right: NumberColumn) -> NumberColumn:
    """Return the sum of two numbers in each row."""
    decimals = max(left.decimals, right.decimals)
    left_factor, right_factor = (power_of_ten(decimals - x.decimals) for x in (left, right))
    largest = _largest(left) * left_factor + _largest(right) * right_factor
    total = _fit(left, largest) * left_factor + _fit(right, largest) * right_factor
    return NumberColumn(values=narrow(total), decimals=decimals, exists=left.exists & right.exists)


def subtract(left: NumberColumn, right: NumberColumn) -> NumberColumn:
    """Return the difference of two numbers in each row."""
    opposite = NumberColumn(values=-right.values, decimals=right.decimals, exists=right.exists)
    return add(left, opposite)


def multiply(left: NumberColumn, right: NumberColumn) -> NumberColumn:
    """Return the product of two numbers in each row."""
    largest = _largest(left) * _largest(right)
    return NumberColumn(
        values=narrow(_fit(left, largest) * _fit(right, largest)),
        decimals=left.decimals + right.decimals,
        exists=left.exists & right.exists,
    )


def power(numbers: NumberColumn, exponent: int) -> NumberColumn:
    """Return each number to a power that is not negative."""
    values = _fit(numbers, _largest(numbers) ** exponent) ** exponent
    return NumberColumn(
        values=narrow(values), decimals=numbers.decimals * exponent, exists=numbers.exists
    )


def divide(left: NumberColumn, right: NumberColumn) -> NumberColumn:
    """Return the quotient of two numbers in each row, to 17 significant digits; none by 0."""
    exists = left.exists & right.exists & (right.values != 0).astype(np.bool_)
    up, down = power_of_ten(right.decimals), power_of_ten(left.decimals)
    pairs = list(zip(left.values.tolist(), right.values.tolist(), strict=True))
    needed = {pair for pair, exist in zip(pairs, exists.tolist(), strict=True) if exist}
    quotients = {pair: quotient(pair[0] * up, pair[1] * down) for pair in needed}
    return NumberColumn.of_decimals(
        quotients[pair] if exist else None
        for pair, exist in zip(pairs, exists.tolist(), strict=True)
    )


def reciprocal(number: ExactDecimal) -> ExactDecimal | None:
    """Return one divided by a number if it has finitely many digits, else None.

    >>> reciprocal(ExactDecimal(25, 1))
    ExactDecimal(integer=4, decimals=1)
    >>> reciprocal(ExactDecimal(3, 0))
    """
    rest = abs(number.integer)
    if rest == 0:
        return None
    digits = 0
    for factor in (2, 5):
        times = 0
        while rest % factor == 0:
            rest //= factor
            times += 1
        digits = max(digits, times)
    if rest != 1:
        return None
    integer = power_of_ten(digits + number.decimals) // number.integer
    return shortest(integer, digits)


def _largest(numbers: NumberColumn) -> int:
    """Return the largest absolute integer, at least 1."""
    return int(np.abs(numbers.values).max(initial=1))


def _fit(numbers: NumberColumn, largest: int) -> Integers:
    """Return the integers as int64 if a result of at most `largest` fits, else as objects."""
    is_short = largest < INT64_LIMIT
    return numbers.values if is_short else numbers.values.astype(np.object_)
