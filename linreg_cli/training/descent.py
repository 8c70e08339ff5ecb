"""Gradient descent on the compressed rows, ready to start."""

import math
from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
from flint import fmpq
from msgspec import Struct

from linreg_cli.errors import FitError
from linreg_cli.exact import Floats
from linreg_cli.training.compressed_rows import CompressedRows, compress_rows
from linreg_cli.training.descent_setup import DescentSetup, GradientDescentSettings
from linreg_cli.training.epoch import Epoch
from linreg_cli.training.learning_rate_limit import LearningRates, learning_rates
from linreg_cli.training.problem import Problem
from linreg_cli.training.scaling import Scaling
from linreg_cli.training.skip_epochs import descend_skipping

MAX_SKIP_WEIGHTS = 64
"""With more weights than this, squaring matrices costs more than a few epochs do."""
PLAIN_EPOCHS = 2**14
"""The number of epochs that are computed one by one with more weights than MAX_SKIP_WEIGHTS, or
with a learning rate at or above the limit."""


class Descent(Struct, frozen=True, kw_only=True):
    """Gradient descent, ready to start.

    Attributes
    ----------
    scaling
        The scaling of the features.
    compressed, test
        The compressed rows to train on, and those to test on, if there are any.
    start, optimum
        The initial weights and those with the smallest loss, of the scaled features.
    rates
        Which learning rates converge.
    settings
        The learning rate that is used, and when training stops.

    """

    scaling: Scaling
    compressed: CompressedRows
    test: CompressedRows | None
    start: Floats
    optimum: Floats
    rates: LearningRates
    settings: GradientDescentSettings

    def epochs(self, next_shown: Callable[[int], int]) -> Iterator[Epoch]:
        """Yield at least the epochs that are shown, and the last.

        Parameters
        ----------
        next_shown
            Returns the first shown epoch after a given number.

        """
        # above the limit the distance may shrink and then grow: the first epochs are not skipped
        can_skip = (
            self.settings.learning_rate < self.rates.limit and len(self.start) <= MAX_SKIP_WEIGHTS
        )
        setup = DescentSetup(
            self.compressed.X,
            self.compressed.y,
            n_rows=self.compressed.n_rows,
            start=self.start,
            optimum=self.optimum,
            settings=self.settings,
        )
        return descend_skipping(setup, next_shown, plain=0 if can_skip else PLAIN_EPOCHS)

    def weights(self, epoch: Epoch) -> tuple[float, ...]:
        """Return the weights of an epoch in the units of the columns, the intercept first."""
        weights = self.scaling.to_columns(epoch.weights)
        return weights if self.scaling.has_intercept else (0.0, *weights)

    def exact_weights(self, epoch: Epoch) -> list[fmpq]:
        """Return the same weights before they are rounded."""
        weights = self.scaling.to_columns_exactly(epoch.weights)
        return weights if self.scaling.has_intercept else [fmpq(0), *weights]

    def test_loss(self, epoch: Epoch) -> float | None:
        """Return the mean squared error of an epoch over the test rows, if there are any."""
        return self.test.loss(epoch.weights) if self.test else None


def prepare_descent(problem: Problem) -> Descent:
    """Compress the rows, choose the learning rate, and return the descent.

    Raises
    ------
    FitError
        If float64 cannot hold the loss of the initial weights, the curvature or the penalty.

    """
    moments, settings, solution = problem.moments, problem.settings, problem.solution
    scaling = Scaling.of(moments, has_intercept=settings.intercept, scale=settings.scale)
    compressed = compress_rows(moments, scaling).penalised(
        problem.l2, has_intercept=settings.intercept
    )
    if math.isinf(2 * problem.l2):
        raise FitError(
            f"the ridge penalty --l2 {problem.l2:g} is too large for gradient descent, whose "
            "curvature is twice the penalty",
            hint="Use --solver exact, or give a smaller --l2.",
        )
    test = problem.data.test
    rates = learning_rates(compressed.X, compressed.n_rows, rank=len(solution.independent))
    start = first_weights(settings.start, settings.seed, size=compressed.X.shape[1])
    chosen = settings.learning_rate
    optimum = scaling.to_scaled(solution.weights)
    _refuse_beyond_float64(compressed, start, optimum, rates)
    return Descent(
        scaling=scaling,
        compressed=compressed,
        test=compress_rows(test, scaling) if test is not None else None,
        start=start,
        optimum=optimum,
        rates=rates,
        settings=GradientDescentSettings(
            learning_rate=rates.automatic if chosen == "auto" else chosen,
            epochs=settings.epochs,
            tolerance=settings.tolerance,
        ),
    )


def first_weights(start: Literal["zeros", "random"], seed: int, *, size: int) -> Floats:
    """Return the initial weights of a descent, of the scaled features."""
    if start == "random":
        return np.random.default_rng(seed).standard_normal(size)
    return np.zeros(size)


def _refuse_beyond_float64(
    compressed: CompressedRows, start: Floats, optimum: Floats, rates: LearningRates
) -> None:
    """Raise an error if float64 cannot hold the initial loss or gap, or the curvature."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        gap = CompressedRows(
            X=compressed.X, y=(compressed.X * optimum).sum(axis=1), n_rows=compressed.n_rows
        )
        losses = [compressed.loss(start), gap.loss(start)]
    too_large = not all(map(math.isfinite, [*losses, rates.largest]))
    is_apart = bool((compressed.X * (start - optimum)).any())
    if too_large:
        raise FitError(
            "the loss of the starting weights is too large for a 64-bit float",
            hint="Give the target or the features in a larger unit.",
        )
    if (is_apart and not losses[1]) or (compressed.X.any() and not rates.smallest):
        raise FitError(
            "the loss of the starting weights is too small for a 64-bit float",
            hint="Give the target or the features in a smaller unit.",
        )
