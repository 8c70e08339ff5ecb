"""The exact fit of a model's rows, with the sums of squares that its statistics need."""

from functools import cached_property
from typing import Self

from flint import fmpq

from linreg_cli.errors import FitError
from linreg_cli.model import Model
from linreg_cli.moments import squares
from linreg_cli.prediction import RowsFit
from linreg_cli.training import ProductsFactor, Scaling, explain_dependencies, remedy


class SummarizedFit(RowsFit, frozen=True, kw_only=True, dict=True):
    """The exact least-squares fit of rows, and its sums of squares."""

    @classmethod
    def unique(cls, model: Model) -> Self:
        """Return the fit of a model's training rows, if only one line fits them best.

        Raises
        ------
        FitError
            If the columns are collinear, so that weights mean nothing by themselves.

        """
        fit = cls.of(model)
        if not fit.solution.is_unique:
            why = explain_dependencies(fit.moments, fit.solution, fit.known)
            raise FitError(
                f"the weights are not unique: {why}",
                hint=remedy(fit.moments, fit.solution),
            )
        return fit

    @property
    def count(self) -> int:
        """The number of weights."""
        return len(self.solution.weights)

    @property
    def rss(self) -> fmpq:
        """The residual sum of squares."""
        return self.solution.objective

    @cached_property
    def tss(self) -> fmpq:
        """The total sum of squares: about the mean, or about 0 without an intercept."""
        return squares.total_sum_of_squares(self.moments, has_intercept=self.has_intercept)

    @cached_property
    def factor(self) -> ProductsFactor:
        """The factor of XᵀX, for features less their mean over their standard deviation."""
        scaling = Scaling.of(self.moments, has_intercept=self.has_intercept, scale=True)
        return ProductsFactor(self.moments, scaling, self.solution.independent)

    def squares_of(self, j: int) -> fmpq:
        """Return the sum of squares of a column, 1 for the first feature, as `tss` has it."""
        return self.moments.products(j, j, has_intercept=self.has_intercept)
