"""Gradient descent on the mean squared error, as in the textbook: one epoch, one step.

    prediction = X w            loss     = mean((prediction - y)²)
    gradient   = 2/n Xᵀ(prediction - y)             w ← w - learning_rate · gradient

The loop neither knows nor cares whether X and y hold the rows or their miniature. Products are
spelled out as sums, not left to ``@``: BLAS adds in an order that differs between processors,
and the same data and settings are to give the same weights everywhere.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

DIVERGED = 1e6
"""A loss that has grown by this factor never comes back."""

Stopped = Literal["", "converged", "out of epochs", "diverged"]


@dataclass(frozen=True, kw_only=True)
class GradientDescentSettings:
    """What the learner decides beforehand: step size, and when to stop.

    Attributes
    ----------
    learning_rate
        Step size: what the gradient is multiplied by.
    epochs
        The most steps to take.
    tolerance
        Converged means that the distance to the optimum, as the root of the excess loss, is
        at most this fraction of what it was at the start.

    """

    learning_rate: float
    epochs: int = 5000
    tolerance: float = 1e-12


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """The state after a number of steps.

    Attributes
    ----------
    number
        Steps taken; 0 is the start.
    weights
        In the units of X, shape (weights,).
    loss
        Mean squared error, in squared units of y.
    excess
        How much the loss is above the smallest possible one.
    distance
        The root of the excess, as a fraction of its root at the start: 1 at epoch 0.
    stopped
        Why there is no further epoch; empty while there is.

    """

    number: int
    weights: npt.NDArray[np.float64]
    loss: float
    excess: float
    distance: float
    stopped: Stopped


@dataclass(frozen=True, kw_only=True)
class LearningRates:
    """What the curvature of the loss says of learning rates, before the first epoch.

    Attributes
    ----------
    largest, smallest
        Eigenvalues of the Hessian 2/n XᵀX: the largest, and the smallest one that is not 0.

    Notes
    -----
    A step multiplies the error along an eigenvector by 1 - learning_rate · eigenvalue: S. Boyd
    and L. Vandenberghe, Convex Optimization (2004), section 9.3.

    """

    largest: float
    smallest: float

    @property
    def limit(self) -> float:
        """The learning rate at and above which descent does not converge."""
        return 2 / self.largest if self.largest else math.inf

    @property
    def automatic(self) -> float:
        """The rate that halves the error in the steepest direction every epoch.

        It is rounded, since the last digits of an eigenvalue differ between processors.
        """
        return float(f"{0.5 / self.largest:.4g}") if self.largest else 1.0

    def epochs_to(self, fraction: float, learning_rate: float) -> float:
        """Tell how many epochs the slowest direction needs to shrink to a fraction."""
        factors = [abs(1 - learning_rate * value) for value in (self.largest, self.smallest)]
        slowest = max(factors)
        if fraction >= 1:
            return 0
        if slowest >= 1 or fraction <= 0:
            return math.inf
        return math.ceil(math.log(fraction) / math.log(slowest)) if slowest else 1


def learning_rates(X: npt.NDArray[np.float64], n_rows: float, *, rank: int) -> LearningRates:
    """Find the range of curvatures of the loss.

    Parameters
    ----------
    X
        Design matrix, shape (rows, weights).
    n_rows
        The n of the mean: the rows of X, or the rows that X stands for.
    rank
        How many columns of X are linearly independent.

    """
    if not rank:
        return LearningRates(largest=0.0, smallest=0.0)
    singular = np.linalg.svd(X, compute_uv=False)
    curvature = 2 / n_rows * singular[:rank] ** 2
    return LearningRates(largest=float(curvature[0]), smallest=float(curvature[-1]))


def descend(  # noqa: PLR0913  # one argument for each symbol of the formula
    X: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    *,
    n_rows: float,
    start: npt.NDArray[np.float64],
    optimum: npt.NDArray[np.float64],
    settings: GradientDescentSettings,
) -> Iterator[Epoch]:
    """Walk down the loss, one epoch at a time.

    Parameters
    ----------
    X
        Design matrix, shape (rows, weights); for an intercept, a column of it is constant.
    y
        Target, shape (rows,).
    n_rows
        The n of the mean: the rows of X, or the rows that X stands for.
    start, optimum
        The first weights and the best ones, shape (weights,).
    settings
        Step size, and when to stop.

    Yields
    ------
    The start, and then the state after each step. Only the last has a reason in `stopped`.

    """
    w = start
    first_loss = first_excess = math.nan
    for number in range(settings.epochs + 1):
        with np.errstate(over="ignore", invalid="ignore"):  # divergence is found below
            residual = (X * w).sum(axis=1) - y
            loss = float((residual**2).sum()) / n_rows
            # the error of the weights, not a difference of losses: free of cancellation
            excess = float(((X * (w - optimum)).sum(axis=1) ** 2).sum()) / n_rows
        if number == 0:
            first_loss, first_excess = loss, excess
        distance = math.sqrt(excess / first_excess) if first_excess else 0.0
        stopped: Stopped = ""
        if not math.isfinite(loss) or loss > DIVERGED * first_loss > 0:
            stopped = "diverged"
        elif excess == 0 or distance <= settings.tolerance:
            stopped = "converged"
        elif number == settings.epochs:
            stopped = "out of epochs"
        yield Epoch(
            number=number, weights=w, loss=loss, excess=excess, distance=distance, stopped=stopped
        )
        if stopped:
            return
        gradient = 2 / n_rows * (X * residual[:, np.newaxis]).sum(axis=0)
        w = w - settings.learning_rate * gradient
