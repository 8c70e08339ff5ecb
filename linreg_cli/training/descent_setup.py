"""What a descent starts from, the loss of any weights, and whether training stops at them."""

import math
from functools import cached_property

import numpy as np
from msgspec import Struct

from linreg_cli.exact import Floats
from linreg_cli.training.epoch import Epoch, Stopped

DIVERGED = 1e6
"""Training has diverged when the loss exceeds its start by this factor."""


class GradientDescentSettings(Struct, frozen=True, kw_only=True):
    """The step size, and when training stops.

    Attributes
    ----------
    learning_rate
        Step size: the gradient is multiplied by it.
    epochs
        Maximum number of epochs.
    tolerance
        Training has converged when the distance to the optimum, which is the square root of the
        gap, is at most this fraction of the initial distance.

    """

    learning_rate: float
    epochs: int
    tolerance: float


class DescentSetup(Struct, frozen=True, dict=True):
    """What a descent needs to know: the rows, where it starts, and when it stops.

    Attributes
    ----------
    X
        Design matrix, shape (rows, weights).
    y
        Target, shape (rows,).
    n_rows
        The n of the mean: the number of rows of X, or of the rows that X represents.
    start, optimum
        The initial weights and the weights with the smallest loss, shape (weights,).
    settings
        The step size, the maximum number of epochs, and the tolerance.

    """

    X: Floats
    y: Floats
    n_rows: float
    start: Floats
    optimum: Floats
    settings: GradientDescentSettings

    @cached_property
    def first(self) -> tuple[float, float]:
        """The loss and the gap of the initial weights."""
        return self.loss(self.start), self.gap(self.start)

    def loss(self, w: Floats) -> float:
        """Return the mean squared error of weights."""
        return self._mean_square((self.X * w).sum(axis=1) - self.y)

    def gap(self, w: Floats) -> float:
        """Return the loss of weights minus the smallest loss.

        It is ‖X (w - optimum)‖² / n, not a difference of two losses, so that no digits cancel.
        """
        return self.gap_at(w - self.optimum)

    def gap_at(self, difference: Floats) -> float:
        """Return the gap of weights with a given difference to the optimum."""
        return self._mean_square((self.X * difference).sum(axis=1))

    def _mean_square(self, residual: Floats) -> float:
        return float((residual**2).sum()) / self.n_rows

    def epoch(self, number: int, w: Floats, loss: float | None = None) -> Epoch:
        """Return the state after a number of steps; the loss is computed if it is not given."""
        with np.errstate(over="ignore", invalid="ignore"):  # divergence is found below
            loss, gap = self.loss(w) if loss is None else loss, self.gap(w)
            first_loss, first_gap = self.first
        distance = math.sqrt(gap / first_gap) if first_gap else 0.0
        stopped: Stopped = ""
        if not math.isfinite(loss) or loss > DIVERGED * first_loss > 0:
            stopped = "diverged"
        elif gap == 0 or distance <= self.settings.tolerance:
            stopped = "converged"
        elif number == self.settings.epochs:
            stopped = "out of epochs"
        return Epoch(
            number=number, weights=w, loss=loss, gap=gap, distance=distance, stopped=stopped
        )
