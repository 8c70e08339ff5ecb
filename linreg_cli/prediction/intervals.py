"""How uncertain a prediction is: intervals, from the moments alone."""

from typing import Self

import numpy as np
from flint import arb
from msgspec import Struct

from linreg_cli.errors import FitError
from linreg_cli.exact import (
    Block,
    Floats,
    correctly_rounded,
    exact_decimal,
    t_quantile,
)
from linreg_cli.model import Model
from linreg_cli.prediction.leverages import Leverages
from linreg_cli.prediction.rows_fit import RowsFit


class Uncertainty(Struct, frozen=True, kw_only=True):
    """What predictions leave uncertain.

    Attributes
    ----------
    margin
        The quantile of t times the residual standard error, in units of the target.
    leverages
        Those of the model.

    """

    margin: float
    leverages: Leverages

    @classmethod
    def of(cls, model: Model, confidence: float) -> Self:
        """Return what the intervals of a model need.

        Parameters
        ----------
        model
            Its moments are used.
        confidence
            How often an interval is to hold, between 0 and 1.

        Raises
        ------
        FitError
            If the rows leave no degrees of freedom, or the columns are collinear.

        """
        return cls.of_fit(RowsFit.of(model), confidence)

    @classmethod
    def of_fit(cls, fit: RowsFit, confidence: float) -> Self:
        """Return what the intervals of a fit need; see `of`."""
        fit.require_unique("no interval")
        free = fit.degrees_of_freedom
        if not free:
            raise FitError(
                f"no interval: {fit.moments.rows} rows leave no degrees of freedom for "
                f"{len(fit.solution.weights)} weights",
                hint="Train on more rows.",
            )
        quantile = exact_decimal(confidence)
        variance = fit.solution.objective / free
        return cls(
            margin=correctly_rounded(lambda: [t_quantile(quantile, free) * arb(variance).sqrt()])[
                0
            ],
            leverages=Leverages.of_fit(fit),
        )

    def of_rows(self, block: Block, weights: Floats | float = 1.0) -> Floats:
        """Return half the width of the prediction interval of each row."""
        return self.of_leverages(self.leverages.of_rows(block), weights)

    def of_means(self, block: Block) -> Floats:
        """Return half the width of the confidence interval of the mean at each row."""
        return self.of_mean_leverages(self.leverages.of_rows(block))

    def of_leverages(self, leverages: Floats, weights: Floats | float = 1.0) -> Floats:
        """Return half the width of the prediction interval at some leverages."""
        with np.errstate(over="ignore"):
            spread = np.sqrt(1 / weights + leverages)
        if np.isinf(spread).any():  # the inverse of the smallest weights is beyond float64
            roots = np.hypot(1 / np.sqrt(weights), np.sqrt(leverages))
            spread = np.where(np.isinf(spread), roots, spread)
        return self.margin * spread

    def of_mean_leverages(self, leverages: Floats) -> Floats:
        """Return half the width of the confidence interval of the mean at some leverages."""
        return self.margin * np.sqrt(leverages)
