"""How well the predictions of a model fit rows, from the moments of these rows."""

from flint import fmpq
from msgspec import Struct

from linreg_cli.exact import root_to_float, to_float
from linreg_cli.model import Model
from linreg_cli.moments import Moments, squares as inference
from linreg_cli.training import exact_weights


class Scores(Struct, frozen=True, kw_only=True):
    """How well predictions fit rows.

    Attributes
    ----------
    rows
        The number of rows.
    r2, rmse
        R² is about the mean of these rows, or about 0 if the model has no intercept; None where
        the target is constant.
    bias
        The mean of prediction less target.

    """

    rows: int
    r2: float | None
    rmse: float
    bias: float

    @classmethod
    def of(cls, moments: Moments, model: Model) -> "Scores":
        """Return the scores of a model on rows with these moments, each rounded once."""
        weights = exact_weights(model.plane)
        error = inference.residual_sum_of_squares(moments, weights)
        has_intercept = model.training.settings.intercept
        total = inference.total_sum_of_squares(moments, has_intercept=has_intercept)
        signed = sum(
            (w * moments.moment(0, j) for j, w in enumerate([*weights, fmpq(-1)])), fmpq(0)
        )
        return cls(
            rows=moments.rows,
            r2=inference.r_squared(error, total),
            rmse=root_to_float(error / moments.total_weight),
            bias=to_float(signed / moments.total_weight),
        )
