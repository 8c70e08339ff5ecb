"""The ordinary training of every group: each gets the model of its rows alone."""

from collections.abc import Callable

from msgspec.structs import replace

from linreg_cli.design import Design, Key, KnownLevels, expanded, in_order, keys_in_order
from linreg_cli.errors import FitError, UsageError
from linreg_cli.model import (
    GROUPS_FORMAT,
    GROUPS_VERSION,
    Group,
    GroupedModel,
    Model,
    Settings,
    StoredDesign,
    StoredMoments,
    TrainingResult,
)
from linreg_cli.moments import GroupedMoments, Moments, SplitMoments, levels_of
from linreg_cli.training.centers import center_text
from linreg_cli.training.descent import prepare_descent
from linreg_cli.training.descent_run import run_descent
from linreg_cli.training.line_fits import LineFit, fit_line, is_line
from linreg_cli.training.make_model import descended_model, exact_model
from linreg_cli.training.problem import Problem, set_up

Watch = Callable[[int], None]
"""A function that takes the number of groups that are trained so far."""


def train_groups(data: GroupedMoments, settings: Settings, watch: Watch) -> GroupedModel:
    """Train a model for each group.

    A group whose fit does not exist or is not unique keeps its moments and the reason.

    Parameters
    ----------
    data
        The moments of each group.
    settings
        How to learn.
    watch
        Called after each group.

    Raises
    ------
    UsageError
        If no row of any group has a reference level that the user chose.
    KeyboardInterrupt
        If Ctrl-C is pressed.

    """
    groups = []
    for count, key in enumerate(keys_in_order(data.groups), start=1):
        groups.append(train_group(key, data.groups[key], settings))
        watch(count)
    any_data = next(iter(data.groups.values()))
    known = _all_levels(data, settings)
    *features, target = any_data.moments.columns
    return GroupedModel(
        format=GROUPS_FORMAT,
        version=GROUPS_VERSION,
        y=target,
        x=tuple(term.name for term in known.features) if known else tuple(features),
        by=data.by,
        keeps_missing=data.keeps_missing,
        rows_without_key=data.rows_without_key,
        settings=settings,
        design=None if known is None else StoredDesign.of(known),
        split_by=any_data.split_by or None,
        inputs=tuple(sorted(data.inputs)) or None,
        groups=tuple(groups),
    )


def train_group(key: Key, data: SplitMoments, settings: Settings) -> Group:
    """Return the model of a group, or the reason why there is none."""
    line = fit_line(data.moments) if is_line(data, settings) else None
    if line is not None:
        return _of_line(key, data.moments, line)
    try:
        model = _fit(data, settings)
    except (FitError, UsageError) as error:
        return _without_fit(key, data, error.message)
    return Group(
        key=key,
        m=model.m,
        b=model.b,
        center=model.center,
        value_at_center=model.value_at_center,
        training=model.training.result,
        levels=model.design.levels if model.design else None,
        moments=model.moments,
        test_moments=model.test_moments,
        fold_moments=model.fold_moments,
    )


def _of_line(key: Key, moments: Moments, line: LineFit) -> Group:
    """Return the group whose model is a line that was fitted in closed form."""
    return Group(
        key=key,
        m=line.m,
        b=line.b,
        center={moments.columns[0]: center_text(line.center)},
        value_at_center=line.value_at_center,
        training=TrainingResult(stopped="exact", loss=line.loss, best_loss=line.best_loss),
        moments=StoredMoments.of(moments),
    )


def _fit(data: SplitMoments, settings: Settings) -> Model:
    """Return the model of the ordinary training.

    Raises
    ------
    FitError
        If there is none, or the least-squares solution is not unique: weights of which infinitely
        many others fit as well cannot be compared with those of other groups.
    UsageError
        If no row has the reference level.

    """
    return train_once(set_up(data, settings, is_unique=True))


def train_once(problem: Problem) -> Model:
    """Return the model of the ordinary training, which shows nothing.

    Raises
    ------
    FitError
        If the descent diverges.
    KeyboardInterrupt
        If Ctrl-C is pressed: weights of half of the groups are of no use.

    """
    if problem.settings.solver == "exact":
        return exact_model(problem)
    descent = prepare_descent(problem)
    run = run_descent(descent, lambda _: None)
    if run.stopped == "interrupted":
        raise KeyboardInterrupt
    return descended_model(problem, descent, run)


def _without_fit(key: Key, data: SplitMoments, reason: str) -> Group:
    """Return a group that keeps the moments of all levels of its categories."""
    levels = None
    if data.design is not None:
        levels = {name: tuple(found) for name, found in levels_of(data, data.design).items()}
        data = data.select(_all_columns(data.design, levels, data.moments.columns[-1]))
    return Group(
        key=key,
        reason=reason,
        levels=levels,
        moments=_stored(data.moments),
        test_moments=None if data.test is None else _stored(data.test),
        fold_moments=tuple(map(_stored, data.folds)) or None,
    )


def _stored(moments: Moments) -> StoredMoments | None:
    return StoredMoments.of(moments) if moments.rows else None


def _all_columns(design: Design, levels: dict[str, tuple[str, ...]], target: str) -> list[str]:
    """Return the columns of all terms, with an indicator for each level, and the target."""
    terms = [each for term in design.terms for each in expanded(term, levels)]
    return [*(term.name for term in terms), target]


def _all_levels(data: GroupedMoments, settings: Settings) -> KnownLevels | None:
    """Return the design with the levels of all groups, if there is a design."""
    designs = [each.design for each in data.groups.values() if each.design is not None]
    if not designs:
        return None
    design = replace(designs[0], max_levels=max(each.max_levels for each in designs))
    found: dict[str, set[str]] = {column: set() for column in design.categories}
    for each in data.groups.values():
        for column, levels in levels_of(each, design).items():
            found[column].update(levels)
    return KnownLevels(
        design=design,
        levels={column: in_order(levels) for column, levels in found.items()},
        has_intercept=settings.intercept,
    )
