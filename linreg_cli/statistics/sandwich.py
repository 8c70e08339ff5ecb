"""Standard errors that hold when the variance of the errors is not constant, from the rows.

The covariance of the weights is (XᵀX)⁻¹ M (XᵀX)⁻¹, a sandwich. Its middle M is the sum over the
rows of a multiple of e² x xᵀ, for the residual e of the least-squares fit.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from flint import arb_mat, ctx, fmpq, fmpq_mat

from linreg_cli.errors import FitError
from linreg_cli.exact import Block, Floats, factor, from_float, root_to_float, too_large
from linreg_cli.model import Model
from linreg_cli.prediction import Leverages, RowsFit, sum_of_squares
from linreg_cli.statistics.exact_sum import exact_sum
from linreg_cli.statistics.robust_covariance import (
    FIRST_PRECISION,
    RobustCovariance,
    require_freedom,
)
from linreg_cli.statistics.robust_kind import RobustKind

_POWERS = {"hc0": 0, "hc1": 0, "hc2": 1, "hc3": 2}
"""The power of 1 - leverage by which a squared residual is divided."""
_ROUNDING = 1e-13
"""A direction whose variance, with XᵀX as unit, is this fraction of the largest may have none."""
_MAX_LEVERAGE = 0.9
"""Above this leverage, float64 loses too many digits."""


@dataclass(kw_only=True)
class Sandwich(RobustCovariance):
    """The sandwich estimator of the covariance of the weights; rows are added in any order.

    Attributes
    ----------
    fit
        The exact fit of the training rows.
    kind
        How squared residuals are weighted: as they are (hc0); times n / (n - k) for n rows and k
        weights (hc1); divided by 1 - h (hc2) or (1 - h)² (hc3) for the leverage h.

    Notes
    -----
    Rows enter in the coordinates z = xᵀR⁻¹ with XᵀX = RᵀR, over which Σ z zᵀ is the identity. Each
    product is a float64 and the sums are exact, so that the order of the rows changes nothing. In a
    weighted fit, e and x are those of the row times the root of its weight, as in statsmodels and
    R.

    Source: H. White, Econometrica 48 (1980), 817-838; J. MacKinnon and H. White, Journal of
    Econometrics 29 (1985), 305-325.

    """

    fit: RowsFit
    kind: RobustKind
    _unit: float = field(init=False)
    """Residuals are divided by their size, so that no square is too large or too small."""
    _leverages: Leverages = field(init=False)
    _middle: list[list[fmpq]] = field(init=False)
    """The lower triangle of M, without the heavy rows."""
    _heavy: list[tuple[list[fmpq], fmpq]] = field(default_factory=list)
    """Rows of a high leverage: the scaled x and the factor of x xᵀ. There are few of them, since
    the leverages add up to the number of weights, and they are added without rounding."""
    _is_too_large: bool = False
    """Whether a product is beyond float64, as those of rows of another file may be."""

    def __post_init__(self) -> None:
        self._unit = root_to_float(self.fit.solution.objective / self.fit.moments.rows) or 1.0
        self._leverages = Leverages.of_fit(self.fit)
        size = len(self.fit.solution.weights)
        self._middle = [[fmpq(0)] * size for _ in range(size)]

    @classmethod
    def of(cls, model: Model, kind: RobustKind) -> Self:
        """Return the estimator for a model, with no rows yet.

        Raises
        ------
        FitError
            If the weights are not unique, or no degrees of freedom are left.

        """
        fit = RowsFit.of(model)
        require_freedom(fit, kind)
        return cls(fit=fit, kind=kind)

    @np.errstate(over="ignore", invalid="ignore")
    def add(
        self, block: Block, weights: Floats, line_of: Callable[[int], int], source: str
    ) -> None:
        """Add training rows.

        Parameters
        ----------
        block
            The features and the target.
        weights
            The weight of each row, shape (rows,): 1 where there are no weights.
        line_of, source
            Returns the line of a row, counted from 0, and the name of the source of all rows.

        Raises
        ------
        FitError
            If a weight follows from one of the rows alone, so that hc2 and hc3 are undefined.

        """
        z = self._leverages.coordinates(block.columns(slice(-1)))
        rest = 1 - weights * sum_of_squares(z)
        is_heavy = rest < 1 - _MAX_LEVERAGE
        for row in np.flatnonzero(is_heavy).tolist():
            place = f"{source}, line {line_of(row)}"
            self._add_exactly(block.rows(slice(row, row + 1)), float(weights[row]), place)
        squares = np.square(weights * (self.fit.residuals(block) / self._unit))
        squares[is_heavy] = 0.0
        squares /= np.where(is_heavy, 1.0, rest) ** _POWERS[self.kind]
        for i, row_of_sums in enumerate(self._middle):
            for j in range(i + 1):
                products = squares * z[i] * z[j]
                if np.isfinite(products).all():
                    row_of_sums[j] += exact_sum(products)
                else:
                    self._is_too_large = True

    def _add_exactly(self, row: Block, weight: float, place: str) -> None:
        exact_weight = from_float(weight)
        residual, leverage = self.fit.exactly(row)
        rest = 1 - exact_weight * leverage
        power = _POWERS[self.kind]
        if power and not rest:
            raise FitError(
                f"no {self.kind}: a weight follows from {place} alone (leverage 1)",
                hint="--robust hc1 is defined for all rows.",
            )
        x = [values[0] for values in self._leverages.scaled(row.columns(slice(-1)))]
        self._heavy.append((x, (exact_weight * residual) ** 2 / (rest**power if power else 1)))

    @property
    def name(self) -> str:
        """The kind as the option names it."""
        return self.kind

    def covariance(self) -> arb_mat:
        """Return the covariance of the weights, the intercept first, at the working precision.

        Raises
        ------
        FitError
            If the product of a row is beyond the range of float64.

        """
        if self._is_too_large:
            raise too_large()
        size = range(len(self._middle))
        factor = fmpq(1)
        if self.kind == "hc1":
            factor = fmpq(self.fit.moments.rows, self.fit.degrees_of_freedom)
        unit = from_float(self._unit) ** 2
        middle = arb_mat([[unit * self._middle[max(i, j)][min(i, j)] for j in size] for i in size])
        inverse = self._leverages.factor.lower_and_inverse()[1]
        for x, square in self._heavy:
            z = inverse * arb_mat([[value] for value in x])
            middle += z * arb_mat([[square]]) * z.transpose()
        return self._leverages.factor.covariance(middle * factor)

    def is_singular(self, factors: fmpq_mat) -> bool:
        """Return whether R V Rᵀ is singular within the rounding of the rows' products.

        That rounding is small next to R (XᵀX)⁻¹ Rᵀ = L Lᵀ, so that L⁻¹ R V Rᵀ L⁻ᵀ shows it.
        """
        if super().is_singular(factors):
            return True
        size = range(factors.ncols())
        identity = arb_mat(fmpq_mat([[fmpq(i == j) for j in size] for i in size]))
        precision = FIRST_PRECISION
        while True:
            with ctx.workprec(precision):
                combined = arb_mat(factors)
                try:
                    plain = combined * self._leverages.factor.covariance(identity)
                    inverse = factor(plain * combined.transpose())[1]
                    found = inverse * self.of_combinations(factors) * inverse.transpose()
                except (ValueError, ZeroDivisionError):  # too few bits
                    precision *= 2
                    continue
            values = np.array([[float(ball) for ball in row] for row in found.tolist()])
            variances = np.linalg.eigvalsh(values)
            return bool(variances[0] <= _ROUNDING * variances[-1])
