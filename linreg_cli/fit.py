"""From sums to a model: what is known before the first epoch, the epochs, and the model.

Sums ── prepare ──► Preparation ── epochs ──► Epoch … ── finish ──► Model
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from linreg_cli import inference
from linreg_cli.errors import FitError
from linreg_cli.miniature import Miniature, make_miniature
from linreg_cli.model import Model, Settings, Training
from linreg_cli.rationals import to_float
from linreg_cli.stored_sums import StoredSums
from linreg_cli.sums import Sums
from linreg_cli.training.gradient_descent import (
    Epoch,
    GradientDescentSettings,
    LearningRates,
    descend,
    learning_rates,
)
from linreg_cli.training.least_squares import LeastSquares, least_squares


@dataclass(frozen=True, kw_only=True)
class Descent:
    """Gradient descent, ready to start.

    Attributes
    ----------
    miniature
        The rows that it walks on.
    rates
        What the curvature says of learning rates.
    settings
        The learning rate that is used, and when to stop.
    start
        The first weights, in the units of the miniature.

    """

    miniature: Miniature
    rates: LearningRates
    settings: GradientDescentSettings
    start: npt.NDArray[np.float64]

    def epochs(self) -> Iterator[Epoch]:
        """Walk down the loss."""
        return descend(
            self.miniature.X,
            self.miniature.y,
            n_rows=self.miniature.rows,
            start=self.start,
            optimum=self.miniature.optimum,
            settings=self.settings,
        )

    def weights(self, epoch: Epoch) -> tuple[float, ...]:
        """Give the weights of an epoch in the units of the columns, the intercept first."""
        weights = self.miniature.in_column_units(epoch.weights)
        return weights if self.miniature.has_intercept else (0.0, *weights)

    def epochs_left(self, epoch: Epoch) -> float:
        """Tell how many more epochs the slowest direction needs to converge."""
        fraction = self.settings.tolerance / epoch.distance if epoch.distance else 1.0
        return self.rates.epochs_to(fraction, self.settings.learning_rate)


def solve(sums: Sums, settings: Settings) -> LeastSquares:
    """Give the exact least-squares solution.

    Raises
    ------
    FitError
        If the solver is ``exact`` and other weights fit as well.

    """
    solution = least_squares(sums, has_intercept=settings.intercept)
    if settings.solver == "exact" and not solution.is_unique:
        raise FitError(
            f"no unique fit: {explain_dependencies(sums, solution)}",
            hint="Leave out a column, or --solver gradient-descent, which finds one of the fits.",
        )
    return solution


def explain_dependencies(sums: Sums, solution: LeastSquares) -> str:
    """Say in words why more than one fit is best."""
    if sums.rows < len(solution.weights):
        few = "1 row does" if sums.rows == 1 else f"{sums.rows} rows do"
        return f"{few} not determine {len(solution.weights)} weights"
    return "; ".join(
        f"column '{found.column}' is constant ({found})" if found.is_constant else str(found)
        for found in solution.dependencies
    )


def prepare_descent(sums: Sums, solution: LeastSquares, settings: Settings) -> Descent:
    """Make the miniature and choose the learning rate."""
    miniature = make_miniature(
        sums, solution, has_intercept=settings.intercept, scale=settings.scale
    )
    rates = learning_rates(miniature.X, miniature.rows, rank=len(solution.independent))
    start = np.zeros(miniature.X.shape[1])
    if settings.start == "random":
        start = np.random.default_rng(settings.seed).standard_normal(len(start))
    chosen = settings.learning_rate
    return Descent(
        miniature=miniature,
        rates=rates,
        settings=GradientDescentSettings(
            learning_rate=rates.automatic if chosen == "auto" else chosen,
            epochs=settings.epochs,
            tolerance=settings.tolerance,
        ),
        start=start,
    )


@dataclass(frozen=True, kw_only=True)
class Run:
    """A descent that has ended.

    Attributes
    ----------
    last
        The last epoch that was completed.
    stopped
        Why it is the last.
    history
        Epoch and loss at epochs 0, 1, 2, 4, 8 and so on, and at the last.

    """

    last: Epoch
    stopped: Literal["converged", "out of epochs", "diverged", "interrupted"]
    history: tuple[tuple[int, float], ...]


def run(descent: Descent, watch: Callable[[Epoch], None]) -> Run:
    """Walk to the end, or to Ctrl-C, and let somebody watch every epoch."""
    last: Epoch | None = None
    history = {}
    try:
        for epoch in descent.epochs():
            last = epoch
            if is_doubling(epoch.number):
                history[epoch.number] = epoch.loss
            watch(epoch)
    except KeyboardInterrupt:
        if last is None:
            raise
    assert last is not None  # noqa: S101  # a descent has an epoch 0
    history[last.number] = last.loss
    return Run(last=last, stopped=last.stopped or "interrupted", history=tuple(history.items()))


def is_doubling(number: int) -> bool:
    """Tell whether a number is one of 0, 1, 2, 4, 8 and so on."""
    return number & (number - 1) == 0


def exact_model(sums: Sums, solution: LeastSquares, settings: Settings) -> Model:
    """Make the model of the exact solution."""
    weights = tuple(map(to_float, solution.weights))
    if not settings.intercept:
        weights = (0.0, *weights)
    training = Training(
        settings=settings,
        stopped="exact",
        loss=_loss(sums, weights),
        best_loss=to_float(solution.residual_sum_of_squares / sums.rows),
    )
    return _model(sums, weights, training)


def descended_model(
    sums: Sums, solution: LeastSquares, settings: Settings, descent: Descent, run: Run
) -> Model:
    """Make the model of the last epoch.

    Raises
    ------
    FitError
        If the descent diverged.

    """
    if run.stopped == "diverged":
        raise _divergence(descent, run)
    weights = descent.weights(run.last)
    training = Training(
        settings=settings,
        learning_rate=descent.settings.learning_rate,
        epochs=run.last.number,
        stopped=run.stopped,
        loss=_loss(sums, weights),
        best_loss=to_float(solution.residual_sum_of_squares / sums.rows),
        history=run.history,
    )
    return _model(sums, weights, training)


def _divergence(descent: Descent, run: Run) -> FitError:
    if run.last.number == 0:
        return FitError(
            "the loss of the starting weights is too large for a 64-bit float",
            hint="Give the target or the features in a larger unit.",
        )
    return FitError(
        f"diverged: the loss was {run.history[0][1]:.3g} at the start and is {run.last.loss:.3g} "
        f"at epoch {run.last.number}; no model was written",
        hint=f"--learning-rate {descent.rates.automatic} converges, and is what auto takes here.",
    )


def _model(sums: Sums, weights: Sequence[float], training: Training) -> Model:
    """Put the parts together; `weights` has the intercept first, 0 if there is none."""
    *features, target = sums.columns
    b, *slopes = weights
    return Model(
        y=target,
        x=tuple(features),
        m=slopes[0] if len(slopes) == 1 else dict(zip(features, slopes, strict=True)),
        b=b,
        training=training,
        sums=StoredSums.of(sums),
    )


def _loss(sums: Sums, weights: Sequence[float]) -> float:
    """Give the mean squared error of the weights as they are saved, rounded once."""
    residual = inference.residual_sum_of_squares(sums, weights)
    return inference.mean_squared_error(residual, sums.rows)
