"""Options that let a descent converge that ran out of epochs."""

import math

from msgspec import Struct
from msgspec.structs import replace

from linreg_cli.errors import FitError
from linreg_cli.model import Settings
from linreg_cli.training.descent import MAX_SKIP_WEIGHTS, Descent, prepare_descent
from linreg_cli.training.descent_run import Run
from linreg_cli.training.problem import Problem

REACHED = Settings().tolerance
"""The tolerance to reach where the given one is 0, which no descent reaches."""
CLOSER = 0.5
"""A learning rate suits unscaled features if they reduce the final distance by this factor."""


class Remedies(Struct, frozen=True, kw_only=True):
    """Options that let a descent converge.

    Attributes
    ----------
    options
        Options with which it converges; empty if there are none.
    epochs
        Maximum number of epochs that it then needs.
    suits_unscaled
        Whether the learning rate suits unscaled features, as the rate of a textbook may.

    """

    options: str
    epochs: float
    suits_unscaled: bool


def remedies(problem: Problem, descent: Descent, run: Run) -> Remedies:
    """Return options that let a descent converge that ran out of epochs."""
    options, epochs = _converging_options(problem, descent, run)
    return Remedies(
        options=options, epochs=epochs, suits_unscaled=_suits_unscaled(problem, descent, run)
    )


def _converging_options(problem: Problem, descent: Descent, run: Run) -> tuple[str, float]:
    """Return the options that need the fewest epochs, and the maximum number of these."""
    rates, rate = descent.rates, descent.settings.learning_rate
    # no descent is certain to reach a distance of 0
    reached = descent.settings.tolerance or REACHED
    left = rates.epochs_to(reached / run.last.distance, rate)
    found = [("", run.last.number + left)]
    if rates.automatic != rate:
        options = f"--learning-rate {rates.automatic}"
        found.append((options, rates.epochs_to(reached, rates.automatic)))
    scaled = None if problem.settings.scale or problem.l2 else _with_scale(problem, scale=True)
    if scaled is not None:
        automatic = scaled.rates.automatic
        is_given = problem.settings.learning_rate != "auto"
        options = f"--scale --learning-rate {automatic}" if is_given else "--scale"
        found.append((options, scaled.rates.epochs_to(reached, automatic)))
    options, epochs = min(found, key=lambda each: each[1])
    if not math.isfinite(epochs):
        return "", math.inf
    parts = [
        options,
        f"--epochs {epochs:.0f}" if epochs > descent.settings.epochs else "",
        "" if descent.settings.tolerance else f"--tolerance {REACHED:g}",
    ]
    return " ".join(filter(None, parts)), epochs


def _suits_unscaled(problem: Problem, descent: Descent, run: Run) -> bool:
    """Return whether the given learning rate comes much closer without scaling."""
    is_given = problem.settings.learning_rate != "auto"
    if not (is_given and problem.settings.scale and len(descent.start) <= MAX_SKIP_WEIGHTS):
        return False
    unscaled = _with_scale(problem, scale=False)
    if unscaled is None or unscaled.settings.learning_rate >= unscaled.rates.limit:
        return False
    *_, last = unscaled.epochs(lambda _: unscaled.settings.epochs)
    return last.distance <= CLOSER * run.last.distance


def _with_scale(problem: Problem, *, scale: bool) -> Descent | None:
    settings = problem.settings.changed(scale=scale)
    try:
        return prepare_descent(replace(problem, settings=settings))
    except FitError:  # beyond float64
        return None
