"""A robust covariance of the weights, and the tests that follow from it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from linreg_cli.errors import FitError
from linreg_cli.exact import correctly_rounded, f_p_value, with_log10
from linreg_cli.prediction import RowsFit

Variance: TypeAlias = Callable[[], arb]
"""Computes a variance, as a ball at the working precision."""

FIRST_PRECISION = 128
DECIDING_BITS = 4096
"""At this precision a ball around a variance of the data does not contain 0, unless it is 0."""


class RobustCovariance(ABC):
    """The covariance of the weights of a fit whose errors do not all have the same variance.

    Attributes
    ----------
    fit
        The exact fit of the training rows.

    """

    fit: RowsFit

    @property
    @abstractmethod
    def name(self) -> str:
        """The kind as the option names it, such as ``hc1``."""

    @property
    def clusters(self) -> int | None:
        """The number of clusters; None for the kinds without clusters."""
        return None

    @property
    def degrees_of_freedom(self) -> int:
        """Those of Student's t, and of the denominator of F."""
        return self.fit.degrees_of_freedom

    @abstractmethod
    def covariance(self) -> arb_mat:
        """Return the covariance of the weights, the intercept first, at the working precision."""

    def f_test(self) -> tuple[float | None, float | None, float | None]:
        """Test that all slopes are 0: return F, its p and the decimal logarithm of p."""
        first = int(self.fit.has_intercept)
        return self.wald(self._units(first), self.fit.solution.weights[first:])

    def wald(
        self, factors: fmpq_mat, differences: Sequence[fmpq]
    ) -> tuple[float | None, float | None, float | None]:
        """Test q linear restrictions together: return F, its p and the decimal logarithm of p.

        Parameters
        ----------
        factors
            R, shape (q, weights).
        differences
            d = Rw - r, whose expectation is 0 if the restrictions Rw = r hold.

        Returns
        -------
        F = dᵀ (R V Rᵀ)⁻¹ d / q for the covariance V; None three times if R V Rᵀ is singular.

        """
        if self.is_singular(factors):
            return None, None, None
        tested, free = len(differences), self.degrees_of_freedom

        def compute() -> list[arb]:
            column = arb_mat([[difference] for difference in differences])
            product = column.transpose() * self.of_combinations(factors).solve(column)
            f = product[0, 0] / tested
            return [f, *with_log10(f_p_value(f, tested, free))]

        f, p, p_log10 = correctly_rounded(compute)
        return f, p, p_log10

    def variances(self) -> list[Variance | None]:
        """Return what computes the variance of each weight, the intercept first; None for 0."""
        return self.variances_of(self._units(0))

    def variances_of(self, factors: fmpq_mat) -> list[Variance | None]:
        """Return what computes the variance of each combination Rw; None for one that is 0."""
        are_zero = [False] * factors.nrows()
        for covariance in self._with_rising_precision(factors):
            are_zero = [covariance[i, i].contains(0) for i in range(factors.nrows())]
            if not any(are_zero):
                break
        computed: dict[int, arb_mat] = {}

        def variance(i: int) -> arb:
            if ctx.prec not in computed:
                computed[ctx.prec] = self.of_combinations(factors)
            return computed[ctx.prec][i, i]

        return [None if is_zero else partial(variance, i) for i, is_zero in enumerate(are_zero)]

    def _units(self, first: int) -> fmpq_mat:
        count = len(self.fit.solution.weights)
        return fmpq_mat([[fmpq(i == j) for j in range(count)] for i in range(first, count)])

    def of_combinations(self, factors: fmpq_mat) -> arb_mat:
        """Return R V Rᵀ, the covariance of combinations Rw of the weights."""
        combined = arb_mat(factors)
        return combined * self.covariance() * combined.transpose()

    def is_singular(self, factors: fmpq_mat) -> bool:
        """Return whether R V Rᵀ is singular, so that no F follows from it."""
        for covariance in self._with_rising_precision(factors):
            try:
                covariance.inv()
            except ZeroDivisionError:
                continue
            return False
        return True

    def _with_rising_precision(self, factors: fmpq_mat) -> Iterator[arb_mat]:
        """Yield R V Rᵀ at a working precision that is doubled up to `DECIDING_BITS`."""
        precision = FIRST_PRECISION
        while precision <= DECIDING_BITS:
            with ctx.workprec(precision):
                try:
                    covariance = self.of_combinations(factors)
                except ZeroDivisionError:  # too few bits for the factor of XᵀX
                    pass
                else:
                    yield covariance
            precision *= 2


def require_freedom(fit: RowsFit, kind: str) -> None:
    """Raise an error if a fit has no robust standard errors.

    Raises
    ------
    FitError
        If the weights are not unique, or no degrees of freedom are left.

    """
    fit.require_unique(f"no {kind}")
    if not fit.degrees_of_freedom:
        raise FitError(
            f"no {kind}: as many weights as rows leave no degrees of freedom",
            hint="Train on more rows.",
        )
