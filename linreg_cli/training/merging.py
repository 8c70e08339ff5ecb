"""Models that add up: the sums of several as one, rows taken out, columns left out."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from linreg_cli.errors import DataError, UsageError, count_of, nearest
from linreg_cli.exact import shortest
from linreg_cli.model import Model, Settings
from linreg_cli.moments import Moments, SplitMoments, can_be_moments


@dataclass(frozen=True, kw_only=True)
class NamedModel:
    """A model, and what messages call it."""

    name: str
    model: Model


def join(models: Sequence[NamedModel]) -> SplitMoments:
    """Join the rows of models.

    Raises
    ------
    UsageError
        If they are of other columns or weights, or their rows were dealt out differently.

    """
    first, *others = models
    joined = first.model.data()
    for other in others:
        _require_same_columns(first, other)
        _require_same_split(first, other)
        joined += other.model.data()
    return joined


def find_shared_inputs(models: Sequence[NamedModel]) -> list[tuple[str, str]]:
    """Find the pairs of models, by name, that were given the same input, whose rows count twice."""
    return [
        (first.name, second.name)
        for first, second in combinations(models, 2)
        if set(first.model.inputs or ()) & set(second.model.inputs or ())
    ]


def joint_settings(models: Sequence[NamedModel], given: Mapping[str, Any]) -> Settings:
    """Give the settings that models share, with others in place of some.

    Parameters
    ----------
    models
        The models.
    given
        Settings to take in place of theirs. What then has no meaning, as a learning rate for
        an exact solver, is dropped.

    Raises
    ------
    UsageError
        If models differ in a setting that is not given.

    """
    first, *others = models
    own = first.model.training.settings
    settings = own.model_copy(update=dict(given))
    unused = settings.unused()
    for other in others:
        for field, value in other.model.training.settings:
            wanted = getattr(own, field)
            if value != wanted and field not in given and field not in unused:
                raise UsageError(
                    f"{other.name} was trained with {field.replace('_', ' ')} {_text(value)}, "
                    f"{first.name} with {_text(wanted)}",
                    hint=_train_together(models, field, wanted),
                )
    return settings.effective()


def _train_together(models: Sequence[NamedModel], field: str, setting: object) -> str:
    """Return the command that trains on the sums of all models, with one setting for them all."""
    option = f"--{field.replace('_', '-')}"
    words = (
        [option if setting else f"--no{option[1:]}"]
        if isinstance(setting, bool)
        else [option, _text(setting)]
    )
    names = [model.name for model in models]
    return shlex.join(["linreg", "train", *names, *words, "-o", "all.json"])


def remove_rows(model: NamedModel, removed: SplitMoments) -> SplitMoments:
    """Take rows out of a model's sums.

    Raises
    ------
    DataError
        If no row is left, or the sums tell that the rows were never there.

    """
    data = model.model.data()
    rest = data - removed
    whole, out, left = (each.by_name() for each in (data, removed, rest))
    for part in whole:
        _require_rows_were_there(whole[part], out[part], left[part], part=part, source=model.name)
    if not rest.moments.rows:
        raise DataError(
            "no row is left to learn from", source=model.name, hint="Remove fewer rows."
        )
    return rest


def choose_from_model(model: NamedModel, x: Sequence[str], y: str | None) -> tuple[str, ...]:
    """Give the features and, last, the target out of a model's columns; its own if not named.

    Raises
    ------
    UsageError
        If the model does not have one of them, or one is named twice.

    """
    own = model.model
    target = own.y if y is None else y
    features = x or [name for name in (*own.x, own.y) if name != target]
    chosen = (*features, target)
    columns = model.model.moments.columns
    for i, name in enumerate(chosen):
        if name not in columns:
            raise UsageError(
                f"{model.name} has no column '{name}'; it has {', '.join(columns)}",
                hint=nearest(name, columns)
                or "Train on the rows again: models hold only these columns.",
            )
        if name in chosen[:i]:
            raise UsageError(
                f"column '{name}' is named twice in --x and --y",
                hint="Name each column once.",
            )
    return chosen


def _require_same_columns(first: NamedModel, other: NamedModel) -> None:
    a, b = first.model, other.model
    for what, wanted, found in (
        ("the features", ", ".join(a.x), ", ".join(b.x)),
        ("the target", a.y, b.y),
        ("the weights", _weights_of(a), _weights_of(b)),
    ):
        if wanted != found:
            raise UsageError(
                f"{other.name} has {what} {found}, {first.name} has {wanted}",
                hint="Train all models with the same --x, in the same order, --y and --weights.",
            )


def _require_same_split(first: NamedModel, other: NamedModel) -> None:
    """Require that a row would be in the same part of both."""
    a, b = (each.model.training.settings for each in (first, other))
    deals = [(each.test_fraction, each.folds) for each in (a, b)]
    is_by_same_columns = first.model.split_by == other.model.split_by
    if deals[0] != deals[1] or (any(deals[0]) and (a.seed != b.seed or not is_by_same_columns)):
        raise UsageError(
            f"the rows of {other.name} and {first.name} were dealt out differently",
            hint="Train both with the same --test-fraction or --folds, --seed and columns.",
        )


def _text(setting: object) -> str:
    return ",".join(map(str, setting)) if isinstance(setting, tuple) else str(setting)


def _weights_of(model: Model) -> str:
    return model.moments.weights.column if model.moments.weights else "none"


def _require_rows_were_there(
    whole: Moments, out: Moments, left: Moments, *, part: str, source: str
) -> None:
    hint = "Give --remove rows that the model was trained on, each once."
    if left.rows < 0:
        raise DataError(
            f"{count_of(out.rows, 'row')} cannot be taken out of the {whole.rows:,} of {part}",
            source=source,
            hint=hint,
        )
    with_them = whole + out
    for j, column in enumerate(out.columns if left.rows else ()):
        ends = ((with_them.minimum, left.minimum), (with_them.maximum, left.maximum))
        for wider, end in ends:
            if wider[j] != end[j]:
                value = shortest(wider[j], left.decimals[j])
                raise DataError(
                    f"a row to take out has {value}, which no row of {part} had",
                    source=source,
                    column=column,
                    hint=hint,
                )
    if not can_be_moments(left):
        raise DataError(f"not all of the rows to take out were in {part}", source=source, hint=hint)
