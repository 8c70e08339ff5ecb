"""Run a descent until training stops, and keep its history."""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from linreg_cli.training.descent import Descent
from linreg_cli.training.epoch import Epoch


class Run(Struct, frozen=True, kw_only=True):
    """A descent that has ended.

    Attributes
    ----------
    last
        The last epoch that was completed.
    stopped
        Why it is the last.
    history
        Epoch, loss and test loss (if there is one) at epochs 0, 1, 2, 4, 8 and so on, and at
        the last.

    """

    last: Epoch
    stopped: Literal["converged", "out of epochs", "diverged", "interrupted"]
    history: tuple[tuple[int, float] | tuple[int, float, float], ...]


def run_descent(
    descent: Descent, watch: Callable[[Epoch], None], *, log_every: int | None = None
) -> Run:
    """Run a descent until training stops or Ctrl-C is pressed, and return what it did.

    Parameters
    ----------
    descent
        The descent.
    watch
        Called with epochs 0, 1, 2, 4, 8 and so on, and with the last.
    log_every
        `watch` is called with every epoch that this number divides too.

    """

    def next_shown(number: int) -> int:
        doubled = 1 << number.bit_length()
        return (
            doubled if log_every is None else min(doubled, number + log_every - number % log_every)
        )

    last: Epoch | None = None
    kept = {}
    shown = 0
    try:
        for epoch in descent.epochs(next_shown):
            last = epoch
            if epoch.number == shown or epoch.stopped:
                if is_doubling(epoch.number):
                    kept[epoch.number] = epoch
                watch(epoch)
                shown = next_shown(epoch.number)
    except KeyboardInterrupt:
        if last is None:
            raise
    assert last is not None  # noqa: S101  # a descent has an epoch 0
    kept[last.number] = last
    return Run(
        last=last,
        stopped=last.stopped or "interrupted",
        history=tuple(_history_line(descent, epoch) for epoch in kept.values()),
    )


def is_doubling(number: int) -> bool:
    """Return whether a number is one of 0, 1, 2, 4, 8 and so on."""
    return number & (number - 1) == 0


def _history_line(descent: Descent, epoch: Epoch) -> tuple[int, float] | tuple[int, float, float]:
    test_loss = descent.test_loss(epoch)
    if test_loss is None:
        return epoch.number, epoch.loss
    return epoch.number, epoch.loss, test_loss
