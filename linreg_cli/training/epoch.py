"""One epoch of a descent: its weights, its loss, and whether training stops there."""

from typing import Literal

from msgspec import Struct

from linreg_cli.exact import Floats

Stopped = Literal["", "converged", "out of epochs", "diverged"]


class Epoch(Struct, frozen=True, kw_only=True):
    """The state after a number of steps.

    Attributes
    ----------
    number
        Number of steps; 0 is the start.
    weights
        In the units of X, shape (weights,).
    loss
        Mean squared error, in squared units of y.
    gap
        The loss minus the smallest possible loss, in squared units of y.
    distance
        √gap as a fraction of √gap at the start: 1 at epoch 0.
    stopped
        Why there is no further epoch; empty if there is one.

    """

    number: int
    weights: Floats
    loss: float
    gap: float
    distance: float
    stopped: Stopped
