"""Models that add up: merging their moments, removing rows, choosing some of their columns."""

import shlex
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import combinations
from operator import add
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.design import labels_of
from linreg_cli.errors import DataError, UsageError, count_of, nearest, refuse_named_twice
from linreg_cli.exact import shortest
from linreg_cli.model import GroupedModel, Model, Settings, show_key
from linreg_cli.moments import GroupedMoments, Moments, SplitMoments, can_be_moments


class NamedModel(Struct, frozen=True, kw_only=True):
    """A model, and what messages call it."""

    name: str
    model: Model


class NamedGroups(Struct, frozen=True, kw_only=True):
    """A model for each group, and what messages call their file."""

    name: str
    model: GroupedModel


Named: TypeAlias = NamedModel | NamedGroups


def merge_models(models: Sequence[NamedModel]) -> SplitMoments:
    """Return the moments of the rows of all models.

    Raises
    ------
    UsageError
        If the models differ in their columns or weights, or in how rows were split.

    """
    _require_alike(models)
    return reduce(add, (named.model.data() for named in models))


def merge_groups(models: Sequence[NamedGroups]) -> GroupedMoments:
    """Return the moments of the rows of all models, group by group.

    Raises
    ------
    UsageError
        If the models differ in the columns of their keys, in other columns or weights, or in how
        rows were split.

    """
    _require_alike(models)
    return reduce(add, (named.model.data() for named in models))


def _require_alike(models: Sequence[Named]) -> None:
    first, *others = models
    for other in others:
        _require_same_columns(first, other)
        _require_same_split(first, other)


def find_shared_inputs(models: Sequence[Named]) -> list[tuple[str, str]]:
    """Return the pairs of models, by name, that were given the same input: its rows count twice."""
    return [
        (first.name, second.name)
        for first, second in combinations(models, 2)
        if set(first.model.inputs or ()) & set(second.model.inputs or ())
    ]


def merge_settings(models: Sequence[Named], given: Mapping[str, Any]) -> Settings:
    """Return the settings that models share, some of them replaced.

    Parameters
    ----------
    models
        The models.
    given
        Settings that replace those of the models. A setting that then has no effect, such as a
        learning rate for the exact solver, returns to its default.

    Raises
    ------
    UsageError
        If models differ in how rows were split, or in a setting that is not given.

    """
    first, *others = models
    own = first.model.settings
    settings = own.changed(**given)
    unused = settings.without_effect()
    for other in others:
        _require_same_split(first, other)
        for field in Settings.names():
            value = getattr(other.model.settings, field)
            wanted = getattr(own, field)
            if value != wanted and field not in given and field not in unused:
                raise UsageError(
                    f"{other.name} was trained with {' '.join(_option(field, value))}, "
                    f"{first.name} with {' '.join(_option(field, wanted))}",
                    hint=_train_together(models, _option(field, wanted)),
                )
    return settings.effective()


def _option(field: str, setting: object) -> list[str]:
    """Return the words of the option that gives a setting, as ``--no-scale`` or ``--l2 0.1``."""
    option = f"--{field.replace('_', '-')}"
    if isinstance(setting, bool):
        return [option if setting else f"--no{option[1:]}"]
    return [option, ",".join(map(str, setting)) if isinstance(setting, tuple) else str(setting)]


def _train_together(models: Sequence[Named], option: Sequence[str]) -> str:
    """Return the command that trains on the moments of all models, with one setting for all."""
    names = [model.name for model in models]
    return shlex.join(["linreg", "train", *names, *option, "-o", "all.json"])


def remove_rows(model: NamedModel, removed: SplitMoments) -> SplitMoments:
    """Return the moments of a model without some of its rows.

    Raises
    ------
    DataError
        If no row is left, or the moments show that the model was not trained on these rows.

    """
    rest = _without(model.model.data(), removed, model.name)
    if not rest.moments.rows:
        raise _no_row_left(model.name)
    return rest


