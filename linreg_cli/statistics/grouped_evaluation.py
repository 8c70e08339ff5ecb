"""The figures of the models of groups on rows: of each group, and of all rows together."""

from collections.abc import Sequence

from msgspec import Struct

from linreg_cli.design import Key
from linreg_cli.model import Model
from linreg_cli.moments import Moments
from linreg_cli.statistics.confidence import DEFAULT_CONFIDENCE
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


def evaluate_groups(by: Sequence[str], parts: Sequence[EvaluatedRows]) -> GroupedEvaluation:
    """Return the figures of the models of groups.

    Parameters
    ----------
    by
        The columns of the key.
    parts
        The rows of each group, at least one.

    Notes
    -----
    R² of all rows is 1 - RSS / TSS with the sum of the squared errors of all groups, and the sum
    of squares about the mean of all rows: both are added exactly.

    """
    has_intercept = parts[0].model.training.settings.intercept
    new, training, errors = ErrorSums(), ErrorSums(), ErrorTotals()
    for part in parts:
        new += ErrorSums.of(part.new, part.model)
        training += ErrorSums.of(part.model.training_moments(), part.model)
        errors.take(part.errors)
    return GroupedEvaluation(
        by=tuple(by),
        groups=tuple((part.key, evaluate(part.model, part.new, part.errors)) for part in parts),
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
            drift=None,
        ),
    )
