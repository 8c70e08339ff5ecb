"""Gradient descent that computes only the epochs that are shown, by repeated squaring.

One epoch is the affine map w ← w + (D w + c), with D = -learning_rate · H for the Hessian H and
c = learning_rate · 2/n Xᵀy. The map of twice as many epochs has 2D + D² and 2c + D c. It is squared
without the identity matrix, so that a slow direction loses no digits to the 1.
"""

from collections.abc import Callable, Iterator
from typing import Self

import numpy as np
from msgspec.structs import replace

from linreg_cli.exact import Floats
from linreg_cli.training.descent_setup import DescentSetup
from linreg_cli.training.epoch import Epoch
from linreg_cli.training.gradient_descent import descend

SHRINKS = 4
"""The gap shrinks if it becomes this many times smaller."""


def descend_skipping(
    setup: DescentSetup, next_shown: Callable[[int], int], *, plain: int = 0
) -> Iterator[Epoch]:
    """Yield some of the epochs of `descend`; the epochs between them cost nothing.

    The descent computes epochs 1, 2, 4, 8 and so on, and from each of them the shown epochs
    before the next: the final weights do not depend on which epochs are shown.

    At or above the limit of the learning rate the distance may shrink and then grow, so a skip
    could miss the epoch at which it was small: the first `plain` epochs are not skipped.

    The descent has converged to the limits of float64 if the map of as many epochs as it took so
    far would shrink the gap, but the rounding of the weights prevents it.

    Parameters
    ----------
    setup
        As `descend` takes it.
    next_shown
        Returns the first shown epoch after a given number.
    plain
        The number of epochs that are computed, and yielded, one by one before the first skip.

    Yields
    ------
    The start, each shown epoch, and the last: the first with a reason in `stopped`.

    """
    maps = _EpochMaps.of(setup)
    epoch = setup.epoch(0, setup.start)
    for epoch in descend(setup):
        yield epoch
        if epoch.number >= plain:
            break
    shown = next_shown(epoch.number)
    while not epoch.stopped:
        before, epoch = epoch, _skip_to_doubling(epoch, setup, maps)
        if not epoch.stopped and _is_at_limit(before, epoch, setup, maps):
            epoch = replace(epoch, stopped="converged")
        number, w = before.number, before.weights
        while shown < epoch.number:
            w = maps.weights_after(w, shown - number)
            number = shown
            yield replace(setup.epoch(number, w), stopped="")
            shown = next_shown(number)
        if shown == epoch.number or epoch.stopped:
            yield epoch
            shown = next_shown(epoch.number)


def _skip_to_doubling(epoch: Epoch, setup: DescentSetup, maps: "_EpochMaps") -> Epoch:
    """Return the next of the epochs 1, 2, 4, 8 and so on, or the last if it comes before that."""
    number, w = epoch.number, epoch.weights
    target = min(1 << number.bit_length(), setup.settings.epochs)
    ahead: Epoch | None = None
    for power in range((target - number).bit_length() - 1, -1, -1):
        if number + 2**power >= target:
            continue
        # skip as many epochs as possible without passing the one at which training stops
        further = setup.epoch(number + 2**power, maps.weights_after_power(w, power))
        if further.stopped:
            ahead = further
        else:
            number, w = further.number, further.weights
    last = setup.epoch(number + 1, maps.weights_after_power(w, 0))
    # near the optimum a skip may reach it, while single steps only come as near as rounding allows
    return ahead if ahead is not None and not last.stopped else last


def _is_at_limit(before: Epoch, epoch: Epoch, setup: DescentSetup, maps: "_EpochMaps") -> bool:
    """Return whether only rounding keeps the gap from becoming smaller between two epochs."""
    with np.errstate(over="ignore", invalid="ignore"):
        difference = before.weights - setup.optimum
        shrunk = maps.difference_after(difference, epoch.number - before.number)
        exact = setup.gap_at(shrunk)
    return exact * SHRINKS < before.gap and exact * SHRINKS < epoch.gap


class _EpochMaps:
    """The affine maps of 1, 2, 4, 8 ... epochs, without the identity: w ← w + (D w + c)."""

    def __init__(self, D: Floats, c: Floats) -> None:
        self._maps = [(D, c)]

    @classmethod
    def of(cls, setup: DescentSetup) -> Self:
        """Return the maps of a descent."""
        X, y = setup.X, setup.y
        with np.errstate(over="ignore", invalid="ignore"):
            factor = setup.settings.learning_rate * 2 / setup.n_rows
            return cls(-factor * _product(X.T, X), factor * (X * y[:, np.newaxis]).sum(axis=0))

    def weights_after(self, w: Floats, epochs: int) -> Floats:
        """Return the weights after a further number of epochs."""
        for power in range(epochs.bit_length() - 1, -1, -1):
            if epochs >> power & 1:
                w = self.weights_after_power(w, power)
        return w

    def weights_after_power(self, w: Floats, power: int) -> Floats:
        """Return the weights after 2**power further epochs."""
        with np.errstate(over="ignore", invalid="ignore"):  # divergence is found by its loss
            D, c = self._map(power)
            return np.asarray(w + ((D * w).sum(axis=1) + c))

    def difference_after(self, difference: Floats, epochs: int) -> Floats:
        """Return what a difference to the optimum becomes after a number of epochs."""
        for power in range(epochs.bit_length()):
            if epochs >> power & 1:
                D, _ = self._map(power)
                difference = difference + (D * difference).sum(axis=1)
        return difference

    def _map(self, power: int) -> tuple[Floats, Floats]:
        """Return D and c of the map of 2**power epochs."""
        while len(self._maps) <= power:
            D, c = self._maps[-1]
            self._maps.append((2 * D + _product(D, D), 2 * c + (D * c).sum(axis=1)))
        return self._maps[power]


def _product(a: Floats, b: Floats) -> Floats:
    """Multiply matrices, adding in one order on every processor; one row at a time saves memory."""
    return np.array([(row[:, np.newaxis] * b).sum(axis=0) for row in a])
