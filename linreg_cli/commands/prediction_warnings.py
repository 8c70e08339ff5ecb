"""Warnings after predictions: rows without one, rows outside the training range, other fits."""

from typing import TYPE_CHECKING

from linreg_cli.errors import count_of
from linreg_cli.output.terminal import warn

if TYPE_CHECKING:
    from linreg_cli.prediction import GroupCounts, PredictionColumns
    from linreg_cli.reading import RowCounts


def warn_of_groups(group_counts: "GroupCounts") -> None:
    """Warn of rows of groups without a prediction, or without some of the columns."""
    for text in group_counts.warnings():
        warn(text)


def warn_of_other_fit(columns: "PredictionColumns") -> None:
    """Warn of columns that are those of the least-squares fit, if the model has other weights."""
    has_interval = columns.interval or columns.mean_interval
    if has_interval or columns.cooks_distance:  # a plain prediction starts without flint
        from linreg_cli.training import why_apart

        apart = why_apart(columns.model)
        if has_interval and apart:
            warn(f"intervals are as wide as those of the least-squares fit, but {apart}")
        if columns.cooks_distance and apart:
            warn(f"Cook's distances are those of the least-squares fit, but {apart}")


def warn_of_rows(row_counts: "RowCounts", rejects: str | None) -> None:
    """Warn of rows without a prediction."""
    if row_counts.incomplete:
        warn(
            f"{count_of(row_counts.incomplete, 'row')} without a prediction: "
            f"{row_counts.missing_cells}"
        )
    if row_counts.undefined:
        warn(
            f"{count_of(row_counts.undefined, 'row')} without a prediction: values that do not "
            f"exist: {row_counts.undefined_counts}"
        )
    if row_counts.unknown:
        warn(
            f"{count_of(row_counts.unknown, 'row')} without a prediction: no training row has the "
            f"level of {row_counts.first_unknown}"
        )
    if row_counts.rejected:
        warn(f"{count_of(row_counts.rejected, 'row')} written to {rejects}: {row_counts}")
