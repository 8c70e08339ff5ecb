"""What the sums say about a fit: one formula a function, exact until the last rounding."""

from collections.abc import Sequence

from flint import fmpq

from linreg_cli.rationals import from_float, root_to_float, to_float
from linreg_cli.sums import Sums


def residual_sum_of_squares(sums: Sums, weights: Sequence[float]) -> fmpq:
    """Sum the squared errors of any weights over all rows, exactly.

    Parameters
    ----------
    sums
        The exact sums of the rows.
    weights
        The intercept (0 if the model has none), then a weight per feature.

    Returns
    -------
    Σ(ŷ - y)² = wᵀGw, where w is the weights and -1 for the target, and G the moments.

    """
    exact = [*map(from_float, weights), fmpq(-1)]
    scaled = [w / 10**d for w, d in zip(exact, (0, *sums.decimals), strict=True)]
    total = fmpq(0)
    for i, row in enumerate(sums.moments.tolist()):
        total += scaled[i] * scaled[i] * row[i]
        total += 2 * scaled[i] * sum((scaled[j] * row[j] for j in range(i)), fmpq(0))
    return total


def total_sum_of_squares(sums: Sums, *, has_intercept: bool) -> fmpq:
    """Sum the squares of the target: about its mean, or about 0 if there is no intercept.

    The convention without an intercept is that of NIST's StRD and of R's ``summary.lm``.
    """
    ten = 10 ** sums.decimals[-1]
    square = fmpq(sums.moments[-1, -1], ten**2)
    if not has_intercept:
        return square
    return square - fmpq(sums.moments[0, -1], ten) ** 2 / sums.rows


def r_squared(residual: fmpq, total: fmpq) -> float | None:
    """R² = 1 - residual / total; None where the target is constant and it has no meaning."""
    return to_float(1 - residual / total) if total else None


def mean_squared_error(residual: fmpq, rows: int) -> float:
    """Loss: the mean of the squared errors, in squared units of the target."""
    return to_float(residual / rows)


def root_mean_squared_error(residual: fmpq, rows: int) -> float:
    """RMSE: the root of the loss, in units of the target."""
    return root_to_float(residual / rows)
