"""What a training ends with: why it stopped, the equation, the weights, and how well they fit."""

import math
from typing import TYPE_CHECKING

from linreg_cli.model import AT_SOLUTION
from linreg_cli.scores import Scores
from linreg_cli.terminal.console import escape
from linreg_cli.terminal.report import MAX_NAMED, slope_names
from linreg_cli.terminal.table import align, r2_name

if TYPE_CHECKING:
    from linreg_cli.fit import Problem
    from linreg_cli.model import Model, Training

MAX_LINES = 30
"""A longer list of weights is cut: the model file has them all."""
WEIGHT_DIGITS = 7
EQUATION_DIGITS = 6


def result(
    model: "Model", problem: "Problem", *, distance: float = 0.0, epochs_left: float = 0.0
) -> str:
    """Say what was learned and how well it fits.

    Parameters
    ----------
    model, problem
        What was learned, and from what.
    distance
        How far the last epoch is from the exact solution, next to where the descent started.
    epochs_left
        How many more epochs would converge.

    """
    stopped = _why_it_stopped(model.training, distance, epochs_left)
    lines = [*stopped, "", equation(model), "", *_weights(model, problem), ""]
    parts = [("", problem.data.sums)]
    if problem.data.test is not None:
        parts = [("training ", problem.data.sums), ("test ", problem.data.test)]
    r2_title = r2_name(has_intercept=model.training.settings.intercept)
    for name, sums in parts:
        scores = Scores.of(sums, model)
        r2 = "undefined: the target is constant" if scores.r2 is None else _format(scores.r2)
        lines += [f"{name}{r2_title} {r2}", f"{name}RMSE {_format(scores.rmse)}"]
    return "\n".join(lines)


def equation(model: "Model") -> str:
    """Write the line with as many digits as a person can use; of many features, the first ones."""
    names = [f" × {escape(name)}" for name in model.x]
    terms = list(zip(model.slopes, names, strict=True))[:MAX_NAMED]
    text = "".join(_term(*term) for term in terms)
    if len(names) > MAX_NAMED:
        text += " + ..."
    if model.training.settings.intercept:
        text += _term(model.b, "")
    sign = "-" if text.startswith(" -") else ""
    return f"{escape(model.y)} = {sign}{text[len(' + ') :]}"


def _term(weight: float, name: str) -> str:
    return f" {'-' if weight < 0 else '+'} {abs(weight):.{EQUATION_DIGITS}g}{name}"


def _weights(model: "Model", problem: "Problem") -> list[str]:
    """Draw the weights; beside them the exact ones, where the model does not keep these."""
    names = map(escape, ["b", *slope_names(model.x)])
    learned = map(_format, [model.b, *model.slopes])
    if model.training.last_epoch or model.training.stopped == "exact":
        rows = [["", "weight"], *map(list, zip(names, learned, strict=True))]
    else:
        title = "ridge, exactly" if problem.l2 else "least squares"
        if not problem.solution.is_unique:
            title += " (one of many)"
        exact = map(_format, problem.best_weights)
        rows = [["", "learned", title], *map(list, zip(names, learned, exact, strict=True))]
    if len(rows) > MAX_LINES:
        cut = len(rows) - MAX_LINES
        rows = [*rows[:MAX_LINES], ["...", f"{cut} more in the model", *[""] * (len(rows[0]) - 2)]]
    return align(rows)


def _format(value: float) -> str:
    return f"{value + 0.0:.{WEIGHT_DIGITS}g}"  # the sum makes -0.0 a plain 0


def _why_it_stopped(training: "Training", distance: float, epochs_left: float) -> list[str]:
    epochs = f"{training.epochs:,} epoch{'' if training.epochs == 1 else 's'}"
    if training.stopped == "exact":
        return []  # the header says what was solved
    if training.stopped == "converged":
        is_at_limit = distance > training.settings.tolerance
        how = "converged to the limits of float64" if is_at_limit else "converged"
        return [f"{how} after {epochs}{_which_are_kept(training, distance)}"]
    if training.stopped == "interrupted":
        return [f"interrupted after {epochs}: these are the weights so far"]
    more = (
        f"about {epochs_left:,.0f} more would converge"
        if math.isfinite(epochs_left)
        else "more would not converge at this learning rate"
    )
    return [f"out of epochs after {epochs}: {more}"]


def _which_are_kept(training: "Training", distance: float) -> str:
    """Say that the model keeps the exact solution, if it does."""
    if training.last_epoch is None:
        return ""
    tolerance = training.settings.tolerance
    bound = f"{tolerance:g}" if distance <= tolerance <= AT_SOLUTION else f"{distance:.2g}"
    near = f"within {bound} of" if distance else "at"
    solution = "ridge" if training.l2 else "least-squares"
    return f": {near} the {solution} solution, which the model keeps"
