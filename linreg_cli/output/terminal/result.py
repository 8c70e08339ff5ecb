"""The result of training: why it stopped, the equation, the weights, and how well they fit."""

import json
from typing import TYPE_CHECKING

from msgspec import Struct, to_builtins

from linreg_cli.errors import count_of
from linreg_cli.model import AT_SOLUTION
from linreg_cli.output.terminal.epochs import slope_names
from linreg_cli.output.terminal.printing import escape
from linreg_cli.output.terminal.text_table import align, r2_name, r2_text
from linreg_cli.statistics import Scores
from linreg_cli.training import equation

if TYPE_CHECKING:
    from linreg_cli.model import Model, Training
    from linreg_cli.moments import Moments
    from linreg_cli.training import Problem

MAX_LINES = 30
"""Maximum number of lines of weights; the model file has all of them."""
WEIGHT_DIGITS = 7


class Result(Struct, frozen=True, kw_only=True):
    """The result of training.

    Attributes
    ----------
    model, problem
        The model, and the problem that it solves.
    distance
        The distance of the last epoch to the optimum, as a share of the initial distance; 0 for
        the exact solver.
    warnings
        The warnings of the training.

    """

    model: "Model"
    problem: "Problem"
    distance: float = 0.0
    warnings: tuple[str, ...] = ()


def as_text(result: Result) -> str:
    """Return the equation, the weights and how well they fit, rounded for people."""
    lines = [
        *_why_it_stopped(result.model.training, result.distance),
        "",
        escape(equation(result.model)),
    ]
    lines += ["", *_weights(result), ""]
    model, test = result.model, result.problem.data.test
    parts = {"" if test is None else "training ": Scores.of_training(model, result.problem.moments)}
    if test is not None:
        parts["test "] = Scores.of(test, model)
    r2_title = r2_name(has_intercept=model.training.settings.intercept)
    for name, scores in parts.items():
        r2 = "undefined: the target is constant" if scores.r2 is None else r2_text(scores.r2)
        lines += [f"{name}{r2_title} {r2}", f"{name}RMSE {_format(scores.rmse)}"]
    return "\n".join(lines)


def as_json(result: Result) -> str:
    """Return the result as one JSON object, with all digits."""
    model, problem = result.model, result.problem
    training, test = model.training, problem.data.test
    b, *slopes = problem.best_weights
    scores = Scores.of_training(model, problem.moments)
    fields = {
        "target": model.y,
        "features": model.x,
        "weights_column": problem.moments.weights or None,
        "equation": equation(model),
        "b": model.b,
        "m": dict(zip(model.x, model.slopes, strict=True)),
        "is_best": result.model.keeps_solution,
        "best": {"b": b, "m": dict(zip(model.x, slopes, strict=True))},
        "solver": training.settings.solver,
        "l2": training.l2,
        "stopped": training.stopped,
        "epochs": training.epochs,
        "learning_rate": training.learning_rate,
        "distance": result.distance,
        "rows": scores.rows,
        "loss": training.loss,
        "best_loss": training.best_loss,
        "r2": scores.r2,
        "rmse": scores.rmse,
        "test": None if test is None else _test_scores(model, test),
        "cross_validation": to_builtins(problem.candidates) or None,
        "warnings": result.warnings,
    }
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def _test_scores(model: "Model", test: "Moments") -> dict[str, float | None]:
    scores = Scores.of(test, model)
    return {
        "rows": scores.rows,
        "loss": model.training.test_loss,
        "r2": scores.r2,
        "rmse": scores.rmse,
    }


def _weights(result: Result) -> list[str]:
    """Return a table of the weights, with the exact weights if the model has other ones."""
    model, problem = result.model, result.problem
    names = map(escape, ["b", *slope_names(model.x)])
    learned = map(_format, [model.b, *model.slopes])
    if result.model.keeps_solution:
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


def _why_it_stopped(training: "Training", distance: float) -> list[str]:
    if training.stopped != "converged":  # the header or a warning gives the reason
        return []
    is_at_limit = distance > training.settings.tolerance
    how = "converged to the limits of float64" if is_at_limit else "converged"
    epochs = count_of(training.epochs, "epoch")
    return [f"{how} after {epochs}{_which_are_kept(training, distance)}"]


def _which_are_kept(training: "Training", distance: float) -> str:
    """Return that the model keeps the exact solution, if it does."""
    if training.last_epoch is None:
        return ""
    tolerance = training.settings.tolerance
    bound = f"{tolerance:g}" if distance <= tolerance <= AT_SOLUTION else f"{distance:.2g}"
    near = f"within {bound} of" if distance else "at"
    solution = "ridge" if training.l2 else "least-squares"
    return f": {near} the {solution} solution, which the model keeps"
