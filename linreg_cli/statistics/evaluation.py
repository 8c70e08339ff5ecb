"""The figures of a model on rows, from the moments of these rows and their single errors."""

from typing import TYPE_CHECKING

from msgspec import Struct

from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.statistics.confidence import DEFAULT_CONFIDENCE
from linreg_cli.statistics.row_errors import LargestError, RowErrors
from linreg_cli.statistics.scores import Scores
from linreg_cli.training import exact_weights

if TYPE_CHECKING:
    from linreg_cli.statistics.diagnostics import Diagnostics
    from linreg_cli.statistics.drift import Drift


class Evaluation(Struct, frozen=True, kw_only=True):
    """All figures of a model on some rows; see `linreg evaluate --json` in docs/statistics.md."""

    confidence: float
    has_intercept: bool
    new: Scores
    mae: float
    mape: float | None
    mape_percent: float | None
    coverage: float | None
    coverage_percent: float | None
    largest_error: LargestError | None
    training: Scores
    drift: "Drift | None"
    diagnostics: "Diagnostics | None" = None

    @property
    def figures(self) -> dict[str, float | None]:
        """The figures that a condition can name, by `NAMES`, in the units of the table."""
        values = (
            self.new.rows,
            self.new.r2,
            self.new.rmse,
            self.mae,
            self.mape_percent,
            self.new.bias,
            self.coverage_percent,
            abs(self.largest_error.error) if self.largest_error else None,
            self.drift.f if self.drift else None,
            self.drift.p if self.drift else None,
        )
        return dict(zip(NAMES, values, strict=True))


NAMES = (
    "rows",
    "r2",
    "rmse",
    "mae",
    "mape",
    "bias",
    "coverage",
    "largest_error",
    "drift_f",
    "drift_p",
)
IN_PERCENT = frozenset({"mape", "coverage"})
SHARES = frozenset({"coverage"})
"""Figures that are a share of the rows."""


def evaluate(
    model: Model, new: Moments, errors: RowErrors, *, checks_drift: bool = False
) -> Evaluation:
    """Return the figures of a model on rows.

    Parameters
    ----------
    model
        The model.
    new, errors
        The exact moments of the rows, and the errors of the model on each. With products of four
        columns there are tests of the errors.
    checks_drift
        Whether to test if the model still holds for these rows.

    Raises
    ------
    FitError
        If the rows leave no degrees of freedom for that test.

    """
    training, has_intercept = model.training_moments(), model.training.settings.intercept
    drift = diagnostics = None
    if checks_drift:
        from linreg_cli.statistics.drift import check_drift

        drift = check_drift(training, new, has_intercept=has_intercept)
    if new.fourth is not None:
        from linreg_cli.statistics.diagnostics import diagnose

        diagnostics = diagnose(new, exact_weights(model.plane), has_intercept=has_intercept)
    return Evaluation(
        confidence=DEFAULT_CONFIDENCE,
        has_intercept=has_intercept,
        new=Scores.of(new, model),
        mae=errors.mae,
        mape=errors.mape,
        mape_percent=errors.mape_percent,
        coverage=errors.coverage,
        coverage_percent=errors.coverage_percent,
        largest_error=errors.largest,
        training=Scores.of_training(model, training),
        drift=drift,
        diagnostics=diagnostics,
    )
