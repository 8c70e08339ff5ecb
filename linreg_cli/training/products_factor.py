"""The Cholesky factor of XᵀX in balls, found once for all that is computed from it.

Standard errors, variance inflation factors, leverages, partial regressions and the condition
number all follow from the triangular R of the scaled features, RᵀR = XᵀX, and from its inverse.
"""

from collections.abc import Sequence

import numpy as np
from flint import arb, arb_mat, ctx, fmpq

from linreg_cli.exact import Floats, factor
from linreg_cli.moments import Moments
from linreg_cli.training.scaling import Scaling, rescale

FIRST_PRECISION = 192
GUARD_BITS = 80
COLUMNS_PER_BIT = 5
"""A factor of n columns loses about n / 5 of the bits of the working precision."""
ENTRY_BITS = 64
"""A number is known to this many bits, 11 more than float64 keeps, before it is rounded."""


class ProductsFactor:
    """The factor R of the scaled features, RᵀR = XᵀX, and its inverse.

    Parameters
    ----------
    moments
        The exact moments of the rows.
    scaling
        What is done to the features.
    independent
        Positions of the weights whose columns are used: these columns are linearly independent.

    """

    def __init__(self, moments: Moments, scaling: Scaling, independent: Sequence[int]) -> None:
        self.scaling = scaling
        self.independent = tuple(independent)
        self._scaled = rescale(moments, scaling)
        self._factors: dict[int, tuple[arb_mat, arb_mat]] = {}

    def lower_and_inverse(self) -> tuple[arb_mat, arb_mat]:
        """Return Rᵀ and its inverse, at the working precision or better.

        Raises
        ------
        ZeroDivisionError
            If the precision is too small to tell a pivot from zero.

        """
        least = GUARD_BITS + len(self.independent) // COLUMNS_PER_BIT
        precision = max(ctx.prec, FIRST_PRECISION, least)
        if precision not in self._factors:
            with ctx.workprec(precision):
                try:
                    self._factors[precision] = factor(self._products())
                except ValueError:  # `correctly_rounded` takes a ZeroDivisionError as too few bits
                    raise ZeroDivisionError from None
        return self._factors[precision]

    def _products(self) -> arb_mat:
        """Return the products of the independent columns, at the working precision."""
        places = [j + 1 - self.scaling.has_intercept for j in self.independent]
        products = arb_mat(len(places), len(places))
        for i, row in enumerate(places):
            for j, column in enumerate(places):
                products[i, j] = arb(self._scaled[row, column])
        return products

    def triangle(self) -> Floats:
        """Return R, shape (columns, columns), each entry rounded to the next float64."""
        return self._rounded(0)

    def inverse_triangle(self) -> Floats:
        """Return the inverse of R, shape (columns, columns)."""
        return self._rounded(1)

    def _rounded(self, which: int) -> Floats:
        """Return the transpose of Rᵀ (0) or of its inverse (1), with enough bits."""
        precision = FIRST_PRECISION
        while True:
            with ctx.workprec(precision):
                try:
                    rounded = _rounded_transpose(self.lower_and_inverse()[which])
                except ZeroDivisionError:
                    rounded = None
            if rounded is not None:
                return rounded
            precision *= 2

    def inverse_diagonal(self) -> list[arb]:
        """Return the diagonal of (XᵀX)⁻¹ in the units of the columns, the intercept first.

        The columns are [1 X] = [1 Z] T for the scaled Z, with T = [[1, centers], [0, scales]], so
        that (XᵀX)⁻¹ = T⁻¹ (ZᵀZ)⁻¹ T⁻ᵀ. All columns have to be independent.
        """
        inverse = self.lower_and_inverse()[1]
        size, first = inverse.nrows(), self.scaling.has_intercept
        squares = [_square_of_column(inverse, j) for j in range(size)]
        slopes = [
            square / arb(scale * scale)
            for square, scale in zip(squares[first:], self.scaling.scales, strict=True)
        ]
        if not first:
            return slopes
        moved = [-c / s for c, s in zip(self.scaling.centers, self.scaling.scales, strict=True)]
        row = (inverse * arb_mat([[fmpq(1)]] + [[value] for value in moved])).entries()
        return [sum((value * value for value in row), arb(0)), *slopes]

    def covariance(self, middle: arb_mat) -> arb_mat:
        """Return (XᵀX)⁻¹ A (XᵀX)⁻¹ in the units of the columns, the intercept first.

        Parameters
        ----------
        middle
            R⁻ᵀ A R⁻¹ for the scaled columns: a sum over rows of a factor times z zᵀ, where zᵀ is
            the row of scaled features times R⁻¹.

        """
        first, size = self.scaling.has_intercept, len(self.independent)
        units = [[arb(0)] * size for _ in range(size)]
        if first:
            units[0][0] = arb(1)
        scalings = zip(self.scaling.centers, self.scaling.scales, strict=True)
        for j, (center, scale) in enumerate(scalings, start=first):
            units[j][j] = 1 / arb(scale)
            if first:
                units[0][j] = arb(-center / scale)
        outer = arb_mat(units) * self.lower_and_inverse()[1].transpose()
        return outer * middle * outer.transpose()

    def inverse_columns(self, positions: Sequence[int]) -> list[list[arb]]:
        """Return columns of (ZᵀZ)⁻¹ for the scaled Z, counted among the independent columns."""
        inverse = self.lower_and_inverse()[1]
        chosen = arb_mat([[inverse[i, j] for j in positions] for i in range(inverse.nrows())])
        return list((chosen.transpose() * inverse).tolist())

    def inverse_entry(self, position: int) -> arb:
        """Return an entry on the diagonal of (ZᵀZ)⁻¹ for the scaled Z."""
        return _square_of_column(self.lower_and_inverse()[1], position)


def _square_of_column(lower: arb_mat, j: int) -> arb:
    """Return the sum of the squares of a column of a lower triangle."""
    column = (lower[i, j] for i in range(j, lower.nrows()))
    return sum((value * value for value in column), arb(0))


def _rounded_transpose(lower: arb_mat) -> Floats | None:
    """Return the transpose of a lower triangle, rounded, if its entries are known well enough.

    An error counts next to the largest entry of its column in the transpose.
    """
    size = lower.nrows()
    rounded, errors = np.zeros((size, size)), np.zeros((size, size))
    for j in range(size):  # above the diagonal balls only surround 0
        row = [lower[j, i] for i in range(j + 1)]
        rounded[: j + 1, j] = [float(entry) for entry in row]
        errors[: j + 1, j] = [float(entry.rad()) for entry in row]
        if row[j].rel_accuracy_bits() < ENTRY_BITS:
            return None
    is_known = errors <= np.abs(rounded).max(axis=0) * 2.0**-ENTRY_BITS
    return rounded if is_known.all() and np.isfinite(rounded).all() else None
