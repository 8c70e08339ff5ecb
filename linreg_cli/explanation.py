"""The first epochs in full arithmetic: every figure of a few steps, on the first rows.

The means are those of all rows, from the exact sums; only what a row shows is of the first ones.
Every figure is worked out in fractions from the weights of the run, and rounded once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import numpy as np
from flint import fmpq

from linreg_cli import inference
from linreg_cli.decimals import ExactDecimal
from linreg_cli.errors import FitError
from linreg_cli.fit import Descent, Problem
from linreg_cli.miniature import Scaling
from linreg_cli.rationals import from_float, to_float
from linreg_cli.training.gradient_descent import Epoch, Stopped, steepest_direction

EPOCHS = 3
"""How many epochs are worked out, each with the step that follows it."""


@dataclass(frozen=True, kw_only=True)
class FirstRow:
    """A row as it is in the file.

    Attributes
    ----------
    source, line
        Where it is.
    features, target
        Its numbers, exactly.
    weight
        How much it counts; None where all rows count alike.

    """

    source: str
    line: int
    features: tuple[ExactDecimal, ...]
    target: ExactDecimal
    weight: ExactDecimal | None


@dataclass(frozen=True, kw_only=True)
class RowFigures:
    """What an epoch makes of a row.

    Attributes
    ----------
    prediction, error, squared_error
        In units of the target, and in squared units; the error is prediction less target.
    gradient
        That of the squared error: 2 · error, if there is an intercept, then 2 · error · feature,
        scaled if the features are.

    """

    prediction: float
    error: float
    squared_error: float
    gradient: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class EpochFigures:
    """An epoch in figures.

    Attributes
    ----------
    number
        Steps taken before it.
    weights
        What training moves: of scaled features, if they are; the intercept first, if there is.
    column_weights
        The same in the units of the columns.
    rows
        What it makes of each first row.
    mean_squared_error, loss
        Over all rows; the loss has the ridge penalty too.
    mean_gradient, gradient
        The mean of the rows' gradients over all rows, and that of the loss, which has the
        penalty's too.
    stopped
        Why there is no further epoch; empty while there is.

    """

    number: int
    weights: tuple[float, ...]
    column_weights: tuple[float, ...]
    rows: tuple[RowFigures, ...]
    mean_squared_error: float
    loss: float
    mean_gradient: tuple[float, ...]
    gradient: tuple[float, ...]
    stopped: Stopped


@dataclass(frozen=True, kw_only=True)
class Overshoot:
    """Why a descent does not converge: its steps along the steepest direction are too long.

    Attributes
    ----------
    direction
        The direction in which the loss is curved most, of length 1, in the weights that
        training moves; of several, the one along which the start is farthest from the optimum.
    factor
        What a step multiplies the distance from the optimum along it by:
        1 - learning rate · curvature, the largest eigenvalue of the Hessian.
    distances
        This distance at each epoch; it and the factor may be beyond what float64 can hold.

    """

    direction: tuple[float, ...]
    factor: Fraction
    distances: tuple[Fraction, ...]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The first epochs of a descent, worked out.

    Attributes
    ----------
    problem, descent
        What is learned, and how.
    centers, scales
        What is subtracted from each feature, and what it is then divided by.
    rows
        The first rows.
    scaled
        Their scaled features.
    epochs
        The first epochs, and the one that the last step leads to.
    is_cut_off
        Whether the next one is beyond what float64 can hold.
    overshoot
        Why the descent does not converge, if its learning rate is too large.

    """

    problem: Problem
    descent: Descent
    centers: tuple[float, ...]
    scales: tuple[float, ...]
    rows: tuple[FirstRow, ...]
    scaled: tuple[tuple[float, ...], ...]
    epochs: tuple[EpochFigures, ...]
    is_cut_off: bool
    overshoot: Overshoot | None

    @property
    def n_rows(self) -> int:
        """How many rows the means are over."""
        return self.problem.sums.rows

    @property
    def has_flat_feature(self) -> bool:
        """Whether a feature has no spread: scaling then leaves its unit as it is."""
        sums, has_intercept = self.problem.sums, self.problem.settings.intercept
        features = range(1, len(sums.columns))
        return not all(sums.products(j, j, has_intercept=has_intercept) for j in features)

    @property
    def is_complete(self) -> bool:
        """Whether the first rows are all rows."""
        return len(self.rows) == self.n_rows


