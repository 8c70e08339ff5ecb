"""Sums of squares of a fit: one formula per function, exact until the last rounding."""

from collections.abc import Sequence

from flint import fmpq, fmpq_mat

from linreg_cli.exact import power_of_ten, root_to_float, to_float
from linreg_cli.moments.moments import Moments


def error_moments(moments: Moments, weights: Sequence[fmpq]) -> list[fmpq]:
    """Return the sum of errors times each column over all rows, exactly.

    Parameters
    ----------
    moments
        The moments of the rows.
    weights
        The intercept (0 if the model has none), then the weight of each feature.

    Returns
    -------
    Σ(ŷ - y)·c for the columns c = 1, each feature, and the target. It is Gw, where w is the
    weights and -1 for the target, and G the matrix of moments.

    """
    tens = [10**decimals for decimals in (0, *moments.decimals)]
    scaled = [w / ten for w, ten in zip([*weights, fmpq(-1)], tens, strict=True)]
    products = fmpq_mat(moments.matrix) * fmpq_mat([[w] for w in scaled])
    unit = power_of_ten(moments.weight_decimals)
    return [fmpq(products[i, 0]) / (ten * unit) for i, ten in enumerate(tens)]


def residual_sum_of_squares(moments: Moments, weights: Sequence[fmpq]) -> fmpq:
    """Return the sum of squared errors over all rows, exactly, in squared units of the target.

    Parameters
    ----------
    moments, weights
        As `error_moments` takes them.

    Returns
    -------
    Σ(ŷ - y)² = wᵀGw, where w is the weights and -1 for the target, and G the matrix of moments.

    """
    matrix = error_moments(moments, weights)
    return sum((w * g for w, g in zip([*weights, fmpq(-1)], matrix, strict=True)), fmpq(0))


def total_sum_of_squares(moments: Moments, *, has_intercept: bool) -> fmpq:
    """Return Σ(y - ȳ)², or Σy² if there is no intercept, in squared units of the target.

    The convention without an intercept is that of NIST's StRD and of R's ``summary.lm``.
    """
    target = len(moments.columns)
    return moments.products(target, target, has_intercept=has_intercept)


def r_squared(residual: fmpq, total: fmpq) -> float | None:
    """Return R² = 1 - residual / total; None if the target is constant, where R² is undefined."""
    return to_float(1 - residual / total) if total else None


def residual_standard_error(residual: fmpq, degrees_of_freedom: int) -> float | None:
    """Return √(RSS / degrees of freedom), rounded once; None if there are none."""
    return root_to_float(residual / degrees_of_freedom) if degrees_of_freedom else None


def correlation(moments: Moments, i: int, j: int) -> float | None:
    """Return Pearson's r of two columns, counted from 1, rounded once; None if one is constant.

    r = Σ(x - x̄)(y - ȳ) / √(Σ(x - x̄)² Σ(y - ȳ)²)
    """
    xx, xy, yy = (moments.products(*pair, has_intercept=True) for pair in ((i, i), (i, j), (j, j)))
    if not xx * yy:
        return None
    size = root_to_float(xy * xy / (xx * yy))
    return -size if xy < 0 else size
