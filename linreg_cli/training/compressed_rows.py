"""Compressed rows: a few rows with the same loss and gradients as all rows of the data.

The squared error depends on the rows only through the moments G = [1 X y]ᵀ[1 X y]. So the rows of
every matrix R with RᵀR = G have the same squared error for all weights. The triangular R has at
most p + 2 rows, for p features. The exact moments are scaled before anything is rounded.
"""

import math
from collections.abc import Sequence

import numpy as np
from flint import arb, arb_mat, ctx, fmpq, fmpz_mat
from msgspec import Struct

from linreg_cli.errors import FitError
from linreg_cli.exact import (
    Floats,
    factor,
    independent_columns,
    root_to_float,
    to_float,
)
from linreg_cli.moments import Moments
from linreg_cli.training.scaling import Scaling, rescale

FIRST_PRECISION = 192
"""Bits of the first attempt at a factor."""
LAST_PRECISION = 2**20
"""More bits than the factor of any moments needs."""
ENTRY_BITS = 64
"""Every entry of the factor has this many correct bits, 11 more than float64 keeps."""


class CompressedRows(Struct, frozen=True, kw_only=True):
    """Rows that represent all rows.

    Attributes
    ----------
    X
        Design matrix of the scaled features, shape (k, weights), k at most p + 2: the
        intercept's column first, if there is an intercept.
    y
        Target, shape (k,), in its own units.
    n_rows
        The n of the mean: the number of rows that they represent, or the sum of their weights.

    """

    X: Floats
    y: Floats
    n_rows: float

    def loss(self, weights: Floats) -> float:
        """Return the mean squared error of weights of the scaled features.

        It is infinity or NaN if it is beyond float64, as in a descent that diverges.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            return float((((self.X * weights).sum(axis=1) - self.y) ** 2).sum()) / self.n_rows

    def penalised(self, l2: float, *, has_intercept: bool) -> "CompressedRows":
        """Return these rows and, for each feature, one whose squared error is its ridge penalty.

        Source: T. Hastie, R. Tibshirani and J. Friedman, The Elements of Statistical Learning (2nd
        edition, 2009), exercise 3.12.
        """
        if not l2:
            return self
        first = 1 if has_intercept else 0
        root = math.sqrt(l2 * self.n_rows)
        if math.isinf(root):
            root = math.sqrt(l2) * math.sqrt(self.n_rows)
        extra = np.eye(self.X.shape[1])[first:] * root
        return CompressedRows(
            X=np.vstack([self.X, extra]),
            y=np.concatenate([self.y, np.zeros(len(extra))]),
            n_rows=self.n_rows,
        )


def compress_rows(moments: Moments, scaling: Scaling) -> CompressedRows:
    """Return the compressed rows of some moments.

    Parameters
    ----------
    moments
        The moments of at least one row.
    scaling
        The scaling of the features, which may be that of other rows.

    Raises
    ------
    FitError
        If no rows have these moments, or if float64 cannot hold an entry.

    Notes
    -----
    The factor is that of Cholesky: G. Golub and C. Van Loan, Matrix Computations (4th
    edition, 2013), section 4.2.

    """
    first = 0 if scaling.has_intercept else 1
    scaled = rescale(moments, scaling)
    size = scaled.ncols()
    gram = [[scaled[i, j] for j in range(first, size)] for i in range(first, size)]
    independent = independent_columns(fmpz_mat([row[first:] for row in moments.matrix[first:]]))
    factor = triangular_factor(gram, independent)
    return CompressedRows(
        X=np.ascontiguousarray(factor[:, :-1]),
        y=factor[:, -1].copy(),
        n_rows=to_float(moments.total_weight),
    )


def triangular_factor(gram: Sequence[Sequence[fmpq]], independent: Sequence[int]) -> Floats:
    """Return the triangular factor R of a matrix of moments G = RᵀR.

    Parameters
    ----------
    gram
        Symmetric and positive semidefinite, shape (columns, columns).
    independent
        Positions of columns that are linearly independent and span the others.

    Returns
    -------
    R, shape (independent, columns). The error of an entry is at most 2**-64 of the length of its
    column.

    Raises
    ------
    FitError
        If G is not positive semidefinite.

    """
    precision = FIRST_PRECISION
    while True:
        with ctx.workprec(precision):
            rows = _exact_rows(gram, independent)
        if rows is not None:
            return np.array(rows, dtype=np.float64).reshape(len(independent), len(gram))
        if precision > LAST_PRECISION:
            raise FitError("no rows have these moments", hint="Restore the model file.")
        precision *= 2


def _exact_rows(
    gram: Sequence[Sequence[fmpq]], independent: Sequence[int]
) -> list[list[float]] | None:
    """Return the entries of R, or None if the working precision is too small for them."""
    if not independent:
        return []
    dependent = [j for j in range(len(gram)) if j not in independent]
    try:
        lower, inverse = factor(arb_mat([[gram[i][j] for j in independent] for i in independent]))
    except (ValueError, ZeroDivisionError):
        return None
    table = lower.transpose().tolist()
    if dependent:
        others = inverse * arb_mat([[gram[i][j] for j in dependent] for i in independent])
        table = _merged(table, independent, others.tolist(), dependent)
    for j in range(len(gram)):
        tolerance = root_to_float(gram[j][j]) * 2.0**-ENTRY_BITS
        if not all(row[j].is_finite() and float(row[j].rad()) <= tolerance for row in table):
            return None
    diagonal = [table[i][j] for i, j in enumerate(independent)]
    if any(entry.rel_accuracy_bits() < ENTRY_BITS for entry in diagonal):
        return None
    return [
        # below the diagonal R is exactly zero, while the balls only enclose zero
        [0.0 if j in independent[:i] else float(entry) for j, entry in enumerate(row)]
        for i, row in enumerate(table)
    ]


def _merged(
    table: Sequence[Sequence[arb]],
    columns: Sequence[int],
    others: Sequence[Sequence[arb]],
    other_columns: Sequence[int],
) -> list[list[arb]]:
    """Return the columns of two tables in one table, at their positions."""
    order = np.argsort([*columns, *other_columns]).tolist()
    return [
        [row[j] for j in order] for row in ([*a, *b] for a, b in zip(table, others, strict=True))
    ]
