"""Whether a model still holds for new rows: Chow's test, from the moments of both."""

from flint import fmpq
from msgspec import Struct

from linreg_cli.errors import FitError
from linreg_cli.moments import Moments
from linreg_cli.statistics.f_test import f_test
from linreg_cli.training import least_squares


class Drift(Struct, frozen=True, kw_only=True):
    """Chow's test: whether one model holds for the training rows and the new rows.

    Attributes
    ----------
    f, p
        The statistic, and the probability of one at least as large if the model holds; f is None
        if both parts fit perfectly.
    p_log10
        The decimal logarithm of p; None where p is exactly 0.
    numerator, denominator
        Degrees of freedom.

    """

    f: float | None
    p: float | None
    p_log10: float | None
    numerator: int
    denominator: int


def check_drift(training: Moments, new: Moments, *, has_intercept: bool) -> Drift:
    """Compare one fit of all rows with a fit of the training rows and a fit of the new rows.

    Rows that are fewer than the weights are fitted perfectly; this is Chow's predictive test then.

    Raises
    ------
    FitError
        If the training rows leave no degrees of freedom.

    Notes
    -----
    F = ((RSS - RSS₁ - RSS₂) / numerator) / ((RSS₁ + RSS₂) / denominator). Source: G. Chow,
    Tests of equality between sets of coefficients in two linear regressions, Econometrica 28
    (1960).

    """
    parts = [least_squares(moments, has_intercept=has_intercept) for moments in (training, new)]
    together = least_squares(training + new, has_intercept=has_intercept)
    apart = sum((part.objective for part in parts), fmpq(0))
    numerator = sum(len(part.independent) for part in parts) - len(together.independent)
    denominator = training.rows + new.rows - sum(len(part.independent) for part in parts)
    if min(numerator, denominator) <= 0:
        raise FitError(
            f"no drift test: {training.rows} and {new.rows} rows leave no degrees of freedom",
            hint="Evaluate on more rows, or leave out --check-drift.",
        )
    grown = together.objective - apart
    f, p, p_log10 = f_test(grown, numerator, apart, denominator)
    return Drift(f=f, p=p, p_log10=p_log10, numerator=numerator, denominator=denominator)
