"""The miniature: a few rows that have the same loss and gradients as all rows of the data.

Squared error depends on the rows only through the moments G = [1 X y]ᵀ[1 X y], so every matrix
R with RᵀR = G has the same squared error at every weights. The triangular one has at most p + 2
rows, for p features. Scaling happens on the exact moments, before anything is rounded.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat, fmpz_mat

from linreg_cli.errors import FitError
from linreg_cli.exact import (
    Floats,
    factor,
    from_float,
    independent_columns,
    root_to_float,
    to_float,
)
from linreg_cli.moments import Moments

FIRST_PRECISION = 192
LAST_PRECISION = 2**20
"""More than any sums of rows need."""
ENTRY_BITS = 64
"""Every entry of the factor is known to so many bits, 11 more than float64 keeps."""


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """What is done to the features before training, and the way back.

    Attributes
    ----------
    has_intercept
        Whether the first weight is the intercept's.
    centers, scales
        For each feature, what is subtracted from it and what it is then divided by.

    """

    has_intercept: bool
    centers: tuple[fmpq, ...]
    scales: tuple[fmpq, ...]

    @classmethod
    def of(cls, moments: Moments, *, has_intercept: bool, scale: bool) -> "Scaling":
        """Choose centers and scales: for mean square 1 and, with an intercept, mean 0.

        A feature that has no spread is only centered. Without `scale` nothing is done.
        """
        features = range(1, len(moments.columns))
        centers, scales = [], []
        for j in features:
            is_centered = scale and has_intercept
            mean_square = moments.products(j, j, has_intercept=has_intercept) / moments.total_weight
            centers.append(moments.moment(0, j) / moments.total_weight if is_centered else fmpq(0))
            has_spread = scale and mean_square != 0
            spread = root_to_float(mean_square) if has_spread else 1.0
            if not spread:
                raise FitError(
                    f"column '{moments.columns[j - 1]}' varies too little for a 64-bit float",
                    hint="Give it in a smaller unit.",
                )
            scales.append(from_float(spread))
        return cls(has_intercept=has_intercept, centers=tuple(centers), scales=tuple(scales))

    def to_columns(self, weights: Floats) -> tuple[float, ...]:
        """Turn weights of scaled features into weights of the columns, each rounded once.

        NaN and infinity give NaN.
        """
        if not np.isfinite(weights).all():
            return (math.nan,) * len(weights)
        return tuple(map(to_float, self.to_columns_exactly(weights)))

    def to_columns_exactly(self, weights: Floats) -> list[fmpq]:
        """Turn finite weights of scaled features into weights of the columns."""
        exact = [from_float(weight) for weight in weights.tolist()]
        slopes = [w / s for w, s in zip(exact[self.has_intercept :], self.scales, strict=True)]
        return [exact[0] - self._moved(slopes), *slopes] if self.has_intercept else slopes

    def to_scaled(self, weights: Sequence[fmpq]) -> Floats:
        """Turn weights of the columns into weights of scaled features, each rounded once."""
        slopes = weights[self.has_intercept :]
        scaled = [m * s for m, s in zip(slopes, self.scales, strict=True)]
        if self.has_intercept:
            scaled.insert(0, weights[0] + self._moved(slopes))
        return np.array(list(map(to_float, scaled)))

    def _moved(self, slopes: Sequence[fmpq]) -> fmpq:
        return sum((m * c for m, c in zip(slopes, self.centers, strict=True)), fmpq(0))


@dataclass(frozen=True, kw_only=True)
class CompressedRows:
    """Rows that stand for all rows.

    Attributes
    ----------
    X
        Design matrix of the scaled features, shape (k, weights), k at most p + 2: the
        intercept's column first, if there is an intercept.
    y
        Target, shape (k,), in its own units.
    n_rows
        What a sum of squares over X is divided by for a mean: the rows that they stand for,
        or the sum of their weights.

    """

    X: Floats
    y: Floats
    n_rows: float

    def loss(self, weights: Floats) -> float:
        """Give the mean squared error of weights of the scaled features.

        Beyond float64 it is infinity or NaN, as of a descent that diverges.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            return float((((self.X * weights).sum(axis=1) - self.y) ** 2).sum()) / self.n_rows

    def penalised(self, l2: float, *, has_intercept: bool) -> "CompressedRows":
        """Add a row for each feature whose squared error is the ridge penalty of its weight."""
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
    """Make the miniature of the rows behind some sums.

    Parameters
    ----------
    moments
        The exact sums of at least one row.
    scaling
        What is done to the features; it may come from other rows.

    Notes
    -----
    The factor is that of Cholesky: G. Golub and C. Van Loan, Matrix Computations (4th
    edition, 2013), section 4.2.

    """
    first = 0 if scaling.has_intercept else 1
    scaled = rescale(moments, scaling)
    size = scaled.ncols()
    gram = [[scaled[i, j] for j in range(first, size)] for i in range(first, size)]
    independent = independent_columns(fmpz_mat(moments.matrix[first:, first:].tolist()))
    factor = triangular_factor(gram, independent)
    return CompressedRows(
        X=np.ascontiguousarray(factor[:, :-1]),
        y=factor[:, -1].copy(),
        n_rows=to_float(moments.total_weight),
    )


def triangular_factor(gram: Sequence[Sequence[fmpq]], independent: Sequence[int]) -> Floats:
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
        if precision > LAST_PRECISION:
            raise FitError("the sums are not those of any rows", hint="Restore the model file.")
        precision *= 2


def _exact_rows(
    gram: Sequence[Sequence[fmpq]], independent: Sequence[int]
) -> list[list[float]] | None:
    """Give the entries of R, or None if the working precision is too small for them."""
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
        # below the diagonal R is zero, which the balls only surround
        [0.0 if j in independent[:i] else float(entry) for j, entry in enumerate(row)]
        for i, row in enumerate(table)
    ]


def _merged(
    table: Sequence[Sequence[arb]],
    columns: Sequence[int],
    others: Sequence[Sequence[arb]],
    other_columns: Sequence[int],
) -> list[list[arb]]:
    """Put the columns of two tables beside each other, at their places."""
    order = np.argsort([*columns, *other_columns]).tolist()
    return [
        [row[j] for j in order] for row in ([*a, *b] for a, b in zip(table, others, strict=True))
    ]


def rescale(moments: Moments, scaling: Scaling) -> fmpq_mat:
    """Return the moments of the features less their centers, over their scales."""
    tens = [10**decimals for decimals in (0, *moments.decimals)]
    unit = 10**moments.weight_decimals
    centers, scales = (fmpq(0), *scaling.centers, fmpq(0)), (fmpq(1), *scaling.scales, fmpq(1))
    table = moments.matrix.tolist()
    first = [fmpq(value, unit * ten) for value, ten in zip(table[0], tens, strict=True)]
    shift = [first[j] - center * first[0] for j, center in enumerate(centers)]
    gram = fmpq_mat(len(tens), len(tens))
    for i, row in enumerate(table):
        for j, value in enumerate(row[: i + 1]):
            moment = fmpq(value, unit * tens[i] * tens[j])
            if centers[i]:
                moment -= centers[i] * first[j]
            if centers[j]:
                moment -= centers[j] * shift[i]
            gram[i, j] = gram[j, i] = moment / (scales[i] * scales[j])
    return gram
