"""Products of a few numbers on Python's floats: a call of NumPy takes longer than all of them.

Sums are added to 0 from left to right, as NumPy adds fewer than eight numbers, so that both give
the same bits.
"""

from collections.abc import Sequence

MOST = 7
"""Maximum number of rows and of columns of a small matrix."""


def products(rows: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    """Return the product of each row with a vector: ``(rows * vector).sum(axis=1)``.

    >>> products([[1.0, 2.0], [3.0, 4.0]], [10.0, 1.0])
    [12.0, 34.0]
    """
    if len(vector) == 2:  # noqa: PLR2004 - a line, of which groups have many
        first, second = vector
        return [0.0 + a * first + b * second for a, b in rows]
    return [_product(row, vector) for row in rows]


def sum_of_squares(values: Sequence[float]) -> float:
    """Return the sum of the squares of some numbers: ``(values**2).sum()``."""
    return _product(values, values)


def _product(a: Sequence[float], b: Sequence[float]) -> float:
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total


def transposed(rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return the columns of a matrix as rows."""
    return [list(column) for column in zip(*rows, strict=True)]
