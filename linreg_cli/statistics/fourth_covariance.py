"""Robust standard errors HC0 and HC1 from moments alone: no row is read."""

from functools import cached_property

from flint import arb_mat, fmpq, fmpq_mat

from linreg_cli.model import Model
from linreg_cli.prediction import RowsFit
from linreg_cli.statistics.residual_sums import residuals_of
from linreg_cli.statistics.robust_covariance import RobustCovariance, require_freedom
from linreg_cli.statistics.robust_kind import RobustKind


class FourthCovariance(RobustCovariance):
    """The covariance (XᵀX)⁻¹ M (XᵀX)⁻¹ with M = Σ e² x xᵀ, exactly.

    Parameters
    ----------
    fit
        The fit of rows whose moments have the products of four columns.
    kind
        hc0 or hc1, which multiplies by n / (n - k) for n rows and k weights.

    """

    def __init__(self, fit: RowsFit, kind: RobustKind) -> None:
        self.fit = fit
        self.kind = kind

    @classmethod
    def of(cls, model: Model, kind: RobustKind) -> "FourthCovariance":
        """Return the covariance for a model that was trained with --moments 4.

        Raises
        ------
        FitError
            If the weights are not unique, or no degrees of freedom are left.

        """
        fit = RowsFit.of(model)
        require_freedom(fit, kind)
        return cls(fit, kind)

    @property
    def name(self) -> str:
        """The kind as the option names it."""
        return self.kind

    def covariance(self) -> arb_mat:
        """Return the covariance of the weights, the intercept first, at the working precision."""
        return arb_mat(self._exact)

    @cached_property
    def _exact(self) -> fmpq_mat:
        moments, first = self.fit.moments, 1 - self.fit.has_intercept
        weights = [fmpq(0)] * first + list(self.fit.solution.weights)
        residuals = residuals_of(moments, weights)
        tens = [10**decimals for decimals in (0, *moments.decimals)]
        columns = range(first, len(moments.columns))
        unit = residuals.unit**2
        middle = [
            [fmpq(residuals.square(i, j), unit * tens[i] * tens[j]) for j in columns]
            for i in columns
        ]
        inverse = self.fit.inverse
        factor = fmpq(1)
        if self.kind == "hc1":
            factor = fmpq(moments.rows, self.fit.degrees_of_freedom)
        return inverse * fmpq_mat(middle) * inverse * factor
