"""Reports as text: pure functions of results, drawn nowhere."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linreg_cli import inference
from linreg_cli.rationals import to_float

if TYPE_CHECKING:
    from linreg_cli.fit import Descent
    from linreg_cli.ledger import Ledger
    from linreg_cli.model import Model, Settings, Training
    from linreg_cli.reading import Source
    from linreg_cli.sums import Sums
    from linreg_cli.training.least_squares import LeastSquares

MAX_LINES = 30
"""A longer list of weights is cut: the model file has them all."""


def slope_names(features: Sequence[str]) -> list[str]:
    """Name the weight of each feature: m where there is one, else m and the column."""
    return ["m"] if len(features) == 1 else [f"m {name}" for name in features]


def reading(sources: "Sequence[Source]", ledger: "Ledger") -> str:
    """Say what became of the rows."""
    name = sources[0].name if len(sources) == 1 else f"{len(sources)} files"
    return f"{name}: {ledger}"


def numeric_header(source: str) -> str:
    """Tell of a first row that looks like data."""
    return (
        f"{source}: the first row is nothing but numbers and was taken for the header; "
        "--no-header makes it a row."
    )


def saved(output: str) -> str:
    """Say where the model went."""
    return "wrote the model to standard output" if output == "-" else f"wrote {output}"


def run_header(descent: "Descent", settings: "Settings") -> str:
    """Say how the descent is set up, before its first epoch."""
    how = "scaled" if settings.scale else "unscaled"
    auto = " (auto)" if settings.learning_rate == "auto" else ""
    rate = f"{descent.settings.learning_rate:.6g}{auto}"
    limit = descent.rates.limit
    bound = f"converges below {limit:.6g}" if math.isfinite(limit) else "any rate converges"
    return f"gradient descent, {how} features; learning rate {rate}, {bound}"


def above_the_limit(descent: "Descent") -> str:
    """Announce a learning rate that cannot converge."""
    rate, rates = descent.settings.learning_rate, descent.rates
    return (
        f"learning rate {rate:.6g} is not below {rates.limit:.6g}: the loss will not fall to "
        f"its minimum; --learning-rate {rates.automatic} converges"
    )


def result(model: "Model", sums: "Sums", solution: "LeastSquares", *, epochs_left: float) -> str:
    """Say what was learned, beside the exact least-squares weights."""
    lines = [_why_it_stopped(model.training, epochs_left), "", *_weights(model, solution), ""]
    has_intercept = model.training.settings.intercept
    residual = inference.residual_sum_of_squares(sums, (model.b, *model.slopes))
    total = inference.total_sum_of_squares(sums, has_intercept=has_intercept)
    r2 = inference.r_squared(residual, total)
    rmse = inference.root_mean_squared_error(residual, sums.rows)
    lines.append(f"R² {'undefined: the target is constant' if r2 is None else f'{r2:.10g}'}")
    lines.append(f"RMSE {rmse:.10g}")
    return "\n".join(lines)


def _weights(model: "Model", solution: "LeastSquares") -> list[str]:
    names = ["b", *slope_names(model.x)]
    learned = [model.b, *model.slopes]
    exact = [to_float(weight) for weight in solution.weights]
    if not model.training.settings.intercept:
        exact = [0.0, *exact]
    title = "least squares" if solution.is_unique else "least squares (one of many)"
    rows = [("", "learned", title)]
    rows += [(name, repr(m), repr(e)) for name, m, e in zip(names, learned, exact, strict=True)]
    if len(rows) > MAX_LINES:
        rows = [*rows[:MAX_LINES], ("...", f"{len(rows) - MAX_LINES} more in the model", "")]
    wide = [max(len(row[i]) for row in rows) for i in range(3)]
    return [
        f"{name.ljust(wide[0])}  {m.rjust(wide[1])}  {e.rjust(wide[2])}".rstrip()
        for name, m, e in rows
    ]


def _why_it_stopped(training: "Training", epochs_left: float) -> str:
    epochs = f"{training.epochs:,} epoch{'' if training.epochs == 1 else 's'}"
    if training.stopped == "exact":
        return "exact least-squares solution"
    if training.stopped == "converged":
        return f"converged after {epochs}"
    if training.stopped == "interrupted":
        return f"interrupted after {epochs}: these are the weights so far"
    more = (
        f"about {epochs_left:,.0f} more would converge"
        if math.isfinite(epochs_left)
        else "more would not converge at this learning rate"
    )
    return f"out of epochs after {epochs}: {more}"
