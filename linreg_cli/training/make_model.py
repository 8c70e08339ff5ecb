"""The model of an exact solution or of a run of gradient descent."""

from collections.abc import Sequence
from typing import Literal

from flint import fmpq

from linreg_cli.errors import FitError
from linreg_cli.exact import Plane, from_float, to_float
from linreg_cli.model import (
    AT_SOLUTION,
    FORMAT,
    VERSION,
    LastEpoch,
    Model,
    StoredClusters,
    StoredDesign,
    StoredMoments,
    Training,
)
from linreg_cli.training.centers import (
    as_fraction,
    center_text,
    centers_of,
    exact_weights,
    rounded_plane,
    value_at,
)
from linreg_cli.training.descent import Descent
from linreg_cli.training.descent_run import Run
from linreg_cli.training.problem import Problem
from linreg_cli.training.saved_weights import visible_error


def exact_model(problem: Problem) -> Model:
    """Return the model of the exact solution."""
    return _model(problem, problem.exact_weights, stopped="exact")


def descended_model(problem: Problem, descent: Descent, run: Run) -> Model:
    """Return the model of the last epoch, or of the exact solution if the descent has reached it.

    Raises
    ------
    FitError
        If the descent diverged.

    """
    if run.stopped == "diverged":
        raise FitError(
            f"diverged: the loss was {run.history[0][1]:.3g} at the start and is "
            f"{run.last.loss:.3g} at epoch {run.last.number}; no model was written",
            hint=f"--learning-rate {descent.rates.automatic} converges; auto uses this value.",
        )
    last = descent.exact_weights(run.last)
    weights = problem.exact_weights if finds_solution(problem, run) else last
    return _model(problem, weights, stopped=run.stopped, descent=descent, run=run)


def finds_solution(problem: Problem, run: Run) -> bool:
    """Return whether a descent converged to within 1e-9 of the unique exact solution."""
    is_close = run.last.distance <= AT_SOLUTION
    return run.stopped == "converged" and is_close and problem.solution.is_unique


def _model(
    problem: Problem,
    weights: Sequence[fmpq],
    *,
    stopped: Literal["converged", "out of epochs", "interrupted", "exact"],
    descent: Descent | None = None,
    run: Run | None = None,
) -> Model:
    """Return the model with some weights, the intercept first (0 if there is none)."""
    *features, target = problem.moments.columns
    data, moments = problem.data, StoredMoments.of(problem.moments)
    plane = _plane(problem, weights, moments)
    saved = exact_weights(plane)
    m, b = _named(features, [to_float(weights[0]), *plane.slopes])
    return Model(
        format=FORMAT,
        version=VERSION,
        y=target,
        x=tuple(features),
        m=m,
        b=b,
        center=dict(zip(features, map(center_text, plane.centers), strict=True)),
        value_at_center=plane.value,
        training=Training(
            settings=problem.settings,
            learning_rate=descent.settings.learning_rate if descent else None,
            epochs=run.last.number if run else 0,
            stopped=stopped,
            last_epoch=_last_epoch(problem, descent, run),
            l2=problem.l2,
            loss=to_float(problem.loss(saved)),
            best_loss=problem.best_loss,
            test_loss=problem.test_loss(saved),
            history=run.history if run else (),
            cross_validation=problem.candidates or None,
        ),
        design=None if data.known is None else StoredDesign.of(data.known),
        moments=moments,
        test_moments=StoredMoments.of(data.test) if data.test is not None else None,
        fold_moments=tuple(map(StoredMoments.of, data.folds)) or None,
        clusters=StoredClusters.of(data),
        split_by=data.split_by or None,
        inputs=tuple(sorted(data.inputs)) or None,
    )


def _last_epoch(problem: Problem, descent: Descent | None, run: Run | None) -> LastEpoch | None:
    """Return the weights at which a descent stopped, if the model has those of the solution."""
    if not (descent and run and finds_solution(problem, run)):
        return None
    *features, _ = problem.moments.columns
    m, b = _named(features, descent.weights(run.last))
    return LastEpoch(m=m, b=b)


def _named(
    features: Sequence[str], weights: Sequence[float]
) -> tuple[float | dict[str, float], float]:
    """Return m, with a name for each of several features, and b."""
    b, *slopes = weights
    return slopes[0] if len(slopes) == 1 else dict(zip(features, slopes, strict=True)), b


def _plane(problem: Problem, weights: Sequence[fmpq], moments: StoredMoments) -> Plane:
    """Return the plane of weights, the intercept first, with each number rounded once.

    Without an intercept the plane goes through 0, unless float64 slopes are too coarse for that, as
    with a constant column and one in epoch nanoseconds.
    """
    centers = centers_of(problem.moments)
    plane = rounded_plane(centers, weights)
    if problem.settings.intercept:
        return plane
    through_zero = Plane.about_zero(plane.slopes, 0.0)
    if len(plane.slopes) == 1:  # the error of a single slope is relative: it is never visible
        return through_zero
    missed = abs(value_at(through_zero, list(map(as_fraction, centers))) - from_float(plane.value))
    visible = visible_error(moments, problem.loss(weights), len(weights) - 1)
    return plane if missed > from_float(visible) else through_zero
