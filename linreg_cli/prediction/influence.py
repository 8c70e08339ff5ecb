"""Cook's distance: how much a training row changes the fit, from the moments and that row."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from flint import fmpq, fmpq_mat

from linreg_cli.errors import FitError
from linreg_cli.exact import Block, Floats, RowError, root_to_float, shortest, to_float, to_floats
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.prediction.intervals import Leverages
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


@dataclass(frozen=True, kw_only=True)
class CooksDistance:
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
    moments
        The exact moments of the training rows.
    weights
        The exact least-squares weights, the intercept first if there is one.
    variance
        The residual variance s².

    """

    leverages: Leverages
    moments: Moments
    weights: tuple[fmpq, ...]
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
            moments=moments,
            weights=tuple(fitted.weights),
            variance=fitted.objective / free,
        )

    def of_rows(self, block: Block) -> Floats:
        """Return the distance of each row, whose columns are x, y and, in a weighted fit, w.

        It is NaN where the leverage is 1 or more: without a training row of leverage 1 the fit is
        not unique, and no training row has a larger one.
        """
        features = len(self.leverages.scales)
        weights = weights_of(block) if self.moments.weights else np.ones(len(block.values))
        error = root_to_float(self.variance)
        if self.leverages.inverse is None or error < MIN_ERROR:
            distances = np.full(len(block.values), math.inf)
        else:
            h = weights * self.leverages.of_rows(block.columns(slice(features)))
            residuals = self._residuals(block.columns(slice(features + 1)))
            with np.errstate(all="ignore"):
                distances = weights * (residuals / error) ** 2 * h
                distances /= len(self.weights) * (1 - h) ** 2
            distances[h > MAX_LEVERAGE] = math.inf
        for i in np.flatnonzero(~np.isfinite(distances)).tolist():
            distances[i] = self._exact(block.rows(slice(i, i + 1)))
        return distances

    def _residuals(self, block: Block) -> Floats:
        """Return y less the least-squares prediction, each rounded once; infinite if too large."""
        factors, unit = self._residual_factors(block.decimals)
        first, *others = factors
        total = block.values.astype(object) @ np.array(others, dtype=object) + first
        return np.array([_quotient(value, unit) for value in total.tolist()], dtype=np.float64)

    def _residual_factors(self, decimals: Sequence[int]) -> tuple[list[int], int]:
        """Return the factors of 1 and of the columns as integers, and their common denominator."""
        has_intercept = self.leverages.has_intercept
        weights = self.weights if has_intercept else (fmpq(0), *self.weights)
        unit = math.lcm(*(int(weight.q) for weight in weights))
        most = max(decimals)
        places = [0, *decimals]
        factors = [-int(weight.p) * (unit // int(weight.q)) for weight in weights] + [unit]
        scaled = [f * 10 ** (most - place) for f, place in zip(factors, places, strict=True)]
        return scaled, unit * 10**most

    @cached_property
    def _inverse(self) -> fmpq_mat:
        """The inverse of XᵀX."""
        columns = range(1 - self.leverages.has_intercept, len(self.moments.columns))
        return fmpq_mat([[self.moments.moment(i, j) for j in columns] for i in columns]).inv()

    def _exact(self, block: Block) -> float:
        features = len(self.leverages.scales)
        cells = [
            fmpq(value, 10**decimals)
            for value, decimals in zip(block.values[0].tolist(), block.decimals, strict=True)
        ]
        x = [fmpq(1)] * self.leverages.has_intercept + cells[:features]
        weight = cells[-1] if self.moments.weights else fmpq(1)
        row = fmpq_mat([x])
        h = weight * fmpq((row * self._inverse * row.transpose())[0, 0])
        if h >= 1:
            return math.nan
        residual = cells[features] - sum((w * v for w, v in zip(self.weights, x, strict=True)), 0)
        distance = weight * residual**2 * h / (len(self.weights) * self.variance * (1 - h) ** 2)
        return to_float(distance)


def _quotient(numerator: int, denominator: int) -> float:
    try:
        return numerator / denominator
    except OverflowError:
        return math.inf
