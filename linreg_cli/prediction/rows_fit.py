"""The least-squares fit of a model's training rows, found once for all that is computed from it."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from linreg_cli.errors import FitError
from linreg_cli.exact import ZERO, ExactDecimal
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.training import (
    LeastSquares,
    ProductsFactor,
    Scaling,
    as_fraction,
    centers_of,
    explain_dependencies,
    least_squares,
    remedy,
)


@dataclass(frozen=True, kw_only=True)
class RowsFit:
    """The exact least-squares fit of rows.

    Attributes
    ----------
    moments
        The exact moments of the rows.
    solution
        Their exact least-squares solution.
    has_intercept
        Whether the first weight is the intercept.

    """

    moments: Moments
    solution: LeastSquares
    has_intercept: bool

    @classmethod
    def of(cls, model: Model) -> Self:
        """Return the fit of the training rows of a model."""
        moments, has_intercept = model.moments.restore(), model.training.settings.intercept
        solution = least_squares(moments, has_intercept=has_intercept)
        return cls(moments=moments, solution=solution, has_intercept=has_intercept)

    def require_unique(self, what: str) -> None:
        """Raise an error if other weights fit as well: there is no `what` then.

        Raises
        ------
        FitError
            With the columns that depend on each other.

        """
        if not self.solution.is_unique:
            why = explain_dependencies(self.moments, self.solution)
            raise FitError(
                f"{what}: the weights are not unique: {why}",
                hint=remedy(self.moments, self.solution),
            )

    @property
    def degrees_of_freedom(self) -> int:
        """The number of rows less the number of weights."""
        return self.moments.rows - len(self.solution.weights)

    @cached_property
    def centers(self) -> tuple[ExactDecimal, ...]:
        """A short decimal near the mean of each feature, or 0 where there is no intercept."""
        if self.has_intercept:
            return centers_of(self.moments)
        return (ZERO,) * (len(self.moments.columns) - 1)

    @cached_property
    def factor(self) -> ProductsFactor:
        """The factor of XᵀX, for features less their `centers` over their standard deviation.

        A difference from a short decimal is rounded once.
        """
        scaling = Scaling.of(self.moments, has_intercept=self.has_intercept, scale=True)
        short = replace(scaling, centers=tuple(map(as_fraction, self.centers)))
        return ProductsFactor(self.moments, short, self.solution.independent)
