"""The figures of the models of groups on rows: of each group, and of all rows together."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.design import Key
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.statistics.confidence import DEFAULT_CONFIDENCE
from linreg_cli.statistics.drift import DriftSums, no_drift
from linreg_cli.statistics.evaluation import Evaluation, evaluate
from linreg_cli.statistics.row_errors import ErrorTotals, RowErrors
from linreg_cli.statistics.scores import ErrorSums


class GroupedEvaluation(Struct, frozen=True, kw_only=True):
    """The figures of each group, in the order of the groups, and those of all rows together."""

    by: tuple[str, ...]
    groups: tuple[tuple[Key, Evaluation], ...]
    together: Evaluation

    @property
    def figures(self) -> dict[str, float | None]:
        """The figures of all rows that a condition can name."""
        return self.together.figures


class EvaluatedRows(Struct, frozen=True, kw_only=True):
    """The rows of a group: its key and model, their exact moments, and the error of each row."""

    key: Key
    model: Model
    new: Moments
    errors: RowErrors


def evaluate_groups(
    by: Sequence[str], parts: Sequence[EvaluatedRows], *, checks_drift: bool = False
) -> GroupedEvaluation:
    """Return the figures of the models of groups.

    Parameters
    ----------
    by
        The columns of the key.
    parts
        The rows of each group, at least one.
    checks_drift
        Whether to test if the models still hold for these rows: that of each group whose rows
        leave degrees of freedom, and all together.

    Raises
    ------
    FitError
        If the rows of all groups leave no degrees of freedom for that test.

    Notes
    -----
    R² of all rows is 1 - RSS / TSS with the sum of the squared errors of all groups, and the sum
    of squares about the mean of all rows: both are added exactly. So are the sums of squares and
    the degrees of freedom of Chow's test.

    """
    has_intercept = parts[0].model.training.settings.intercept
    new, training, errors, drift = ErrorSums(), ErrorSums(), ErrorTotals(), DriftSums()
    groups = []
    for part in parts:
        moments = part.model.training_moments()
        new += ErrorSums.of(part.new, part.model)
        training += ErrorSums.of(moments, part.model)
        errors.take(part.errors)
        found = evaluate(part.model, part.new, part.errors)
        if checks_drift:
            sums = DriftSums.of(moments, part.new, has_intercept=has_intercept)
            found, drift = replace(found, drift=sums.test()), drift + sums
        groups.append((part.key, found))
    tested = drift.test()
    if checks_drift and tested is None:
        raise no_drift(training.rows, new.rows)
    return GroupedEvaluation(
        by=tuple(by),
        groups=tuple(groups),
        together=Evaluation(
            confidence=DEFAULT_CONFIDENCE,
            has_intercept=has_intercept,
            new=new.scores(has_intercept=has_intercept),
            mae=errors.mae,
            mape=errors.mape,
            mape_percent=errors.mape_percent,
            coverage=errors.coverage,
            coverage_percent=errors.coverage_percent,
            largest_error=errors.largest,
            training=training.scores(has_intercept=has_intercept),
            drift=tested,
        ),
    )
