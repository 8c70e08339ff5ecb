"""What a trained model needs of rows: its columns, and how its rows were split."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from linreg_cli.moments import Split, coded, of_features
from linreg_cli.reading import Selection

if TYPE_CHECKING:
    from linreg_cli.model import GroupedModel, Model
    from linreg_cli.moments import GroupedMoments, Moments, SplitMoments


def selection_of(model: "Model", columns: Sequence[str] = ()) -> Selection:
    """Return the columns that a model needs, with its weights if it was trained with any.

    `columns`, if there are any, take the place of the features and the target. Rows of a level
    that no training row has are left out.
    """
    weights = model.moments.weights.column if model.moments.weights else ""
    return _select(model, columns, weights)


def selection_of_groups(model: "GroupedModel", columns: Sequence[str] = ()) -> Selection:
    """Return what `selection_of` returns, with the columns of the keys of groups."""
    selection = _select(model, columns, model.weights)
    return replace(
        selection,
        by=model.by,
        keeps_missing=model.keeps_missing,
        hint=f"{selection.hint[:-1]}, and those of the groups: {', '.join(model.by)}.",
    )


def _select(model: "Model | GroupedModel", columns: Sequence[str], weights: str) -> Selection:
    known = model.known_levels
    if known is None:
        columns = needed = tuple(columns) or (*model.x, model.y)
    else:
        columns = (*known.design.numbers, model.y)
        needed = (*known.columns, *known.design.target_columns(model.y))
    needed = (*needed, weights) if weights else needed
    return Selection(
        columns=columns,
        design=known.design if known else None,
        known=known,
        weights=weights,
        hint=f"The model needs the columns {', '.join(needed)}.",
    )


def selection_as_split(model: "Model") -> Selection:
    """Return what `selection_of` returns, with the split into training and test rows."""
    settings = model.training.settings
    split = Split.of(test_fraction=settings.test_fraction, folds=0, seed=settings.seed)
    columns = (model.split_by or ()) if settings.test_fraction else ()
    by = (model.cluster_by,) if model.cluster_by else ()  # rows without a cluster are left out
    return replace(selection_of(model, columns), split=split, by=by)


def are_trained_on(data: "SplitMoments", model: "Model") -> bool:
    """Return whether rows, read as `selection_as_split` says, are the training rows of a model."""
    if model.known_levels is None:
        found, trained = data.select(model.moments.columns), model.data()
    else:
        has_intercept = model.training.settings.intercept
        found, trained = (coded(each, has_intercept=has_intercept) for each in (data, model.data()))
    trained = trained.each(lambda part: replace(part, fourth=None))
    return (found.moments, found.test) == (trained.moments, trained.test)


def clusters_of(data: "GroupedMoments", model: "Model") -> "list[Moments]":
    """Return the moments of the training rows of each group, of the columns of a model."""
    known = model.known_levels
    parts = [group.moments for group in data.groups.values() if group.moments.rows]
    if known is None:
        return [part.select(model.moments.columns) for part in parts]
    return [of_features(part, known) for part in parts]
