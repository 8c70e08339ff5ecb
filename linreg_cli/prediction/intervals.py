"""How uncertain a prediction is: leverages and intervals, from the sums alone."""

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from flint import arb, arb_mat, fmpq, fmpq_mat

from linreg_cli.errors import FitError
from linreg_cli.exact import (
    ZERO,
    Block,
    ExactDecimal,
    Floats,
    correctly_rounded,
    exact_decimal,
    t_quantile,
    to_float,
    to_floats,
)
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.training import (
    LeastSquares,
    Scaling,
    as_fraction,
    centers_of,
    compress_rows,
    explain_dependencies,
    least_squares,
    remedy,
)

LEVERAGE_ROUNDING = 1e-9
"""More than float64 adds to the leverage of a training row."""


MAX_CONDITION = 1e3
"""Of the scaled features: beyond it float64 loses too many digits of a leverage."""


@dataclass(frozen=True, kw_only=True)
class Leverages:
    """How far out rows lie among the training rows.

    Attributes
    ----------
    centers, scales
        What is subtracted from each feature, and what it is then divided by.
    inverse
        The inverse of the triangular R of the features so scaled, triangular too, shape
        (weights, weights).
    has_intercept
        Whether the first weight is the intercept's.
    exact
        The inverse of XᵀX for the exact road, where float64 would lose digits; else None.
    bound
        What no training row's leverage exceeds.

    """

    centers: tuple[ExactDecimal, ...]
    scales: tuple[float, ...]
    inverse: Floats
    has_intercept: bool
    exact: fmpq_mat | None
    bound: float

    @classmethod
    def of(cls, model: Model) -> Self:
        """Work out what the leverages of a model need.

        Raises
        ------
        FitError
            If the columns are collinear, or there are fewer rows than weights.

        """
        moments, fitted = unique_fit(model, "no leverage")
        return cls.of_fit(moments, fitted, has_intercept=model.training.settings.intercept)

    @classmethod
    def of_fit(cls, moments: Moments, fitted: LeastSquares, *, has_intercept: bool) -> Self:
        """Work out what leverages need from sums and their unique solution."""
        scaling, centers = _short_scaling(moments, has_intercept=has_intercept)
        factor = compress_rows(moments, scaling).X[: len(fitted.weights)]
        return cls(
            centers=centers,
            scales=tuple(map(to_float, scaling.scales)),
            inverse=np.array(arb_mat(factor.tolist()).inv().tolist(), dtype=np.float64),
            has_intercept=has_intercept,
            exact=exact_inverse(moments, has_intercept=has_intercept)
            if np.linalg.cond(factor) > MAX_CONDITION
            else None,
            # a row of weight w has at most 1/w, and a new row has no weight
            bound=math.inf if moments.weights else 1.0 + LEVERAGE_ROUNDING,
        )

    def of_rows(self, block: Block) -> Floats:
        """Return the leverage h = xᵀ(XᵀX)⁻¹x of each row, as of a row with the weight 1.

        Source: S. Weisberg, Applied Linear Regression (4th edition, 2014), section 9.1.
        """
        if self.exact is not None:
            return _exact_leverages(block, self.exact, has_intercept=self.has_intercept)
        columns = [np.ones(len(block.values))] * self.has_intercept
        columns += list((to_floats(block, self.centers) / np.array(self.scales)).T)
        leverage = np.zeros(len(block.values))
        for j in range(len(columns)):  # added in one order on every processor
            leverage += sum(columns[i] * self.inverse[i, j] for i in range(j + 1)) ** 2
        return leverage


@dataclass(frozen=True, kw_only=True)
class Uncertainty:
    """What the training rows leave open.

    Attributes
    ----------
    margin
        Quantile of t times residual standard error, in units of the target.
    leverages
        Those of the model.

    """

    margin: float
    leverages: Leverages

    @classmethod
    def of(cls, model: Model, confidence: float) -> Self:
        """Work out what intervals of a model need.

        Parameters
        ----------
        model
            Its sums say all.
        confidence
            How often an interval is to hold, between 0 and 1.

        Raises
        ------
        FitError
            If the rows leave no degrees of freedom, or the columns are collinear.

        """
        moments, fitted = unique_fit(model, "no interval")
        free = moments.rows - len(fitted.weights)
        if not free:
            raise FitError(
                f"no interval: {moments.rows} rows leave no degrees of freedom for "
                f"{len(fitted.weights)} weights",
                hint="Train on more rows.",
            )
        return cls(
            margin=correctly_rounded(
                lambda: [
                    t_quantile(exact_decimal(confidence), free)
                    * arb(fitted.objective / free).sqrt()
                ]
            )[0],
            leverages=Leverages.of_fit(
                moments, fitted, has_intercept=model.training.settings.intercept
            ),
        )

    def of_rows(self, block: Block, weights: Floats | float = 1.0) -> Floats:
        """Give half the width of the prediction interval of each row."""
        return self.margin * np.sqrt(1 / weights + self.leverages.of_rows(block))

    def of_means(self, block: Block) -> Floats:
        """Give half the width of the confidence interval of the mean at each row."""
        return self.margin * np.sqrt(self.leverages.of_rows(block))


def unique_fit(model: Model, what: str) -> tuple[Moments, LeastSquares]:
    """Return the sums of a model and their exact solution, which has to be the only one.

    Raises
    ------
    FitError
        If it is not; the message says `what` there is not for that reason.

    """
    moments = model.moments.restore()
    fitted = least_squares(moments, has_intercept=model.training.settings.intercept)
    if not fitted.is_unique:
        raise FitError(
            f"{what}: the weights are not unique: {explain_dependencies(moments, fitted)}",
            hint=remedy(moments, fitted),
        )
    return moments, fitted


def _short_scaling(
    moments: Moments, *, has_intercept: bool
) -> tuple[Scaling, tuple[ExactDecimal, ...]]:
    """Scale features about short decimals, so that a difference from them is rounded once."""
    scaling = Scaling.of(moments, has_intercept=has_intercept, scale=True)
    centers = centers_of(moments) if has_intercept else (ZERO,) * len(scaling.scales)
    return replace(scaling, centers=tuple(map(as_fraction, centers))), centers


def exact_inverse(moments: Moments, *, has_intercept: bool) -> fmpq_mat:
    """Return the inverse of XᵀX."""
    columns = range(1 - has_intercept, len(moments.columns))
    return fmpq_mat([[moments.moment(i, j) for j in columns] for i in columns]).inv()


def _exact_leverages(block: Block, inverse: fmpq_mat, *, has_intercept: bool) -> Floats:
    tens = [10**decimals for decimals in block.decimals]
    leverages = []
    for row in block.values.tolist():
        x = fmpq_mat(
            [[1] * has_intercept + [fmpq(value, ten) for value, ten in zip(row, tens, strict=True)]]
        )
        leverages.append(to_float(fmpq((x * inverse * x.transpose())[0, 0])))
    return np.array(leverages)
