"""Cook's distance: how much a training row changes the fit, from the moments and that row."""

import math
from typing import Self

import numpy as np
from flint import fmpq
from msgspec import Struct

from linreg_cli.errors import FitError
from linreg_cli.exact import Block, Floats, RowError, root_to_float, shortest, to_float, to_floats
from linreg_cli.model import Model
from linreg_cli.prediction.leverages import Leverages
from linreg_cli.prediction.rows_fit import RowsFit

MAX_LEVERAGE = 0.9
"""Above this leverage, float64 loses too many digits of 1 - leverage."""
MIN_ERROR = 1e-290
"""A residual standard error below it may be a float64 of few digits."""


def weights_of(block: Block) -> Floats:
    """Return the weights of rows, which are the last column of a block.

    Raises
    ------
    RowError
        For the first weight below 0.

    """
    last = block.columns(slice(-1, None))
    for row in np.flatnonzero(last.values[:, 0] < 0).tolist():
        weight = shortest(int(last.values[row, 0]), last.decimals[0])
        raise RowError(f"the weight {weight} is negative", hint="A weight is 0 or more.", row=row)
    return to_floats(last)[:, 0]


class CooksDistance(Struct, frozen=True, kw_only=True):
    """What Cook's distances need.

    Source: R. D. Cook, Detection of influential observation in linear regression, Technometrics
    19 (1977), 15-18: D = e² h / (p s² (1 - h)²) for a row with residual e and leverage h, p weights
    and the residual variance s² of the least-squares fit. Of a row with a weight w, e² counts w
    times and h is w xᵀ(XᵀWX)⁻¹x, as in R's hatvalues and cooks.distance: the leverages of the
    training rows add up to p.

    Attributes
    ----------
    leverages
        Those of the model.
    fit
        The exact fit of the training rows.
    variance
        The residual variance s².

    """

    leverages: Leverages
    fit: RowsFit
    variance: fmpq

    @classmethod
    def of(cls, model: Model) -> Self:
        """Return what the distances of a model need.

        Raises
        ------
        FitError
            If the weights are not unique, or nothing is left for residuals.

        """
        return cls.of_fit(RowsFit.of(model))

    @classmethod
    def of_fit(cls, fit: RowsFit) -> Self:
        """Return what the distances of a fit need; see `of`."""
        fit.require_unique("no Cook's distance")
        moments, fitted, free = fit.moments, fit.solution, fit.degrees_of_freedom
        if not free or not fitted.objective:
            raise FitError(
                "no Cook's distance: the residual standard error is 0, since "
                + (
                    "the fit is perfect"
                    if free
                    else f"{moments.rows} rows leave no degrees of freedom for "
                    f"{len(fitted.weights)} weights"
                ),
                hint="Leave out --cooks-distance.",
            )
        return cls(
            leverages=Leverages.of_fit(fit),
            fit=fit,
            variance=fitted.objective / free,
        )

    def of_rows(self, block: Block) -> Floats:
        """Return the distance of each row, whose columns are x, y and, in a weighted fit, w.

        It is NaN where the leverage is 1 or more: without a training row of leverage 1 the fit is
        not unique, and no training row has a larger one.
        """
        features = len(self.leverages.scales)
        weights = weights_of(block) if self.fit.moments.weights else np.ones(len(block.values))
        error = root_to_float(self.variance)
        if self.leverages.inverse is None or error < MIN_ERROR:
            distances = np.full(len(block.values), math.inf)
        else:
            h = weights * self.leverages.of_rows(block.columns(slice(features)))
            residuals = self.fit.residuals(block.columns(slice(features + 1)))
            with np.errstate(all="ignore"):
                distances = weights * (residuals / error) ** 2 * h
                distances /= len(self.fit.solution.weights) * (1 - h) ** 2
            distances[h > MAX_LEVERAGE] = math.inf
        for i in np.flatnonzero(~np.isfinite(distances)).tolist():
            distances[i] = self._exact(block.rows(slice(i, i + 1)))
        return distances

    def _exact(self, block: Block) -> float:
        weight = fmpq(1)
        if self.fit.moments.weights:
            weight = fmpq(int(block.values[0, -1]), 10 ** block.decimals[-1])
        residual, leverage = self.fit.exactly(block.columns(slice(len(self.leverages.scales) + 1)))
        h = weight * leverage
        if h >= 1:
            return math.nan
        count = len(self.fit.solution.weights)
        distance = weight * residual**2 * h / (count * self.variance * (1 - h) ** 2)
        return to_float(distance)
