"""The miniature: a few rows that have the same loss and gradients as all rows of the data.

Squared error depends on the rows only through the moments G = [1 X y]ᵀ[1 X y], so every matrix
R with RᵀR = G has the same squared error at every weights. The triangular one has at most p + 2
rows, for p features. Scaling happens on the exact moments, before anything is rounded.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from linreg_cli.rationals import from_float, root_to_float, to_float
from linreg_cli.sums import Sums
from linreg_cli.training.least_squares import LeastSquares

FIRST_PRECISION = 192
ENTRY_BITS = 64
"""Every entry of the factor is known to so many bits, 11 more than float64 keeps."""


@dataclass(frozen=True, kw_only=True)
class Miniature:
    """Rows for the trainer, and the way back from its weights to the units of the columns.

    Attributes
    ----------
    X
        Design matrix, shape (k, weights), k at most p + 2: the intercept's column first, if
        the model has one.
    y
        Target, shape (k,), in its own units.
    rows
        How many rows of the data they stand for.
    optimum
        The exact least-squares weights in the units of X, rounded once, shape (weights,).
    has_intercept
        Whether the first column of X is the intercept's.
    centers, scales
        For each feature, what was subtracted from it and what it was then divided by.

    """

    X: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    rows: int
    optimum: npt.NDArray[np.float64]
    has_intercept: bool
    centers: tuple[fmpq, ...]
    scales: tuple[fmpq, ...]

    def in_column_units(self, weights: npt.NDArray[np.float64]) -> tuple[float, ...]:
        """Turn weights of X into weights of the columns, each rounded once; NaN stays NaN."""
        if not np.isfinite(weights).all():
            return (math.nan,) * len(weights)
        exact = [from_float(weight) for weight in weights.tolist()]
        slopes = [w / s for w, s in zip(exact[self.has_intercept :], self.scales, strict=True)]
        if not self.has_intercept:
            return tuple(map(to_float, slopes))
        moved = sum((m * c for m, c in zip(slopes, self.centers, strict=True)), fmpq(0))
        return tuple(map(to_float, [exact[0] - moved, *slopes]))


def make_miniature(
    sums: Sums, solution: LeastSquares, *, has_intercept: bool, scale: bool
) -> Miniature:
    """Make the miniature of the rows behind some sums.

    Parameters
    ----------
    sums
        The exact sums of at least one row.
    solution
        Their exact least-squares solution.
    has_intercept
        Whether X gets a column for the intercept.
    scale
        Whether features are standardised: to mean 0 (if there is an intercept) and mean
        square 1. A feature that has no spread is only centred.

    Notes
    -----
    The factor is that of Cholesky: G. Golub and C. Van Loan, Matrix Computations (4th
    edition, 2013), section 4.2.

    """
    first = 0 if has_intercept else 1
    gram = _moments(sums)
    last = gram.ncols() - 1
    centers, scales = [], []
    for j in range(1, last):
        center = gram[0, j] / sums.rows if scale and has_intercept else fmpq(0)
        mean_square = gram[j, j] / sums.rows - center**2
        centers.append(center)
        scales.append(from_float(root_to_float(mean_square)) if scale and mean_square else fmpq(1))
    scaled = _rescale(gram, centers, scales)
    kept = [[scaled[i, j] for j in range(first, last + 1)] for i in range(first, last + 1)]
    independent = list(solution.independent)
    if solution.residual_sum_of_squares:
        independent.append(last - first)
    factor = triangular_factor(kept, independent)
    return Miniature(
        X=np.ascontiguousarray(factor[:, :-1]),
        y=factor[:, -1].copy(),
        rows=sums.rows,
        optimum=_in_scaled_units(solution.weights, centers, scales, has_intercept=has_intercept),
        has_intercept=has_intercept,
        centers=tuple(centers),
        scales=tuple(scales),
    )


def triangular_factor(
    gram: Sequence[Sequence[fmpq]], independent: Sequence[int]
) -> npt.NDArray[np.float64]:
    """Factor a matrix of moments G as RᵀR.

    Parameters
    ----------
    gram
        Symmetric and positive semidefinite, shape (columns, columns).
    independent
        Columns that are linearly independent and span the others.

    Returns
    -------
    R, shape (independent, columns). An entry differs from the exact one by less than float64
    can tell, next to the length of its column.

    """
    precision = FIRST_PRECISION
    while True:
        with ctx.workprec(precision):
            rows = _exact_rows(gram, independent)
        if rows is not None:
            return np.array(rows, dtype=np.float64).reshape(len(independent), len(gram))
        precision *= 2


def _exact_rows(
    gram: Sequence[Sequence[fmpq]], independent: Sequence[int]
) -> list[list[float]] | None:
    """Give the entries of R, or None if the working precision is too small for them."""
    if not independent:
        return []
    square = arb_mat([[gram[i][j] for j in independent] for i in independent])
    beside = arb_mat([list(gram[i]) for i in independent])
    try:
        lower = _cholesky(square).transpose()
        entries = lower.solve(beside)
    except (ValueError, ZeroDivisionError):
        return None
    table = entries.tolist()
    for j in range(len(gram)):
        tolerance = root_to_float(gram[j][j]) * 2.0**-ENTRY_BITS
        if not all(row[j].is_finite() and float(row[j].rad()) <= tolerance for row in table):
            return None
    diagonal = [table[i][j] for i, j in enumerate(independent)]
    if any(entry.rel_accuracy_bits() < ENTRY_BITS for entry in diagonal):
        return None
    return [
        # below the diagonal R is zero, which the balls only surround
        [0.0 if j in independent[:i] else float(entry) for j, entry in enumerate(row)]
        for i, row in enumerate(table)
    ]


def _cholesky(matrix: arb_mat) -> arb_mat:
    """Give the upper triangular R with RᵀR = matrix, by halves, so that FLINT does the work."""
    size = matrix.nrows()
    if size == 1:
        if not matrix[0, 0] > 0:
            raise ValueError("the precision is too small to tell the pivot from zero")
        return arb_mat([[matrix[0, 0].sqrt()]])
    half = size // 2
    table = matrix.tolist()
    upper = _cholesky(arb_mat([row[:half] for row in table[:half]]))
    beside = upper.transpose().solve(arb_mat([row[half:] for row in table[:half]]))
    below = arb_mat([row[half:] for row in table[half:]]) - beside.transpose() * beside
    lower = _cholesky(below)
    zeros = [arb(0)] * half
    return arb_mat(
        [a + b for a, b in zip(upper.tolist(), beside.tolist(), strict=True)]
        + [zeros + row for row in lower.tolist()]
    )


def _moments(sums: Sums) -> fmpq_mat:
    """Give the moments in the units of the columns."""
    tens = [10**decimals for decimals in (0, *sums.decimals)]
    return fmpq_mat(
        [
            [fmpq(value, tens[i] * tens[j]) for j, value in enumerate(row)]
            for i, row in enumerate(sums.moments.tolist())
        ]
    )


def _rescale(gram: fmpq_mat, centers: Sequence[fmpq], scales: Sequence[fmpq]) -> fmpq_mat:
    """Give the moments of the features less their centers, over their scales."""
    size = gram.ncols()
    change = [[fmpq(int(i == j)) for j in range(size)] for i in range(size)]
    for j, (center, scale) in enumerate(zip(centers, scales, strict=True), start=1):
        change[0][j] = -center / scale
        change[j][j] = 1 / scale
    matrix = fmpq_mat(change)
    return matrix.transpose() * gram * matrix


def _in_scaled_units(
    weights: Sequence[fmpq],
    centers: Sequence[fmpq],
    scales: Sequence[fmpq],
    *,
    has_intercept: bool,
) -> npt.NDArray[np.float64]:
    slopes = weights[has_intercept:]
    scaled = [m * s for m, s in zip(slopes, scales, strict=True)]
    if has_intercept:
        moved = sum((m * c for m, c in zip(slopes, centers, strict=True)), fmpq(0))
        scaled.insert(0, weights[0] + moved)
    return np.array(list(map(to_float, scaled)))
