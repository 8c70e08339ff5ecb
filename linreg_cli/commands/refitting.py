"""Training on the sums of models: what linreg train does where DATA are model files."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linreg_cli.commands.effects import ignore, refuse
from linreg_cli.commands.options import TrainingRowOptions, Typed
from linreg_cli.errors import UsageError

if TYPE_CHECKING:
    from linreg_cli.model import Model, Settings
    from linreg_cli.moments import SplitMoments
    from linreg_cli.reading.sources import Source

RESTORED = "a model in place of DATA: its rows are summed already"
NEED_ROWS = (
    *("once", "weights", "test_fraction", "folds", "explain", "plot", "cluster"),
    *TrainingRowOptions.names(),
)
"""Options of training that say something of rows."""


def are_models(sources: "Sequence[Source]") -> bool:
    """Tell whether sources are model files.

    Raises
    ------
    UsageError
        If some are and some are not.

    """
    found = [_is_model(source) for source in sources]
    if any(found) and not all(found):
        model, other = (sources[found.index(is_model)].name for is_model in (True, False))
        raise UsageError(
            f"{model} is a model and {other} is not",
            hint=f"linreg update {model} {other} adds rows to a model.",
        )
    return all(found)


def refuse_models(sources: "Sequence[Source]", model: str) -> None:
    """Refuse models where rows are wanted for a model.

    Raises
    ------
    UsageError
        For the first of them.

    """
    for source in filter(_is_model, sources):
        raise UsageError(
            f"{source.name} is a model, and has no rows",
            hint=f"linreg merge {model} {source.name} joins models.",
        )


def restore(
    typed: Typed, names: Sequence[str], x: Sequence[str], y: str | None
) -> "tuple[SplitMoments, Settings]":
    """Give the joined sums of models, and their settings with those that the user gave.

    Raises
    ------
    UsageError
        If the models do not add up, or an option needs rows.

    """
    from linreg_cli.model import Settings, load_model
    from linreg_cli.training import NamedModel, choose_from_model, merge_models, merge_settings

    models = [NamedModel(name=name, model=load_model(name)) for name in names]
    own = _decided_by_rows(models[0].model)
    changed = [name for name in NEED_ROWS if typed.values.get(name) != own.get(name)]
    ignore(typed, changed, RESTORED)
    given = {name: value for name, value in typed.values.items() if name in Settings.model_fields}
    settings = merge_settings(models, given)
    if (settings.test_fraction or settings.folds) and settings.seed != own["seed"]:
        refuse(typed, ["seed"], RESTORED)
    return merge_models(models).select(choose_from_model(models[0], x, y)), settings


def _decided_by_rows(model: "Model") -> dict[str, object]:
    """Return the values of options that were decided when the rows of a model were read."""
    settings = model.training.settings
    return {
        "weights": model.moments.weights.column if model.moments.weights else None,
        "test_fraction": settings.test_fraction,
        "folds": settings.folds,
        "seed": settings.seed,
        "missing": "drop",
    }


def _is_model(source: "Source") -> bool:
    from linreg_cli.model import is_model_file

    return source.path is not None and is_model_file(source.path)
