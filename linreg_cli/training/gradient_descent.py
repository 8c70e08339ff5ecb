"""Gradient descent on the mean squared error, as in the textbook: one epoch, one step.

    prediction = X w            loss     = mean((prediction - y)²)
    gradient   = 2/n Xᵀ(prediction - y)             w ← w - learning_rate · gradient

The loop neither knows nor cares whether X and y hold the rows or their miniature. Products are
spelled out as sums, not left to ``@``: BLAS adds in an order that differs between processors,
and the same data and settings are to give the same weights everywhere.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import KW_ONLY, dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

DIVERGED = 1e6
"""A loss that has grown by this factor never comes back."""
AT_REST = 1e-9
"""Weights that no step changes are those of the optimum, if the distance is at most this."""
SHRINKS = 4
"""The gap shrinks if it becomes this many times smaller."""

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
    gap
        How much the loss is above the smallest possible one.
    distance
        The root of the excess, as a fraction of its root at the start: 1 at epoch 0.
    stopped
        Why there is no further epoch; empty while there is.

    """

    number: int
    weights: npt.NDArray[np.float64]
    loss: float
    gap: float
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
    if not np.isfinite(X).all():
        return LearningRates(largest=math.inf, smallest=math.inf)
    singular = np.linalg.svd(X, compute_uv=False)
    with np.errstate(over="ignore"):  # infinite is what it then is
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
    The start, and then the state after each step. Only the last has a reason in `stopped`. If a
    step changes no weight, the epochs between it and the last are left out.

    """
    state = _State(X, y, n_rows=n_rows, start=start, optimum=optimum, settings=settings)
    w = start
    for number in range(settings.epochs + 1):
        yield (epoch := state.epoch(number, w))
        if epoch.stopped:
            return
        with np.errstate(over="ignore", invalid="ignore"):  # divergence is found by its loss
            residual = (X * w).sum(axis=1) - y
            gradient = 2 / n_rows * (X * residual[:, np.newaxis]).sum(axis=0)
            before, w = w, w - settings.learning_rate * gradient
        if np.array_equal(before, w):  # then no later epoch changes them either
            is_there = epoch.distance <= AT_REST
            last = number + 1 if is_there else settings.epochs
            yield replace(epoch, number=last, stopped="converged" if is_there else "out of epochs")
            return


def skip_epochs(  # noqa: PLR0913  # as `descend`
    X: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    *,
    n_rows: float,
    start: npt.NDArray[np.float64],
    optimum: npt.NDArray[np.float64],
    settings: GradientDescentSettings,
    next_shown: Callable[[int], int],
    plain: int = 0,
) -> Iterator[Epoch]:
    """Walk as `descend` does, but give only some epochs, and cost nothing for those between.

    An epoch is the affine map w ← w + (D w + c), with D = -learning_rate · H for the Hessian H and
    c = learning_rate · 2/n Xᵀy. The map of twice as many epochs has 2D + D² and 2c + D c: squared
    without the identity, so that a slow direction loses no digits to the 1.

    The walk goes by epochs 1, 2, 4, 8 and so on, and from each aside to those that are wanted
    before the next: what is shown has no part in the rounding of where it ends.

    At or above the learning rate's limit the distance may shrink and then grow, so that a leap
    may miss where it was small: the first `plain` epochs do not.

    The descent has converged to the limits of float64 if the map of as many epochs as it took so
    far would shrink the gap, but the rounding of the weights does not let it.

    Parameters
    ----------
    X, y, n_rows, start, optimum, settings
        As `descend` takes them.
    next_shown
        Gives the next epoch after a number that is wanted.
    plain
        How many epochs are walked as `descend` does, and all yielded, before the first leap.

    Yields
    ------
    The start, each epoch that is wanted, and the last: the first with a reason in `stopped`.

    """
    state = _State(X, y, n_rows=n_rows, start=start, optimum=optimum, settings=settings)
    with np.errstate(over="ignore", invalid="ignore"):
        factor = settings.learning_rate * 2 / n_rows
        steps = _Steps(-factor * _product(X.T, X), factor * (X * y[:, np.newaxis]).sum(axis=0))
    epoch = state.epoch(0, start)
    for epoch in descend(
        X, y, n_rows=n_rows, start=start, optimum=optimum, settings=settings
    ):  # fmt: skip
        yield epoch
        if epoch.number >= plain:
            break
    wanted = next_shown(epoch.number)
    while not epoch.stopped:
        before, epoch = epoch, _skip_to_doubling(epoch, state, steps)
        if not epoch.stopped and _is_at_limit(before, epoch, state, steps):
            epoch = replace(epoch, stopped="converged")
        number, w = before.number, before.weights
        while wanted < epoch.number:
            w = steps.walk_far(w, wanted - number)
            number = wanted
            yield replace(state.epoch(number, w), stopped="")
            wanted = next_shown(number)
        if wanted == epoch.number or epoch.stopped:
            yield epoch
            wanted = next_shown(epoch.number)


def _skip_to_doubling(epoch: Epoch, state: "_State", steps: "_Steps") -> Epoch:
    """Give the next of the epochs 1, 2, 4, 8 and so on, or the last if that comes before it."""
    number, w = epoch.number, epoch.weights
    target = min(1 << number.bit_length(), state.settings.epochs)
    ahead: Epoch | None = None
    for power in range((target - number).bit_length() - 1, -1, -1):
        if number + 2**power >= target:
            continue
        # whole leaps as long as the descent does not stop on the way
        further = state.epoch(number + 2**power, steps.walk(w, power))
        if further.stopped:
            ahead = further
        else:
            number, w = further.number, further.weights
    last = state.epoch(number + 1, steps.walk(w, 0))
    # next to the optimum a leap may reach it, and the steps only come as near as rounding allows
    return ahead if ahead is not None and not last.stopped else last


def _is_at_limit(before: Epoch, epoch: Epoch, state: "_State", steps: "_Steps") -> bool:
    """Tell whether only rounding keeps the gap from becoming smaller between two epochs."""
    with np.errstate(over="ignore", invalid="ignore"):
        distance = before.weights - state.optimum
        shrunk = steps.shrink_far(distance, epoch.number - before.number)
        exact = state.gap_at(shrunk)
    return exact * SHRINKS < before.gap and exact * SHRINKS < epoch.gap


@dataclass(frozen=True)
class _State:
    """Judges weights: their loss, and whether to stop."""

    X: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    _: KW_ONLY
    n_rows: float
    start: npt.NDArray[np.float64]
    optimum: npt.NDArray[np.float64]
    settings: GradientDescentSettings

    @cached_property
    def first(self) -> tuple[float, float]:
        """The loss and the excess of the start."""
        return self.loss(self.start), self.gap(self.start)

    def loss(self, w: npt.NDArray[np.float64]) -> float:
        """Give the mean squared error."""
        return self._mean_square((self.X * w).sum(axis=1) - self.y)

    def gap(self, w: npt.NDArray[np.float64]) -> float:
        """Give what is above the smallest loss: not a difference, so that nothing cancels."""
        return self.gap_at(w - self.optimum)

    def gap_at(self, distance: npt.NDArray[np.float64]) -> float:
        """Give the excess of weights that are a distance from the best ones."""
        return self._mean_square((self.X * distance).sum(axis=1))

    def _mean_square(self, residual: npt.NDArray[np.float64]) -> float:
        return float((residual**2).sum()) / self.n_rows

    def epoch(self, number: int, w: npt.NDArray[np.float64]) -> Epoch:
        """Give the state after a number of steps."""
        with np.errstate(over="ignore", invalid="ignore"):  # divergence is found below
            loss, gap = self.loss(w), self.gap(w)
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


class _Steps:
    """The affine maps of 1, 2, 4, 8 ... epochs, less the identity: w ← w + (D w + c)."""

    def __init__(self, D: npt.NDArray[np.float64], c: npt.NDArray[np.float64]) -> None:
        self._maps = [(D, c)]

    def walk_far(self, w: npt.NDArray[np.float64], epochs: int) -> npt.NDArray[np.float64]:
        """Give the weights after a number of epochs more."""
        for power in range(epochs.bit_length() - 1, -1, -1):
            if epochs >> power & 1:
                w = self.walk(w, power)
        return w

    def walk(self, w: npt.NDArray[np.float64], power: int) -> npt.NDArray[np.float64]:
        """Give the weights after 2**power more epochs."""
        with np.errstate(over="ignore", invalid="ignore"):  # divergence is found by its loss
            D, c = self._map(power)
            return np.asarray(w + ((D * w).sum(axis=1) + c))

    def shrink_far(self, distance: npt.NDArray[np.float64], epochs: int) -> npt.NDArray[np.float64]:
        """Give what a distance from the best weights becomes after a number of epochs."""
        for power in range(epochs.bit_length()):
            if epochs >> power & 1:
                D, _ = self._map(power)
                distance = distance + (D * distance).sum(axis=1)
        return distance

    def _map(self, power: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Give the map of 2**power epochs."""
        while len(self._maps) <= power:
            D, c = self._maps[-1]
            self._maps.append((2 * D + _product(D, D), 2 * c + (D * c).sum(axis=1)))
        return self._maps[power]


def _product(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Multiply matrices, adding in one order on every processor; a row at a time saves memory."""
    return np.array([(row[:, np.newaxis] * b).sum(axis=0) for row in a])
