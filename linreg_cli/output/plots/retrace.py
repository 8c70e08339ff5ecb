"""The epochs of the descent of a model, computed again from its moments and settings."""

from linreg_cli.errors import UsageError
from linreg_cli.model import Model
from linreg_cli.training import Descent, Epoch, Problem, prepare_descent, set_up_again

EVERY = 50
"""Up to this number, all epochs are returned."""
GROWTH = 50
"""Later epochs are a GROWTH-th of their number apart."""


def retrace(model: Model) -> tuple[Problem, Descent, list[Epoch]]:
    """Compute the descent of a model again, to the epoch at which it ended.

    Returns
    -------
    The problem, the descent, and its epochs: all of the first, fewer of the later, and the last.

    Raises
    ------
    UsageError
        If the model was solved without a descent.

    """
    if model.training.stopped == "exact":
        raise UsageError(
            "the model was solved exactly: there is no descent to draw",
            hint="Train it with --solver gradient-descent, or draw --kind fit.",
        )
    problem = set_up_again(model, epochs=model.training.epochs)
    descent = prepare_descent(problem)
    epochs: list[Epoch] = []
    wanted = 0
    for epoch in descent.epochs(_next_shown):
        if epoch.number == wanted or epoch.stopped:
            epochs.append(epoch)
            wanted = _next_shown(epoch.number)
    return problem, descent, epochs


def _next_shown(number: int) -> int:
    return number + 1 + max(0, number - EVERY) // GROWTH
