"""Predictions on the original scale of a target, with --inverse."""

from typing import TYPE_CHECKING

from linreg_cli.output.terminal import note

if TYPE_CHECKING:  # the help of a command loads no model
    from linreg_cli.design import Inverse
    from linreg_cli.model import GroupedModel, Model


def inverse_of(model: "Model | GroupedModel") -> "Inverse":
    """Return the inverse of the target of a model.

    Raises
    ------
    UsageError
        If the target is a column, or has no inverse.

    """
    from linreg_cli.design import Inverse

    return Inverse.of(model.known_levels.design.target if model.known_levels else None)


def median_note(model: "Model | GroupedModel", inverse: "Inverse") -> str:
    """Return that a prediction is a median; the empty text if it is a mean."""
    if inverse.is_affine:
        return ""
    return (
        f"--inverse predicts the median of {inverse.column}, not its mean: the "
        f"prediction is that of {model.y}."
    )


def note_of_median(model: "Model | GroupedModel", inverse: "Inverse") -> None:
    """Print a note if the predictions are medians."""
    if text := median_note(model, inverse):
        note(text)