def remove_group_rows(model: NamedGroups, removed: GroupedMoments) -> GroupedMoments:
    """Return the moments of the groups without some of their rows; a group may lose all.

    Raises
    ------
    DataError
        If no row is left, or the moments show that a group was not trained on these rows.

    """
    data = model.model.data()
    groups = dict(data.groups)
    for key, out in removed.groups.items():
        source = f"{model.name}, group {show_key(key)}"
        if key not in groups:
            raise DataError(
                f"{count_of(out.rows, 'row')} cannot be removed: the model has no such group",
                source=source,
                hint=_REMOVABLE,
            )
        rest = _without(groups.pop(key), out, source)
        if rest.rows:
            groups[key] = rest
    without_key = data.rows_without_key - removed.rows_without_key
    if without_key < 0:
        raise DataError(
            f"{count_of(removed.rows_without_key, 'row')} without key cannot be removed: the "
            f"model left out {data.rows_without_key:,}",
            source=model.name,
            hint=_REMOVABLE,
        )
    if not groups:
        raise _no_row_left(model.name)
    return replace(
        data,
        groups=groups,
        rows_without_key=without_key,
        inputs=data.inputs - removed.inputs,
    )


_REMOVABLE = "Give --remove rows that the model was trained on, each once."


def _without(data: SplitMoments, removed: SplitMoments, source: str) -> SplitMoments:
    """Return moments without those of some rows, if these rows can have been among them."""
    rest = data - removed
    whole, out, left = (each.by_name() for each in (data, removed, rest))
    for part in whole:
        _require_rows_were_there(whole[part], out[part], left[part], part=part, source=source)
    return _without_empty_clusters(rest, removed, source).without_levels_lost_from(data)


def _without_empty_clusters(rest: SplitMoments, removed: SplitMoments, source: str) -> SplitMoments:
    """Return moments without clusters that lost all rows, if rows were in the others.

    Raises
    ------
    DataError
        If a cluster did not have rows that are removed.

    """
    for key in removed.clusters:
        if not can_be_moments(rest.clusters[key]):
            raise DataError(
                f"not all of the rows to remove with {rest.cluster_by} = {key} are in the model",
                source=source,
                hint=_REMOVABLE,
            )
    kept = {key: part for key, part in rest.clusters.items() if part.rows}
    return replace(rest, clusters=kept)


def _no_row_left(source: str) -> DataError:
    return DataError("no row is left to learn from", source=source, hint="Remove fewer rows.")


def choose_from_model(model: Named, x: Sequence[str], y: str | None) -> tuple[str, ...]:
    """Return the chosen features of a model and, last, the target; its own if none are named.

    Raises
    ------
    UsageError
        If the model does not have one of them, or one is named twice.

    """
    own = model.model
    target = own.y if y is None else y
    features = x or [name for name in (*own.x, own.y) if name != target]
    chosen = (*features, target)
    columns = (*own.x, own.y)
    for name in chosen:
        if name not in columns:
            raise UsageError(
                f"{model.name} has no column '{name}'; it has {', '.join(columns)}",
                hint=nearest(name, columns)
                or "Train on the rows again: models hold only these columns.",
            )
    refuse_named_twice(chosen, "--x and --y")
    return chosen


def choose_terms(model: Named, data: SplitMoments, x: Sequence[str], y: str | None) -> SplitMoments:
    """Return moments with some terms of a model with categories; with its own if none are named.

    Raises
    ------
    UsageError
        If the model does not have one of them, one is named twice, the target is another one, or
        rows were split by columns that are left out.

    """
    design = data.design
    assert design is not None  # noqa: S101 - the model has categories
    if y not in {None, model.model.y}:
        raise UsageError(
            f"{model.name} has categories or computed features, so that its target must be "
            f"'{model.model.y}'",
            hint="Train on the rows again to learn another target.",
        )
    names = {label: term for term, label in labels_of(design.terms).items()}
    for name in x:
        if name not in names:
            raise UsageError(
                f"{model.name} has no column '{name}'; it has {', '.join(names)}",
                hint=nearest(name, names)
                or "Train on the rows again: models hold only these columns.",
            )
    refuse_named_twice(x, "--x")
    if not x or list(x) == list(names):
        return data
    if set(x) != set(names) and (data.test is not None or data.folds):
        raise UsageError(
            f"the rows of {model.name} were split by all of its features",
            hint="Train on the rows again to leave columns out.",
        )
    chosen = design.select([names[name] for name in x])
    kept = {*(term.name for term in chosen.terms), model.model.y}
    written = {name: term.written.name for name, term in data.moments.terms.items()}
    columns = [name for name in data.moments.columns if written.get(name, name) in kept]
    return replace(
        data.select(columns), design=chosen if chosen.categories or chosen.computed else None
    )


