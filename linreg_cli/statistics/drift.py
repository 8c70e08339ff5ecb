"""Whether a model still holds for new rows: Chow's test, from the moments of both."""

from typing import Self

from flint import fmpq
from msgspec import Struct, field

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


class DriftSums(Struct, frozen=True, kw_only=True):
    """What Chow's test compares, exactly; the sums of several groups add.

    Attributes
    ----------
    together, apart
        The residual sum of squares of one fit of all rows, and of a fit of the training rows and
        a fit of the new rows.
    numerator, denominator
        Degrees of freedom.

    """

    together: fmpq = field(default_factory=fmpq)
    apart: fmpq = field(default_factory=fmpq)
    numerator: int = 0
    denominator: int = 0

    @classmethod
    def of(cls, training: Moments, new: Moments, *, has_intercept: bool) -> Self:
        """Return the sums of the rows of one model.

        Rows that are fewer than the weights are fitted perfectly; this is Chow's predictive test
        then.
        """
        parts = [least_squares(moments, has_intercept=has_intercept) for moments in (training, new)]
        together = least_squares(training + new, has_intercept=has_intercept)
        weights = sum(len(part.independent) for part in parts)
        return cls(
            together=together.objective,
            apart=sum((part.objective for part in parts), fmpq(0)),
            numerator=weights - len(together.independent),
            denominator=training.rows + new.rows - weights,
        )

    def __add__(self, other: Self) -> Self:
        """Return the sums of both models, whose errors have the same variance."""
        names = self.__struct_fields__
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def test(self) -> Drift | None:
        """Return Chow's test; None if the rows leave no degrees of freedom.

        Notes
        -----
        F = ((RSS - RSS₁ - RSS₂) / numerator) / ((RSS₁ + RSS₂) / denominator). Source: G. Chow,
        Tests of equality between sets of coefficients in two linear regressions, Econometrica 28
        (1960).

        """
        if min(self.numerator, self.denominator) <= 0:
            return None
        f, p, p_log10 = f_test(
            self.together - self.apart, self.numerator, self.apart, self.denominator
        )
        return Drift(
            f=f, p=p, p_log10=p_log10, numerator=self.numerator, denominator=self.denominator
        )


def check_drift(training: Moments, new: Moments, *, has_intercept: bool) -> Drift:
    """Return Chow's test of the rows of one model.

    Raises
    ------
    FitError
        If the rows leave no degrees of freedom.

    """
    found = DriftSums.of(training, new, has_intercept=has_intercept).test()
    if found is None:
        raise no_drift(training.rows, new.rows)
    return found


def no_drift(training: int, new: int) -> FitError:
    """Return the error where the training rows and the new rows leave no degrees of freedom."""
    return FitError(
        f"no drift test: {training} and {new} rows leave no degrees of freedom",
        hint="Evaluate on more rows, or leave out --check-drift.",
    )
