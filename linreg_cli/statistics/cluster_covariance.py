"""Cluster-robust standard errors, exactly, from the moments of each cluster."""

from collections.abc import Iterable
from functools import cached_property

from flint import arb_mat, fmpq, fmpq_mat

from linreg_cli.errors import FitError
from linreg_cli.model import Model
from linreg_cli.moments import Moments, squares
from linreg_cli.prediction import RowsFit
from linreg_cli.statistics.robust_covariance import RobustCovariance, require_freedom
from linreg_cli.statistics.robust_kind import CLUSTER


class ClusterCovariance(RobustCovariance):
    """The covariance (XᵀX)⁻¹ M (XᵀX)⁻¹ with M = Σ s sᵀ over clusters, s = Xᵀe of a cluster.

    Parameters
    ----------
    fit
        The fit of all rows.
    column
        The column whose values are the clusters.
    clusters
        The moments of the training rows of each cluster, of the columns of the fit; those without
        rows do not count.

    Notes
    -----
    With G clusters, n rows and k weights, M is multiplied by G / (G - 1) · (n - 1) / (n - k), and
    t and F have G - 1 degrees of freedom, as in Stata and statsmodels. Errors may depend on each
    other within a cluster. Source: K. Liang and S. Zeger, Biometrika 73 (1986), 13-22; A. Cameron
    and D. Miller, Journal of Human Resources 50 (2015), 317-372.

    """

    def __init__(self, fit: RowsFit, column: str, clusters: Iterable[Moments]) -> None:
        self.fit = fit
        self.column = column
        first = 1 - fit.has_intercept
        weights = [fmpq(0)] * first + list(fit.solution.weights)
        self._scores = [
            squares.error_moments(cluster, weights)[first:-1]
            for cluster in clusters
            if cluster.rows
        ]

    @classmethod
    def of(cls, model: Model, column: str, clusters: Iterable[Moments]) -> "ClusterCovariance":
        """Return the covariance of a model's weights.

        Raises
        ------
        FitError
            If the weights are not unique, no degrees of freedom are left, or there is one cluster.

        """
        fit = RowsFit.of(model)
        require_freedom(fit, f"errors by {column}")
        made = cls(fit, column, clusters)
        if made.clusters == 1:
            raise FitError(
                f"no errors by {column}: all rows are in one cluster",
                hint="Choose a column with more values.",
            )
        return made

    @property
    def name(self) -> str:
        """The kind as the option names it."""
        return f"{CLUSTER}{self.column}"

    @property
    def clusters(self) -> int:
        """The number of clusters."""
        return len(self._scores)

    @property
    def degrees_of_freedom(self) -> int:
        """The number of clusters less 1."""
        return self.clusters - 1

    def covariance(self) -> arb_mat:
        """Return the covariance of the weights, the intercept first, at the working precision."""
        return arb_mat(self._exact)

    @cached_property
    def _exact(self) -> fmpq_mat:
        scores = fmpq_mat(self._scores)
        rows, groups = self.fit.moments.rows, self.clusters
        factor = fmpq(groups * (rows - 1), (groups - 1) * self.fit.degrees_of_freedom)
        inverse = self.fit.inverse
        return inverse * (scores.transpose() * scores) * inverse * factor
