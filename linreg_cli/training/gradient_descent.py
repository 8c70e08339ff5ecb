"""Gradient descent on the mean squared error, as in the textbook: one epoch, one step."""

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from linreg_cli.exact import Floats
from linreg_cli.training.descent_setup import DescentSetup, GradientDescentSettings
from linreg_cli.training.epoch import Epoch

AT_REST = 1e-9
"""Weights that no step changes are those of the optimum if the distance is at most this."""


def gradient_steps(
    X: Floats, y: Floats, *, n_rows: float, start: Floats, learning_rate: float
) -> Iterator[tuple[Floats, float]]:
    """Yield the weights and their loss, starting with the initial weights, without end.

    Parameters
    ----------
    X
        Design matrix, shape (rows, weights); for an intercept, one of its columns is constant.
    y
        Target, shape (rows,).
    n_rows
        The n of the mean: the number of rows of X, or of the rows that X represents.
    start
        The initial weights, shape (weights,).
    learning_rate
        Step size: the gradient is multiplied by it.

    Notes
    -----
    X and y hold all rows or the compressed rows; the loop is the same. Source: S. Boyd and
    L. Vandenberghe, Convex Optimization (2004), section 9.3.

    Products are written as sums, not with ``@``: BLAS adds in an order that differs between
    processors, and the same data and settings must give the same weights everywhere.

    """
    w = start
    while True:
        with np.errstate(over="ignore", invalid="ignore"):  # an infinite loss means divergence
            prediction = (X * w).sum(axis=1)
            loss = float(((prediction - y) ** 2).sum()) / n_rows
            gradient = 2 / n_rows * (X * (prediction - y)[:, np.newaxis]).sum(axis=0)
            updated = w - learning_rate * gradient
        yield w, loss
        w = updated


def descend(setup: DescentSetup) -> Iterator[Epoch]:
    """Yield the epochs of gradient descent until training stops.

    Yields
    ------
    The start, and then the state after each step. Only the last has a reason in `stopped`. If a
    step changes no weight, the epochs between it and the last are left out.

    """
    steps = gradient_steps(
        setup.X,
        setup.y,
        n_rows=setup.n_rows,
        start=setup.start,
        learning_rate=setup.settings.learning_rate,
    )
    epoch: Epoch | None = None
    for number, (w, loss) in enumerate(steps):
        if epoch is not None and np.array_equal(epoch.weights, w):
            yield _at_rest(epoch, setup.settings)
            return
        yield (epoch := setup.epoch(number, w, loss))
        if epoch.stopped:
            return


def _at_rest(epoch: Epoch, settings: GradientDescentSettings) -> Epoch:
    """Return the last epoch where a step changed no weight: no later step changes one either."""
    if epoch.distance <= AT_REST:
        return replace(epoch, number=epoch.number + 1, stopped="converged")
    return replace(epoch, number=settings.epochs, stopped="out of epochs")
