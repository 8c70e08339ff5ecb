"""The rows that a trained model asks for: its columns, and those of the rows that count."""

from collections.abc import Sequence
from dataclasses import replace

from linreg_cli.model import Model
from linreg_cli.moments import Split, SplitMoments
from linreg_cli.reading import Selection


def selection_of(model: Model, columns: Sequence[str] = ()) -> Selection:
    """Give what a model needs of rows: the weights if it was trained with any, and its columns.

    Others can take the place of its columns.
    """
    columns = tuple(columns) or (*model.x, model.y)
    weights = model.moments.weights.column if model.moments.weights else ""
    needed = ", ".join([*columns, *([weights] if weights else [])])
    return Selection(
        columns=columns, weights=weights, hint=f"The model needs the columns {needed}."
    )


def selection_as_split(model: Model) -> Selection:
    """Return what a model needs of rows to tell its test rows from its training rows."""
    settings = model.training.settings
    split = Split.of(test_fraction=settings.test_fraction, folds=0, seed=settings.seed)
    columns = (model.split_by or ()) if settings.test_fraction else ()
    return replace(selection_of(model, columns), split=split)


def are_trained_on(data: SplitMoments, model: Model) -> bool:
    """Tell whether rows, read as `selection_as_split` says, are those behind a model."""
    found, trained = data.select(model.moments.columns), model.data()
    return (found.moments, found.test) == (trained.moments, trained.test)
