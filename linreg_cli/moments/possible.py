"""Whether rows can have some moments, as far as moments can show it.

A model file may be damaged, and rows that are removed from a model may never have been in it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a prediction for a typed value starts without NumPy and FLINT
    from linreg_cli.moments.moments import Moments

FIRST_PRECISION = 192
"""Bits of the first attempt at a Cholesky factor."""

_Column = tuple[int, int, int]
"""The sum of a column, its minimum and its maximum."""


def can_be_moments(moments: "Moments") -> bool:
    """Return whether some rows have these moments."""
    if not moments.rows:
        has_fourth = moments.fourth is not None and moments.fourth.any()
        return not (any(map(any, moments.matrix)) or moments.log_weights or has_fourth)
    (total, *sums), *products = moments.matrix
    return (
        moments.rows > 0
        and are_possible_in_pairs(
            total,
            sums,
            [row[1 : i + 1] for i, row in enumerate(products, start=1)],
            list(zip(moments.minimum, moments.maximum, strict=True)),
        )
        and have_square_root(moments)
        and have_possible_logarithms(moments)
        and have_possible_fourth(moments)
    )


def have_possible_fourth(moments: "Moments") -> bool:
    """Return whether the sums of products of four columns, if there are any, can be sums."""
    from linreg_cli.moments import fourth_sums

    return moments.fourth is None or fourth_sums.are_possible(moments.fourth, len(moments.matrix))


def are_possible_in_pairs(
    total: int,
    sums: Sequence[int],
    products: Sequence[Sequence[int]],
    ranges: Sequence[tuple[int, int]],
) -> bool:
    """Return whether each pair of columns can have its moments.

    Parameters
    ----------
    total
        The sum of the weights; the number of rows if every row weighs 1.
    sums
        The sum of each column.
    products
        The lower triangle of the sums of products of two columns.
    ranges
        The minimum and the maximum of each column.

    """
    if total <= 0:
        return False
    squares = [row[-1] for row in products]
    columns = [(sum_, low, high) for sum_, (low, high) in zip(sums, ranges, strict=True)]
    return all(
        low * total <= sum_ <= high * total and sum_**2 <= total * square
        for (sum_, low, high), square in zip(columns, squares, strict=True)
    ) and all(_are_products(row, squares, columns, total) for row in products)


def _are_products(
    products: Sequence[int], squares: Sequence[int], columns: Sequence[_Column], total: int
) -> bool:
    """Return whether a column a can have these sums Σab with the columns b up to itself.

    (Σab)² is at most Σa² Σb². In every row (a - low of a) * (b - low of b) is at least 0, and so
    with each other pair of ends.
    """
    square_a = products[-1]
    sum_a, low_a, high_a = columns[len(products) - 1]
    above_low, below_high = sum_a - low_a * total, sum_a - high_a * total
    for product, square_b, (sum_b, low_b, high_b) in zip(products, squares, columns, strict=False):
        from_low, from_high = product - low_a * sum_b, product - high_a * sum_b
        if not (
            product * product <= square_a * square_b
            and low_b * above_low <= from_low <= high_b * above_low
            and high_b * below_high <= from_high <= low_b * below_high
        ):
            return False
    return True


def have_square_root(moments: "Moments") -> bool:
    """Return whether the moments are RᵀR of some R, so that no sum of squares is negative.

    Notes
    -----
    Independent columns have a Cholesky factor if and only if they are positive definite. A pivot
    is a quotient of two minors, which are integers. So a precision of more bits than two minors
    have tells a pivot from zero, unless it is zero.

    """
    from flint import arb_mat, ctx, fmpz_mat

    from linreg_cli.exact import NegativePivotError, factor, independent_columns

    matrix = fmpz_mat(moments.matrix)
    independent = independent_columns(matrix)
    square = fmpz_mat([[matrix[i, j] for j in independent] for i in independent])
    bits = max(int(entry).bit_length() for entry in square.entries())
    enough = 4 * len(independent) * (bits + len(independent))
    precision = FIRST_PRECISION
    while True:
        with ctx.workprec(precision):
            try:
                factor(arb_mat(square))
            except NegativePivotError:
                return False
            except (ValueError, ZeroDivisionError):
                if precision > enough:
                    return False
            else:
                return True
        precision *= 2


def have_possible_logarithms(moments: "Moments") -> bool:
    """Return whether weights with this sum can have this sum of logarithms.

    The mean of logarithms is never above the logarithm of the mean (Jensen's inequality). Each
    logarithm was rounded to a whole unit of 2**-64.
    """
    from flint import arb

    from linreg_cli.moments.moments import LOG_UNIT_BITS

    most = arb(moments.total_weight / moments.rows).log() * moments.rows * 2**LOG_UNIT_BITS
    return not moments.log_weights - moments.rows > most
