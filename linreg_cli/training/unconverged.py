"""What lets a descent converge that ran out of epochs: options that can be typed."""

import math
from dataclasses import dataclass, replace

from linreg_cli.errors import FitError
from linreg_cli.model import Settings
from linreg_cli.training.descent import MAX_SKIP_WEIGHTS, Descent, Run, prepare_descent
from linreg_cli.training.problem import Problem

REACHED = Settings().tolerance
"""The tolerance to reach where the given one is 0, which no descent reaches."""
CLOSER = 0.5
"""A learning rate suits unscaled features that bring a descent so much closer to the optimum."""


@dataclass(frozen=True, kw_only=True)
class Remedies:
    """Options that let a descent converge.

    Attributes
    ----------
    options
        Options with which it converges, or nothing.
    epochs
        The number of epochs that it then needs at most.
    suits_unscaled
        Whether the learning rate would suit unscaled features: a textbook's rate.

    """

    options: str
    epochs: float
    suits_unscaled: bool


def remedies(problem: Problem, descent: Descent, run: Run) -> Remedies:
    """Find what lets a descent converge that ran out of epochs."""
    options, epochs = _converging_options(problem, descent, run)
    return Remedies(
        options=options, epochs=epochs, suits_unscaled=_suits_unscaled(problem, descent, run)
    )


def _converging_options(problem: Problem, descent: Descent, run: Run) -> tuple[str, float]:
    """Find the options that need the fewest epochs, and how many these are at most."""
    rates, rate = descent.rates, descent.settings.learning_rate
    # a distance of 0 is never reached
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
    """Tell whether the given learning rate comes much closer without scaling, in as many epochs."""
    is_given = problem.settings.learning_rate != "auto"
    if not (is_given and problem.settings.scale and len(descent.start) <= MAX_SKIP_WEIGHTS):
        return False
    unscaled = _with_scale(problem, scale=False)
    if unscaled is None or unscaled.settings.learning_rate >= unscaled.rates.limit:
        return False
    *_, last = unscaled.epochs(lambda _: unscaled.settings.epochs)
    return last.distance <= CLOSER * run.last.distance


def _with_scale(problem: Problem, *, scale: bool) -> Descent | None:
    settings = replace(problem.settings, scale=scale)
    try:
        return prepare_descent(replace(problem, settings=settings))
    except FitError:  # beyond float64
        return None