def explain(problem: Problem, descent: Descent, rows: Sequence[FirstRow]) -> Explanation:
    """Work out the first epochs of a descent.

    Parameters
    ----------
    problem, descent
        What is learned, and how.
    rows
        The first of the rows to train on, at least one.

    """
    # each step by itself: the same floating-point operations as in the run that is shown
    epochs = list(islice(descent.epochs(lambda number: number + 1), EPOCHS + 1))
    figures = tuple(_figures_of_epochs(problem, descent, rows, epochs))
    scaling = descent.scaling
    return Explanation(
        problem=problem,
        descent=descent,
        centers=tuple(map(to_float, scaling.centers)),
        scales=tuple(map(to_float, scaling.scales)),
        rows=tuple(rows),
        scaled=tuple(tuple(map(to_float, _scale(row, scaling))) for row in rows),
        epochs=figures,
        is_cut_off=len(figures) < len(epochs),
        overshoot=_overshoot(descent, figures),
    )


def _figures_of_epochs(
    problem: Problem, descent: Descent, rows: Sequence[FirstRow], epochs: Sequence[Epoch]
) -> Iterator[EpochFigures]:
    """Work out epochs as long as float64 holds their figures."""
    for epoch in epochs:
        if not (np.isfinite(epoch.weights).all() and np.isfinite(epoch.loss)):
            return
        try:
            yield _figures(problem, descent, rows, epoch)
        except FitError:  # too large
            return


def _figures(
    problem: Problem, descent: Descent, rows: Sequence[FirstRow], epoch: Epoch
) -> EpochFigures:
    scaling, sums = descent.scaling, problem.sums
    reported = descent.weights(epoch)
    weights = list(map(from_float, reported))
    means = [moment / sums.total_weight for moment in inference.error_moments(sums, weights)]
    gradient = [2 * mean for mean in _rescaled(means[:-1], scaling)]
    pulls = [2 * from_float(problem.l2) * from_float(w) for w in epoch.weights.tolist()]
    if scaling.has_intercept:
        pulls[0] = fmpq(0)  # the penalty leaves the intercept alone
    squares = inference.residual_sum_of_squares(sums, weights)
    return EpochFigures(
        number=epoch.number,
        weights=tuple(epoch.weights.tolist()),
        column_weights=reported[not scaling.has_intercept :],
        rows=tuple(_row_figures(row, weights, scaling) for row in rows),
        mean_squared_error=to_float(squares / sums.total_weight),
        loss=epoch.loss,
        mean_gradient=tuple(map(to_float, gradient)),
        gradient=tuple(to_float(g + p) for g, p in zip(gradient, pulls, strict=True)),
        stopped=epoch.stopped,
    )


def _rescaled(means: Sequence[fmpq], scaling: Scaling) -> list[fmpq]:
    """Turn the means of error · column, the constant 1 first, into those of scaled columns."""
    error, *products = means
    scaled = [
        (product - center * error) / scale
        for product, center, scale in zip(products, scaling.centers, scaling.scales, strict=True)
    ]
    return [error, *scaled] if scaling.has_intercept else scaled


def _row_figures(row: FirstRow, weights: Sequence[fmpq], scaling: Scaling) -> RowFigures:
    """Work out a row; `weights` are those of the columns, the intercept first."""
    b, *slopes = weights
    prediction = sum((m * _exact(x) for m, x in zip(slopes, row.features, strict=True)), b)
    error = prediction - _exact(row.target)
    columns = [fmpq(1)] * scaling.has_intercept + _scale(row, scaling)
    return RowFigures(
        prediction=to_float(prediction),
        error=to_float(error),
        squared_error=to_float(error * error),
        gradient=tuple(to_float(2 * error * column) for column in columns),
    )


def _scale(row: FirstRow, scaling: Scaling) -> list[fmpq]:
    return [
        (_exact(x) - center) / scale
        for x, center, scale in zip(row.features, scaling.centers, scaling.scales, strict=True)
    ]


def _exact(number: ExactDecimal) -> fmpq:
    return fmpq(*number.as_integer_ratio())


def _overshoot(descent: Descent, figures: Sequence[EpochFigures]) -> Overshoot | None:
    """Say how steps overshoot, if the learning rate is at its limit or above."""
    rates, rate = descent.rates, descent.settings.learning_rate
    if rate < rates.limit:
        return None
    direction = steepest_direction(descent.miniature.X, descent.start - descent.optimum)
    return Overshoot(
        direction=tuple(direction.tolist()),
        factor=1 - Fraction(rate) * Fraction(rates.largest),
        distances=tuple(
            _distance(epoch.weights, descent.optimum.tolist(), direction.tolist())
            for epoch in figures
        ),
    )


def _distance(
    weights: Sequence[float], optimum: Sequence[float], direction: Sequence[float]
) -> Fraction:
    """Give the distance from the optimum along a direction of length 1."""
    parts = (
        (Fraction(w) - Fraction(o)) * Fraction(d)
        for w, o, d in zip(weights, optimum, direction, strict=True)
    )
    return sum(parts, Fraction())
