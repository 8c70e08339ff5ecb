"""How far the saved weights are from the fit, and whether b + Σ m·x gives the predictions."""

import math
from collections.abc import Sequence

from flint import fmpq

from linreg_cli.errors import DataError
from linreg_cli.exact import ExactDecimal, from_float, power_of_ten, predict_row, root_to_float
from linreg_cli.model import Model, StoredMoments, Training

VISIBLE = 1e-3
"""An error of this many standard errors is reported."""
UNSEEN = 1e-9
"""An error below this many standard deviations of the target is not, however good the fit is."""
_ROUNDING = 2.0**-50
_STEPS = 16


def distance_from_fit(model: Model) -> float:
    """Return how far all saved weights together are from the least-squares solution.

    Returns
    -------
    √(RSS of the saved weights - smallest RSS) over the residual standard error. No single weight
    is farther from its least-squares value, in units of its own standard error. 0 if predictions
    do not show the distance; infinity if they do and the fit is perfect.

    """
    training, rows = model.training, int(model.moments.rows)
    best = from_float(training.best_loss)
    gap = from_float(training.loss) - best
    if gap <= from_float(_resolution(model.moments)) ** 2 or gap <= best * from_float(_ROUNDING):
        return 0.0
    free = rows - len(model.x) - training.settings.intercept
    return root_to_float(gap * free / best) if best and free > 0 else math.inf


def why_apart(model: Model) -> str:
    """Return why the saved weights are not those of the least-squares fit; empty if they are."""
    training = model.training
    if training.l2:
        return f"the model was trained with a ridge penalty, l2 {training.l2:g}"
    if distance_from_fit(model) < VISIBLE:
        return ""
    if training.stopped == "exact" or training.last_epoch:
        mend = "" if model.center else "; linreg train MODEL -o FILE mends it"
        return f"its m and b as 64-bit floats cannot hold the fit{mend}"
    epochs = f"{training.epochs:,} epoch{'' if training.epochs == 1 else 's'}"
    if training.stopped == "converged" and _is_above_tolerance(training):
        return f"training converged to the limits of float64 after {epochs}"
    if training.stopped == "converged":
        return f"training stopped at the tolerance {training.settings.tolerance:g} after {epochs}"
    return f"training was {training.stopped} after {epochs}"


def _is_above_tolerance(training: Training) -> bool:
    """Return whether a descent converged because rounding let no epoch come nearer.

    A slow descent ends just below the tolerance, and rounding its weights may raise the distance a
    little above it again: only twice the tolerance counts as above.
    """
    if not training.history:
        return False
    start = training.history[0][1] - training.best_loss
    gap = training.loss - training.best_loss
    return gap > (2 * training.settings.tolerance) ** 2 * start


def has_intercept_too_coarse(model: Model) -> bool:
    """Return whether b + Σ m·x in float64 differs from predictions in the training range.

    A difference counts from a thousandth of the residual standard error on, or, if that is
    smaller, from the 9th significant digit on.
    """
    if model.center is None:
        return False
    count = len(model.x) + model.training.settings.intercept
    allowed = visible_error(model.moments, from_float(model.training.loss), count)
    return any(_miss(model, row) > allowed for row in _along_the_range(model))


def _miss(model: Model, row: Sequence[ExactDecimal]) -> float:
    try:
        prediction = predict_row(model.plane, row)
        plain = model.b + sum(m * float(x) for m, x in zip(model.slopes, row, strict=True))
    except (DataError, OverflowError):
        return 0.0
    return abs(plain - prediction)


def _along_the_range(model: Model) -> list[list[ExactDecimal]]:
    """Return rows from the smallest to the largest value of each feature, evenly spaced."""
    ends = [model.moments.range_of(name) for name in model.x]
    return [
        [
            ExactDecimal(low.integer + (high.integer - low.integer) * i // _STEPS, low.decimals)
            for low, high in ends
        ]
        for i in range(_STEPS + 1)
    ]


def visible_error(moments: StoredMoments, loss: fmpq, weights: int) -> float:
    """Return the smallest error of a prediction that matters.

    Parameters
    ----------
    moments
        The moments of the training rows.
    loss
        The loss of a fit to these rows.
    weights
        The number of weights of this fit.

    """
    free = int(moments.rows) - weights
    variance = loss * _total_weight(moments) / free if free > 0 else fmpq(0)
    return max(VISIBLE * root_to_float(variance), _resolution(moments))


def _resolution(moments: StoredMoments) -> float:
    """Return the largest error of a prediction that does not matter, however good the fit is."""
    largest = max(abs(float(end)) for end in moments.range_of(moments.columns[-1]))
    return max(UNSEEN * root_to_float(_target_variance(moments)), _ROUNDING * largest)


def _target_variance(moments: StoredMoments) -> fmpq:
    total = moments.weights.total if moments.weights else moments.rows
    squares = total * moments.products[-1][-1] - moments.sums[-1] ** 2
    return fmpq(squares, total**2 * power_of_ten(2 * moments.decimals[-1]))


def _total_weight(moments: StoredMoments) -> fmpq:
    if moments.weights is None:
        return fmpq(moments.rows)
    return fmpq(moments.weights.total, power_of_ten(moments.weights.decimals))