def _require_same_columns(first: Named, other: Named) -> None:
    a, b = first.model, other.model
    for what, wanted, found in (
        ("the features", _features_of(a), _features_of(b)),
        ("the references", _references_of(a), _references_of(b)),
        ("the target", a.y, b.y),
        ("the weights", a.weights or "none", b.weights or "none"),
        ("the groups", _groups_of(a), _groups_of(b)),
        ("the option", _moments_of(a), _moments_of(b)),
        ("the clusters", _clusters_of(a), _clusters_of(b)),
    ):
        if wanted != found:
            raise UsageError(
                f"{other.name} has {what} {found}, {first.name} has {wanted}",
                hint="Train all models with the same --x, in the same order, --y, --weights, "
                "--moments and --robust"
                f"{', --category and --reference' if a.design or b.design else ''}.",
            )


def _require_same_split(first: Named, other: Named) -> None:
    """Raise an error unless both models assign a row to the same part."""
    a, b = (each.model.settings for each in (first, other))
    parts = [(each.test_fraction, each.folds) for each in (a, b)]
    is_by_same_columns = first.model.split_by == other.model.split_by
    if parts[0] != parts[1] or (any(parts[0]) and (a.seed != b.seed or not is_by_same_columns)):
        raise UsageError(
            f"the rows of {other.name} and {first.name} were split differently",
            hint="Train both with the same --test-fraction or --folds, --seed and columns.",
        )


def _features_of(model: Model | GroupedModel) -> str:
    """Return the features as they were written: models of other rows may have other levels."""
    design = model.known_levels and model.known_levels.design
    return ", ".join([term.name for term in design.terms] if design else model.x)


def _references_of(model: Model | GroupedModel) -> str:
    design = model.known_levels and model.known_levels.design
    chosen = design.references if design else {}
    return ", ".join(f"{name}={level}" for name, level in chosen.items()) or "none"


def _groups_of(model: Model | GroupedModel) -> str:
    if isinstance(model, Model):
        return "none"
    return f"by {', '.join(model.by)}{' with missing keys' if model.keeps_missing else ''}"


def _clusters_of(model: Model | GroupedModel) -> str:
    return (model.cluster_by if isinstance(model, Model) else "") or "none"


def _moments_of(model: Model | GroupedModel) -> str:
    return f"--moments {4 if model.has_fourth else 2}"


def _require_rows_were_there(
    whole: Moments, out: Moments, left: Moments, *, part: str, source: str
) -> None:
    if left.rows < 0:
        raise DataError(
            f"{count_of(out.rows, 'row')} cannot be removed from the {whole.rows:,} of {part}",
            source=source,
            hint=_REMOVABLE,
        )
    with_them = whole + out
    for j, column in enumerate(out.columns if left.rows else ()):
        ends = ((with_them.minimum, left.minimum), (with_them.maximum, left.maximum))
        for wider, end in ends:
            if wider[j] != end[j]:
                value = shortest(wider[j], left.decimals[j])
                raise DataError(
                    f"a row to remove has {value}, which no row of {part} has",
                    source=source,
                    column=column,
                    hint=_REMOVABLE,
                )
    if not can_be_moments(left):
        raise DataError(
            f"not all of the rows to remove are in {part}", source=source, hint=_REMOVABLE
        )
